//! The core: a model, what can happen to it, and what it then wants done.
//!
//! Invariant: [`update`] is the only function that changes the model. It never waits and never asks the time; what must
//! be done outside comes back as [`Effect`]s.

mod action;
mod browser;
mod chain_planner;
mod code_input;
mod compare;
mod current;
mod cx;
mod dialogs;
mod effect;
mod export_replies;
mod further;
mod iam;
mod key_row;
mod ledger;
mod message;
mod mfa;
mod mint_form;
mod model;
mod notice;
mod preflight;
mod profile_picker;
mod recents;
mod renewal;
mod scope_here;
mod session;
mod text_area;
mod text_input;
mod wish;

pub use action::{Action, Edit};
pub use browser::{Browser, Everything, Place, rows_on_screen};
pub use chain_planner::route;
pub use code_input::CodeInput;
pub use compare::{Comparison, Seen, Side};
pub use current::Current;
pub use dialogs::{
    AskCode, AskPrefix, AskRenewal, BuilderRow, Details, Dialog, DialogKind, Dialogs, Explanation, Export, GoTo, Help,
    Moves, Offering, Origin, PolicyBuilder, RecentList, Revealed, RoleChain, RolePicker, SessionList, TextRow,
    TextTone, UserPanel, UserState,
};
pub use effect::{Effect, Generation, View};
pub use further::{Further, fields as further_fields};
pub use key_row::KeyRow;
pub use ledger::{Held, Ledger};
pub use message::{Loaded, Message};
pub use mint_form::{MintForm, Profiles};
pub use model::{Minting, Model, Screen, Setup, Then};
pub use notice::{Notice, Tone};
pub use preflight::Preflight;
pub use profile_picker::{details_rows, profiles_on_screen};
pub use recents::Recents;
pub use renewal::{Renewal, RenewalChoice};
pub use text_area::{KeptText, TextArea};
pub use text_input::TextInput;

use jiff::Timestamp;

use wish::Wish;

/// The effects with which the program begins.
pub fn start(model: &Model) -> Vec<Effect> {
    let mut effects = vec![Effect::LoadProfiles];
    if model.setup.remembers {
        effects.push(Effect::LoadRecents);
    }
    effects
}

/// Handles one thing that happened at `now`, by this machine's clock.
pub fn update(model: &mut Model, now: Timestamp, message: Message) -> Vec<Effect> {
    model.now = now;
    model.notice.take_if(|notice| notice.until <= now);
    if model.dialogs.masked_at().is_some_and(|until| until <= now) {
        model.dialogs.mask();
    }
    let mut effects = handle(model, message);
    effects.extend(renewal::begin_due(model));
    effects.extend(browser::keep_up(model));
    browser::scroll_into_view(model);
    compare::scroll_into_view(model);
    effects
}

/// What happened, by its subject.
fn handle(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Action(action) => return act(model, action),
        Message::Minted { generation, outcome } => return session::minted(model, generation, outcome),
        Message::PageArrived { generation, outcome } => {
            let compared = compare::page_arrived(model, generation, outcome);
            return compared.unwrap_or_else(|outcome| browser::page_arrived(model, generation, outcome));
        }
        Message::RowsArrived { generation, rows, found, requests } => {
            return browser::rows_arrived(model, generation, rows, (found, requests));
        }
        Message::ListingPaused { generation, session, failure } => {
            return browser::listing_paused(model, generation, session, failure);
        }
        Message::EverythingArrived { generation, session, outcome } => {
            return browser::everything_arrived(model, generation, session, outcome);
        }
        Message::SignInUrlCame { session, outcome } => {
            return export_replies::sign_in_url_came(model, session, outcome);
        }
        Message::WallClockSet => return session::wall_clock_set(model),
        // Nothing is asked because of what follows.
        Message::Tick => {}
        Message::Resized(columns, rows) => model.size = (columns, rows),
        Message::Waiting(waits) => model.waits = waits,
        Message::ClockMeasured(offset) => model.clock_offset = offset,
        Message::ClockDoubted(doubt) => model.say(Tone::Warning, doubt.to_string()),
        Message::ProfilesLoaded(outcome) => mint_form::profiles_loaded(model, outcome),
        Message::SourceIdentified { generation, outcome } => preflight::source_identified(model, generation, outcome),
        Message::Identified { session, outcome } => {
            session::identified(model, session, outcome);
            let no_console = model.session(session).and_then(export_replies::no_console);
            model.dialogs.identified(session, no_console);
        }
        Message::Remembered(outcome) => recents::remembered(model, outcome),
        Message::RolesArrived { generation, outcome } => model.dialogs.roles_arrived(generation, outcome),
        Message::RoleFound { source, role_arn, outcome } => iam::role_found(model, source, role_arn, outcome),
        Message::MfaDevicesFound { source, outcome } => iam::mfa_devices_found(model, &source, outcome),
        Message::UserFound { generation, outcome } => model.dialogs.user_found(generation, outcome),
        Message::ShellEnded(outcome) => export_replies::shell_ended(model, outcome),
        Message::HandedOver { offer, outcome } => export_replies::handed_over(model, offer, outcome),
        Message::Revealed { session, credentials } => model.dialogs.revealed(session, credentials, model.now),
        Message::Arranged { generation, outcome } => browser::arranged(model, generation, outcome),
        Message::Copied(outcome) => browser::copied(model, outcome),
    }
    vec![]
}

/// Builds what a part may read; the part itself stays free to be changed.
macro_rules! cx {
    ($model:ident) => {{
        let facts = $model.facts();
        cx::Cx { facts, setup: &$model.setup, generations: &mut $model.generations }
    }};
}

/// Turns what a part wants of others into calls, in order.
fn fulfil(model: &mut Model, wishes: Vec<Wish>) -> Vec<Effect> {
    wishes.into_iter().flat_map(|wish| fulfil_one(model, wish)).collect()
}

fn fulfil_one(model: &mut Model, wish: Wish) -> Vec<Effect> {
    match wish {
        Wish::Do(effect) => return vec![effect],
        Wish::Below(action) => return act_on_screen(model, action),
        Wish::GoTo(location) => return browser::go_to(model, location),
        Wish::UseSession(row) => return ledger::switch(model, row),
        Wish::ForgetSession(row) => return ledger::forget(model, row),
        Wish::CompareSession(row) => return compare::open(model, row),
        Wish::RenewSession(row) => {
            let id = model.sessions().nth(row).map(|(current, _)| current.session.id);
            return id.map(|id| session::renew(model, id)).unwrap_or_default();
        }
        Wish::RenewWithCode { session, request, code } => return mfa::renew(model, session, request, code),
        Wish::LookForUser => return iam::open_user(model),
        Wish::Say(tone, text) => model.say(tone, text),
        Wish::VarySession(row) => ledger::vary(model, row),
        Wish::ChooseRenewal { id, automatic } => {
            renewal::choose(model, id, if automatic { RenewalChoice::Automatic } else { RenewalChoice::Manual });
        }
        Wish::FillForm { wishes, profile } => mint_form::fill(model, &wishes, &profile),
        Wish::TakeRole(role) => iam::take(model, role),
        Wish::TakePolicy { location, verbs, own } => {
            model.form.take_policy(location, verbs, own);
            model.mint_failure = None;
        }
        Wish::KeepPolicyText(kept) => model.form.kept_policy = kept,
        wish => return open_dialog(model, wish).into_iter().collect(),
    }
    vec![]
}

/// Opens what a wish wants to be opened; the effect brings what it shows.
fn open_dialog(model: &mut Model, wish: Wish) -> Option<Effect> {
    match wish {
        Wish::Explain if model.failure().is_some() => model.dialogs.open(Explanation),
        Wish::ShowDetails => model.dialogs.open(Details),
        Wish::AskWhereToGo(from) => model.dialogs.open(GoTo::from(&from)),
        Wish::AskPrefix(here) => model.dialogs.open(AskPrefix::from(&here)),
        Wish::ListSessions if model.current.is_some() => model.dialogs.open(SessionList::at(model.ledger.in_use())),
        Wish::ExportCredentials => export_credentials(model),
        Wish::AskRenewal(row) => ask_renewal(model, row.unwrap_or_else(|| model.ledger.in_use())),
        Wish::AskCode { session, request } => {
            let spent = model.spent_code.clone();
            model.dialogs.open(AskCode::of(session, request, spent));
        }
        Wish::ListRecents if model.form.recents.all.is_empty() => {
            model.say(Tone::Warning, "no recent requests yet: what you mint is listed here");
        }
        Wish::ListRecents => model.dialogs.open(RecentList::of(model.form.recents.all.clone())),
        Wish::OfferRoles(source) => {
            let (picker, effect) = RolePicker::asking(&mut cx!(model), source);
            model.dialogs.open(picker);
            return Some(effect);
        }
        Wish::FindUser { source, name } => {
            let (panel, effect) = UserPanel::asking(&mut cx!(model), source, &name);
            model.dialogs.open(panel);
            return Some(effect);
        }
        Wish::BuildPolicy { location, verbs, own, kept } => {
            let opened = model.service_now();
            model.dialogs.open(PolicyBuilder::of(location, verbs, own, kept, opened));
        }
        _ => {}
    }
    None
}

fn export_credentials(model: &mut Model) {
    let Some(current) = &model.current else { return };
    let (session, lasting) = (current.session.id, !current.session.temporary);
    let location = model.browser.place.listing.location.clone();
    let no_console = export_replies::no_console(current);
    model.dialogs.open(Export::of(session, lasting, no_console, location));
}

fn ask_renewal(model: &mut Model, row: usize) {
    let Some((current, _)) = model.sessions().nth(row) else { return };
    let id = current.session.id;
    match renewal::other_choice(current) {
        Ok((choice, means)) => {
            model.dialogs.open(AskRenewal::of(id, choice == RenewalChoice::Automatic, means));
        }
        Err(why) => model.say(Tone::Warning, why),
    }
}

/// What is the same everywhere first, then what lies on top, then the screen in front.
fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if matches!(action, Action::Hide | Action::Suspend | Action::Help) {
        model.dialogs.mask();
    }
    let asked_to_quit = std::mem::take(&mut model.asks_to_quit);
    match action {
        Action::Hide => model.asks_to_quit = asked_to_quit,
        Action::Quit if !asked_to_quit && model.live_sessions() > 1 => model.asks_to_quit = true,
        Action::Quit => return vec![Effect::Quit],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Redraw => return vec![Effect::Redraw],
        // Any other key than the one that quits takes the question back; this one does nothing else.
        Action::Dismiss if asked_to_quit => {}
        action if !model.dialogs.is_empty() => {
            let wishes = model.dialogs.act(&mut cx!(model), action);
            return fulfil(model, wishes);
        }
        Action::Dismiss if model.minting.is_some() && !model.is_filtering() => session::stop_waiting(model),
        Action::Help => model.dialogs.open(Help),
        action => return act_on_screen(model, action),
    }
    vec![]
}

fn act_on_screen(model: &mut Model, action: Action) -> Vec<Effect> {
    match (model.screen, action) {
        (_, Action::AskForLess) => session::ask_for_less(model),
        (_, Action::Show(kind)) => {
            if let Some(dialog) = kind.open(&cx!(model)) {
                model.dialogs.open(dialog);
            }
            vec![]
        }
        (Screen::MintForm, action) => mint_form::act(model, action),
        (Screen::Browser, action) => browser::act(model, &action),
        (Screen::Compare, action) => compare::act(model, &action),
    }
}

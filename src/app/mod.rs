//! The core: a model, what can happen to it, and what it then wants done.
//!
//! Invariant: [`update`] is the only function that changes the model. It never waits and never asks the time; what must
//! be done outside comes back as [`Effect`]s.

mod action;
mod browser;
mod code_input;
mod compare;
mod current;
mod cx;
mod effect;
mod form;
mod handover;
mod iam;
mod layout;
mod ledger;
mod message;
mod mfa;
mod model;
mod notice;
mod policy_builder;
mod recents;
mod renewal;
mod scope_here;
mod session;
mod text_area;
mod text_input;
mod wish;

pub use action::{Action, Edit};
pub use browser::{Browser, Everything, Place, rows_on_screen};
pub use code_input::CodeInput;
pub use compare::{Comparison, Seen, Side};
pub use current::Current;
pub use effect::{Effect, Generation, View};
pub use form::{ExtraFields, Preflight, Profiles, RememberedRequests, SessionForm, extra_fields};
pub use handover::{HandOver, Revealed, is_lasting, no_console};
pub use iam::{Offering, RolePicker, UserPanel, UserState};
pub use layout::{details_rows, profiles_on_screen};
pub use ledger::{Held, Ledger, LedgerPanel};
pub use message::{Loaded, Message};
pub use mfa::CodeEntry;
pub use model::{GoTo, Minting, Model, Overlay, Screen, Setup, Then};
pub use notice::{Notice, Tone};
pub use policy_builder::{BuilderRow, KeptText, Origin, PolicyBuilder};
pub use renewal::{Renewal, RenewalChoice};
pub use text_area::TextArea;
pub use text_input::TextInput;

use jiff::Timestamp;

use crate::domain::{
    duration::SessionDuration,
    mint::{Draft, Wishes},
    profile::ProfileChoice,
};
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
    handover::hide_when_due(model);
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
        Message::SignInUrlCame { session, outcome } => return handover::sign_in_url_came(model, session, outcome),
        Message::WallClockSet => return session::wall_clock_set(model),
        // Nothing is asked because of what follows.
        Message::Tick => {}
        Message::Resized(columns, rows) => model.size = (columns, rows),
        Message::Waiting(waits) => model.waits = waits,
        Message::ClockMeasured(offset) => model.clock_offset = offset,
        Message::ClockDoubted(doubt) => model.say(Tone::Warning, doubt.to_string()),
        Message::ProfilesLoaded(outcome) => model.form.profiles_loaded(outcome),
        Message::SourceIdentified { generation, outcome } => model.form.source_identified(generation, outcome),
        Message::Identified { session, outcome } => session::identified(model, session, outcome),
        Message::Remembered(outcome) => {
            let wishes = model.form.recents_loaded(outcome).into_iter().collect();
            return fulfil(model, wishes);
        }
        Message::RolesArrived { generation, outcome } => iam::roles_arrived(model, generation, outcome),
        Message::RoleFound { source, role_arn, outcome } => model.form.role_found(source, role_arn, outcome),
        Message::MfaDevicesFound { source, outcome } => model.form.mfa_devices_found(&source, outcome),
        Message::UserFound { generation, outcome } => iam::user_found(model, generation, outcome),
        Message::ShellEnded(outcome) => handover::shell_ended(model, outcome),
        Message::HandedOver { offer, outcome } => handover::handed_over(model, offer, outcome),
        Message::Revealed { session, credentials } => handover::revealed(model, session, credentials),
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
    let mut effects = vec![];
    for wish in wishes {
        match wish {
            Wish::Do(effect) => effects.push(effect),
            Wish::Say(tone, text) => model.say(tone, text),
            Wish::Mint(order) => match session::mint(model, *order) {
                Ok(effect) => effects.push(effect),
                Err(why) => model.form.refuse_code(why),
            },
            Wish::DismissRefusal => model.mint_failure = None,
            Wish::Explain if model.failure().is_some() => model.overlay = Some(Overlay::Explanation),
            Wish::Explain => {}
            Wish::ShowRoleChain => model.overlay = Some(Overlay::Chain),
            Wish::ShowRecents => recents::open(model),
            Wish::BuildPolicy => policy_builder::open(model),
            Wish::PickRole => effects.extend(iam::open_roles(model)),
            Wish::LookUpUser => effects.extend(iam::open_user(model)),
            Wish::BrowseOn => {
                model.mint_failure = None;
                model.screen = Screen::Browser;
                effects.extend(browser::go_on(model));
            }
        }
    }
    effects
}

/// Fills the form in with what was typed for another session.
fn fill_form(model: &mut Model, wishes: &Wishes, profile: &ProfileChoice) {
    model.form.fill(wishes, profile);
    model.mint_failure = None;
}

/// Keeps in mind what has just minted.
fn remember(model: &mut Model, profile: &ProfileChoice, draft: &Draft) -> Vec<Effect> {
    let wishes = model.form.remember(&cx!(model), profile, draft).into_iter().collect();
    fulfil(model, wishes)
}

/// Mints what the form says, for another duration.
fn submit_for(model: &mut Model, duration: SessionDuration) -> Vec<Effect> {
    let wishes = model.form.submit_for(&cx!(model), duration);
    fulfil(model, wishes)
}

/// What is the same everywhere first, then what lies on top, then the screen in front.
fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if matches!(action, Action::Hide | Action::Suspend | Action::Help) {
        handover::hide(model);
    }
    match action {
        Action::Hide => return vec![],
        Action::Quit => return vec![Effect::Quit],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Dismiss if model.overlay.is_none() && model.minting.is_some() && !model.is_filtering() => {
            session::stop_waiting(model);
            return vec![];
        }
        Action::AskForLess => return session::ask_for_less(model),
        Action::Redraw => return vec![Effect::Redraw],
        Action::Help if !matches!(model.overlay, Some(Overlay::Help { .. })) => {
            let below = model.overlay.take().map(Box::new);
            model.overlay = Some(Overlay::Help { scrolled: 0, below });
            return vec![];
        }
        _ => {}
    }
    if let Some(overlay) = model.overlay.take() {
        return act_on_overlay(model, overlay, action);
    }
    act_on_screen(model, action)
}

fn act_on_screen(model: &mut Model, action: Action) -> Vec<Effect> {
    match model.screen {
        Screen::MintForm => {
            let wishes = model.form.act(&mut cx!(model), action);
            fulfil(model, wishes)
        }
        Screen::Browser => browser::act(model, &action),
        Screen::Compare => compare::act(model, &action),
    }
}

/// More rows than any screen has keys: scrolling ends there.
const MOST_HELP_ROWS: u16 = 40;

/// An overlay goes back where it was unless the action closed it.
fn act_on_overlay(model: &mut Model, overlay: Overlay, action: Action) -> Vec<Effect> {
    match (overlay, action) {
        (Overlay::Help { below, .. }, Action::Dismiss | Action::Back | Action::Help) => {
            model.overlay = below.map(|below| *below);
            vec![]
        }
        (Overlay::Help { scrolled, below }, action) => {
            let rows = if let Action::Move(rows) = action { i16::try_from(rows).unwrap_or(0) } else { 0 };
            let scrolled = scrolled.saturating_add_signed(rows).min(MOST_HELP_ROWS);
            model.overlay = Some(Overlay::Help { scrolled, below });
            vec![]
        }
        (Overlay::RolePicker(picker), action) => iam::act_on_roles(model, picker, action),
        (Overlay::PolicyBuilder(builder), action) => policy_builder::act(model, builder, action),
        (_, Action::Dismiss | Action::Back) => vec![],
        (Overlay::Code(entry), action) => act_on_code(model, entry, action),
        (Overlay::GoTo(go_to), action) => act_on_go_to(model, go_to, action),
        (Overlay::AskPrefix(line), action) => browser::act_on_prefix(model, line, &action),
        (Overlay::Recents(selected), action) => recents::act(model, selected, &action),
        (Overlay::HandOver(panel), action) => handover::act(model, panel, &action),
        (Overlay::Ledger(panel), action) => ledger::act(model, panel, &action),
        // The next moves that an explanation names work without closing it first.
        (_, action @ (Action::Renew | Action::Refresh | Action::NewSession | Action::ScopeHere | Action::GoTo)) => {
            act_on_screen(model, action)
        }
        (Overlay::Details, action @ (Action::Move(_) | Action::CopyUri)) => {
            model.overlay = Some(Overlay::Details);
            act_on_screen(model, action)
        }
        (overlay, _) => {
            model.overlay = Some(overlay);
            vec![]
        }
    }
}

fn act_on_code(model: &mut Model, mut entry: CodeEntry, action: Action) -> Vec<Effect> {
    match action {
        Action::Submit => match mfa::submit(model, entry) {
            Ok(effects) => return effects,
            Err(refused) => entry = refused,
        },
        Action::Edit(edit) => entry.input.edit(edit),
        Action::Paste(text) => entry.input.paste(&text),
        _ => {}
    }
    model.overlay = Some(Overlay::Code(entry));
    vec![]
}

fn act_on_go_to(model: &mut Model, mut go_to: GoTo, action: Action) -> Vec<Effect> {
    match action {
        Action::Submit => match browser::go_to(model, go_to.input.text()) {
            Ok(effects) => return effects,
            Err(refusal) => go_to.refusal = Some(refusal),
        },
        Action::Edit(edit) => go_to.change(|input| input.edit(edit), matches!(edit, Edit::InsertChar(_))),
        Action::Paste(text) => go_to.change(|input| input.paste(&text), true),
        _ => {}
    }
    model.overlay = Some(Overlay::GoTo(go_to));
    vec![]
}

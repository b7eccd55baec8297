//! The core: a model, what can happen to it, and what it then wants done.
//!
//! Invariant: [`update`] is the only function that changes the model. It never waits and never asks the time; what must
//! be done outside comes back as [`Effect`]s.

mod action;
mod browser;
mod code_input;
mod compare;
mod cx;
mod dialogs;
mod effect;
mod export_replies;
mod form;
mod key_row;
mod layout;
mod ledger;
mod message;
mod model;
mod notice;
mod scope_here;
mod screen;
mod sessions;
mod text_area;
mod text_input;
mod wish;

pub use action::{Action, Edit};
pub use browser::{Browser, Everything, Place};
pub use code_input::CodeInput;
pub use compare::{Comparison, Seen, Side};
pub use dialogs::{
    AskCode, AskPrefix, AskRenewal, BuilderRow, Details, Dialog, DialogKind, Dialogs, Explanation, Export, GoTo, Help,
    Moves, Offering, Origin, PolicyBuilder, RecentList, Revealed, RoleChain, RolePicker, SessionList, TextRow,
    TextTone, UserPanel, UserState,
};
pub use effect::{Effect, Generation, View};
pub use form::{ExtraFields, Preflight, Profiles, RememberedRequests, SessionForm, extra_fields};
pub use key_row::KeyRow;
pub use layout::{details_rows, profiles_on_screen, rows_on_screen};
pub use message::{Loaded, Message};
pub use model::{Model, Setup};
pub use notice::{Notice, Tone};
pub use screen::Screen;
pub use sessions::{HeldSession, MintCall, Minting, Renewal, RenewalChoice, Sessions, Shows, StoredSession, Then};
pub use text_area::{KeptText, TextArea};
pub use text_input::TextInput;

use cx::Cx;
use jiff::Timestamp;
use wish::{MintOrder, Wish};

use crate::{
    domain::{
        credentials::SessionId,
        failure::Failure,
        iam::is_name,
        listing::Page,
        mint::{Draft, MintRequest, RequestedSession},
        profile::ProfileChoice,
        safe_text::printable,
    },
    handover::{Delivery, Relay},
};

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
    effects.extend(with_sessions(model, Sessions::renew_due));
    effects.extend(browsing(model, |browser, cx| browser.keep_up(cx)));
    let size = model.size;
    if let Some(browser) = model.browser_mut() {
        browser.scroll_into_view(size);
    }
    if let Some(comparison) = &mut model.comparison {
        comparison.scroll_into_view(size);
    }
    let in_front = model.screen;
    model.notice.take_if(|notice| notice.screen.is_some_and(|screen| screen != in_front));
    effects
}

/// What happened, by its subject.
fn handle(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::Action(action) => return act(model, action),
        Message::Minted { generation, outcome } => {
            return with_sessions(model, |sessions, cx| sessions.minted(cx, generation, outcome));
        }
        Message::PageArrived { generation, outcome } => return page_arrived(model, generation, outcome),
        Message::RowsArrived { generation, rows, found, requests } => {
            return browsing(model, |browser, cx| browser.rows_arrived(cx, generation, rows, (found, requests)));
        }
        Message::ListingPaused { generation, session, failure } => {
            return browsing(model, |browser, cx| browser.listing_paused(cx, generation, session, failure));
        }
        Message::EverythingArrived { generation, session, outcome } => {
            return browsing(model, |browser, cx| browser.everything_arrived(cx, generation, session, outcome));
        }
        Message::SignInUrlCame { session, outcome } => {
            return export_replies::sign_in_url_came(model, session, outcome);
        }
        Message::WallClockSet => return with_sessions(model, |sessions, _| sessions.wall_clock_set()),
        // Nothing is requested because of what follows.
        Message::Tick => {}
        Message::Resized(columns, rows) => model.size = (columns, rows),
        Message::Waiting(waits) => model.waits = waits,
        Message::ClockMeasured(offset) => model.clock_offset = offset,
        Message::ClockDoubted(doubt) => model.say_of(None, Tone::Warning, doubt.to_string()),
        Message::ProfilesLoaded(outcome) => model.form.profiles_loaded(outcome),
        Message::SourceIdentified { generation, outcome } => model.form.source_identified(generation, outcome),
        Message::Identified { session, outcome } => {
            let effects = with_sessions(model, |sessions, cx| sessions.identified(cx, session, outcome));
            let no_console = model.sessions.find(session).and_then(export_replies::no_console);
            model.dialogs.identified(session, no_console);
            return effects;
        }
        Message::Remembered(outcome) => {
            let wishes = model.form.recents_loaded(outcome).into_iter().collect();
            return fulfil(model, wishes);
        }
        Message::RolesArrived { generation, outcome } => model.dialogs.roles_arrived(generation, outcome),
        Message::RoleFound { source, role_arn, outcome } => model.form.role_found(source, role_arn, outcome),
        Message::MfaDevicesFound { source, outcome } => model.form.mfa_devices_found(&source, outcome),
        Message::UserFound { generation, outcome } => model.dialogs.user_found(generation, outcome),
        Message::ShellEnded(outcome) => export_replies::shell_ended(model, outcome),
        Message::HandedOver { offer, outcome } => export_replies::handed_over(model, offer, outcome),
        Message::Revealed { session, credentials } => model.dialogs.revealed(session, credentials, model.now),
        Message::Arranged { generation, outcome } => {
            return browsing(model, |browser, _| browser.arranged(generation, outcome));
        }
        Message::Copied(outcome) => copied(model, outcome),
    }
    vec![]
}

/// A page goes to whoever requested it.
fn page_arrived(model: &mut Model, generation: Generation, outcome: Result<Page, Failure>) -> Vec<Effect> {
    let facts = model.facts();
    let Model { comparison, sessions, setup, generations, .. } = model;
    let mut cx = Cx { facts, setup, generations };
    let wishes = match comparison.as_mut().filter(|comparison| comparison.requested(generation)) {
        Some(comparison) => comparison.page_arrived(&mut cx, sessions, generation, outcome),
        None => match sessions.in_use_mut() {
            Some(stored) => stored.view.page_arrived(&mut cx, generation, outcome),
            None => vec![],
        },
    };
    fulfil(model, wishes)
}

/// Builds what a part may read; the part itself stays free to be changed.
macro_rules! cx {
    ($model:ident) => {{
        let facts = $model.facts();
        Cx { facts, setup: &$model.setup, generations: &mut $model.generations }
    }};
}

/// What the sessions do, and what comes of it.
fn with_sessions(model: &mut Model, change: impl FnOnce(&mut Sessions<Browser>, &mut Cx) -> Vec<Wish>) -> Vec<Effect> {
    let facts = model.facts();
    let Model { sessions, setup, generations, .. } = model;
    let wishes = change(sessions, &mut Cx { facts, setup, generations });
    fulfil(model, wishes)
}

/// What the browser of the session in use does, and what comes of it.
fn browsing(model: &mut Model, change: impl FnOnce(&mut Browser, &mut Cx) -> Vec<Wish>) -> Vec<Effect> {
    with_sessions(model, |sessions, cx| sessions.in_use_mut().map_or(vec![], |stored| change(&mut stored.view, cx)))
}

/// What the comparison does, and what comes of it.
fn comparing(
    model: &mut Model,
    change: impl FnOnce(&mut Comparison, &mut Cx, &Sessions<Browser>) -> Vec<Wish>,
) -> Vec<Effect> {
    let facts = model.facts();
    let Model { comparison, sessions, setup, generations, .. } = model;
    let Some(comparison) = comparison else { return vec![] };
    let wishes = change(comparison, &mut Cx { facts, setup, generations }, sessions);
    fulfil(model, wishes)
}

/// Turns what a part wants of others into calls, in order.
fn fulfil(model: &mut Model, wishes: Vec<Wish>) -> Vec<Effect> {
    wishes.into_iter().flat_map(|wish| fulfil_one(model, wish)).collect()
}

fn fulfil_one(model: &mut Model, wish: Wish) -> Vec<Effect> {
    match wish {
        Wish::Do(effect) => return vec![effect],
        Wish::Say(tone, text) => model.say(tone, text),
        Wish::SayIfQuiet(text) => {
            // A warning that came with it, as of its date, is worth more.
            if model.notice.as_ref().is_none_or(|notice| notice.tone != Tone::Warning) {
                model.say(Tone::Good, text);
            }
        }
        Wish::Browse(location) => {
            model.screen = Screen::Browser;
            return browsing(model, |browser, cx| browser.start_at(cx, location));
        }
        Wish::Remember { profile, draft } => return remember(model, &profile, &draft),
        Wish::GoOnWith { old, new } => return go_on_with(model, old, new),
        Wish::Refused { session, failure, worked } => {
            return with_sessions(model, |sessions, cx| sessions.refused(cx, session, &failure, worked));
        }
        Wish::CloseComparison => {
            model.comparison = None;
            model.screen = Screen::Browser;
        }
        Wish::Mint(order) => return mint(model, *order),
        Wish::DismissRefusal => {
            model.sessions.minting.dismiss_failure();
        }
        Wish::BrowseOn => {
            model.sessions.minting.dismiss_failure();
            model.screen = Screen::Browser;
            return browsing(model, |browser, cx| browser.go_on(cx));
        }
        wish => return fulfil_of_dialog(model, wish),
    }
    vec![]
}

/// What dialogs want when they are answered.
fn fulfil_of_dialog(model: &mut Model, wish: Wish) -> Vec<Effect> {
    match wish {
        Wish::Below(action) => return act_on_screen(model, action),
        Wish::GoTo(location) => return browsing(model, |browser, cx| browser.go_to(cx, location)),
        Wish::ListPrefix(text) => return browsing(model, |browser, cx| browser.list_prefix(cx, &text)),
        Wish::UseSession(row) => return ledger::switch(model, row),
        Wish::ForgetSession(row) => return ledger::forget(model, row),
        Wish::VarySession(row) => ledger::vary(model, row),
        Wish::CompareSession(row) => return compare_with(model, row),
        Wish::RenewSession(row) => {
            let id = model.sessions.row(row).map(|held| held.session.id);
            return id.map(|id| renew(model, id)).unwrap_or_default();
        }
        Wish::RenewWithCode { session, request, code } => return renew_with_code(model, session, *request, &code),
        Wish::ChooseRenewal { session, automatic } => {
            let choice = if automatic { RenewalChoice::Automatic } else { RenewalChoice::Manual };
            return with_sessions(model, |sessions, _| sessions.choose_renewal(session, choice));
        }
        Wish::FillForm { wishes, profile } => fill_form(model, &wishes, &profile),
        Wish::TakeRole(role) => {
            model.form.choose_role(role);
            model.sessions.minting.dismiss_failure();
        }
        Wish::TakePolicy { location, verbs, own } => {
            model.form.choose_policy(location, verbs, own);
            model.sessions.minting.dismiss_failure();
        }
        Wish::KeepPolicyText(kept) => model.kept_policy = kept,
        wish => return open_dialog(model, wish).into_iter().collect(),
    }
    vec![]
}

/// Opens what a wish wants to be opened; the effect brings what it shows.
fn open_dialog(model: &mut Model, wish: Wish) -> Option<Effect> {
    match wish {
        Wish::ShowDetails => model.dialogs.open(Details),
        Wish::Explain if model.failure().is_some() => model.dialogs.open(Explanation),
        Wish::AskForPrefix(typed) => model.dialogs.open(AskPrefix::from(&typed)),
        Wish::AskForCode { session, request } => model.dialogs.open(AskCode::of(session, *request, None)),
        Wish::AskForRenewal(row) => ask_for_renewal(model, row),
        Wish::ShowRecents if model.form.recents.all.is_empty() => {
            model.say(Tone::Warning, "no recent requests yet: what you mint is listed here");
        }
        Wish::ShowRecents => model.dialogs.open(RecentList::of(model.form.recents.all.clone())),
        Wish::BuildPolicy => build_policy(model),
        Wish::PickRole => {
            let source = model.form.source();
            let (picker, effect) = RolePicker::asking(&mut cx!(model), source);
            model.dialogs.open(picker);
            return Some(effect);
        }
        Wish::LookUpUser => return look_up_user(model),
        _ => {}
    }
    None
}

/// Opens the policy builder over the form, where the mode takes a policy.
fn build_policy(model: &mut Model) {
    let form = &model.form;
    if !form.mode.takes_policy() {
        return model.say(Tone::Warning, "only a federated user or a role takes a session policy: choose that mode");
    }
    let (location, verbs, own) = (form.location.clone(), form.verbs, form.policy.clone());
    let builder = PolicyBuilder::of(location, verbs, own, model.kept_policy.clone(), model.service_now());
    model.dialogs.open(builder);
}

/// Opens the panel about the user that the form names.
fn look_up_user(model: &mut Model) -> Option<Effect> {
    let name = model.form.name.text().to_owned();
    if !is_name(&name) {
        model.say(Tone::Warning, "the Name field first: 1 to 64 letters, digits and _+=,.@-");
        return None;
    }
    let source = model.form.source();
    let (panel, effect) = UserPanel::asking(&mut cx!(model), source, &name);
    model.dialogs.open(panel);
    Some(effect)
}

fn export_credentials(model: &mut Model) {
    let Some(stored) = model.sessions.in_use() else { return };
    let (session, lasting) = (stored.held.session.id, !stored.held.session.temporary);
    let no_console = export_replies::no_console(&stored.held);
    let export = Export::of(session, lasting, no_console, stored.view.location().clone());
    model.dialogs.open(export);
}

/// Asks whether to switch how a session is renewed; says why there is no choice where there is none.
fn ask_for_renewal(model: &mut Model, row: usize) {
    let Some(held) = model.sessions.row(row) else { return };
    match sessions::other_choice(held) {
        Ok((choice, means)) => {
            let question = AskRenewal::of(held.session.id, choice == RenewalChoice::Automatic, means);
            model.dialogs.open(question);
        }
        Err(why) => model.say(Tone::Warning, why),
    }
}

/// Renews with a code that was typed; one that cannot be sent is asked for again.
fn renew_with_code(model: &mut Model, session: SessionId, request: MintRequest, code: &CodeInput) -> Vec<Effect> {
    let mut refusal = None;
    let typed = code.code();
    let again = request.clone();
    let effects = with_sessions(model, |sessions, cx| {
        sessions.renew_with_code(cx, session, request, typed).unwrap_or_else(|why| {
            refusal = Some(why);
            vec![]
        })
    });
    if refusal.is_some() {
        model.dialogs.open(AskCode::of(session, again, refusal));
    }
    effects
}

/// What a session did goes on with its successor.
fn go_on_with(model: &mut Model, old: SessionId, new: SessionId) -> Vec<Effect> {
    model.dialogs.renewed(old, new);
    let mut effects = vec![];
    if model.in_use().is_some_and(|held| held.session.id == new) {
        effects.extend(browsing(model, |browser, cx| browser.resume(cx)));
    }
    effects.extend(comparing(model, |comparison, cx, sessions| comparison.renewed(cx, sessions, old, new)));
    effects
}

/// Mints what the form asks for; a code that cannot be sent is refused beside its field.
fn mint(model: &mut Model, order: MintOrder) -> Vec<Effect> {
    let mut refusal = None;
    let effects = with_sessions(model, |sessions, cx| {
        sessions.mint(cx, order).unwrap_or_else(|why| {
            refusal = Some(why);
            vec![]
        })
    });
    if let Some(why) = refusal {
        model.form.refuse_code(why);
    }
    effects
}

fn renew(model: &mut Model, id: SessionId) -> Vec<Effect> {
    with_sessions(model, |sessions, cx| sessions.renew(cx, id))
}

/// Mints for the hour that every role grants, where STS refused to mint for longer.
fn ask_for_less(model: &mut Model) -> Vec<Effect> {
    let Some(less) = model.shorter_duration() else { return vec![] };
    match (model.screen, model.in_use()) {
        (Screen::MintForm, _) => {
            let wishes = model.form.submit_for(&cx!(model), less);
            fulfil(model, wishes)
        }
        (Screen::Browser, Some(held)) => {
            let (id, request) = (held.session.id, held.session.request.clone().with_duration(less));
            with_sessions(model, |sessions, cx| sessions.renew_as(cx, id, request))
        }
        (Screen::Browser | Screen::Compare, _) => vec![],
    }
}

/// Opens the form for another session, at the location on screen.
fn open_form(model: &mut Model) {
    let here = model.browser().map(Browser::location).filter(|here| here.bucket.is_some());
    let here = here.map_or_else(TextInput::default, TextInput::of);
    model.form.choose_location(here);
    model.screen = Screen::MintForm;
}

/// Compares the session in `row` of the list with the one in use, or that one with the next.
fn compare_with(model: &mut Model, row: usize) -> Vec<Effect> {
    let (count, in_use) = (model.sessions.len(), model.sessions.row_in_use());
    if count < 2 {
        model.say(Tone::Warning, "nothing to compare with: n mints a second session");
        return vec![];
    }
    let other = if row == in_use { (in_use + 1) % count } else { row };
    let ids = [in_use, other].map(|row| model.sessions.row(row).map(|held| held.session.id));
    let ([Some(left), Some(right)], Some(browser)) = (ids, model.browser()) else { return vec![] };
    model.comparison = Some(Comparison::new([left, right], browser.location()));
    model.screen = Screen::Compare;
    comparing(model, |comparison, cx, _| comparison.begin(cx))
}

/// Fills the form in with what was typed for another session.
fn fill_form(model: &mut Model, wishes: &RequestedSession, profile: &ProfileChoice) {
    model.form.fill(wishes, profile);
    model.sessions.minting.dismiss_failure();
}

/// Keeps in mind what has just minted.
fn remember(model: &mut Model, profile: &ProfileChoice, draft: &Draft) -> Vec<Effect> {
    let wishes = model.form.remember(&cx!(model), profile, draft).into_iter().collect();
    fulfil(model, wishes)
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
        // Whatever is not the key that quits takes the question back; this one does nothing else.
        Action::Dismiss if asked_to_quit => {}
        action if !model.dialogs.is_empty() => {
            let wishes = model.dialogs.act(&mut cx!(model), action);
            return fulfil(model, wishes);
        }
        Action::Dismiss if model.sessions.minting.waiting().is_some() && !model.is_filtering() => {
            return with_sessions(model, |sessions, _| sessions.stop_waiting());
        }
        Action::Help => model.dialogs.open(Help),
        action => return act_on_screen(model, action),
    }
    vec![]
}

fn act_on_screen(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::AskForLess => return ask_for_less(model),
        Action::Show(kind) => {
            if let Some(dialog) = kind.open(&cx!(model)) {
                model.dialogs.open(dialog);
            }
            return vec![];
        }
        _ => {}
    }
    match model.screen {
        Screen::MintForm => {
            let wishes = model.form.act(&mut cx!(model), action);
            fulfil(model, wishes)
        }
        Screen::Browser if model.is_filtering() => browsing(model, |browser, cx| browser.act(cx, &action)),
        Screen::Browser => act_on_browser(model, &action),
        Screen::Compare => act_on_comparison(model, &action),
    }
}

/// What concerns more than the browser, and else what the browser does.
fn act_on_browser(model: &mut Model, action: &Action) -> Vec<Effect> {
    let Some(id) = model.in_use().map(|held| held.session.id) else { return vec![] };
    match *action {
        Action::Renew => return renew(model, id),
        Action::ChooseRenewal => ask_for_renewal(model, model.sessions.row_in_use()),
        Action::Sessions => model.dialogs.open(SessionList::at(model.sessions.row_in_use())),
        Action::HandOver => export_credentials(model),
        Action::Compare => return compare_with(model, model.sessions.row_in_use()),
        Action::SwitchSession(steps) => return ledger::cycle(model, steps),
        Action::ScopeHere => return scope_here::scope_here(model),
        Action::NewSession => open_form(model),
        Action::GoTo => {
            let from = scope_here::go_to_from(model);
            model.dialogs.open(GoTo::from(&from));
        }
        Action::Explain => return fulfil(model, vec![Wish::Explain]),
        Action::Dismiss if model.sessions.minting.dismiss_failure() => {}
        _ => return browsing(model, |browser, cx| browser.act(cx, action)),
    }
    vec![]
}

fn act_on_comparison(model: &mut Model, action: &Action) -> Vec<Effect> {
    let id = model.in_use().map(|held| held.session.id);
    match (action, id) {
        (Action::Renew, Some(id)) => renew(model, id),
        (Action::ChooseRenewal, _) => {
            ask_for_renewal(model, model.sessions.row_in_use());
            vec![]
        }
        _ => comparing(model, |comparison, cx, sessions| comparison.act(cx, sessions, action)),
    }
}

/// What was copied, and where it is now.
fn copied(model: &mut Model, outcome: Result<(String, Delivery), String>) {
    let (text, delivery) = match outcome {
        Ok(copied) => copied,
        Err(reason) => return model.say(Tone::Warning, format!("not copied: {}", printable(&reason))),
    };
    let what = match text.as_str() {
        text if text.starts_with('{') => "the policy, as it is sent".into(),
        text if text.starts_with("aws sts ") => "the AWS CLI command".into(),
        text => printable(text),
    };
    match delivery {
        Delivery::Taken => model.say(Tone::Good, format!("copied {what}")),
        Delivery::Sent(Relay::Tmux) => {
            model.say(Tone::Good, format!("sent to the terminal{}", delivery.setting_needed()))
        }
        Delivery::Sent(_) => model.say(Tone::Good, format!("sent to the terminal, to be copied: {what}")),
    }
}

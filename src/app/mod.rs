//! The core: a model, what can happen to it, and what it then wants done.
//!
//! Invariant: [`update`] is the only function that changes the model. It never waits and never asks the time; what must
//! be done outside comes back as [`Effect`]s.

mod action;
mod browser;
mod code_entry;
mod code_input;
mod compare;
mod cx;
mod effect;
mod form;
mod handover;
mod iam;
mod layout;
mod ledger;
mod message;
mod model;
mod notice;
mod policy_builder;
mod recents;
mod scope_here;
mod screen;
mod sessions;
mod text_area;
mod text_input;
mod wish;

pub use action::{Action, Edit};
pub use browser::{Browser, Everything, Place};
pub use code_entry::CodeEntry;
pub use code_input::CodeInput;
pub use compare::{Comparison, Seen, Side};
pub use effect::{Effect, Generation, View};
pub use form::{ExtraFields, Preflight, Profiles, RememberedRequests, SessionForm, extra_fields};
pub use handover::{HandOver, Revealed, is_lasting, no_console};
pub use iam::{Offering, RolePicker, UserPanel, UserState};
pub use layout::{details_rows, profiles_on_screen, rows_on_screen};
pub use ledger::LedgerPanel;
pub use message::{Loaded, Message};
pub use model::{GoTo, Model, Overlay, Setup};
pub use notice::{Notice, Tone};
pub use policy_builder::{BuilderRow, KeptText, Origin, PolicyBuilder};
pub use screen::Screen;
pub use sessions::{HeldSession, MintCall, Minting, Renewal, RenewalChoice, Sessions, Shows, StoredSession, Then};
pub use text_area::TextArea;
pub use text_input::TextInput;

use cx::Cx;
use jiff::Timestamp;
use wish::{MintOrder, Wish};

use crate::{
    domain::{
        credentials::SessionId, failure::Failure, listing::Page, location::Location, mint::Wishes,
        profile::ProfileChoice, safe_text::printable,
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
    handover::hide_when_due(model);
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
        Message::SignInUrlCame { session, outcome } => return handover::sign_in_url_came(model, session, outcome),
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
            return with_sessions(model, |sessions, cx| sessions.identified(cx, session, outcome));
        }
        Message::Remembered(outcome) => {
            return with_form(model, |form, _| form.recents_loaded(outcome).into_iter().collect());
        }
        Message::RolesArrived { generation, outcome } => iam::roles_arrived(model, generation, outcome),
        Message::RoleFound { source, role_arn, outcome } => model.form.role_found(source, role_arn, outcome),
        Message::MfaDevicesFound { source, outcome } => model.form.mfa_devices_found(&source, outcome),
        Message::UserFound { generation, outcome } => iam::user_found(model, generation, outcome),
        Message::ShellEnded(outcome) => handover::shell_ended(model, outcome),
        Message::HandedOver { offer, outcome } => handover::handed_over(model, offer, outcome),
        Message::Revealed { session, credentials } => handover::revealed(model, session, credentials),
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

/// What the form does, and what comes of it.
fn with_form(model: &mut Model, change: impl FnOnce(&mut SessionForm, &mut Cx) -> Vec<Wish>) -> Vec<Effect> {
    let facts = model.facts();
    let Model { form, setup, generations, .. } = model;
    let wishes = change(form, &mut Cx { facts, setup, generations });
    fulfil(model, wishes)
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
        Wish::ShowDetails => model.overlay = Some(Overlay::Details),
        Wish::AskForPrefix(typed) => model.overlay = Some(Overlay::AskPrefix(TextInput::new(&typed))),
        Wish::AskForCode { session, request } => model.overlay = Some(Overlay::Code(CodeEntry::of(session, *request))),
        Wish::Browse(location) => {
            model.screen = Screen::Browser;
            return browsing(model, |browser, cx| browser.start_at(cx, location));
        }
        Wish::Remember { profile, draft } => {
            return with_form(model, |form, cx| form.remember(cx, &profile, &draft).into_iter().collect());
        }
        Wish::Mint(order) => return mint(model, *order),
        Wish::DismissRefusal => drop(model.sessions.minting.dismiss_failure()),
        Wish::Explain if model.failure().is_some() => model.overlay = Some(Overlay::Explanation),
        Wish::Explain => {}
        Wish::ShowRoleChain => model.overlay = Some(Overlay::Chain),
        Wish::ShowRecents => recents::open(model),
        Wish::BuildPolicy => policy_builder::open(model),
        Wish::PickRole => return iam::open_roles(model),
        Wish::LookUpUser => return iam::open_user(model),
        Wish::BrowseOn => {
            model.sessions.minting.dismiss_failure();
            model.screen = Screen::Browser;
            return browsing(model, |browser, cx| browser.go_on(cx));
        }
        Wish::GoOnWith { old, new } => return go_on_with(model, old, new),
        Wish::Refused { session, failure, worked } => {
            return with_sessions(model, |sessions, cx| sessions.refused(cx, session, &failure, worked));
        }
        Wish::CloseComparison => {
            model.comparison = None;
            model.screen = Screen::Browser;
        }
    }
    vec![]
}

/// What a session did goes on with its successor.
fn go_on_with(model: &mut Model, old: SessionId, new: SessionId) -> Vec<Effect> {
    handover::renewed(model, old, new);
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

/// Fills the form in with what was typed for another session.
fn fill_form(model: &mut Model, wishes: &Wishes, profile: &ProfileChoice) {
    model.form.fill(wishes, profile);
    model.sessions.minting.dismiss_failure();
}

fn renew(model: &mut Model, id: SessionId) -> Vec<Effect> {
    with_sessions(model, |sessions, cx| sessions.renew(cx, id))
}

fn switch_renewal(model: &mut Model, id: SessionId) -> Vec<Effect> {
    with_sessions(model, |sessions, _| sessions.switch_renewal(id))
}

/// Mints for the hour that every role grants, where STS refused to mint for longer.
fn ask_for_less(model: &mut Model) -> Vec<Effect> {
    let Some(less) = model.shorter_duration() else { return vec![] };
    model.overlay.take_if(|overlay| *overlay == Overlay::Explanation);
    match (model.screen, model.in_use()) {
        (Screen::MintForm, _) => with_form(model, |form, cx| form.submit_for(cx, less)),
        (Screen::Browser, Some(held)) => {
            let (id, request) = (held.session.id, held.session.request.clone().lasting(less));
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

/// What is the same everywhere first, then what lies on top, then the screen in front.
fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if matches!(action, Action::Hide | Action::Suspend | Action::Help) {
        handover::hide(model);
    }
    match action {
        Action::Hide => return vec![],
        Action::Quit => return vec![Effect::Quit],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Dismiss
            if model.overlay.is_none() && model.sessions.minting.waiting().is_some() && !model.is_filtering() =>
        {
            return with_sessions(model, |sessions, _| sessions.stop_waiting());
        }
        Action::AskForLess => return ask_for_less(model),
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
        Screen::MintForm => with_form(model, |form, cx| form.act(cx, action)),
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
        Action::ChooseRenewal => return switch_renewal(model, id),
        Action::Sessions => return ledger::open(model),
        Action::HandOver => return handover::open(model),
        Action::Compare => return compare_with(model, model.sessions.row_in_use()),
        Action::SwitchSession(steps) => return ledger::cycle(model, steps),
        Action::ScopeHere => return scope_here::scope_here(model),
        Action::NewSession => open_form(model),
        Action::GoTo => model.overlay = Some(Overlay::GoTo(GoTo::from(&scope_here::go_to_from(model)))),
        Action::Explain if model.failure().is_some() => model.overlay = Some(Overlay::Explanation),
        Action::Dismiss if model.sessions.minting.dismiss_failure() => {}
        _ => return browsing(model, |browser, cx| browser.act(cx, action)),
    }
    vec![]
}

fn act_on_comparison(model: &mut Model, action: &Action) -> Vec<Effect> {
    let id = model.in_use().map(|held| held.session.id);
    match (action, id) {
        (Action::Renew, Some(id)) => renew(model, id),
        (Action::ChooseRenewal, Some(id)) => switch_renewal(model, id),
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
        Delivery::Sent(Relay::Tmux) => model.say(Tone::Good, format!("sent to the terminal{}", delivery.needs())),
        Delivery::Sent(_) => model.say(Tone::Good, format!("sent to the terminal, to be copied: {what}")),
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
        (Overlay::AskPrefix(line), action) => act_on_prefix(model, line, action),
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
        Action::Submit => {
            let (id, request, code) = (entry.session, entry.request.clone(), entry.input.code());
            entry.input.clear();
            let mut refusal = None;
            let effects = with_sessions(model, |sessions, cx| {
                sessions.renew_with_code(cx, id, request, code).unwrap_or_else(|why| {
                    refusal = Some(why);
                    vec![]
                })
            });
            entry.refusal = refusal;
            if entry.refusal.is_none() {
                return effects;
            }
        }
        Action::Edit(edit) => entry.input.edit(edit),
        Action::Paste(text) => entry.input.paste(&text),
        _ => {}
    }
    model.overlay = Some(Overlay::Code(entry));
    vec![]
}

fn act_on_prefix(model: &mut Model, mut line: TextInput, action: Action) -> Vec<Effect> {
    match action {
        Action::Submit => return browsing(model, |browser, cx| browser.list_prefix(cx, line.text())),
        Action::Edit(edit) => line.edit(edit),
        Action::Paste(text) => line.paste(&text),
        _ => {}
    }
    model.overlay = Some(Overlay::AskPrefix(line));
    vec![]
}

fn act_on_go_to(model: &mut Model, mut go_to: GoTo, action: Action) -> Vec<Effect> {
    match action {
        Action::Submit => match Location::typed(go_to.input.text()) {
            Ok(location) => return browsing(model, |browser, cx| browser.go_to(cx, location)),
            Err(refusal) => go_to.refusal = Some(refusal.to_string()),
        },
        Action::Edit(edit) => go_to.change(|input| input.edit(edit), matches!(edit, Edit::InsertChar(_))),
        Action::Paste(text) => go_to.change(|input| input.paste(&text), true),
        _ => {}
    }
    model.overlay = Some(Overlay::GoTo(go_to));
    vec![]
}

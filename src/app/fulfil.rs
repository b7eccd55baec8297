//! What parts of the state want of others, turned into calls.
//!
//! Invariant: here alone one part is called for what another wants, in the order of the wishes. A part itself never calls
//! another.

use super::{
    action::{Action, BrowserAction, SessionAction},
    browser::Browser,
    code_input::CodeInput,
    compare::Comparison,
    cx::{Cx, cx},
    dialogs::{AskCode, Dialog, GoTo, SessionList},
    effect::{Effect, View},
    model::Model,
    notice::Tone,
    object::ObjectViewer,
    object_view,
    opening::{ask_for_renewal, export_credentials, open_dialog},
    row_tools::{act_on_row, fulfil_row_wish},
    scope_here::{go_to_from, scope_here},
    screen::Screen,
    sessions::{RenewalChoice, Sessions},
    text_input::TextInput,
    wish::{MintOrder, RowWish, Wish},
};
use crate::domain::{
    credentials::SessionId,
    mint::{Draft, MintRequest, RequestedSession},
    profile::ProfileChoice,
};

/// What the sessions do, and what comes of it.
pub(super) fn with_sessions(
    model: &mut Model,
    change: impl FnOnce(&mut Sessions<Browser>, &mut Cx) -> Vec<Wish>,
) -> Vec<Effect> {
    let facts = model.facts();
    let Model { sessions, setup, generations, .. } = model;
    let wishes = change(sessions, &mut Cx { facts, setup, generations });
    fulfil(model, wishes)
}

/// What the browser of the session in use does, and what comes of it.
pub(super) fn browsing(model: &mut Model, change: impl FnOnce(&mut Browser, &mut Cx) -> Vec<Wish>) -> Vec<Effect> {
    with_sessions(model, |sessions, cx| sessions.in_use_mut().map_or(vec![], |stored| change(&mut stored.view, cx)))
}

/// What the object that is looked at does, and what comes of it.
pub(super) fn viewing(model: &mut Model, change: impl FnOnce(&mut ObjectViewer, &mut Cx) -> Vec<Wish>) -> Vec<Effect> {
    let facts = model.facts();
    let Model { object, setup, generations, .. } = model;
    let wishes = change(object, &mut Cx { facts, setup, generations });
    fulfil(model, wishes)
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
pub(super) fn fulfil(model: &mut Model, wishes: Vec<Wish>) -> Vec<Effect> {
    wishes.into_iter().flat_map(|wish| fulfil_one(model, wish)).collect()
}

fn fulfil_with(model: &mut Model, change: impl FnOnce(&mut Model) -> Vec<Wish>) -> Vec<Effect> {
    let wishes = change(model);
    fulfil(model, wishes)
}

fn fulfil_one(model: &mut Model, wish: Wish) -> Vec<Effect> {
    match wish {
        Wish::Do(effect) => return vec![effect],
        Wish::Row(RowWish::ListPast { location, at }) => {
            model.screen = Screen::Browser;
            return browsing(model, |browser, cx| browser.go_to_past(cx, location, at));
        }
        Wish::Row(wish) => fulfil_row_wish(model, wish),
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
        Wish::ShowObject(tab) => return fulfil_with(model, |model| object_view::open_selected(model, tab)),
        Wish::StepObject(steps) => return fulfil_with(model, |model| object_view::step_object(model, steps)),
        Wish::CloseObject => object_view::close(model),
        Wish::Mint(order) => return mint(model, *order),
        Wish::DismissRefusal => {
            model.sessions.minting.dismiss_failure();
        }
        Wish::BrowseOn => {
            model.sessions.minting.dismiss_failure();
            model.screen = Screen::Browser;
            return browsing(model, Browser::go_on);
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
        Wish::UseSession(row) => return use_session(model, row),
        Wish::ForgetSession(row) => return forget_session(model, row),
        Wish::VarySession(row) => vary_session(model, row),
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
        effects.extend(browsing(model, Browser::resume));
        effects.extend(viewing(model, |object, cx| object.renewed(cx, old, new)));
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
        (Screen::Browser | Screen::Object, Some(held)) => {
            let (id, request) = (held.session.id, held.session.request.clone().with_duration(less));
            with_sessions(model, |sessions, cx| sessions.renew_as(cx, id, request))
        }
        (Screen::Browser | Screen::Object | Screen::Compare, _) => vec![],
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
        model.say(Tone::Warning, "no other session to compare with: n creates one");
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

/// Uses the session in this row: what it last showed is shown again, without a request where it was complete.
fn use_session(model: &mut Model, row: usize) -> Vec<Effect> {
    model.screen = Screen::Browser;
    if model.sessions.use_row(row) { browsing(model, Browser::take_up) } else { vec![] }
}

/// Goes to the session so many rows further on, around the ends.
fn switch_session(model: &mut Model, steps: isize) -> Vec<Effect> {
    model.sessions.neighbour(steps).map(|row| use_session(model, row)).unwrap_or_default()
}

const FORGOTTEN: &str = "forgotten: its credentials are dropped here; at AWS they stay valid until they expire";
const FORGOTTEN_KEYS: &str = "forgotten here; these are the profile's own keys, which stay valid";

/// Drops a session and its credentials. If it was in use, the next one is; without another, the form is in front.
fn forget_session(model: &mut Model, row: usize) -> Vec<Effect> {
    let was_in_use = row == model.sessions.row_in_use();
    let Some(removed) = model.sessions.remove(row) else { return vec![] };
    let forgotten = if removed.session.temporary { FORGOTTEN } else { FORGOTTEN_KEYS };
    let mut effects = vec![Effect::Forget(removed.session.id)];
    if was_in_use {
        effects.push(Effect::CancelListing(View::Browser));
        effects.extend(browsing(model, Browser::take_up));
    }
    if model.sessions.is_empty() {
        model.screen = Screen::MintForm;
    }
    let links = removed.live_links(model.service_now()).map(|(count, until)| {
        let until = until.to_zoned(model.setup.time_zone.clone()).strftime("%H:%M");
        format!("; {count} {} until {until}", if count == 1 { "link works" } else { "links work" })
    });
    model.say(Tone::Good, format!("{forgotten}{}", links.unwrap_or_default()));
    effects
}

/// Opens the form as it was filled in for this session.
fn vary_session(model: &mut Model, row: usize) {
    let Some(held) = model.sessions.row(row) else { return };
    let (wishes, profile) = (held.wishes.clone(), held.source.profile.clone());
    fill_form(model, &wishes, &profile);
    model.screen = Screen::MintForm;
}

pub(super) fn act_on_screen(model: &mut Model, action: Action) -> Vec<Effect> {
    if let Action::Show(name) = action {
        if let Some(dialog) = Dialog::named(name, &cx!(model)) {
            model.dialogs.open(dialog);
        }
        return vec![];
    }
    if let Action::Row(action) = action {
        act_on_row(model, action);
        return vec![];
    }
    match model.screen {
        Screen::MintForm if action == Action::Sessions(SessionAction::RetryWithLess) => ask_for_less(model),
        Screen::MintForm => {
            let wishes = model.form.act(&mut cx!(model), action);
            fulfil(model, wishes)
        }
        Screen::Browser if model.is_filtering() => browsing(model, |browser, cx| browser.act(cx, &action)),
        Screen::Browser | Screen::Object => act_with_session(model, &action),
        Screen::Compare => act_on_comparison(model, &action),
    }
}

/// What concerns more than the list or the object in front, and else what that does.
fn act_with_session(model: &mut Model, action: &Action) -> Vec<Effect> {
    let Some(id) = model.in_use().map(|held| held.session.id) else { return vec![] };
    match *action {
        Action::Sessions(action) => return act_on_sessions(model, id, action),
        Action::Browser(BrowserAction::GoTo) => {
            let from = go_to_from(model);
            model.dialogs.open(GoTo::from(&from));
        }
        Action::Explain => return fulfil(model, vec![Wish::Explain]),
        Action::Dismiss if !model.is_finding() && model.sessions.minting.dismiss_failure() => {}
        _ if model.screen == Screen::Object => return viewing(model, |object, cx| object.act(cx, action)),
        Action::Object(action) => return fulfil_with(model, |model| object_view::act_beside_list(model, action)),
        _ => return browsing(model, |browser, cx| browser.act(cx, action)),
    }
    vec![]
}

/// What is done with the sessions where one of them is on screen.
fn act_on_sessions(model: &mut Model, in_use: SessionId, action: SessionAction) -> Vec<Effect> {
    let row = model.sessions.row_in_use();
    match action {
        SessionAction::Renew => return renew(model, in_use),
        SessionAction::RetryWithLess => return ask_for_less(model),
        SessionAction::ChooseRenewal => ask_for_renewal(model, row),
        SessionAction::New => open_form(model),
        SessionAction::NewForLocation => return scope_here(model),
        SessionAction::List => model.dialogs.open(SessionList::at(row)),
        SessionAction::Switch(steps) => return switch_session(model, steps),
        SessionAction::Compare => return compare_with(model, row),
        SessionAction::Export => export_credentials(model),
    }
    vec![]
}

fn act_on_comparison(model: &mut Model, action: &Action) -> Vec<Effect> {
    let id = model.in_use().map(|held| held.session.id);
    match (action, id) {
        (Action::Sessions(SessionAction::Renew), Some(id)) => renew(model, id),
        (Action::Sessions(SessionAction::ChooseRenewal), _) => {
            ask_for_renewal(model, model.sessions.row_in_use());
            vec![]
        }
        _ => comparing(model, |comparison, cx, sessions| comparison.act(cx, sessions, action)),
    }
}

//! The state of the interface: a model, what can happen to it, and what is then to be done.
//!
//! Invariant: [`update`] is the only function that changes the model. It never waits and never reads a clock; work outside
//! comes back as [`Effect`]s. The parts (`browser`, `object`, `form`, `sessions`, `dialogs`) change themselves
//! alone; what they want of others are wishes, which `fulfil` turns into calls.

mod action;
mod answers;
mod answers_seen;
mod browser;
mod code_input;
mod compare;
mod cx;
mod dialogs;
mod effect;
mod export_replies;
mod form;
mod fulfil;
mod key_row;
mod layout;
mod message;
mod model;
mod notice;
mod object;
mod object_calls;
mod object_view;
mod opening;
mod proposed_text;
mod row_target;
mod row_tools;
mod scope_here;
mod screen;
mod sessions;
mod setup;
mod text_area;
mod text_input;
mod wish;

pub use action::{
    Action, BrowserAction, DialogAction, DialogName, Edit, FieldAction, FormAction, ListAction, ObjectTab, RowAction,
    SessionAction, TextAction, ViewerAction,
};
pub use answers::{AnswerLog, AskedAccess, SeenAnswer};
pub use browser::{Browser, Everything, PastView, Place};
pub use code_input::CodeInput;
pub use compare::{Comparison, Seen, Side};
pub use dialogs::{
    AccessPanel, AskCode, AskPrefix, AskRenewal, AskTime, BuilderRow, CopyChoice, CopyEntry, CopyMenu, Details, Dialog,
    Dialogs, Explanation, Export, GoTo, Help, LIFETIMES, LinkDialog, Moves, Offering, Origin, PolicyBuilder,
    RecentList, Revealed, RoleChain, RolePicker, SessionList, TextRow, TextTone, UserPanel, UserState,
};
pub use effect::{CopyText, Effect, Generation, View};
pub use form::{ExtraFields, Preflight, Profiles, RememberedRequests, SessionForm, extra_fields};
pub use key_row::KeyRow;
pub use layout::{
    details_rows, object_content, pane_columns, pane_content, pane_details_rows, profiles_on_screen, rows_on_screen,
};
pub use message::{Loaded, Message};
pub use model::Model;
pub use notice::{Notice, Tone};
pub use object::{
    ContentScroll, DetailRow, DetailsTab, Finding, Look, LookRefusal, LookState, ObjectSubject, ObjectViewer, RowState,
    ShownLook, VersionsState, VersionsTab, gutter,
};
pub use object_calls::{DetailCall, DetailReply, LookPart, LookReply, LookRequest, LookSource, LookTarget, STEP};
pub use proposed_text::ProposedText;
pub use row_target::{AccessReply, RowTarget};
pub use screen::Screen;
pub use sessions::{HeldSession, MintCall, Minting, Renewal, RenewalChoice, Sessions, Shows, StoredSession, Then};
pub use setup::Setup;
pub use text_area::{KeptText, TextArea};
pub use text_input::TextInput;

use cx::{Cx, cx};
use fulfil::{act_on_screen, browsing, fulfil, viewing, with_sessions};
use jiff::Timestamp;

use crate::domain::{failure::Failure, listing::Page};

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
    effects.extend(browsing(model, Browser::keep_up));
    let wishes = object_view::keep_up(model);
    effects.extend(fulfil(model, wishes));
    let size = model.size;
    if let Some(browser) = model.browser_mut() {
        browser.scroll_into_view(size);
    }
    if let Some(comparison) = &mut model.comparison {
        comparison.scroll_into_view(size);
    }
    answers_seen::note_seen(model);
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
        message @ (Message::Looked { .. } | Message::DetailArrived { .. } | Message::VersionsArrived { .. }) => {
            return viewing(model, |object, cx| object.take_reply(cx, message));
        }
        message @ (Message::PastRowsArrived { .. } | Message::Probed { .. } | Message::LinkSigned { .. }) => {
            return handle_of_rows(model, message);
        }
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
        Message::Copied(outcome) => export_replies::copied(model, outcome),
    }
    vec![]
}

/// What was answered about rows: those of a time, and what may be done with one.
fn handle_of_rows(model: &mut Model, message: Message) -> Vec<Effect> {
    match message {
        Message::PastRowsArrived { generation, came, undated, requests } => {
            browsing(model, |browser, cx| browser.past_rows_arrived(cx, generation, came, (undated, requests)))
        }
        Message::Probed { generation, session, target, reply } => {
            let over = row_tools::probed(model, generation, session, &target, &reply);
            let refused = |failure| with_sessions(model, |sessions, cx| sessions.refused(cx, session, &failure, false));
            over.map(refused).unwrap_or_default()
        }
        Message::LinkSigned { session, outcome } => row_tools::link_signed(model, session, outcome),
        _ => vec![],
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
        // Whatever is not the key that quits takes the question back; this one does nothing else.
        Action::Dismiss if asked_to_quit => {}
        action if !model.dialogs.is_empty() => {
            let wishes = model.dialogs.act(&mut cx!(model), action);
            return fulfil(model, wishes);
        }
        Action::Dismiss
            if model.sessions.minting.waiting().is_some() && !model.is_filtering() && !model.is_finding() =>
        {
            return with_sessions(model, |sessions, _| sessions.stop_waiting());
        }
        Action::Help => model.dialogs.open(Help),
        action => return act_on_screen(model, action),
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

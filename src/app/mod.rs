//! The core: a model, what can happen to it, and what it then wants done.
//!
//! Invariant: [`update`] is the only function that changes the model. It never waits and never asks the time; what must
//! be done outside comes back as [`Effect`]s.

mod action;
mod browser;
mod chain_planner;
mod code_input;
mod effect;
mod further;
mod message;
mod mfa;
mod mint_form;
mod model;
mod preflight;
mod session;
mod text_input;

pub use action::{Action, Edit};
pub use browser::{Browser, Place, rows_on_screen};
pub use chain_planner::route;
pub use code_input::CodeInput;
pub use effect::{Effect, Generation};
pub use further::{Further, fields as further_fields};
pub use message::Message;
pub use mfa::CodeEntry;
pub use mint_form::{MintForm, Profiles, profiles_on_screen};
pub use model::{Current, GoTo, Minting, Model, Notice, Overlay, Screen, Setup, Then, Tone};
pub use preflight::Preflight;
pub use text_input::TextInput;

use jiff::Timestamp;

/// The effects with which the program begins.
pub fn start() -> Vec<Effect> {
    vec![Effect::LoadProfiles]
}

/// Handles one thing that happened at `now`, by this machine's clock.
pub fn update(model: &mut Model, now: Timestamp, message: Message) -> Vec<Effect> {
    model.now = now;
    model.notice.take_if(|notice| notice.until <= now);
    let effects = match message {
        Message::Action(action) => act(model, action),
        Message::Resized(columns, rows) => {
            model.size = (columns, rows);
            vec![]
        }
        Message::Tick => vec![],
        Message::ProfilesLoaded(outcome) => {
            mint_form::profiles_loaded(model, outcome);
            vec![]
        }
        Message::Minted { generation, outcome } => session::minted(model, generation, outcome),
        Message::SourceIdentified { generation, outcome } => {
            preflight::source_identified(model, generation, outcome);
            vec![]
        }
        Message::Identified { session, outcome } => {
            session::identified(model, session, outcome);
            vec![]
        }
        Message::PageArrived { generation, outcome } => browser::page_arrived(model, generation, outcome),
        Message::ClockMeasured(offset) => {
            model.clock_offset = offset;
            vec![]
        }
        Message::WallClockSet => session::wall_clock_set(model),
        Message::Copied(outcome) => {
            browser::copied(model, outcome);
            vec![]
        }
    };
    browser::scroll_into_view(model);
    effects
}

/// What is the same everywhere first, then what lies on top, then the screen in front.
fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Quit => return vec![Effect::Quit],
        Action::Suspend => return vec![Effect::Suspend],
        Action::Dismiss if model.overlay.is_none() && model.minting.is_some() => {
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
        Screen::MintForm => mint_form::act(model, action),
        Screen::Browser => browser::act(model, &action),
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
        (_, Action::Dismiss | Action::Back) => vec![],
        (Overlay::Code(entry), action) => act_on_code(model, entry, action),
        (Overlay::GoTo(go_to), action) => act_on_go_to(model, go_to, action),
        // The next moves that an explanation names work without closing it first.
        (_, action @ (Action::Renew | Action::Refresh | Action::NewSession | Action::GoTo)) => {
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

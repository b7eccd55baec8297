//! What went wrong, who said so, and what to do next.
//!
//! Invariant: it holds nothing; the view reads the failure where it lies. The next moves that it names work without closing
//! it first.

use super::{DialogPart, Outcome};
use crate::app::{
    action::{Action, BrowserAction, SessionAction},
    cx::Cx,
    key_row::KeyRow,
};

/// Explains the failure that matters most on the screen below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation;

const KEYS: &[KeyRow] = &[
    KeyRow::hinted(&["r", "F5"], "retry", Action::Refresh),
    KeyRow::hinted(&["R"], "renew", Action::Sessions(SessionAction::Renew)),
    KeyRow::hinted(&["n"], "new session", Action::Sessions(SessionAction::New)),
    KeyRow::hinted(&["g"], "go to", Action::Browser(BrowserAction::GoTo)),
    KeyRow::listed(&["p"], "new session for this location", Action::Sessions(SessionAction::NewForLocation)),
    KeyRow::listed(&["F9"], "retry with 1h after a refused duration", Action::Sessions(SessionAction::RetryWithLess)),
    KeyRow::listed(&["e", "F2", "Enter"], "close", Action::Dismiss),
];

impl DialogPart for Explanation {
    fn title(&self) -> &'static str {
        "what went wrong"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn act(&mut self, _: &mut Cx<'_>, action: Action) -> Outcome {
        match action {
            Action::Refresh
            | Action::Sessions(
                SessionAction::Renew
                | SessionAction::New
                | SessionAction::NewForLocation
                | SessionAction::RetryWithLess,
            )
            | Action::Browser(BrowserAction::GoTo) => Outcome::pass(action),
            _ => Outcome::STAY,
        }
    }
}

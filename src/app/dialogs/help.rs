//! The keys of what lies below.
//!
//! Invariant: it holds nothing; what it lists are the rows by which keys work.

use super::{DialogPart, Outcome};
use crate::app::{action::Action, cx::Cx, key_row::KeyRow};

/// Lists keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help;

const KEYS: &[KeyRow] = &[KeyRow::listed(&["Enter"], "close", Action::Dismiss)];

impl DialogPart for Help {
    fn title(&self) -> &'static str {
        "keys"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn act(&mut self, _: &mut Cx<'_>, action: Action) -> Outcome {
        if action == Action::Help { Outcome::CLOSE } else { Outcome::STAY }
    }
}

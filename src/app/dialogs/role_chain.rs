//! The roles between a profile's keys and the session that the form asks for.
//!
//! Invariant: it holds nothing; the view derives the chain from the form.

use super::{DialogPart, Outcome};
use crate::app::{action::Action, cx::Cx, key_row::KeyRow};

/// Shows the role chain and where it caps a session's length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleChain;

const KEYS: &[KeyRow] = &[KeyRow::listed(&["F7", "Enter"], "close", Action::Dismiss)];

impl DialogPart for RoleChain {
    fn open(_: &Cx<'_>) -> Option<Self> {
        Some(Self)
    }

    fn title(&self) -> &'static str {
        "role chain"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn act(&mut self, _: &mut Cx<'_>, _: Action) -> Outcome {
        Outcome::STAY
    }
}

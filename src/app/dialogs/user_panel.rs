//! Whether IAM has the user that the form names.
//!
//! Invariant: nothing is created; a user that stays is made by a command of its own. An answer to a panel that was closed
//! changes nothing.

use jiff::Timestamp;

use super::{DialogPart, Outcome};
use crate::{
    app::{
        action::Action,
        cx::Cx,
        effect::{Effect, Generation},
        key_row::KeyRow,
    },
    domain::{failure::Failure, iam::User, profile::SourceOptions},
};

/// What is known of the user that a panel is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserState {
    /// IAM is being asked since then.
    Asking(Timestamp),
    /// There is none.
    Missing,
    /// There is one.
    Exists(User),
    /// IAM did not tell.
    Failed(Failure),
}

/// The panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserPanel {
    /// The user's name.
    pub name: String,
    /// What is known of it.
    pub state: UserState,
    generation: Generation,
}

impl UserPanel {
    /// Opens it, and what it asks IAM for.
    pub(in crate::app) fn asking(cx: &mut Cx<'_>, source: SourceOptions, name: &str) -> (Self, Effect) {
        let (generation, state, name) = (cx.next_generation(), UserState::Asking(cx.now()), name.to_owned());
        (Self { name: name.clone(), state, generation }, Effect::FindUser { generation, source, name })
    }

    pub(super) fn found(&mut self, generation: Generation, outcome: Result<Option<User>, Failure>) {
        if self.generation == generation {
            self.state = match outcome {
                Ok(Some(user)) => UserState::Exists(user),
                Ok(None) => UserState::Missing,
                Err(failure) => UserState::Failed(failure),
            };
        }
    }
}

const KEYS: &[KeyRow] = &[KeyRow::listed(&["F6"], "close", Action::Dismiss)];

impl DialogPart for UserPanel {
    fn title(&self) -> &'static str {
        "IAM user"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn busy_since(&self) -> Option<Timestamp> {
        match self.state {
            UserState::Asking(since) => Some(since),
            _ => None,
        }
    }

    fn act(&mut self, _: &mut Cx<'_>, _: Action) -> Outcome {
        Outcome::STAY
    }
}

//! Asks before a session's renewal becomes automatic, or manual again.
//!
//! Invariant: one stray key switches nothing.

use super::{DialogPart, Outcome, TextRow, TextTone};
use crate::{
    app::{action::Action, cx::Cx, key_row::KeyRow, wish::Wish},
    domain::credentials::SessionId,
};

/// The question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskRenewal {
    session: SessionId,
    automatic: bool,
    means: String,
}

impl AskRenewal {
    /// Asks whether `session` is to be renewed automatically from now on, or no longer; `means` says what that would do.
    pub(in crate::app) const fn of(session: SessionId, automatic: bool, means: String) -> Self {
        Self { session, automatic, means }
    }
}

const TO_AUTOMATIC: &[KeyRow] = &[
    KeyRow::hinted(&["Enter"], "renew automatically", Action::Submit),
    KeyRow::listed(&["A"], "close", Action::Dismiss),
];

const TO_MANUAL: &[KeyRow] =
    &[KeyRow::hinted(&["Enter"], "renew manually", Action::Submit), KeyRow::listed(&["A"], "close", Action::Dismiss)];

impl DialogPart for AskRenewal {
    fn title(&self) -> &'static str {
        "renewal"
    }

    fn keys(&self) -> &'static [KeyRow] {
        if self.automatic { TO_AUTOMATIC } else { TO_MANUAL }
    }

    fn text(&self) -> Vec<TextRow> {
        let (now, then) = if self.automatic { ("manual", "automatic") } else { ("automatic", "manual") };
        vec![
            TextRow::labelled("Now", now),
            TextRow { tone: TextTone::Strong, ..TextRow::labelled("Enter", format!("{then}: {}", self.means)) },
            TextRow { tone: TextTone::Dim, ..TextRow::labelled("Esc", "no change") },
        ]
    }

    fn renewed(&mut self, old: SessionId, new: SessionId) {
        if self.session == old {
            self.session = new;
        }
    }

    fn act(&mut self, _: &mut Cx<'_>, action: Action) -> Outcome {
        match action {
            Action::Submit => {
                Outcome::Close(vec![Wish::ChooseRenewal { session: self.session, automatic: self.automatic }])
            }
            _ => Outcome::STAY,
        }
    }
}

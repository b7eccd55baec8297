//! What the form asks for, as a command of the AWS CLI.
//!
//! Invariant: what is copied is the command itself, whole.

use super::{DialogPart, Outcome, TextRow, TextTone};
use crate::app::{Action, Effect, KeyRow, cx::Cx};

/// Shows the command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CliCommand {
    command: String,
}

impl CliCommand {
    pub(in crate::app) const fn of(command: String) -> Self {
        Self { command }
    }
}

const COPY: Action = Action::Own("copy");

const KEYS: &[KeyRow] =
    &[KeyRow::hinted(&["y"], "copy the command", COPY), KeyRow::listed(&["Ctrl-y", "Enter"], "close", Action::Dismiss)];

impl DialogPart for CliCommand {
    fn title(&self) -> &'static str {
        "the same with the AWS CLI"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn text(&self) -> Vec<TextRow> {
        vec![TextRow::new(TextTone::Plain, &self.command)]
    }

    fn act(&mut self, _: &mut Cx<'_>, action: Action) -> Outcome {
        match action {
            COPY => Outcome::Stay(vec![Effect::Copy(self.command.clone()).into()]),
            _ => Outcome::STAY,
        }
    }
}

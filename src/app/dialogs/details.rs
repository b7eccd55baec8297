//! Everything that the listing says of the selected row.
//!
//! Invariant: it holds nothing; the view reads the row where it lies, and no request is sent for it.

use super::{DialogPart, Outcome};
use crate::app::{
    action::{Action, BrowserAction, ListAction},
    cx::Cx,
    key_row::KeyRow,
    wish::Wish,
};

/// Shows the selected row in full.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details;

const KEYS: &[KeyRow] = &[
    KeyRow::hinted(&["y"], "copy the s3:// address", Action::Browser(BrowserAction::CopyUri)),
    KeyRow::listed(&["i", "Enter"], "close", Action::Dismiss),
];

impl DialogPart for Details {
    fn title(&self) -> &'static str {
        "details"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn act(&mut self, _: &mut Cx<'_>, action: Action) -> Outcome {
        match action {
            // Where there is nothing to scroll, this is for the rows.
            Action::List(ListAction::Move(_)) | Action::Browser(BrowserAction::CopyUri) => {
                Outcome::Stay(vec![Wish::Below(action)])
            }
            _ => Outcome::STAY,
        }
    }
}

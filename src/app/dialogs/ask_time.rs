//! The line that asks as of which time to list a location.
//!
//! Invariant: an answer that is no past time stays in the line with its reason.

use jiff::{Timestamp, tz::TimeZone};

use super::{DialogPart, Moves, Outcome};
use crate::{
    app::{
        action::Action,
        cx::Cx,
        key_row::KeyRow,
        proposed_text::ProposedText,
        text_input::TextInput,
        wish::{RowWish, Wish},
    },
    domain::{location::Location, object::parse_past_time},
};

/// The line. It begins with a day ago, or with the time on screen, as if selected: typing replaces it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskTime {
    /// What is listed.
    pub location: Location,
    /// What is typed.
    pub input: ProposedText,
    /// Why it cannot be.
    pub refusal: Option<String>,
}

impl AskTime {
    pub(in crate::app) fn of(location: Location, shown: Option<Timestamp>, zone: &TimeZone) -> Self {
        let shown = shown.map(|at| at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string());
        let input = ProposedText::new(TextInput::new(shown.as_deref().unwrap_or("1d ago")));
        Self { location, input, refusal: None }
    }
}

const KEYS: &[KeyRow] = &[KeyRow::hinted(&["Enter"], "list", Action::Submit)];

impl DialogPart for AskTime {
    fn title(&self) -> &'static str {
        "as of a time"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn moves(&self) -> Moves {
        Moves::Type
    }

    fn holds_text(&self) -> bool {
        true
    }

    fn act(&mut self, cx: &mut Cx<'_>, action: Action) -> Outcome {
        match action {
            Action::Submit => match parse_past_time(self.input.text(), cx.service_now(), &cx.setup.time_zone) {
                Ok(at) => {
                    let location = self.location.clone();
                    return Outcome::Close(vec![Wish::Row(RowWish::ListPast { location, at })]);
                }
                Err(refusal) => self.refusal = Some(refusal.to_string()),
            },
            Action::Text(action) => {
                self.refusal = None;
                self.input.act(&action);
            }
            _ => {}
        }
        Outcome::STAY
    }
}

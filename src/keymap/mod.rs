//! Which key means what, as rows of data; the help screen and the hint line print the same rows.
//!
//! Invariant: a key has one meaning in a context. Nothing needs Alt, a function key above F10, or a terminal with the
//! kitty protocol. In a context where text is typed, letters type.

mod rows;

pub use rows::{Row, rows};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use rows::NONE;

use crate::{
    app::{Action, Browser, BuilderRow, Edit, Model, Overlay, Screen, profiles_on_screen},
    domain::{lifetime::Phase, mint::Field},
};

/// Where keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// A choice of the form.
    FormChoice,
    /// A text of the form.
    FormText,
    /// What is searched for among the profiles.
    FormFind,
    /// The browser.
    Browser,
    /// The line that filters the rows.
    FilterLine,
    /// The go-to line.
    GoTo,
    /// The line that asks S3 for a prefix.
    AskPrefix,
    /// The line that asks for an MFA device's code.
    Code,
    /// The list of sessions.
    Ledger,
    /// Roles to choose from; letters filter.
    Roles,
    /// Whether a user exists.
    User,
    /// The forms in which credentials are handed over.
    HandOver,
    /// Recent requests.
    Recents,
    /// Two sessions side by side.
    Compare,
    /// A choice of the policy builder.
    PolicyChoice,
    /// The policy builder's location.
    PolicyText,
    /// The policy as JSON.
    PolicyJson,
    /// Help, details or an explanation.
    Panel,
}

impl Context {
    /// The context of what is in front.
    pub fn of(model: &Model) -> Self {
        Self::below(model, model.overlay.as_ref())
    }

    /// The context with `overlay` in front of the screen.
    pub fn below(model: &Model, overlay: Option<&Overlay>) -> Self {
        match (overlay, model.screen) {
            (Some(Overlay::GoTo { .. }), _) => Self::GoTo,
            (Some(Overlay::AskPrefix(_)), _) => Self::AskPrefix,
            (Some(Overlay::Code(_)), _) => Self::Code,
            (Some(Overlay::Ledger(_)), _) => Self::Ledger,
            (Some(Overlay::RolePicker(_)), _) => Self::Roles,
            (Some(Overlay::User(_)), _) => Self::User,
            (Some(Overlay::HandOver(_)), _) => Self::HandOver,
            (Some(Overlay::Recents(_)), _) => Self::Recents,
            (Some(Overlay::PolicyBuilder(builder)), _) => match (&builder.editor, builder.focus) {
                (Some(_), _) => Self::PolicyJson,
                (None, BuilderRow::Location) => Self::PolicyText,
                (None, _) => Self::PolicyChoice,
            },
            (Some(_), _) => Self::Panel,
            (None, Screen::Browser) if model.is_filtering() => Self::FilterLine,
            (None, Screen::Browser) => Self::Browser,
            (None, Screen::MintForm) if model.form.find.is_some() => Self::FormFind,
            (None, Screen::Compare) => Self::Compare,
            (None, Screen::MintForm) if model.form.takes_text() => Self::FormText,
            (None, Screen::MintForm) => Self::FormChoice,
        }
    }

    const fn takes_text(self) -> bool {
        matches!(
            self,
            Self::FormText
                | Self::FormFind
                | Self::FilterLine
                | Self::GoTo
                | Self::AskPrefix
                | Self::Code
                | Self::Roles
                | Self::PolicyText
                | Self::PolicyJson
        )
    }
}

/// What a key means; `None` is nothing.
pub fn action(model: &Model, event: KeyEvent) -> Option<Action> {
    let context = Context::of(model);
    // Shift is in the character already; keeping it would make `G` another key on some terminals.
    let modifiers = event.modifiers - KeyModifiers::SHIFT;
    let pressed = (event.code, modifiers);
    if let Some(row) = rows(context).find(|row| row.keys.contains(&pressed)) {
        return Some(row.action.clone());
    }
    match event.code {
        KeyCode::Char(c) if context.takes_text() && modifiers == NONE => Some(Action::Edit(Edit::InsertChar(c))),
        _ => None,
    }
}

/// The hints of what is in front: what can be done now, most useful first; the last two are help and quit.
pub fn hints(model: &Model) -> Vec<(&'static str, &'static str)> {
    let mut hinted: Vec<&Row> =
        rows(Context::of(model)).filter(|row| row.hinted && can_act(model, &row.action)).collect();
    if model.phase() == Phase::Expired {
        hinted.sort_by_key(|row| row.action != Action::Renew);
    }
    hinted.into_iter().map(|row| (row.label, row.help)).collect()
}

/// Whether an action would do something now: what would not is not hinted.
fn can_act(model: &Model, action: &Action) -> bool {
    let place = model.browser().map(|browser| &browser.place);
    match (Context::of(model), action) {
        (Context::FormChoice, Action::Choose(_)) => model.form.focus != Field::Profile,
        (Context::FormChoice, Action::Find) => {
            model.form.focus == Field::Profile && model.form.profiles.all().len() > profiles_on_screen(model.size.1)
        }
        (Context::FormChoice | Context::FormText, Action::Dismiss) => !model.sessions.is_empty(),
        (Context::FormChoice | Context::FormText, Action::Submit) => model.form.checked().is_ok(),
        (Context::FormChoice | Context::FormText, Action::AskIam) => model.form.focus == Field::RoleArn,
        (Context::Roles, Action::Submit | Action::Move(_)) => {
            matches!(&model.overlay, Some(Overlay::RolePicker(picker)) if !picker.shown().is_empty())
        }
        (Context::FormChoice, Action::Demo) => model.form.has_no_profiles(),
        (Context::FormChoice, Action::NextField) => !model.form.has_no_profiles(),
        (Context::FormText, Action::Profiles) => model.form.profiles.all().len() > 1,
        (_, Action::BuildPolicy) => model.form.mode.takes_policy(),
        (Context::Browser, Action::Open | Action::Details) => place.is_some_and(|place| place.entry().is_some()),
        (Context::Browser, Action::SwitchSession(_)) => model.sessions.len() > 1,
        (Context::Browser, Action::AskPrefix) => place.is_some_and(|place| place.listing.location.bucket.is_some()),
        (Context::Browser, Action::Back) => model.browser().is_some_and(Browser::can_go_back),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::Timestamp;

    use super::*;
    use crate::app::Setup;

    const ALL: [Context; 18] = [
        Context::FormChoice,
        Context::FormText,
        Context::FormFind,
        Context::Browser,
        Context::FilterLine,
        Context::Compare,
        Context::GoTo,
        Context::AskPrefix,
        Context::Code,
        Context::Ledger,
        Context::HandOver,
        Context::Recents,
        Context::Roles,
        Context::User,
        Context::PolicyChoice,
        Context::PolicyText,
        Context::PolicyJson,
        Context::Panel,
    ];

    #[test]
    fn a_key_has_one_meaning_in_a_context() {
        for context in ALL {
            let mut seen = HashSet::new();
            for row in rows(context).filter(|row| !matches!(row.action, Action::Help | Action::Quit)) {
                for key in row.keys {
                    assert!(seen.insert(*key), "{key:?} twice in {context:?}");
                }
            }
        }
    }

    #[test]
    fn help_and_quit_can_be_reached_everywhere() {
        for context in ALL {
            for wanted in [Action::Help, Action::Quit] {
                assert!(rows(context).any(|row| row.hinted && row.action == wanted), "{wanted:?} in {context:?}");
            }
        }
    }

    #[test]
    fn letters_type_where_text_is_typed_and_command_elsewhere() {
        let mut model = Model::new(Setup::default(), Timestamp::UNIX_EPOCH);
        let q = KeyEvent::new(KeyCode::Char('q'), NONE);
        assert_eq!(action(&model, q), Some(Action::Quit));
        model.form.focus = Field::Duration;
        assert_eq!(action(&model, q), Some(Action::Edit(Edit::InsertChar('q'))));
        model.screen = Screen::Browser;
        let shifted = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(action(&model, shifted), Some(Action::Bottom));
    }
}

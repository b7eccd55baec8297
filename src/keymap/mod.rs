//! Which key means what, as rows of data; the help screen and the hint line print the same rows.
//!
//! Invariant: a key has one meaning in a context: that of the first row that names it. Nothing needs Alt, a function key
//! above F10, or a terminal with the kitty protocol. In a context where text is typed, letters type.
//!
//! A dialog's own keys stand in its own file; those of the screens, and those that several places have, stand here.

mod browser;
mod common;
mod compare;
mod form;
mod names;
mod object;

use common::{CLOSE, CLOSE_TYPED, EVERYWHERE, HELP, QUIT, SCROLL, SCROLL_TYPED, SELECT, TEXT};
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::{
    app::{
        Action, Browser, BrowserAction, Dialog, Edit, FieldAction, FormAction, KeyRow, ListAction, Model, Moves,
        ObjectTab, RowAction, Screen, SessionAction, TextAction, ViewerAction, pane_columns, profiles_on_screen,
    },
    domain::{lifetime::Phase, listing::Entry, mint::Field},
    preview::MoreContent,
};

/// Where keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Context<'a> {
    /// A dialog.
    Dialog(&'a Dialog),
    /// A choice of the form.
    FormChoice,
    /// A text of the form.
    FormText,
    /// The form without a profile, with the demo on offer or not.
    FormEmpty { demo: bool },
    /// What is searched for among the profiles.
    FormFind,
    /// The browser, with an object selected or not, and with a pane.
    Browser { object: bool, pane: PaneRoom },
    /// An object.
    Object(ObjectTab),
    /// The line that finds text in it.
    FindLine,
    /// The line that filters the rows.
    FilterLine,
    /// Two sessions side by side.
    Compare,
}

/// Whether there is a pane beside the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum PaneRoom {
    /// There is no room for one.
    None,
    /// There could be.
    Hidden,
    /// There is.
    Shown,
}

impl<'a> Context<'a> {
    /// With this dialog in front of the screen, if any.
    fn below(model: &'a Model, dialog: Option<&'a Dialog>) -> Self {
        match (dialog, model.screen) {
            (Some(dialog), _) => Self::Dialog(dialog),
            (None, Screen::Browser) if model.is_filtering() => Self::FilterLine,
            (None, Screen::Browser) => {
                let pane = match pane_columns(model.size.0) {
                    None => PaneRoom::None,
                    Some(_) if model.object.pane => PaneRoom::Shown,
                    Some(_) => PaneRoom::Hidden,
                };
                Self::Browser { object: matches!(selected(model), Some(Entry::Object(_))), pane }
            }
            (None, Screen::Object) if model.is_finding() => Self::FindLine,
            (None, Screen::Object) => Self::Object(model.object.tab),
            (None, Screen::MintForm) if model.form.has_no_profiles() && model.sessions.is_empty() => {
                Self::FormEmpty { demo: model.form.offers_demo() }
            }
            (None, Screen::MintForm) if model.form.find.is_some() => Self::FormFind,
            (None, Screen::Compare) => Self::Compare,
            (None, Screen::MintForm) if model.form.takes_text() => Self::FormText,
            (None, Screen::MintForm) => Self::FormChoice,
        }
    }

    fn takes_text(self) -> bool {
        match self {
            Self::Dialog(dialog) => dialog.moves().types(),
            Self::FormText | Self::FormFind | Self::FilterLine | Self::FindLine => true,
            Self::FormChoice | Self::FormEmpty { .. } | Self::Browser { .. } | Self::Object(_) | Self::Compare => false,
        }
    }

    /// The tables of rows, the nearest first.
    fn tables(self) -> Vec<&'static [KeyRow]> {
        match self {
            Self::Dialog(dialog) => {
                let own = dialog.keys();
                match dialog.moves() {
                    Moves::Scroll => vec![own, SCROLL, CLOSE, HELP, EVERYWHERE],
                    Moves::Select => vec![own, SELECT, CLOSE, HELP, EVERYWHERE],
                    Moves::None => vec![own, CLOSE, HELP, EVERYWHERE],
                    Moves::Type => vec![own, TEXT, CLOSE_TYPED, EVERYWHERE],
                    Moves::TypeAndScroll => vec![own, TEXT, SCROLL_TYPED, CLOSE_TYPED, EVERYWHERE],
                }
            }
            Self::Browser { object, pane } => {
                let of_row = if object { browser::OBJECT } else { browser::CONTAINER };
                let of_pane = match pane {
                    PaneRoom::None => browser::NARROW,
                    PaneRoom::Hidden => browser::WIDE,
                    PaneRoom::Shown => browser::PANE,
                };
                vec![of_row, of_pane, browser::BROWSER, HELP, QUIT, EVERYWHERE]
            }
            Self::Object(tab) => {
                let of_tab = match tab {
                    ObjectTab::Look => object::LOOK,
                    ObjectTab::Details => object::DETAILS,
                    ObjectTab::Versions => object::VERSIONS,
                };
                vec![object::BACK, of_tab, object::OBJECT, HELP, QUIT, EVERYWHERE]
            }
            Self::FindLine => vec![object::FIND_LINE, TEXT, EVERYWHERE],
            Self::FilterLine => vec![browser::FILTER_LINE, TEXT, EVERYWHERE],
            Self::FormChoice => vec![form::FORM, form::CHOICE, HELP, QUIT, EVERYWHERE],
            Self::FormText => vec![form::FORM, TEXT, EVERYWHERE],
            Self::FormEmpty { demo: true } => vec![form::DEMO, form::NO_PROFILE, HELP, QUIT, EVERYWHERE],
            Self::FormEmpty { demo: false } => vec![form::NO_PROFILE, HELP, QUIT, EVERYWHERE],
            Self::FormFind => vec![form::FIND, EVERYWHERE],
            Self::Compare => vec![compare::COMPARE, HELP, QUIT, EVERYWHERE],
        }
    }

    /// The rows whose keys no row before has, each with those keys.
    fn rows(self) -> Vec<(Vec<&'static str>, &'static KeyRow)> {
        let mut taken: Vec<&str> = vec![];
        let mut rows = vec![];
        for row in self.tables().into_iter().flatten() {
            let keys: Vec<&str> = row.keys.iter().copied().filter(|key| !taken.contains(key)).collect();
            taken.extend(&keys);
            if !keys.is_empty() {
                rows.push((keys, row));
            }
        }
        rows
    }
}

/// What a key means; `None` is nothing.
pub fn action(model: &Model, event: KeyEvent) -> Option<Action> {
    let context = Context::below(model, model.dialogs.front());
    let row = context.tables().into_iter().flatten().find(|row| row.keys.iter().any(|name| names::is(name, event)));
    if let Some(row) = row {
        return Some(row.action.clone());
    }
    match event.code {
        KeyCode::Char(c) if context.takes_text() && event.modifiers - KeyModifiers::SHIFT == KeyModifiers::NONE => {
            Some(Action::Text(TextAction::Edit(Edit::InsertChar(c))))
        }
        // Whatever is not the key that quits takes the question back.
        _ => model.asks_to_quit.then_some(Action::Dismiss),
    }
}

/// The keys of what help lies upon, and what they do.
pub fn help(model: &Model) -> Vec<(Vec<&'static str>, &'static str)> {
    let rows = Context::below(model, model.dialogs.below_front()).rows();
    rows.into_iter().map(|(keys, row)| (keys, row.help)).collect()
}

/// The key that quits, where what is in front has the keys.
pub fn quit_key(model: &Model) -> &'static str {
    let rows = Context::below(model, model.dialogs.front()).rows();
    rows.iter().find(|(_, row)| row.action == Action::Quit).map_or("Ctrl-c", |(keys, _)| keys[0])
}

/// The hints of what is in front: what can be done now, most useful first; the last two are always shown.
pub fn hints(model: &Model) -> Vec<(&'static str, &'static str)> {
    let context = Context::below(model, model.dialogs.front());
    let rows = context.rows();
    let mut hinted: Vec<_> =
        rows.iter().filter(|(_, row)| row.hinted && can_act(model, context, &row.action)).collect();
    match context {
        // In a dialog it matters more how to leave it than how to quit.
        Context::Dialog(_) => {
            hinted.sort_by_key(|(_, row)| match row.action {
                Action::Dismiss => 2,
                Action::Help => 3,
                Action::Quit => 1,
                _ => 0,
            });
        }
        _ if model.phase() == Phase::Expired => {
            hinted.sort_by_key(|(_, row)| row.action != Action::Sessions(SessionAction::Renew));
        }
        _ => {}
    }
    hinted.into_iter().map(|(keys, row)| (keys[0], row.help)).collect()
}

/// Whether an action would do something now: what would not is not hinted.
fn can_act(model: &Model, context: Context<'_>, action: &Action) -> bool {
    match (context, action) {
        (Context::Dialog(dialog), action) => dialog.can(action),
        (Context::FormChoice, Action::Fields(FieldAction::Choose(_))) => model.form.focus != Field::Profile,
        (Context::FormChoice, Action::Form(FormAction::FindProfile)) => {
            model.form.focus == Field::Profile && model.form.profiles.all().len() > profiles_on_screen(model.size.1)
        }
        (Context::FormChoice | Context::FormText, Action::Dismiss) => !model.sessions.is_empty(),
        (Context::FormChoice | Context::FormText, Action::Submit) => model.form.checked().is_ok(),
        (Context::FormChoice | Context::FormText, Action::Form(FormAction::AskIam)) => {
            model.form.focus == Field::RoleArn
        }
        (_, Action::Form(FormAction::BuildPolicy)) => model.form.mode.takes_policy(),
        (Context::Browser { .. }, Action::List(ListAction::Open) | Action::Browser(BrowserAction::Details)) => {
            selected(model).is_some()
        }
        (Context::Browser { object, .. }, Action::Row(RowAction::Link)) => object,
        (Context::Browser { .. }, Action::Row(RowAction::CopyMenu)) => selected(model).is_some(),
        (Context::Object(_), action) => can_act_on_object(model, action),
        (Context::Browser { .. }, Action::Sessions(SessionAction::Switch(_))) => model.sessions.len() > 1,
        (Context::Browser { .. }, Action::Browser(BrowserAction::AskPrefix)) => {
            model.browser().is_some_and(|browser| browser.location().bucket.is_some())
        }
        (Context::Browser { .. }, Action::List(ListAction::Back)) => model.browser().is_some_and(Browser::can_go_back),
        _ => true,
    }
}

/// The same on an object's screen. Renewing is hinted once it is near.
fn can_act_on_object(model: &Model, action: &Action) -> bool {
    let look = &model.object.look;
    match action {
        Action::Object(ViewerAction::ReadMore) => look.more() == MoreContent::ReadOn,
        Action::Object(ViewerAction::NextView) => {
            look.shown.as_ref().is_some_and(|shown| shown.reply.preview.views.len() > 1)
        }
        Action::Object(ViewerAction::NextEncoding) => {
            look.shown.as_ref().is_some_and(|shown| shown.reply.preview.encoding.is_some())
        }
        Action::Object(ViewerAction::Wrap | ViewerAction::Find) => look.shown.is_some(),
        Action::Sessions(SessionAction::Renew) => model.phase() != Phase::Fresh,
        _ => true,
    }
}

fn selected(model: &Model) -> Option<Entry> {
    model.browser()?.place.entry()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use jiff::Timestamp;

    use super::*;
    use crate::app::{Dialog, DialogName, Message, Setup, update};

    const TABLES: [&[KeyRow]; 28] = [
        browser::BROWSER,
        browser::OBJECT,
        browser::CONTAINER,
        browser::NARROW,
        browser::WIDE,
        browser::PANE,
        object::LOOK,
        object::DETAILS,
        object::VERSIONS,
        object::BACK,
        object::OBJECT,
        object::FIND_LINE,
        browser::FILTER_LINE,
        form::FORM,
        form::CHOICE,
        form::FIND,
        form::NO_PROFILE,
        form::DEMO,
        compare::COMPARE,
        TEXT,
        SCROLL,
        SCROLL_TYPED,
        SELECT,
        CLOSE,
        CLOSE_TYPED,
        HELP,
        QUIT,
        EVERYWHERE,
    ];

    #[test]
    fn every_name_is_a_key_and_no_table_names_one_twice() {
        for table in TABLES {
            let mut seen = HashSet::new();
            for name in table.iter().flat_map(|row| row.keys) {
                assert!(names::key(name).is_some() && seen.insert(*name), "{name}");
            }
        }
    }

    #[test]
    fn a_key_that_shows_a_dialog_names_one() {
        let browser = Context::Browser { object: false, pane: PaneRoom::None };
        let contexts = [Context::FormChoice, Context::FormText, browser, Context::Compare];
        let rows = contexts.into_iter().flat_map(Context::rows);
        let names: Vec<DialogName> =
            rows.filter_map(|(_, row)| if let Action::Show(name) = row.action { Some(name) } else { None }).collect();
        assert!(!names.is_empty() && names.iter().all(|name| Dialog::NAMES.contains(name)), "{names:?}");
    }

    #[test]
    fn help_and_quit_can_be_reached_everywhere() {
        let screens = [
            Context::FormChoice,
            Context::FormText,
            Context::FormEmpty { demo: true },
            Context::FormEmpty { demo: false },
            Context::FormFind,
            Context::Browser { object: false, pane: PaneRoom::None },
            Context::Browser { object: true, pane: PaneRoom::Shown },
            Context::Object(ObjectTab::Look),
            Context::Object(ObjectTab::Details),
            Context::Object(ObjectTab::Versions),
            Context::FindLine,
            Context::FilterLine,
            Context::Compare,
        ];
        let mut model = Model::new(Setup::default(), Timestamp::UNIX_EPOCH);
        for action in Dialog::NAMES.iter().copied().map(Action::Show).chain([Action::Help]) {
            update(&mut model, Timestamp::UNIX_EPOCH, Message::Action(action));
        }
        for context in screens.into_iter().chain(model.dialogs.front().map(Context::Dialog)) {
            for wanted in [Action::Help, Action::Quit] {
                let rows = context.rows();
                assert!(rows.iter().any(|(_, row)| row.hinted && row.action == wanted), "{wanted:?} in {context:?}");
            }
        }
    }

    #[test]
    fn letters_type_where_text_is_typed_and_command_elsewhere() {
        let mut model = Model::new(Setup::default(), Timestamp::UNIX_EPOCH);
        let q = KeyEvent::new(KeyCode::Char('q'), KeyModifiers::NONE);
        assert_eq!(action(&model, q), Some(Action::Quit));
        model.form.focus = Field::Duration;
        assert_eq!(action(&model, q), Some(Action::Text(TextAction::Edit(Edit::InsertChar('q')))));
        model.screen = Screen::Browser;
        let shifted = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(action(&model, shifted), Some(Action::List(ListAction::Bottom)));
    }
}

//! The builder of a session policy: place and verbs, or a template, or JSON of one's own.
//!
//! Invariant: the form changes only when the builder is taken, and then to what the builder showed. Typed JSON is kept
//! for as long as what it began with is the same.

use jiff::Timestamp;

use super::{DialogPart, Moves, Outcome};
use crate::{
    app::{
        action::{Action, DialogAction, FieldAction, ListAction, TextAction},
        cx::Cx,
        effect::{CopyText, Effect},
        key_row::KeyRow,
        text_area::{KeptText, TextArea},
        text_input::TextInput,
        wish::Wish,
    },
    domain::{
        location::Location,
        policy::{SessionPolicy, Template, Verb, Verbs},
    },
};

/// What the policy is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Place and verbs.
    Scope,
    /// One of [`Template::ALL`], for the place.
    Template(usize),
    /// JSON that somebody wrote.
    Own(String),
}

/// What keys go to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuilderRow {
    /// Bucket and prefix.
    Location,
    /// [`Origin`].
    Origin,
    /// A check box.
    Verb(Verb),
}

/// A policy being built.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyBuilder {
    /// Bucket and prefix.
    pub location: TextInput,
    /// What is allowed there, if the policy is made from a scope.
    pub verbs: Verbs,
    /// What it is made from.
    pub origin: Origin,
    /// What keys go to.
    pub focus: BuilderRow,
    /// Lines of the JSON scrolled away.
    pub scrolled: usize,
    /// The JSON being edited, if it is.
    pub editor: Option<TextArea>,
    /// Stays on offer when a template is looked at.
    own: Option<String>,
    kept: Option<KeptText>,
    /// From when deadlines count, by the services' clock: what is shown does not change with the time.
    opened: Timestamp,
}

impl PolicyBuilder {
    /// Begins with what a session would be narrowed to: place, verbs, or a policy of one's own; and with JSON that was typed
    /// before.
    pub(in crate::app) fn of(
        location: TextInput,
        verbs: Option<Verbs>,
        own: Option<String>,
        kept: Option<KeptText>,
        opened: Timestamp,
    ) -> Self {
        Self {
            location,
            verbs: verbs.unwrap_or(Verbs::READ),
            origin: own.clone().map_or(Origin::Scope, Origin::Own),
            focus: BuilderRow::Verb(Verb::List),
            scrolled: 0,
            editor: None,
            own,
            kept,
            opened,
        }
    }

    /// The rows in the order in which `Tab` visits them.
    pub fn rows() -> impl Iterator<Item = BuilderRow> {
        [BuilderRow::Location, BuilderRow::Origin].into_iter().chain(Verb::ALL.map(BuilderRow::Verb))
    }

    /// What would be sent, or why there is none. The reason may quote what was typed: foreign text.
    pub fn policy(&self) -> Result<SessionPolicy, String> {
        if let Origin::Own(text) = &self.origin {
            return SessionPolicy::parse_typed(text).map_err(|fault| fault.to_string());
        }
        let location = Location::parse_typed(self.location.text()).map_err(|refusal| refusal.to_string())?;
        match self.origin {
            Origin::Template(at) => Ok(Template::ALL[at].fill_template(&location, self.opened)),
            _ if self.verbs.is_empty() => Err("nothing would be allowed: check at least one action".into()),
            _ => Ok(SessionPolicy::for_scope(self.verbs, &location)),
        }
    }

    /// What is edited as JSON: the policy over several lines, or the text of one's own as it was written.
    fn json(&self) -> Option<String> {
        match &self.origin {
            Origin::Own(text) => Some(text.clone()),
            _ => self.policy().ok().map(|policy| policy.pretty_json()),
        }
    }

    fn move_focus(&mut self, steps: isize) {
        let rows: Vec<BuilderRow> = Self::rows().collect();
        let at = rows.iter().position(|row| *row == self.focus).unwrap_or(0).cast_signed();
        self.focus = rows[(at + steps).rem_euclid(rows.len().cast_signed()).cast_unsigned()];
    }

    fn choose(&mut self, steps: isize) {
        self.scrolled = 0;
        match self.focus {
            BuilderRow::Location => {}
            BuilderRow::Origin => self.choose_origin(steps),
            BuilderRow::Verb(verb) => {
                self.verbs = self.verbs.toggle_verb(verb);
                self.origin = Origin::Scope;
            }
        }
    }

    /// A click on a row: keys go to it; on a check box, and on the row that keys go to already, it is changed.
    fn click(&mut self, row: usize) {
        let Some(row) = Self::rows().nth(row) else { return };
        if std::mem::replace(&mut self.focus, row) == row || matches!(row, BuilderRow::Verb(_)) {
            self.choose(1);
        }
    }

    fn choose_origin(&mut self, steps: isize) {
        let own = self.own.clone().map(Origin::Own);
        let origins: Vec<Origin> =
            [Origin::Scope].into_iter().chain((0..Template::ALL.len()).map(Origin::Template)).chain(own).collect();
        let at = origins.iter().position(|origin| *origin == self.origin).unwrap_or(0).cast_signed();
        self.scrolled = 0;
        self.origin = origins[(at + steps).rem_euclid(origins.len().cast_signed()).cast_unsigned()].clone();
    }

    fn start_editing(&mut self) {
        let Some(json) = self.json() else { return };
        let kept = self.kept.as_ref().filter(|kept| kept.began_with == json).map(|kept| kept.text.clone());
        self.editor = Some(kept.unwrap_or_else(|| TextArea::new(&json)));
    }

    /// Takes what was typed, if it is a policy; the editor stays open where it is none.
    fn take_text(&mut self, editor: TextArea) {
        let text = editor.text();
        if SessionPolicy::parse_typed(&text).is_err() {
            self.editor = Some(editor);
            return;
        }
        self.kept = None;
        self.own = Some(text.clone());
        self.origin = Origin::Own(text);
        self.scrolled = 0;
    }

    fn keep_text(&mut self, editor: TextArea) {
        self.kept = self.json().map(|began_with| KeptText { began_with, text: editor });
    }
}

/// Lines that one goes at once.
const HALF_SCREEN: isize = 6;

impl PolicyBuilder {
    fn change(&mut self, action: Action) {
        match action {
            Action::Fields(FieldAction::Next) => self.move_focus(1),
            Action::Fields(FieldAction::Previous) => self.move_focus(-1),
            Action::List(ListAction::Click(row)) => self.click(row),
            Action::Dialog(DialogAction::ScrollTo(line)) => self.scrolled = line,
            Action::Fields(FieldAction::Choose(steps)) => self.choose(steps),
            NEXT_TEMPLATE => self.choose_origin(1),
            EDIT_JSON => self.start_editing(),
            Action::Text(action) if self.focus == BuilderRow::Location => self.location.act(&action),
            _ => {}
        }
    }

    fn edit(&mut self, mut editor: TextArea, action: Action) {
        match action {
            Action::Submit => return self.take_text(editor),
            Action::Text(TextAction::NewLine) => editor.break_line(),
            Action::Text(TextAction::Edit(edit)) => editor.edit(edit),
            Action::Text(TextAction::Paste(text)) => editor.paste(&text),
            Action::List(ListAction::Move(rows)) => editor.move_rows(rows),
            Action::List(ListAction::MoveHalfScreens(halves)) => editor.move_rows(halves * HALF_SCREEN),
            _ => {}
        }
        self.editor = Some(editor);
    }

    /// What was built becomes what the form holds.
    fn take(&mut self) -> Outcome {
        let own = match &self.origin {
            Origin::Scope => None,
            Origin::Template(_) | Origin::Own(_) => self.json(),
        };
        let (location, verbs, kept) = (std::mem::take(&mut self.location), self.verbs, self.kept.take());
        Outcome::Close(vec![Wish::TakePolicy { location, verbs, own }, Wish::KeepPolicyText(kept)])
    }
}

const NEXT_TEMPLATE: Action = Action::Dialog(DialogAction::Own("next template"));
const EDIT_JSON: Action = Action::Dialog(DialogAction::Own("edit JSON"));
const COPY_POLICY: Action = Action::Dialog(DialogAction::Own("copy policy"));

const CHOICE: &[KeyRow] = &[
    KeyRow::hinted(&["Enter"], "accept", Action::Submit),
    KeyRow::hinted(&["Space", "→", "l"], "change", Action::Fields(FieldAction::Choose(1))),
    KeyRow::hinted(&["t"], "template", NEXT_TEMPLATE),
    KeyRow::hinted(&["F4", "e"], "edit JSON", EDIT_JSON),
    KeyRow::listed(&["y"], "copy the policy", COPY_POLICY),
    KeyRow::listed(&["←", "h"], "previous choice", Action::Fields(FieldAction::Choose(-1))),
    KeyRow::listed(&["Tab", "↓", "j"], "next row", Action::Fields(FieldAction::Next)),
    KeyRow::listed(&["Shift-Tab", "↑", "k"], "previous row", Action::Fields(FieldAction::Previous)),
    KeyRow::listed(&["PgDn"], "JSON down", Action::List(ListAction::MoveHalfScreens(2))),
    KeyRow::listed(&["PgUp"], "JSON up", Action::List(ListAction::MoveHalfScreens(-2))),
];

const LOCATION: &[KeyRow] = &[
    KeyRow::hinted(&["Enter"], "accept", Action::Submit),
    KeyRow::hinted(&["F4"], "edit JSON", EDIT_JSON),
    KeyRow::listed(&["Tab", "↓"], "next row", Action::Fields(FieldAction::Next)),
    KeyRow::listed(&["Shift-Tab", "↑"], "previous row", Action::Fields(FieldAction::Previous)),
    KeyRow::listed(&["PgDn"], "JSON down", Action::List(ListAction::MoveHalfScreens(2))),
    KeyRow::listed(&["PgUp"], "JSON up", Action::List(ListAction::MoveHalfScreens(-2))),
];

const EDITOR: &[KeyRow] = &[
    KeyRow::hinted(&["Ctrl-s", "F4"], "accept", Action::Submit),
    KeyRow::listed(&["Enter"], "new line", Action::Text(TextAction::NewLine)),
    KeyRow::listed(&["↓"], "line down", Action::List(ListAction::Move(1))),
    KeyRow::listed(&["↑"], "line up", Action::List(ListAction::Move(-1))),
    KeyRow::listed(&["PgDn"], "a screen down", Action::List(ListAction::MoveHalfScreens(2))),
    KeyRow::listed(&["PgUp"], "a screen up", Action::List(ListAction::MoveHalfScreens(-2))),
];

impl DialogPart for PolicyBuilder {
    fn title(&self) -> &'static str {
        "session policy"
    }

    fn keys(&self) -> &'static [KeyRow] {
        match (&self.editor, self.focus) {
            (Some(_), _) => EDITOR,
            (None, BuilderRow::Location) => LOCATION,
            (None, _) => CHOICE,
        }
    }

    fn moves(&self) -> Moves {
        if self.editor.is_some() || self.focus == BuilderRow::Location { Moves::Type } else { Moves::None }
    }

    fn holds_text(&self) -> bool {
        true
    }

    fn act(&mut self, _: &mut Cx<'_>, action: Action) -> Outcome {
        if let Some(editor) = self.editor.take() {
            self.edit(editor, action);
            return Outcome::STAY;
        }
        match action {
            Action::Submit if self.policy().is_ok() => return self.take(),
            COPY_POLICY => {
                let copy = self
                    .policy()
                    .ok()
                    .map(|policy| Effect::Copy(CopyText::called(policy.as_json(), "the policy, as it is sent")).into());
                return Outcome::Stay(copy.into_iter().collect());
            }
            action => self.change(action),
        }
        Outcome::STAY
    }

    /// The editor closes first; its text is kept.
    fn dismiss(&mut self) -> Outcome {
        if let Some(editor) = self.editor.take() {
            self.keep_text(editor);
            return Outcome::STAY;
        }
        Outcome::Close(vec![Wish::KeepPolicyText(self.kept.take())])
    }
}

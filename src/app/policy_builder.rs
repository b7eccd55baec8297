//! The builder of a session policy: place and verbs, or a template, or JSON of one's own.
//!
//! Invariant: the form changes only when the builder is taken, and then to what the builder showed. Typed JSON is kept
//! for as long as what it began with is the same.

use jiff::Timestamp;

use super::{Action, Effect, Model, Overlay, SessionForm, TextArea, TextInput, Tone};
use crate::domain::{
    location::Location,
    policy::{SessionPolicy, Template, Verb, Verbs},
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

/// JSON that was typed, and what it began with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptText {
    began_with: String,
    text: TextArea,
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
    fn new(form: &SessionForm, kept: Option<KeptText>, opened: Timestamp) -> Self {
        let verbs = form.verbs.unwrap_or(Verbs::READ);
        Self {
            location: form.location.clone(),
            verbs,
            origin: form.policy.clone().map_or(Origin::Scope, Origin::Own),
            focus: BuilderRow::Verb(Verb::List),
            scrolled: 0,
            editor: None,
            own: form.policy.clone(),
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
            return SessionPolicy::parse(text).map_err(|fault| fault.to_string());
        }
        let location = Location::typed(self.location.text()).map_err(|refusal| refusal.to_string())?;
        match self.origin {
            Origin::Template(at) => Ok(Template::ALL[at].fill(&location, self.opened)),
            _ if self.verbs.is_empty() => Err("nothing would be allowed: choose at least one verb".into()),
            _ => Ok(SessionPolicy::for_scope(self.verbs, &location)),
        }
    }

    /// What is edited as JSON: the policy over several lines, or the text of one's own as it was written.
    fn json(&self) -> Option<String> {
        match &self.origin {
            Origin::Own(text) => Some(text.clone()),
            _ => self.policy().ok().map(|policy| policy.pretty()),
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
                self.verbs = self.verbs.toggled(verb);
                self.origin = Origin::Scope;
            }
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
        if SessionPolicy::parse(&text).is_err() {
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

/// Opens the builder over the form, where the mode takes a policy.
pub(super) fn open(model: &mut Model) {
    if !model.form.mode.takes_policy() {
        model.say(Tone::Warning, "only a federated user or a role takes a session policy: choose that mode");
        return;
    }
    let builder = PolicyBuilder::new(&model.form, model.kept_policy.clone(), model.service_now());
    model.overlay = Some(Overlay::PolicyBuilder(Box::new(builder)));
}

/// The builder goes back where it was unless the action closed it.
pub(super) fn act(model: &mut Model, mut builder: Box<PolicyBuilder>, action: Action) -> Vec<Effect> {
    let mut effects = vec![];
    if let Some(editor) = builder.editor.take() {
        edit(&mut builder, editor, action);
    } else {
        match action {
            Action::Dismiss => {
                model.kept_policy = builder.kept;
                return vec![];
            }
            Action::Submit if builder.policy().is_ok() => {
                take(model, *builder);
                return vec![];
            }
            Action::CopyPolicy => {
                effects.extend(builder.policy().ok().map(|policy| Effect::Copy(policy.as_json().to_owned())));
            }
            action => change(&mut builder, action),
        }
    }
    model.overlay = Some(Overlay::PolicyBuilder(builder));
    effects
}

fn change(builder: &mut PolicyBuilder, action: Action) {
    match action {
        Action::NextField => builder.move_focus(1),
        Action::PreviousField => builder.move_focus(-1),
        Action::Move(rows) => builder.move_focus(rows.signum()),
        Action::MoveHalfScreens(halves) => {
            let lines = builder.json().map_or(0, |json| json.lines().count());
            builder.scrolled = builder.scrolled.saturating_add_signed(halves * 4).min(lines.saturating_sub(1));
        }
        Action::Choose(steps) => builder.choose(steps),
        Action::NextTemplate => builder.choose_origin(1),
        Action::EditPolicy => builder.start_editing(),
        Action::Edit(edit) if builder.focus == BuilderRow::Location => builder.location.edit(edit),
        Action::Paste(text) if builder.focus == BuilderRow::Location => builder.location.paste(&text),
        _ => {}
    }
}

/// Lines that one goes at once.
const HALF_SCREEN: isize = 6;

fn edit(builder: &mut PolicyBuilder, mut editor: TextArea, action: Action) {
    match action {
        Action::Dismiss => return builder.keep_text(editor),
        Action::Submit => return builder.take_text(editor),
        Action::NewLine => editor.break_line(),
        Action::Edit(edit) => editor.edit(edit),
        Action::Paste(text) => editor.paste(&text),
        Action::Move(rows) => editor.move_rows(rows),
        Action::MoveHalfScreens(halves) => editor.move_rows(halves * HALF_SCREEN),
        _ => {}
    }
    builder.editor = Some(editor);
}

/// What was built becomes what the form holds.
fn take(model: &mut Model, builder: PolicyBuilder) {
    let own = match &builder.origin {
        Origin::Scope => None,
        Origin::Template(_) | Origin::Own(_) => builder.json(),
    };
    model.form.choose_policy(builder.location, builder.verbs, own);
    model.kept_policy = builder.kept;
    model.sessions.minting.dismiss_failure();
}

//! The names of what is selected, in every form that other tools take: a letter copies one.
//!
//! Invariant: what is shown beside a letter is what it copies. A form that there is not says why. A sign-in URL, which is as
//! secret as the session, takes the same key twice.

use super::{DialogPart, Moves, Outcome};
use crate::{
    app::{
        action::{Action, DialogAction, ListAction},
        cx::Cx,
        effect::{CopyText, Effect},
        key_row::KeyRow,
        row_target::RowTarget,
        wish::{RowWish, Wish},
    },
    domain::{
        console::ConsolePage,
        credentials::SessionId,
        object::{CopyForm, CopyTarget, ObjectAddress, copy_place_text, copy_text},
    },
};

/// Where the bucket is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) struct CopyPlace {
    /// The bucket's region.
    pub(in crate::app) region: String,
    /// A custom endpoint.
    pub(in crate::app) endpoint: Option<String>,
    /// Whether the bucket stands in the path.
    pub(in crate::app) path_style: bool,
}

/// One form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyEntry {
    /// The letter that copies it.
    pub key: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// What is copied.
    pub choice: CopyChoice,
}

/// What a letter does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CopyChoice {
    /// Copies this. Foreign text.
    Text(CopyText),
    /// Nothing, and why.
    Missing(&'static str),
    /// Opens the dialog that makes a link.
    Link,
    /// Copies an address that signs in to the web console.
    Console,
}

/// The menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopyMenu {
    /// Which session is in use.
    pub session: SessionId,
    /// Of what.
    pub target: RowTarget,
    /// The forms.
    pub entries: Vec<CopyEntry>,
    /// Which row is selected.
    pub selected: usize,
    /// Why there is no sign-in URL, where that is known.
    pub no_console: Option<&'static str>,
    /// Whether the sign-in URL was asked for once.
    pub asks_for_console: bool,
}

/// The forms, each with its letter and what it is called of an object, of a prefix and of a bucket.
const FORMS: [(&str, CopyForm, [&str; 3]); 9] = [
    ("u", CopyForm::Uri, ["address"; 3]),
    ("k", CopyForm::Key, ["key", "prefix", ""]),
    ("n", CopyForm::Name, ["name"; 3]),
    ("a", CopyForm::Arn, ["ARN", "ARN of its keys", "ARN"]),
    ("h", CopyForm::WebAddress, ["web address"; 3]),
    ("e", CopyForm::Etag, ["ETag", "", ""]),
    ("v", CopyForm::VersionId, ["version id", "", ""]),
    ("j", CopyForm::Row, ["row as JSON"; 3]),
    ("g", CopyForm::AwsCommand, ["AWS CLI"; 3]),
];

const fn own(key: &'static str) -> Action {
    Action::Dialog(DialogAction::Own(key))
}

const KEYS: &[KeyRow] = &[
    KeyRow::hinted(&["Enter", "→", "l"], "copy", Action::List(ListAction::Open)),
    KeyRow::listed(&["u"], "copy the s3:// address", own("u")),
    KeyRow::listed(&["k"], "copy the key, or the prefix", own("k")),
    KeyRow::listed(&["n"], "copy the name", own("n")),
    KeyRow::listed(&["a"], "copy the ARN", own("a")),
    KeyRow::listed(&["h"], "copy the https:// address", own("h")),
    KeyRow::listed(&["e"], "copy the ETag", own("e")),
    KeyRow::listed(&["v"], "copy the version id", own("v")),
    KeyRow::listed(&["j"], "copy the row as JSON", own("j")),
    KeyRow::listed(&["g"], "copy the AWS CLI command that gets it", own("g")),
    KeyRow::hinted(&["p"], "link", own("p")),
    KeyRow::hinted(&["w"], "console", own("w")),
    KeyRow::listed(&["Y"], "close", Action::Dismiss),
];

impl CopyMenu {
    pub(in crate::app) fn of(
        session: SessionId,
        target: RowTarget,
        place: &CopyPlace,
        no_console: Option<&'static str>,
    ) -> Self {
        let entries = entries(&target, place);
        Self { session, target, entries, selected: 0, no_console, asks_for_console: false }
    }

    /// What choosing a row does.
    fn choose(&mut self, row: usize, asked: bool) -> Outcome {
        let Some(entry) = self.entries.get(row) else { return Outcome::STAY };
        self.selected = row;
        match (&entry.choice, &self.target) {
            (CopyChoice::Text(text), _) => Outcome::Close(vec![Effect::Copy(text.clone()).into()]),
            (CopyChoice::Missing(why), _) => {
                Outcome::Stay(vec![Wish::warn(format!("nothing to copy: {} {why}", entry.label))])
            }
            (CopyChoice::Link, RowTarget::Object { address, .. }) => {
                Outcome::Close(vec![Wish::Row(RowWish::Link(address.clone()))])
            }
            (CopyChoice::Link, RowTarget::Place { .. }) => Outcome::STAY,
            (CopyChoice::Console, target) => match self.no_console {
                Some(why) => Outcome::Stay(vec![Wish::warn(format!("no sign-in URL: {why}"))]),
                None if asked => {
                    Outcome::Close(vec![Effect::SignIn { session: self.session, page: page(target) }.into()])
                }
                None => {
                    self.asks_for_console = true;
                    Outcome::STAY
                }
            },
        }
    }
}

fn page(target: &RowTarget) -> ConsolePage {
    match target {
        RowTarget::Object { address, .. } => ConsolePage::Object(address.clone()),
        RowTarget::Place { location, .. } => ConsolePage::Location(location.clone()),
    }
}

fn entries(target: &RowTarget, place: &CopyPlace) -> Vec<CopyEntry> {
    let CopyPlace { region, endpoint, path_style } = place;
    // The command runs with the credentials that the shell has: a profile would have more rights than the session.
    let copy = CopyTarget { region, endpoint: endpoint.as_deref(), path_style: *path_style, profile: None };
    let kind = match target {
        RowTarget::Object { .. } => 0,
        RowTarget::Place { location, .. } if !location.prefix.is_empty() => 1,
        RowTarget::Place { .. } => 2,
    };
    let text = |form| match target {
        RowTarget::Object { address, row } => copy_text(form, address, row.as_ref(), copy),
        RowTarget::Place { location, row } => copy_place_text(form, location, row.as_ref(), copy),
    };
    let forms = FORMS.iter().filter(|(.., labels)| !labels[kind].is_empty()).map(|(key, form, labels)| {
        let text = text(*form).map(|text| CopyChoice::Text(named(*form, text)));
        let choice = text.unwrap_or_else(|| CopyChoice::Missing(why_missing(*form, target)));
        CopyEntry { key, label: labels[kind], choice }
    });
    let link = (kind == 0).then_some(CopyEntry { key: "p", label: "link", choice: CopyChoice::Link });
    let console = CopyEntry { key: "w", label: "console", choice: CopyChoice::Console };
    forms.chain(link).chain([console]).collect()
}

fn named(form: CopyForm, text: String) -> CopyText {
    let called = match form {
        CopyForm::Row => Some("the row as JSON"),
        CopyForm::AwsCommand => Some("the AWS CLI command"),
        _ => None,
    };
    CopyText { text, called }
}

fn why_missing(form: CopyForm, target: &RowTarget) -> &'static str {
    match (form, target) {
        (CopyForm::Etag | CopyForm::Row, _) => "is not in the listing",
        (CopyForm::VersionId, RowTarget::Object { address: ObjectAddress { version_id: None, .. }, .. }) => {
            "is not in the listing: V lists the versions"
        }
        (_, RowTarget::Place { location, .. }) if location.bucket.is_none() => "is one of a bucket",
        _ => "cannot hold this name",
    }
}

impl DialogPart for CopyMenu {
    fn title(&self) -> &'static str {
        "copy"
    }

    fn keys(&self) -> &'static [KeyRow] {
        KEYS
    }

    fn moves(&self) -> Moves {
        Moves::Select
    }

    fn can(&self, action: &Action) -> bool {
        let has = |key: &str| self.entries.iter().any(|entry| entry.key == key);
        match action {
            Action::Dialog(DialogAction::Own("w")) => self.no_console.is_none(),
            Action::Dialog(DialogAction::Own(key)) => has(key),
            _ => true,
        }
    }

    fn renewed(&mut self, old: SessionId, new: SessionId) {
        if self.session == old {
            (self.session, self.asks_for_console) = (new, false);
        }
    }

    fn act(&mut self, _: &mut Cx<'_>, action: Action) -> Outcome {
        let asked = std::mem::take(&mut self.asks_for_console);
        match action {
            Action::Dialog(DialogAction::Own(key)) => {
                let row = self.entries.iter().position(|entry| entry.key == key);
                row.map_or(Outcome::STAY, |row| self.choose(row, asked))
            }
            Action::List(ListAction::Open) => self.choose(self.selected, asked),
            Action::List(ListAction::Click(row)) => self.choose(row, asked),
            action => {
                self.selected = super::selected(self.selected, self.entries.len().saturating_sub(1), &action);
                Outcome::STAY
            }
        }
    }
}

//! The file of recent requests.
//!
//! Invariant: a file that this program did not write is never overwritten; an error says so.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::{Store, store_failure};
use crate::domain::{
    failure::{Failure, FailureKind},
    mint::{Draft, Mode},
    profile::ProfileChoice,
    recent::{Recent, remember_recent},
};

/// What the file is called.
const FILE: &str = "recents.json";
/// The only form there is yet.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    requests: Vec<RecentRow>,
}

#[derive(Serialize, Deserialize)]
struct RecentRow {
    #[serde(skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    /// What else the credentials come from: one of [`SOURCES`].
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    mode: String,
    duration: String,
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    role_arn: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    location: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    policy_arns: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    transitive_tags: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    external_id: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    source_identity: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    mfa_serial: String,
}

/// Sources of credentials that no profile names, as they are written.
const SOURCES: [(&str, ProfileChoice); 4] = [
    ("environment", ProfileChoice::Environment),
    ("web-identity", ProfileChoice::WebIdentity),
    ("container", ProfileChoice::Container),
    ("instance", ProfileChoice::Instance),
];

impl From<&Recent> for RecentRow {
    fn from(recent: &Recent) -> Self {
        let draft = recent.draft.clone();
        Self {
            profile: match &recent.profile {
                ProfileChoice::Named(name) => Some(name.clone()),
                _ => None,
            },
            source: SOURCES.iter().find(|(_, source)| *source == recent.profile).map(|(name, _)| (*name).to_owned()),
            mode: draft.mode.name().to_owned(),
            duration: draft.duration,
            name: draft.name,
            role_arn: draft.role_arn,
            location: draft.location,
            scope: draft.verbs.map(|verbs| verbs.to_string()),
            policy: draft.policy,
            policy_arns: draft.policy_arns,
            tags: draft.tags,
            transitive_tags: draft.transitive_tags,
            external_id: draft.external_id,
            source_identity: draft.source_identity,
            mfa_serial: draft.mfa_serial,
        }
    }
}

impl RecentRow {
    /// `None` for a mode, a source or a scope that a newer program may know.
    fn into_recent(self) -> Option<Recent> {
        let mode: Mode = self.mode.parse().ok()?;
        let verbs = match self.scope {
            None => None,
            Some(names) => Some(names.parse().ok()?),
        };
        let profile = match (self.profile, self.source) {
            (Some(name), _) => ProfileChoice::Named(name),
            (None, Some(name)) => SOURCES.into_iter().find(|(known, _)| *known == name)?.1,
            (None, None) => ProfileChoice::Unsaid,
        };
        let draft = Draft {
            mode,
            duration: self.duration,
            name: self.name,
            role_arn: self.role_arn,
            location: self.location,
            verbs,
            policy: self.policy,
            policy_arns: self.policy_arns,
            tags: self.tags,
            transitive_tags: self.transitive_tags,
            external_id: self.external_id,
            source_identity: self.source_identity,
            mfa_serial: self.mfa_serial,
        };
        Some(Recent { profile, draft })
    }
}

impl Store {
    /// Recent requests, the newest first.
    ///
    /// # Errors
    /// Where the file cannot be read, or is not what this program writes.
    pub fn recents(&self) -> Result<Vec<Recent>, Failure> {
        let path = self.file_path(FILE);
        self.read_file(FILE)?.map_or(Ok(vec![]), |text| parse_recents(&path, &text))
    }

    /// Puts a request first, and says what is remembered then: also what other instances have remembered meanwhile.
    ///
    /// # Errors
    /// Those of [`recents`](Self::recents), and where the file cannot be written.
    pub fn remember_recent(&self, recent: Recent) -> Result<Vec<Recent>, Failure> {
        self.with_lock(|directory| {
            let mut recents = self.recents()?;
            remember_recent(&mut recents, recent);
            let file = File { version: VERSION, requests: recents.iter().map(RecentRow::from).collect() };
            let path = self.file_path(FILE);
            let text =
                serde_json::to_string_pretty(&file).map_err(|error| malformed_recents(&path, &error.to_string()))?;
            directory.replace_file(FILE, &text).map_err(|error| store_failure("write", &path, &error))?;
            Ok(recents)
        })
    }
}

fn parse_recents(path: &Path, text: &str) -> Result<Vec<Recent>, Failure> {
    let file: File = serde_json::from_str(text).map_err(|error| malformed_recents(path, &error.to_string()))?;
    if file.version != VERSION {
        return Err(malformed_recents(path, "it was written by another version of ebbtide"));
    }
    Ok(file.requests.into_iter().filter_map(RecentRow::into_recent).collect())
}

fn malformed_recents(path: &Path, why: &str) -> Failure {
    Failure::local(FailureKind::Malformed, "read", path.to_string_lossy(), why)
        .with_hint("correct or remove the file; until then ebbtide does not change it and remembers no requests")
}

#[cfg(test)]
mod tests {
    use std::{fs, thread};

    use super::*;
    use crate::domain::{policy::Verbs, recent::MOST};

    fn recent(location: &str) -> Recent {
        let mode = Mode::Role;
        let role_arn = "arn:aws:iam::111122223333:role/reader".into();
        let verbs = Some(Verbs::READ);
        let draft = Draft { mode, role_arn, verbs, location: location.into(), ..Draft::default() };
        Recent::of_draft(&ProfileChoice::Named("ana".into()), &draft)
    }

    #[test]
    fn what_was_remembered_is_there_in_another_run() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::in_directory(home.path());
        assert_eq!(store.recents().unwrap(), []);
        store.remember_recent(recent("a")).unwrap();
        store.remember_recent(recent("b")).unwrap();
        assert_eq!(Store::in_directory(home.path()).recents().unwrap(), [recent("b"), recent("a")]);
    }

    #[test]
    fn everything_that_was_filled_in_comes_back_with_its_source() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::in_directory(home.path());
        let draft = Draft {
            policy: Some(r#"{"Statement":[]}"#.into()),
            policy_arns: vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".into()],
            tags: vec!["team=tide".into()],
            transitive_tags: vec!["team".into()],
            external_id: "external".into(),
            source_identity: "ana".into(),
            mfa_serial: "arn:aws:iam::111122223333:mfa/ana".into(),
            ..recent("a").draft
        };
        for source in SOURCES.map(|(_, source)| source).into_iter().chain([ProfileChoice::Unsaid]) {
            let recent = Recent::of_draft(&source, &draft);
            store.remember_recent(recent.clone()).unwrap();
            assert_eq!(store.recents().unwrap()[0], recent);
        }
    }

    #[test]
    fn a_file_that_is_not_ours_is_said_and_left_alone() {
        for text in ["", "{", "[]", r#"{"version":2,"requests":[]}"#] {
            let home = tempfile::tempdir().unwrap();
            let (store, path) = (Store::in_directory(home.path()), home.path().join(FILE));
            fs::write(&path, text).unwrap();
            assert_eq!(store.recents().unwrap_err().kind, FailureKind::Malformed, "{text}");
            assert!(store.remember_recent(recent("a")).is_err(), "{text}");
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
    }

    #[test]
    fn a_request_that_only_a_newer_program_knows_hides_no_other() {
        let home = tempfile::tempdir().unwrap();
        let row = |mode: &str| format!(r#"{{"mode":"{mode}","duration":"1h","name":"n"}}"#);
        let text = format!(r#"{{"version":1,"requests":[{},{}]}}"#, row("telepathy"), row("session"));
        fs::write(home.path().join(FILE), text).unwrap();
        assert_eq!(Store::in_directory(home.path()).recents().unwrap().len(), 1);
    }

    #[test]
    fn instances_at_once_lose_nothing_of_each_others() {
        let home = tempfile::tempdir().unwrap();
        thread::scope(|scope| {
            for instance in 0..4 {
                let store = Store::in_directory(home.path());
                scope.spawn(move || {
                    for number in 0..10 {
                        store.remember_recent(recent(&format!("{instance}-{number}"))).unwrap();
                    }
                });
            }
        });
        let recents = Store::in_directory(home.path()).recents().unwrap();
        assert_eq!(recents.len(), 40.min(MOST));
    }
}

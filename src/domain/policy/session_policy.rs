//! The policy that goes with a mint.
//!
//! Invariant: [`SessionPolicy::as_json`] is one strict JSON object with statements, minified and in ASCII, so that its
//! length in bytes is the number of characters that AWS counts. An empty text is an error and never "no policy": with
//! `AssumeRole` that would be the whole role.

use serde_json::Value;

use super::{evaluate::Policy, pretty, scope, statement::PolicyKind, strict, strict::PolicyError, verbs::Verbs};
use crate::domain::location::Location;

/// A policy that goes with the mint, ready to be sent.
#[derive(Debug, Clone)]
pub struct SessionPolicy {
    pub(super) json: String,
    /// The scope it was built from, in a few words.
    pub(super) scope: Option<String>,
    pub(super) rules: Policy,
}

/// A policy is the text that is sent and how it is displayed; its meaning follows from the text.
impl PartialEq for SessionPolicy {
    fn eq(&self, other: &Self) -> bool {
        (&self.json, &self.scope) == (&other.json, &other.scope)
    }
}

impl Eq for SessionPolicy {}

impl SessionPolicy {
    /// Characters that AWS takes, inline and managed policies together.
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>
    pub const MOST_CHARACTERS: usize = 2048;

    /// Reads a policy that somebody wrote. Strict JSON without a key given twice, an object with at least one
    /// statement; what the statements say is left to the service. Keys keep their order.
    pub fn parse_typed(text: &str) -> Result<Self, PolicyError> {
        let document = strict::parse_strict_json(text)?;
        Ok(Self {
            json: strict::minify_json(text),
            scope: None,
            rules: Policy::from_document(&document, PolicyKind::Identity),
        })
    }

    /// Allows `verbs` on the keys at and below `location`, and nothing else. A prefix is taken to end in `/`, so that
    /// `team` does not reach `team-secret/`.
    pub fn for_scope(verbs: Verbs, location: &Location) -> Self {
        let prefix = scope::with_delimiter(&location.prefix);
        let scope = match &location.bucket {
            Some(bucket) => format!("{verbs} s3://{bucket}/{prefix}*"),
            None => format!("{verbs} every bucket"),
        };
        let document = scope::scope_document(verbs, location.bucket.as_deref(), &prefix);
        Self { scope: Some(scope), ..Self::from_document(&document) }
    }

    pub(super) fn from_document(document: &Value) -> Self {
        Self {
            json: strict::minify_json(&document.to_string()),
            scope: None,
            rules: Policy::from_document(document, PolicyKind::Identity),
        }
    }

    /// The policy as it is sent: minified, ASCII. May be longer than [`Self::MOST_CHARACTERS`].
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// The policy over several lines, for a person to read and to edit. Safe to print.
    pub fn pretty_json(&self) -> String {
        pretty::pretty_json(&self.json)
    }

    /// What it allows in a few words: `read s3://tide-logs/app/*` for a scope, else the sentence of
    /// [`Self::in_words`]. Contains names of buckets and keys: foreign text.
    pub fn summary_line(&self) -> String {
        self.scope.clone().unwrap_or_else(|| self.in_words())
    }
}

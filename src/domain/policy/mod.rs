//! Policies: session policies, which limit a session when it is minted, and the evaluation of any policy.
//!
//! A session's rights are the intersection of its policies and its source's own, so a [`SessionPolicy`] can only take
//! away. One evaluator judges every policy: [`Policy::ruling`] says allowed, denied or unclear, and which statement
//! decides. The sandbox asks it with all that a service knows of a request, [`SessionRights`] with what a client knows.
//!
//! Invariant: [`SessionPolicy::as_json`] is one strict JSON object with statements, minified and in ASCII, so that its
//! length in bytes is the number of characters that AWS counts. An empty text is an error and never "no policy": with
//! `AssumeRole` that would be the whole role.

mod actions;
mod compare;
mod condition;
mod evaluate;
mod facts;
mod family;
mod keys;
mod pattern;
mod places;
mod pretty;
mod rights;
mod risks;
mod scope;
mod statement;
mod strict;
mod templates;
mod truth;
mod verbs;
mod words;

#[cfg(test)]
mod tests;

pub use evaluate::{Policy, Ruling, StatementName};
pub use facts::{Ask, Fact, Facts, Names};
pub use rights::SessionRights;
use serde_json::Value;
pub use statement::PolicyKind;
pub use templates::Template;
pub use truth::Doubt;
pub use verbs::{Verb, Verbs};

use super::location::Location;

/// A policy that goes with the mint, ready to be sent.
#[derive(Debug, Clone)]
pub struct SessionPolicy {
    json: String,
    /// The scope it was built from, in a few words.
    scope: Option<String>,
    rules: Policy,
}

/// What is sent and how it is told is all there is to a policy; what it means follows from that.
impl PartialEq for SessionPolicy {
    fn eq(&self, other: &Self) -> bool {
        (&self.json, &self.scope) == (&other.json, &other.scope)
    }
}

impl Eq for SessionPolicy {}

/// Text that is not a policy, with the place where that shows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct PolicyError {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// In plain words. May quote a key of the text: foreign text.
    pub reason: String,
}

impl SessionPolicy {
    /// Characters that AWS takes, inline and managed policies together.
    /// <https://docs.aws.amazon.com/STS/latest/APIReference/API_GetFederationToken.html>
    pub const MOST_CHARACTERS: usize = 2048;

    /// Reads a policy that somebody wrote. Strict JSON without a key given twice, an object with at least one
    /// statement; what the statements say is left to the service. Keys keep their order.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        let document = strict::read(text)?;
        Ok(Self { json: strict::minify(text), scope: None, rules: Policy::of(&document, PolicyKind::Identity) })
    }

    /// Allows `verbs` on the keys at and below `location`, and nothing else. A prefix is taken to end in `/`, so that
    /// `team` does not reach `team-secret/`.
    pub fn for_scope(verbs: Verbs, location: &Location) -> Self {
        let prefix = scope::delimited(&location.prefix);
        let scope = match &location.bucket {
            Some(bucket) => format!("{verbs} s3://{bucket}/{prefix}*"),
            None => format!("{verbs} every bucket"),
        };
        let document = scope::document(verbs, location.bucket.as_deref(), &prefix);
        Self { scope: Some(scope), ..Self::of(&document) }
    }

    fn of(document: &Value) -> Self {
        Self {
            json: strict::minify(&document.to_string()),
            scope: None,
            rules: Policy::of(document, PolicyKind::Identity),
        }
    }

    /// The policy as it is sent: minified, ASCII. May be longer than [`Self::MOST_CHARACTERS`].
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// The policy over several lines, for a person to read and to edit. Safe to print.
    pub fn pretty(&self) -> String {
        pretty::pretty(&self.json)
    }

    /// What it allows in a few words: `read s3://tide-logs/app/*` for a scope, else the size of the policy: the whole
    /// sentence of [`Self::in_words`] would push other lines out of a small form. Contains names of buckets and keys:
    /// foreign text.
    pub fn summary(&self) -> String {
        self.scope.clone().unwrap_or_else(|| {
            let statements = self.rules.statements.len();
            let plural = if statements == 1 { "" } else { "s" };
            format!("session policy: {statements} statement{plural}, {} characters", self.json.len())
        })
    }
}

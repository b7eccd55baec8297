//! Session policies: what narrows a session when it is minted.
//!
//! A session's rights are the intersection of its policy and its source's own, so a policy can only take away.
//!
//! Invariant: [`SessionPolicy::as_json`] is one strict JSON object with statements, minified and in ASCII, so that its
//! length in bytes is the number of characters that AWS counts. An empty text is an error and never "no policy": with
//! `AssumeRole` that would be the whole role.

mod scope;
mod strict;

use std::fmt;

use super::location::Location;

/// How far a scope goes. Each includes the ones before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Access {
    /// See which keys there are: `ListBucket`, `GetBucketLocation`.
    List,
    /// Read objects: `GetObject`.
    Read,
    /// Put and delete objects, in parts too.
    Write,
}

impl Access {
    /// Every access, from the least to the most.
    pub const ALL: [Self; 3] = [Self::List, Self::Read, Self::Write];

    /// The word for it on the command line and on screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A policy that goes with the mint, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionPolicy {
    json: String,
    summary: String,
}

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
        let statements = strict::count_statements(text)?;
        let json = strict::minify(text);
        let plural = if statements == 1 { "" } else { "s" };
        let summary = format!("own policy: {statements} statement{plural}, {} characters", json.len());
        Ok(Self { json, summary })
    }

    /// Allows `access` to the keys at and below `location`, and nothing else. A prefix is taken to end in `/`, so that
    /// `team` does not reach `team-secret/`.
    pub fn for_scope(access: Access, location: &Location) -> Self {
        let prefix = scope::delimited(&location.prefix);
        let summary = match &location.bucket {
            Some(bucket) => format!("{access} s3://{bucket}/{prefix}*"),
            None => format!("{access} every bucket"),
        };
        let document = scope::document(access, location.bucket.as_deref(), &prefix);
        Self { json: strict::minify(&document.to_string()), summary }
    }

    /// The policy as it is sent: minified, ASCII. May be longer than [`Self::MOST_CHARACTERS`].
    pub fn as_json(&self) -> &str {
        &self.json
    }

    /// What it allows in a few words: `read s3://tide-logs/app/*`; of a policy somebody wrote, only its size. Names of
    /// buckets and keys are in it: foreign text.
    pub fn summary(&self) -> String {
        self.summary.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_summary_says_what_is_allowed() {
        let logs = Location::new("tide-logs", "app/");
        let rows = [
            (SessionPolicy::for_scope(Access::Read, &logs), "read s3://tide-logs/app/*"),
            (SessionPolicy::for_scope(Access::Write, &Location::new("tide-logs", "app")), "write s3://tide-logs/app/*"),
            (SessionPolicy::for_scope(Access::List, &Location::new("tide-logs", "")), "list s3://tide-logs/*"),
            (SessionPolicy::for_scope(Access::List, &Location::buckets()), "list every bucket"),
            (SessionPolicy::parse(r#"{"Statement": {}}"#).unwrap(), "own policy: 1 statement, 16 characters"),
            (SessionPolicy::parse(r#"{"Statement":[{},{}]}"#).unwrap(), "own policy: 2 statements, 21 characters"),
        ];
        for (policy, summary) in rows {
            assert_eq!(policy.summary(), summary);
        }
    }
}

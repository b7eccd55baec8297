//! What a request wants to do, and what conditions may ask about it.
//!
//! Invariant: keys are in lower case, as condition keys do not mind case; one that is absent is absent from the request,
//! which is not the same as empty.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use std::borrow::Cow;

use jiff::Timestamp;

/// A question to policies.
#[derive(Debug, Clone)]
pub(crate) struct Ask<'a> {
    /// `s3:ListBucket`
    pub(crate) action: &'a str,
    /// An ARN.
    pub(crate) resource: &'a str,
    pub(crate) facts: Facts,
}

impl Ask<'_> {
    /// The same question, with one more fact where there is a value.
    pub(crate) fn with(mut self, key: impl Into<Cow<'static, str>>, value: Option<impl Into<String>>) -> Self {
        if let Some(value) = value {
            self.facts = self.facts.with(key, value);
        }
        self
    }
}

/// Values of condition keys.
#[derive(Debug, Clone)]
pub(crate) struct Facts(Vec<(Cow<'static, str>, String)>);

impl Facts {
    /// What is true of every request at `now`.
    pub(crate) fn at(now: Timestamp) -> Self {
        // The sandbox speaks plain HTTP on loopback, and says so.
        Self(vec![]).with("aws:currenttime", now.to_string()).with("aws:securetransport", "false")
    }

    /// One more, in place of what was there.
    pub(crate) fn with(mut self, key: impl Into<Cow<'static, str>>, value: impl Into<String>) -> Self {
        let key = key.into();
        self.0.retain(|(known, _)| *known != key);
        self.0.push((key, value.into()));
        self
    }

    /// A key's value.
    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }
}

//! What a request is, and what is known of the condition keys that policies may ask about.
//!
//! Invariant: keys are in lower case, as condition keys do not mind case. A key that is absent from the request is not
//! the same as an empty one, and neither is the same as one that is not known here.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>

use std::borrow::Cow;

use jiff::Timestamp;

/// A text that a pattern is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FactText<'a> {
    /// This text.
    Exactly(&'a str),
    /// Some text with this beginning: a match can be ruled out, but not confirmed.
    BeginsWith(&'a str),
}

/// The value of a condition key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact<'a> {
    /// One value, as text: also numbers and truth values.
    Is(Cow<'a, str>),
    /// One value, of which only the beginning is known.
    BeginsWith(Cow<'a, str>),
    /// Several values, as `aws:TagKeys` has.
    Several(Vec<Cow<'a, str>>),
    /// A moment.
    At(Timestamp),
    /// The request does not have the key.
    Absent,
}

impl<'a> From<&'a str> for Fact<'a> {
    fn from(text: &'a str) -> Self {
        Self::Is(text.into())
    }
}

impl<'a> From<&'a String> for Fact<'a> {
    fn from(text: &'a String) -> Self {
        Self::Is(text.into())
    }
}

impl From<String> for Fact<'_> {
    fn from(text: String) -> Self {
        Self::Is(text.into())
    }
}

impl From<bool> for Fact<'_> {
    fn from(truth: bool) -> Self {
        Self::Is(if truth { "true" } else { "false" }.into())
    }
}

impl From<Timestamp> for Fact<'_> {
    fn from(at: Timestamp) -> Self {
        Self::At(at)
    }
}

/// The condition keys of one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionFacts<'a> {
    known: Vec<(Cow<'a, str>, Fact<'a>)>,
    /// Whether a key that is not among them is absent; otherwise it is not known.
    whole: bool,
}

impl<'a> ConditionFacts<'a> {
    /// Of a service, which knows the whole request: what is not said of it is not in it.
    pub const fn whole() -> Self {
        Self { known: vec![], whole: true }
    }

    /// Of a client, which knows a part of what the service will find.
    pub const fn partial() -> Self {
        Self { known: vec![], whole: false }
    }

    /// One more, in place of what was said of the key before. `key` is in lower case.
    #[must_use]
    pub fn with_fact(mut self, key: impl Into<Cow<'a, str>>, fact: impl Into<Fact<'a>>) -> Self {
        let key = key.into();
        self.known.retain(|(known, _)| *known != key);
        self.known.push((key, fact.into()));
        self
    }

    /// What is known of a key; `None` where that is nothing.
    pub(super) fn get(&self, key: &str) -> Option<&Fact<'a>> {
        let found = self.known.iter().find(|(known, _)| known == key).map(|(_, fact)| fact);
        found.or(self.whole.then_some(&Fact::Absent))
    }
}

/// The names by which a resource policy can refer to the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PrincipalNames<'a> {
    /// Not checked: the policy belongs to an identity.
    Unasked,
    /// ARNs, account numbers and unique ids.
    These(&'a [&'a str]),
    /// Who it is is not known here.
    Unknown,
}

/// A question to policies.
#[derive(Debug, Clone)]
pub struct RequestContext<'a> {
    /// `s3:ListBucket`.
    pub action: &'a str,
    /// An ARN.
    pub resource: Cow<'a, str>,
    /// [`action`](Self::action) in lower case, as actions do not mind case.
    pub(super) folded: Cow<'a, str>,
    /// Whether [`resource`](Self::resource) is only how the resource begins.
    open: bool,
    pub(super) names: PrincipalNames<'a>,
    pub(super) facts: ConditionFacts<'a>,
}

impl<'a> RequestContext<'a> {
    /// Whether to do `action`, such as `s3:ListBucket`, on the ARN `resource`.
    pub fn new(action: &'a str, resource: impl Into<Cow<'a, str>>, facts: ConditionFacts<'a>) -> Self {
        Self {
            action,
            resource: resource.into(),
            folded: lower_case(action),
            open: false,
            names: PrincipalNames::Unasked,
            facts,
        }
    }

    /// The same about something whose ARN begins as this one's.
    #[must_use]
    pub(super) fn somewhere_below(self) -> Self {
        Self { open: true, ..self }
    }

    /// The same from a caller with one of these names.
    #[must_use]
    pub fn by_principal(self, names: PrincipalNames<'a>) -> Self {
        Self { names, ..self }
    }

    /// The same with one more fact, where there is a value.
    #[must_use]
    pub fn with_optional_fact(self, key: impl Into<Cow<'a, str>>, fact: Option<impl Into<Fact<'a>>>) -> Self {
        match fact {
            Some(fact) => Self { facts: self.facts.with_fact(key, fact), ..self },
            None => self,
        }
    }

    pub(super) fn resource_text(&self) -> FactText<'_> {
        if self.open { FactText::BeginsWith(&self.resource) } else { FactText::Exactly(&self.resource) }
    }
}

fn lower_case(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) { text.to_ascii_lowercase().into() } else { text.into() }
}

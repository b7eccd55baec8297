//! IAM's policy language, as far as the sandbox needs it, and what a policy says to a request.
//!
//! Invariant: what cannot be evaluated is refused when a policy is read, naming the element; it is never ignored.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

mod condition;
mod document;
mod facts;
mod pattern;
#[cfg(test)]
mod tests;

use condition::Condition;
use document::{Document, Effect, OneOrMany, Principal, Scalar};
pub(crate) use facts::{Ask, Facts};
use pattern::{Pattern, Reading};

/// What a policy says to an [`Ask`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A statement denies; nothing can outweigh that.
    Denied,
    /// A statement allows and none denies.
    Allowed,
    /// No statement applies.
    Silent,
}

impl Verdict {
    /// What several policies that add to each other say.
    pub(crate) fn of_any<'a>(policies: impl IntoIterator<Item = &'a Policy>, ask: &Ask<'_>) -> Self {
        let mut together = Self::Silent;
        for policy in policies {
            match policy.says(ask) {
                Self::Denied => return Self::Denied,
                Self::Allowed => together = Self::Allowed,
                Self::Silent => {}
            }
        }
        together
    }
}

/// Where a policy stands, which decides what may be in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Attached to a user or a role, or sent with a mint.
    Identity,
    /// A role's trust policy: has principals, no resources.
    Trust,
    /// A bucket's policy: here it may only deny, to everyone.
    Bucket,
}

/// A policy that can be evaluated.
#[derive(Debug)]
pub(crate) struct Policy(Vec<Statement>);

#[derive(Debug)]
struct Statement {
    effect: Effect,
    /// `None` is everyone, or whoever the policy is attached to.
    principals: Option<Vec<String>>,
    actions: Choice,
    resources: Choice,
    conditions: Vec<Condition>,
}

/// Some patterns, or everything but them.
#[derive(Debug)]
enum Choice {
    Of(Vec<Pattern>),
    AllBut(Vec<Pattern>),
}

impl Choice {
    fn takes(&self, text: &str) -> bool {
        match self {
            Self::Of(patterns) => patterns.iter().any(|pattern| pattern.matches(text)),
            Self::AllBut(patterns) => !patterns.iter().any(|pattern| pattern.matches(text)),
        }
    }
}

impl Policy {
    /// Reads a policy's JSON; the error says which element is wrong or cannot be evaluated.
    pub(crate) fn read(json: &str, kind: Kind) -> Result<Self, String> {
        let document: Document =
            serde_json::from_str(json).map_err(|error| format!("Syntax errors in policy: {error}"))?;
        let variables = match document.version.as_deref() {
            Some("2012-10-17") => true,
            Some("2008-10-17") | None => false,
            Some(other) => return Err(format!("Version {other:?} is not a policy version")),
        };
        let OneOrMany(statements) = document.statement;
        if statements.is_empty() {
            return Err("The policy must contain at least one valid policy statement".into());
        }
        statements.into_iter().map(|raw| Statement::read(raw, kind, variables)).collect::<Result<_, _>>().map(Self)
    }

    /// What it says, as a policy of an identity, a session or a bucket.
    pub(crate) fn says(&self, ask: &Ask<'_>) -> Verdict {
        self.verdict(ask, |_| true)
    }

    /// What a trust policy says to somebody who goes by one of `names`.
    pub(crate) fn says_to(&self, names: &[&str], ask: &Ask<'_>) -> Verdict {
        self.verdict(ask, |statement| match &statement.principals {
            None => true,
            Some(principals) => principals.iter().any(|principal| names.contains(&principal.as_str())),
        })
    }

    fn verdict(&self, ask: &Ask<'_>, concerns: impl Fn(&Statement) -> bool) -> Verdict {
        let mut verdict = Verdict::Silent;
        for statement in self.0.iter().filter(|statement| concerns(statement) && statement.applies(ask)) {
            match statement.effect {
                Effect::Deny => return Verdict::Denied,
                Effect::Allow => verdict = Verdict::Allowed,
            }
        }
        verdict
    }
}

impl Statement {
    fn read(raw: document::Statement, kind: Kind, variables: bool) -> Result<Self, String> {
        let principals = read_principals(raw.principal, kind, raw.effect)?;
        let actions = match (raw.action, raw.not_action) {
            (Some(actions), None) => Choice::Of(read_actions(&actions)?),
            (None, Some(actions)) => Choice::AllBut(read_actions(&actions)?),
            (None, None) => return Err("Policy statement must contain actions.".into()),
            (Some(_), Some(_)) => return Err("A statement cannot have both Action and NotAction".into()),
        };
        let resources = match (raw.resource, raw.not_resource, kind) {
            (Some(_), _, Kind::Trust) | (_, Some(_), Kind::Trust) => {
                return Err("Has prohibited field Resource".into());
            }
            // A trust policy is about its own role.
            (None, None, Kind::Trust) => Choice::AllBut(vec![]),
            (Some(resources), None, _) => Choice::Of(read_resources(&resources, variables)?),
            (None, Some(resources), _) => Choice::AllBut(read_resources(&resources, variables)?),
            (None, None, _) => return Err("Policy statement must contain resources.".into()),
            (Some(_), Some(_), _) => return Err("A statement cannot have both Resource and NotResource".into()),
        };
        let mut conditions = vec![];
        for (operator, keys) in raw.condition.map(|pairs| pairs.0).unwrap_or_default() {
            for (key, OneOrMany(values)) in keys.0 {
                let values: Vec<String> = values.into_iter().map(|Scalar(value)| value).collect();
                conditions.push(Condition::read(&operator, &key, &values, variables)?);
            }
        }
        Ok(Self { effect: raw.effect, principals, actions, resources, conditions })
    }

    fn applies(&self, ask: &Ask<'_>) -> bool {
        self.actions.takes(&ask.action.to_ascii_lowercase())
            && self.resources.takes(ask.resource)
            && self.conditions.iter().all(|condition| condition.holds(&ask.facts))
    }
}

fn read_principals(raw: Option<Principal>, kind: Kind, effect: Effect) -> Result<Option<Vec<String>>, String> {
    match (kind, raw) {
        (Kind::Identity, None) | (Kind::Trust, Some(Principal::Everyone)) => Ok(None),
        (Kind::Identity, Some(_)) => Err("Policy document should not specify a principal.".into()),
        (Kind::Trust, Some(Principal::Named(names))) => Ok(Some(names)),
        (Kind::Bucket, Some(Principal::Everyone)) if effect == Effect::Deny => Ok(None),
        (Kind::Bucket, Some(_)) => Err("a bucket's policy can only Deny, to the Principal \"*\"".into()),
        (Kind::Trust | Kind::Bucket, None) => Err("Missing required field Principal".into()),
    }
}

/// Actions do not mind case: patterns are kept in lower case.
fn read_actions(OneOrMany(actions): &OneOrMany<Scalar>) -> Result<Vec<Pattern>, String> {
    let read = |Scalar(action): &Scalar| {
        if action != "*" && !action.contains(':') {
            return Err(format!("Actions must be prefaced by a vendor, e.g., s3 or sts: {action:?}"));
        }
        Pattern::read(&action.to_ascii_lowercase(), Reading { wildcards: true, variables: false })
    };
    match actions[..] {
        [] => Err("Policy statement must contain actions.".into()),
        _ => actions.iter().map(read).collect(),
    }
}

fn read_resources(OneOrMany(resources): &OneOrMany<Scalar>, variables: bool) -> Result<Vec<Pattern>, String> {
    let read = |Scalar(resource): &Scalar| {
        if resource != "*" && !resource.starts_with("arn:") {
            return Err(format!("Resource {resource} must be in ARN format or \"*\"."));
        }
        Pattern::read(resource, Reading { wildcards: true, variables })
    };
    match resources[..] {
        [] => Err("Policy statement must contain resources.".into()),
        _ => resources.iter().map(read).collect(),
    }
}

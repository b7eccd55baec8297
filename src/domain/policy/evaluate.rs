//! What policies say to a ask, and which statement decides.
//!
//! Invariant: [`Ruling::Allowed`], [`Ruling::Denied`] and [`Ruling::NotAllowed`] are said only where nothing that is not
//! known could change them. A deny outweighs every allow, wherever either stands.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use std::fmt;

use serde_json::Value;

use super::{
    facts::RequestContext,
    statement::{PolicyKind, Principals, Statement, StatementEffect},
    strict,
    truth::{Doubt, Truth},
};

/// A policy, read once.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    pub(super) statements: Vec<Statement>,
    /// `${…}` is written, and by its version the policy takes that literally.
    pub(super) dead_variables: bool,
    /// What cannot be understood outside of its statements.
    fault: Option<String>,
}

/// What a policy, or several that add to each other, say to a ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ruling<'p> {
    /// This statement allows it, and none denies it.
    Allowed(StatementName<'p>),
    /// This statement denies it; nothing can outweigh that.
    Denied(StatementName<'p>),
    /// No statement allows it.
    NotAllowed,
    /// It depends on what is not known here.
    Unclear {
        /// The statement that would decide, where it is known.
        by: Option<StatementName<'p>>,
        /// On what it depends.
        why: Doubt<'p>,
    },
}

/// A statement of a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementName<'p> {
    /// From 1, in its policy.
    pub number: usize,
    /// What its author called it. Foreign text.
    pub sid: Option<&'p str>,
}

impl fmt::Display for StatementName<'_> {
    /// `statement 2 (KeepOut)`. Foreign text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "statement {}", self.number)?;
        self.sid.map_or(Ok(()), |sid| write!(f, " ({sid})"))
    }
}

impl Policy {
    /// Reads a policy of which every part must be one that can be evaluated.
    ///
    /// # Errors
    /// What is wrong or cannot be evaluated, naming the element.
    pub fn parse_strictly(json: &str, kind: PolicyKind) -> Result<Self, String> {
        let document = strict::parse_strict_json(json).map_err(|error| format!("Syntax errors in policy: {error}"))?;
        let policy = Self::from_document(&document, kind);
        let fault = policy.find_faults().next();
        fault.map_or(Ok(policy), Err)
    }

    /// What a document says, as far as it can be understood.
    pub(in crate::domain) fn from_document(document: &Value, kind: PolicyKind) -> Self {
        let version = document.get("Version").and_then(Value::as_str);
        let variables = version == Some("2012-10-17");
        let statements = match &document["Statement"] {
            Value::Array(list) => list.iter().filter_map(Value::as_object).collect(),
            one => one.as_object().into_iter().collect::<Vec<_>>(),
        };
        let unknown = document.as_object().into_iter().flat_map(|policy| policy.keys());
        let unknown = unknown.filter(|key| !["Version", "Id", "Statement"].contains(&key.as_str()));
        let fault = match document.get("Version") {
            Some(written) if !matches!(version, Some("2012-10-17" | "2008-10-17")) => {
                Some(format!("Version {written} is not a policy version"))
            }
            _ => unknown.map(|key| format!("unknown element {key}")).next(),
        };
        Self {
            statements: statements.into_iter().map(|one| Statement::parse_statement(one, kind, variables)).collect(),
            dead_variables: !variables && document.to_string().contains("${"),
            fault,
        }
    }

    /// What it says to a ask.
    pub fn rule_on(&self, ask: &RequestContext<'_>) -> Ruling<'_> {
        Ruling::of_any([self], ask)
    }

    /// The principals that its statements name, of every kind.
    pub fn named_principals(&self) -> impl Iterator<Item = &str> {
        self.statements
            .iter()
            .flat_map(|statement| match &statement.principals {
                Principals::Named(named) => named.as_slice(),
                Principals::Unsaid | Principals::Everyone | Principals::Unclear => &[],
            })
            .map(String::as_str)
    }

    /// Whether one of its statements denies.
    pub fn is_denial(&self, statement: StatementName<'_>) -> bool {
        self.statements
            .get(statement.number.wrapping_sub(1))
            .is_some_and(|one| one.effect == Some(StatementEffect::Deny))
    }

    /// Whether it only denies, to everyone.
    pub fn only_denies_everyone(&self) -> bool {
        let denies =
            |one: &Statement| one.effect == Some(StatementEffect::Deny) && one.principals == Principals::Everyone;
        self.statements.iter().all(denies)
    }

    /// What cannot be evaluated in it even where the whole ask is known.
    fn find_faults(&self) -> impl Iterator<Item = String> {
        self.fault.iter().cloned().chain(self.statements.iter().flat_map(Statement::find_faults))
    }
}

impl<'p> Ruling<'p> {
    /// What several policies say that add to each other: any may allow, and any may deny.
    pub fn of_any(policies: impl IntoIterator<Item = &'p Policy>, ask: &RequestContext<'_>) -> Self {
        let (mut allow, mut deny) = ((Truth::No, None), (Truth::No, None));
        for policy in policies {
            for (at, statement) in policy.statements.iter().enumerate() {
                let applies = statement.applies_to(ask);
                let name = StatementName { number: at + 1, sid: statement.sid.as_deref() };
                if applies == Truth::Yes && statement.effect == Some(StatementEffect::Deny) {
                    return Self::Denied(name);
                }
                // One that is neither may be taken for either.
                let allows =
                    statement.effect != Some(StatementEffect::Deny) && truth_rank(applies) > truth_rank(allow.0);
                let denies =
                    statement.effect != Some(StatementEffect::Allow) && truth_rank(applies) > truth_rank(deny.0);
                if allows {
                    allow = (applies, Some(name));
                }
                if denies {
                    deny = (applies, Some(name));
                }
            }
        }
        match (allow, deny) {
            ((Truth::No, _) | (_, None), _) => Self::NotAllowed,
            ((Truth::Unclear(why), by), _) | ((Truth::Yes, _), (Truth::Unclear(why), by)) => Self::Unclear { by, why },
            ((Truth::Yes, Some(by)), _) => Self::Allowed(by),
        }
    }

    /// Whether it is surely allowed.
    pub const fn is_allowed(self) -> bool {
        matches!(self, Self::Allowed(_))
    }

    /// Whether the policies surely do not let it be done: by a deny, or as nothing allows it.
    pub const fn is_refused(self) -> bool {
        matches!(self, Self::Denied(_) | Self::NotAllowed)
    }
}

const fn truth_rank(truth: Truth<'_>) -> u8 {
    match truth {
        Truth::No => 0,
        Truth::Unclear(_) => 1,
        Truth::Yes => 2,
    }
}

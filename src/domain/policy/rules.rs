//! The statements of a policy, as far as they can be understood here.
//!
//! Invariant: nothing is refused: what the service may make of a statement that is not understood is left to it, and
//! such a statement neither surely applies nor surely does not.

use serde_json::Value;

use super::{
    condition::Condition,
    evaluate::Request,
    pattern::{Pattern, Reading, Text, Truth},
};

/// What a policy says, read once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rules {
    pub(super) statements: Vec<Statement>,
    /// `${…}` is written, and by its version the policy takes that literally.
    pub(super) dead_variables: bool,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    /// `None` is neither Allow nor Deny.
    pub(super) effect: Option<Effect>,
    pub(super) actions: Choice,
    pub(super) resources: Choice,
    pub(super) conditions: Vec<Condition>,
    /// Whether it names a principal, which a session policy cannot.
    pub(super) principal: bool,
}

/// What a statement that applies does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    Allow,
    Deny,
}

/// Some patterns, everything but them, or something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Choice {
    Of(Vec<Pattern>),
    AllBut(Vec<Pattern>),
    Unclear,
}

impl Choice {
    pub(super) fn takes(&self, text: Text<'_>) -> Truth {
        let any = |patterns: &[Pattern]| patterns.iter().map(|it| it.matches(text)).max().unwrap_or(Truth::No);
        match self {
            Self::Of(patterns) => any(patterns),
            Self::AllBut(patterns) => !any(patterns),
            Self::Unclear => Truth::Maybe,
        }
    }

    /// The patterns, if it is of some.
    pub(super) fn of(&self) -> Option<&[Pattern]> {
        if let Self::Of(patterns) = self { Some(patterns) } else { None }
    }
}

impl Rules {
    /// Reads a policy document.
    pub(super) fn read(document: &Value) -> Self {
        let variables = document["Version"] == "2012-10-17";
        let statements = match &document["Statement"] {
            Value::Array(list) => list.iter().map(|statement| Statement::read(statement, variables)).collect(),
            one => vec![Statement::read(one, variables)],
        };
        Self { statements, dead_variables: !variables && document.to_string().contains("${") }
    }
}

impl Statement {
    fn read(statement: &Value, variables: bool) -> Self {
        let effect = match statement["Effect"].as_str() {
            Some("Allow") => Some(Effect::Allow),
            Some("Deny") => Some(Effect::Deny),
            _ => None,
        };
        // Actions do not mind case, and take no variables.
        let action = |text: &str| read(&text.to_ascii_lowercase(), false);
        let resource = |text: &str| read(&without_partition(text), variables);
        let conditions = statement["Condition"].as_object().into_iter().flatten().flat_map(|(operator, keys)| {
            let keys = keys.as_object().into_iter().flatten();
            keys.map(move |(key, values)| Condition::read(operator, key, values, variables))
        });
        Self {
            effect,
            actions: choice(statement, "Action", "NotAction", action),
            resources: choice(statement, "Resource", "NotResource", resource),
            conditions: conditions.collect(),
            principal: ["Principal", "NotPrincipal"].iter().any(|key| statement.get(key).is_some()),
        }
    }

    /// Whether it is about a request.
    pub(super) fn applies(&self, request: &Request<'_>) -> Truth {
        let action = self.actions.takes(Text::Exactly(&request.action.to_ascii_lowercase()));
        if action == Truth::No {
            // Most statements are about something else; what is drawn for every row must be cheap.
            return Truth::No;
        }
        let understood = if self.effect.is_some() && !self.principal { Truth::Yes } else { Truth::Maybe };
        let met = self.conditions.iter().map(|condition| condition.holds(request)).min().unwrap_or(Truth::Yes);
        action.min(understood).min(self.resources.takes(request.resource())).min(met)
    }
}

fn read(text: &str, variables: bool) -> Pattern {
    Pattern::read(text, Reading { wildcards: true, variables })
}

/// Which partition a session lives in is not said in what it is asked: all are read as `aws`.
fn without_partition(arn: &str) -> String {
    ["arn:aws-cn:", "arn:aws-us-gov:"]
        .iter()
        .find_map(|other| arn.strip_prefix(other))
        .map_or_else(|| arn.to_owned(), |rest| format!("arn:aws:{rest}"))
}

fn choice(statement: &Value, of: &str, all_but: &str, read: impl Fn(&str) -> Pattern) -> Choice {
    let patterns = |value: &Value| match value {
        Value::String(text) => Some(vec![read(text)]),
        Value::Array(list) => list.iter().map(|text| text.as_str().map(&read)).collect(),
        _ => None,
    };
    match (statement.get(of), statement.get(all_but)) {
        (Some(value), None) => patterns(value).map_or(Choice::Unclear, Choice::Of),
        (None, Some(value)) => patterns(value).map_or(Choice::Unclear, Choice::AllBut),
        _ => Choice::Unclear,
    }
}

//! The statements of a policy.
//!
//! Invariant: nothing is passed over. What cannot be evaluated in a statement is a fault of it that names the element;
//! such a statement neither surely applies nor surely does not.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use serde_json::{Map, Value};

use super::{
    condition::{Condition, unknown_key},
    facts::{ConditionFacts, FactText, PrincipalNames, RequestContext},
    pattern::{Pattern, PatternSyntax},
    truth::{Doubt, Truth},
};

/// Where a policy stands, which decides what may be in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PolicyKind {
    /// Attached to a user or a role, or sent with a mint.
    Identity,
    /// A role's trust policy: has principals, no resources.
    Trust,
    /// A resource's, such as a bucket's: has principals.
    Resource,
}

/// One statement.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    pub(super) sid: Option<String>,
    /// `None` is neither Allow nor Deny.
    pub(super) effect: Option<StatementEffect>,
    pub(super) principals: Principals,
    pub(super) actions: PatternChoice,
    pub(super) resources: PatternChoice,
    pub(super) conditions: Vec<Condition>,
    /// What cannot be evaluated in it besides its conditions.
    faults: Vec<String>,
}

/// What a statement that applies does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StatementEffect {
    Allow,
    Deny,
}

/// Whom a statement is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Principals {
    /// It does not say.
    Unsaid,
    /// `"*"`.
    Everyone,
    /// Account numbers, ARNs, unique ids; services and identity providers among them.
    Named(Vec<String>),
    /// Unknown.
    Unclear,
}

/// Some patterns, everything but them, or something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PatternChoice {
    Of(Vec<Pattern>),
    AllBut(Vec<Pattern>),
    /// The fault says why.
    Unclear,
}

impl PatternChoice {
    pub(super) fn matches_choice(&self, text: FactText<'_>, facts: &ConditionFacts<'_>) -> Truth<'_> {
        match self {
            Self::Of(patterns) => Truth::any_of(patterns.iter().map(|pattern| pattern.match_text(text, facts))),
            Self::AllBut(patterns) => {
                Truth::any_of(patterns.iter().map(|pattern| pattern.match_text(text, facts))).negate()
            }
            Self::Unclear => Truth::Unclear(Doubt::Element("its Action or Resource")),
        }
    }

    pub(super) fn patterns(&self) -> &[Pattern] {
        match self {
            Self::Of(patterns) | Self::AllBut(patterns) => patterns,
            Self::Unclear => &[],
        }
    }
}

const ELEMENTS: [&str; 9] =
    ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];

impl Statement {
    pub(super) fn parse_statement(written: &Map<String, Value>, kind: PolicyKind, variables: bool) -> Self {
        let mut faults = vec![];
        faults.extend(
            written.keys().find(|key| !ELEMENTS.contains(&key.as_str())).map(|key| format!("unknown element {key}")),
        );
        let effect = match written.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Some(StatementEffect::Allow),
            Some("Deny") => Some(StatementEffect::Deny),
            other => {
                faults.push(format!("Effect {} is neither Allow nor Deny", other.unwrap_or("is missing and")));
                None
            }
        };
        let principals = read_principals(written, kind, &mut faults);
        // Actions do not mind case, and take no variables.
        let action = |text: &str| {
            let folded = Pattern::parse_pattern(&text.to_ascii_lowercase(), wildcard_syntax(false));
            folded.written_as(text)
        };
        let actions = read_choice(written, ["Action", "NotAction"], action, &mut faults);
        let resource = |text: &str| Pattern::parse_pattern(text, wildcard_syntax(variables));
        let has_resources = written.contains_key("Resource") || written.contains_key("NotResource");
        let resources = if kind == PolicyKind::Trust {
            // A trust policy is about its own role.
            faults.extend(has_resources.then(|| "Has prohibited field Resource".to_owned()));
            PatternChoice::AllBut(vec![])
        } else {
            read_choice(written, ["Resource", "NotResource"], resource, &mut faults)
        };
        check_names(&actions, &resources, &mut faults);
        Self {
            sid: written.get("Sid").and_then(Value::as_str).map(str::to_owned),
            effect,
            principals,
            actions,
            resources,
            conditions: read_conditions(written.get("Condition"), variables, &mut faults),
            faults,
        }
    }

    /// Whether it is about a ask.
    pub(super) fn applies_to(&self, ask: &RequestContext<'_>) -> Truth<'_> {
        let facts = &ask.facts;
        let action = self.actions.matches_choice(FactText::Exactly(&ask.folded), facts);
        if action == Truth::No {
            // Most statements are about something else; what is drawn for every row must be cheap.
            return Truth::No;
        }
        let understood = self.faults.first().map_or(Truth::Yes, |fault| Truth::Unclear(Doubt::Element(fault)));
        let parts =
            [understood, action, self.resources.matches_choice(ask.resource_text(), facts), self.is_about(ask.names)];
        Truth::all_of(parts.into_iter().chain(self.conditions.iter().map(|condition| condition.is_met(facts))))
    }

    fn is_about(&self, names: PrincipalNames<'_>) -> Truth<'_> {
        match (&self.principals, names) {
            (Principals::Unsaid | Principals::Everyone, _) | (_, PrincipalNames::Unasked) => Truth::Yes,
            (Principals::Named(principals), PrincipalNames::These(names)) => {
                principals.iter().any(|principal| names.contains(&principal.as_str())).into()
            }
            (Principals::Named(_), PrincipalNames::Unknown) | (Principals::Unclear, _) => {
                Truth::Unclear(Doubt::Principal)
            }
        }
    }

    /// What cannot be evaluated in it even where the whole ask is known.
    pub(super) fn find_faults(&self) -> impl Iterator<Item = String> {
        let variables = self.resources.patterns().iter().flat_map(Pattern::variable_keys).filter_map(unknown_key);
        self.faults.iter().cloned().chain(variables).chain(self.conditions.iter().filter_map(Condition::find_fault))
    }
}

const fn wildcard_syntax(variables: bool) -> PatternSyntax {
    PatternSyntax { wildcards: true, variables }
}

/// Text, or what policies may write without quotes: a truth value, a number.
fn scalar_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// One value or a list of them.
pub(super) fn scalar_list(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Array(values) => values.iter().map(scalar_text).collect(),
        one => scalar_text(one).map(|one| vec![one]),
    }
}

fn read_choice(
    written: &Map<String, Value>,
    [of, all_but]: [&str; 2],
    read: impl Fn(&str) -> Pattern,
    faults: &mut Vec<String>,
) -> PatternChoice {
    let mut patterns = |value: &Value| match scalar_list(value) {
        Some(texts) if !texts.is_empty() => texts.iter().map(|text| read(text)).collect(),
        _ => {
            faults.push(format!("Policy statement must contain {}s.", of.to_lowercase()));
            vec![]
        }
    };
    match (written.get(of), written.get(all_but)) {
        (Some(value), None) => PatternChoice::Of(patterns(value)),
        (None, Some(value)) => PatternChoice::AllBut(patterns(value)),
        (None, None) => {
            faults.push(format!("Policy statement must contain {}s.", of.to_lowercase()));
            PatternChoice::Unclear
        }
        (Some(_), Some(_)) => {
            faults.push(format!("A statement cannot have both {of} and {all_but}"));
            PatternChoice::Unclear
        }
    }
}

/// An action has a service before its colon, and a resource is an ARN.
fn check_names(actions: &PatternChoice, resources: &PatternChoice, faults: &mut Vec<String>) {
    let actions = actions.patterns().iter().map(|pattern| pattern.written.as_str());
    if let Some(action) =
        actions.into_iter().find(|action| !action.contains(':') && !action.trim_matches('*').is_empty())
    {
        faults.push(format!("Actions must be prefaced by a vendor, e.g., s3 or sts: {action:?}"));
    }
    let patterns = resources.patterns();
    if let Some(resource) = patterns.iter().map(|pattern| pattern.written.as_str()).find(|it| !is_arn(it)) {
        faults.push(format!("Resource {resource} must be in ARN format or \"*\"."));
    }
    faults.extend(patterns.iter().find_map(|pattern| pattern.fault.clone()));
}

fn is_arn(resource: &str) -> bool {
    resource.starts_with("arn:") || !resource.is_empty() && resource.trim_matches('*').is_empty()
}

fn read_conditions(value: Option<&Value>, variables: bool, faults: &mut Vec<String>) -> Vec<Condition> {
    let mut conditions = vec![];
    let Some(value) = value else { return conditions };
    let Some(operators) = value.as_object() else {
        faults.push("Condition must be an object".into());
        return conditions;
    };
    for (operator, keys) in operators {
        let Some(keys) = keys.as_object() else {
            faults.push(format!("Condition {operator} must be an object of keys"));
            continue;
        };
        for (key, values) in keys {
            match scalar_list(values) {
                Some(values) => conditions.push(Condition::parse_condition(operator, key, values, variables)),
                None => faults.push(format!("Condition {operator} on {key} must have texts as values")),
            }
        }
    }
    conditions
}

fn read_principals(written: &Map<String, Value>, kind: PolicyKind, faults: &mut Vec<String>) -> Principals {
    if let Some(prohibited) = ["Principal", "NotPrincipal"].into_iter().find(|key| written.contains_key(*key))
        && kind == PolicyKind::Identity
    {
        faults.push(format!("Policy document should not specify a principal ({prohibited})."));
        return Principals::Unclear;
    }
    match (written.get("Principal"), written.get("NotPrincipal")) {
        (None, None) if kind == PolicyKind::Identity => Principals::Unsaid,
        (None, None) => {
            faults.push("Missing required field Principal".into());
            Principals::Unclear
        }
        // Whom it leaves out, AWS works out over account, role and session together.
        (_, Some(_)) => {
            faults.push("NotPrincipal is not supported".into());
            Principals::Unclear
        }
        (Some(principal), None) => named_principals(principal).unwrap_or_else(|| {
            faults.push("Invalid principal: it must be \"*\" or {\"AWS\": …}".into());
            Principals::Unclear
        }),
    }
}

fn named_principals(principal: &Value) -> Option<Principals> {
    if principal == "*" {
        return Some(Principals::Everyone);
    }
    let kinds = principal.as_object()?;
    let mut names = vec![];
    for (kind, value) in kinds {
        if !["AWS", "Service", "Federated", "CanonicalUser"].contains(&kind.as_str()) {
            return None;
        }
        let of_kind = scalar_list(value)?;
        if kind == "AWS" && of_kind.iter().any(|name| name == "*") {
            return Some(Principals::Everyone);
        }
        names.extend(of_kind);
    }
    Some(Principals::Named(names))
}

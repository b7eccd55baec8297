//! Conditions: when a statement applies.
//!
//! Invariant: an operator, key or value that cannot be evaluated makes the condition unclear, with the reason; it is
//! never ignored.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use super::{
    compare::{NoValueTest, RequestValue, ValueTest},
    facts::{ConditionFacts, Fact, FactText},
    keys::Type,
    pattern::Pattern,
    truth::{Doubt, Truth},
};

/// One operator on one key, with the values of which one must do.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Condition {
    /// As written: `StringLike`.
    pub(super) operator: String,
    /// As written: `s3:prefix`.
    pub(super) key: String,
    pub(super) values: Vec<String>,
    /// The key in lower case.
    folded: String,
    holds: Holds,
    /// A `…Not…` operator: no value may match, and a key that is absent satisfies it.
    negated: bool,
    /// `…IfExists`: satisfied where the key is absent.
    if_exists: bool,
    quantifier: Quantifier,
}

/// When it holds.
#[derive(Debug, Clone, PartialEq)]
enum Holds {
    /// `Null`: where the key is absent, or where it is there.
    Absent(Vec<bool>),
    /// Where a value of the key fits.
    Fitting(ValueTest),
    /// Unknown, and why.
    Unclear(String),
}

/// How many of a key's values must fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Quantifier {
    /// The key has one.
    Single,
    /// `ForAllValues:` each, also where there is none.
    All,
    /// `ForAnyValue:` at least one.
    Any,
}

impl Condition {
    pub(super) fn parse_condition(operator: &str, key: &str, values: Vec<String>, variables: bool) -> Self {
        let (quantifier, rest) = match operator.split_once(':') {
            Some(("ForAllValues", rest)) => (Quantifier::All, rest),
            Some(("ForAnyValue", rest)) => (Quantifier::Any, rest),
            _ => (Quantifier::Single, operator),
        };
        let (name, if_exists) = rest.strip_suffix("IfExists").map_or((rest, false), |name| (name, true));
        let (name, negated) = strip_negation(name);
        let folded = key.to_ascii_lowercase();
        let plain = quantifier == Quantifier::Single && !if_exists;
        let mut holds = read_test(operator, &name, plain, key, &values, variables);
        if values.is_empty() {
            holds = Holds::Unclear(format!("Condition {operator} on {key} has no value"));
        }
        Self { operator: operator.into(), key: key.into(), values, folded, holds, negated, if_exists, quantifier }
    }

    /// Whether a request meets it.
    pub(super) fn is_met(&self, facts: &ConditionFacts<'_>) -> Truth<'_> {
        let test = match &self.holds {
            Holds::Unclear(why) => return Truth::Unclear(Doubt::Element(why)),
            Holds::Absent(wanted) => {
                let absent = facts.get(&self.folded).map(|fact| *fact == Fact::Absent);
                return absent.map_or(Truth::Unclear(Doubt::Key(&self.key)), |absent| wanted.contains(&absent).into());
            }
            Holds::Fitting(test) => test,
        };
        let met = |value| test.matches_value(value, facts).negated_if(self.negated);
        match facts.get(&self.folded) {
            None => Truth::Unclear(Doubt::Key(&self.key)),
            Some(Fact::Absent) => match self.quantifier {
                _ if self.if_exists => Truth::Yes,
                Quantifier::All => Truth::Yes,
                Quantifier::Any => Truth::No,
                Quantifier::Single => self.negated.into(),
            },
            Some(Fact::Is(value)) => met(RequestValue::Text(FactText::Exactly(value))),
            Some(Fact::BeginsWith(start)) => met(RequestValue::Text(FactText::BeginsWith(start))),
            Some(Fact::At(at)) => met(RequestValue::At(*at)),
            Some(Fact::Several(values)) => {
                let each = values.iter().map(|value| met(RequestValue::Text(FactText::Exactly(value))));
                match self.quantifier {
                    Quantifier::All => Truth::all_of(each),
                    Quantifier::Single if self.negated => Truth::all_of(each),
                    Quantifier::Any | Quantifier::Single => Truth::any_of(each),
                }
            }
        }
    }

    /// What cannot be evaluated in it even where the whole request is known, if anything.
    pub(super) fn find_fault(&self) -> Option<String> {
        if let Holds::Unclear(why) = &self.holds {
            return Some(why.clone());
        }
        let Holds::Fitting(test) = &self.holds else { return unknown_key(&self.key) };
        let variables = test.variable_patterns().into_iter().flat_map(Pattern::variable_keys);
        std::iter::once(self.key.as_str()).chain(variables).find_map(unknown_key)
    }

    /// The patterns of the prefixes that it holds a listing to, if that is what it does.
    pub(super) fn listing_prefixes(&self) -> Option<&[Pattern]> {
        match &self.holds {
            Holds::Fitting(ValueTest::Text(patterns)) if self.folded == "s3:prefix" && !self.negated => Some(patterns),
            _ => None,
        }
    }
}

/// That a key is not one of those that are known.
pub(super) fn unknown_key(key: &str) -> Option<String> {
    Type::of_key(&key.to_ascii_lowercase()).is_none().then(|| format!("Condition key {key} is not supported"))
}

/// The operator without its negation, and whether it had one.
fn strip_negation(name: &str) -> (String, bool) {
    if name == "NotIpAddress" {
        return ("IpAddress".into(), true);
    }
    let families = ["String", "Arn", "Date", "Numeric"];
    let opposite = families.iter().find_map(|family| {
        let rest = name.strip_prefix(family)?.strip_prefix("Not")?;
        // There is no `NumericNotLessThan`.
        matches!(rest, "Equals" | "EqualsIgnoreCase" | "Like").then(|| format!("{family}{rest}"))
    });
    opposite.map_or_else(|| (name.into(), false), |name| (name, true))
}

/// `plain` says that the operator has neither quantifier nor `IfExists`, which `Null` takes no part of.
fn read_test(operator: &str, name: &str, plain: bool, key: &str, values: &[String], variables: bool) -> Holds {
    let unsupported = || Holds::Unclear(format!("Condition operator {operator} on {key} is not supported"));
    let wrong = |value: &str| Holds::Unclear(format!("Condition {operator} on {key} cannot take the value {value:?}"));
    if name == "Null" {
        let read = |text: &String| text.to_ascii_lowercase().parse::<bool>().map_err(|_| wrong(text));
        return match values.iter().map(read).collect() {
            _ if !plain => unsupported(),
            Ok(wanted) => Holds::Absent(wanted),
            Err(wrong) => wrong,
        };
    }
    match ValueTest::parse_test(name, Type::of_key(&key.to_ascii_lowercase()), values, variables) {
        Ok(test) => match test.variable_patterns().into_iter().find_map(|pattern| pattern.fault.clone()) {
            Some(fault) => Holds::Unclear(fault),
            None => Holds::Fitting(test),
        },
        Err(NoValueTest::Operator) => unsupported(),
        Err(NoValueTest::Value(text)) => wrong(&text),
    }
}

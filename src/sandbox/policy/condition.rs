//! Conditions: when a statement applies.
//!
//! Invariant: an operator or key the sandbox cannot evaluate, and a value of the wrong type, are refused when the policy
//! is read. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    facts::Facts,
    pattern::{Pattern, Reading},
};

/// The condition keys that are known, in lower case, and what their values are. One that ends in `/` goes on with the
/// name of a tag.
const KEYS: [(&str, Type); 15] = [
    ("aws:currenttime", Type::Time),
    ("aws:multifactorauthage", Type::Number),
    ("aws:multifactorauthpresent", Type::Truth),
    ("aws:principalarn", Type::Arn),
    ("aws:principaltag/", Type::Text),
    ("aws:requesttag/", Type::Text),
    ("aws:securetransport", Type::Truth),
    ("aws:sourceidentity", Type::Text),
    ("aws:tokenissuetime", Type::Time),
    ("aws:username", Type::Text),
    ("s3:delimiter", Type::Text),
    ("s3:prefix", Type::Text),
    ("sts:externalid", Type::Text),
    ("sts:rolesessionname", Type::Text),
    ("sts:sourceidentity", Type::Text),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Text,
    Arn,
    Time,
    Number,
    Truth,
}

/// One operator on one key.
#[derive(Debug)]
pub(crate) struct Condition {
    /// In lower case.
    key: String,
    kind: Type,
    test: Test,
    /// A `…Not…` operator: no value may match, and a key that is absent satisfies it.
    negated: bool,
    /// `…IfExists`: satisfied where the key is absent.
    if_exists: bool,
}

#[derive(Debug)]
enum Test {
    /// `Null`: whether the key is absent.
    Absent(Vec<bool>),
    Text(Vec<Pattern>),
    /// The same in lower case.
    Folded(Vec<Pattern>),
    /// Each part between colons by itself.
    Arn(Vec<Vec<Pattern>>),
    /// Times are compared by their nanoseconds.
    Order(Order, Vec<i128>),
    Truth(Vec<bool>),
}

#[derive(Debug, Clone, Copy)]
enum Order {
    Equal,
    Before,
    BeforeOrAt,
    After,
    AfterOrAt,
}

impl Condition {
    /// Reads an operator, its key and its values; the error names what cannot be evaluated.
    pub(crate) fn read(operator: &str, key: &str, values: &[String], variables: bool) -> Result<Self, String> {
        let (name, if_exists) = operator.strip_suffix("IfExists").map_or((operator, false), |name| (name, true));
        if values.is_empty() {
            return Err(format!("Condition {operator} on {key} has no value"));
        }
        let folded = key.to_ascii_lowercase();
        let kind = Type::of(&folded).ok_or_else(|| format!("Condition key {key} is not supported"))?;
        let opposite = ["String", "Arn", "Date", "Numeric"]
            .iter()
            .find_map(|family| name.strip_prefix(family)?.strip_prefix("Not").map(|rest| format!("{family}{rest}")));
        let negated = opposite.is_some();
        let test = match Test::read(opposite.as_deref().unwrap_or(name), kind, values, variables) {
            Ok(Some(test)) if !(if_exists && name == "Null") => test,
            Ok(_) => return Err(format!("Condition operator {operator} on {key} is not supported")),
            Err(what) => return Err(format!("Condition {operator} on {key} cannot take {what}")),
        };
        Ok(Self { key: folded, kind, test, negated, if_exists })
    }

    /// Whether it is satisfied.
    pub(crate) fn holds(&self, facts: &Facts) -> bool {
        let value = facts.get(&self.key);
        if let Test::Absent(wanted) = &self.test {
            return wanted.contains(&value.is_none());
        }
        value.map_or(self.negated || self.if_exists, |value| self.test.takes(value, self.kind) != self.negated)
    }
}

impl Type {
    fn of(key: &str) -> Option<Self> {
        let known = |(name, _): &&(&str, Self)| {
            if name.ends_with('/') { key.strip_prefix(name).is_some_and(|tag| !tag.is_empty()) } else { key == *name }
        };
        KEYS.iter().find(known).map(|(_, kind)| *kind)
    }

    /// A value that has an order, as something to compare.
    fn rank(self, text: &str) -> Option<i128> {
        match self {
            Self::Time => Some(time(text)?.as_nanosecond()),
            _ => text.parse().ok(),
        }
    }
}

impl Test {
    /// Reads the values for a positive operator; nothing where it does not go with the key's type, and an error that says
    /// which value is wrong.
    fn read(operator: &str, kind: Type, values: &[String], variables: bool) -> Result<Option<Self>, String> {
        let wrong = |text: &String| format!("the value {text:?}");
        let truth = |text: &String| text.to_ascii_lowercase().parse().map_err(|_| wrong(text));
        let truths = || values.iter().map(truth).collect::<Result<Vec<bool>, _>>();
        let exact = Reading { wildcards: false, variables };
        let like = Reading { wildcards: true, variables };
        Ok(Some(match (operator, kind) {
            ("Null", _) => Self::Absent(truths()?),
            ("Bool", Type::Truth) => Self::Truth(truths()?),
            ("StringEquals", Type::Text | Type::Arn) => Self::Text(patterns(values, exact)?),
            ("StringLike", Type::Text | Type::Arn) => Self::Text(patterns(values, like)?),
            ("StringEqualsIgnoreCase", Type::Text | Type::Arn) => {
                let folded: Vec<_> = values.iter().map(|value| value.to_lowercase()).collect();
                Self::Folded(patterns(&folded, exact)?)
            }
            // AWS lets both take wildcards.
            ("ArnEquals" | "ArnLike", Type::Arn) => {
                let parts = |arn: &String| patterns(&arn.splitn(6, ':').map(Into::into).collect::<Vec<_>>(), like);
                Self::Arn(values.iter().map(parts).collect::<Result<_, _>>()?)
            }
            _ => {
                let order = match kind {
                    Type::Time => operator.strip_prefix("Date").and_then(Order::read),
                    Type::Number => operator.strip_prefix("Numeric").and_then(Order::read),
                    Type::Text | Type::Arn | Type::Truth => None,
                };
                let Some(order) = order else { return Ok(None) };
                let rank = |text: &String| kind.rank(text).ok_or_else(|| wrong(text));
                Self::Order(order, values.iter().map(rank).collect::<Result<_, _>>()?)
            }
        }))
    }

    /// Whether any of the values fits.
    fn takes(&self, value: &str, kind: Type) -> bool {
        let any = |patterns: &[Pattern], text: &str| patterns.iter().any(|pattern| pattern.matches(text));
        match self {
            Self::Absent(_) => false,
            Self::Text(patterns) => any(patterns, value),
            Self::Folded(patterns) => any(patterns, &value.to_lowercase()),
            Self::Arn(arns) => arns.iter().any(|parts| {
                let value: Vec<_> = value.splitn(6, ':').collect();
                parts.len() == value.len() && parts.iter().zip(value).all(|(part, text)| part.matches(text))
            }),
            Self::Order(order, bounds) => {
                kind.rank(value).is_some_and(|value| bounds.iter().any(|bound| order.holds(value, *bound)))
            }
            Self::Truth(wanted) => value.parse().is_ok_and(|value| wanted.contains(&value)),
        }
    }
}

fn patterns(texts: &[String], reading: Reading) -> Result<Vec<Pattern>, String> {
    texts.iter().map(|text| Pattern::read(text, reading)).collect()
}

impl Order {
    /// What follows `Date` or `Numeric` in an operator.
    fn read(operator: &str) -> Option<Self> {
        match operator {
            "Equals" => Some(Self::Equal),
            "LessThan" => Some(Self::Before),
            "LessThanEquals" => Some(Self::BeforeOrAt),
            "GreaterThan" => Some(Self::After),
            "GreaterThanEquals" => Some(Self::AfterOrAt),
            _ => None,
        }
    }

    fn holds(self, value: i128, bound: i128) -> bool {
        match self {
            Self::Equal => value == bound,
            Self::Before => value < bound,
            Self::BeforeOrAt => value <= bound,
            Self::After => value > bound,
            Self::AfterOrAt => value >= bound,
        }
    }
}

/// A time in one of the forms IAM takes: ISO 8601, a date alone, or seconds since 1970.
fn time(text: &str) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse() {
        return Timestamp::from_second(seconds).ok();
    }
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    let date: Date = text.parse().ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

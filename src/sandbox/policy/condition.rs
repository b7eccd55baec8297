//! Conditions: when a statement applies.
//!
//! Invariant: an operator or key the sandbox cannot evaluate, and a value of the wrong type, are refused when the policy
//! is read. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    Ask,
    pattern::{Pattern, Reading},
};

/// One operator on one key.
#[derive(Debug)]
pub(crate) struct Condition {
    key: Key,
    test: Test,
    /// A `…Not…` operator: no value may match, and a key that is absent satisfies it.
    negated: bool,
    /// `…IfExists`: satisfied where the key is absent.
    if_exists: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Key {
    Prefix,
    Delimiter,
    CurrentTime,
    SecureTransport,
}

#[derive(Debug)]
enum Test {
    Text(Vec<Pattern>),
    Time(Order, Vec<Timestamp>),
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
        let (positive, negated) = match name {
            "StringNotEquals" => ("StringEquals", true),
            "StringNotLike" => ("StringLike", true),
            "DateNotEquals" => ("DateEquals", true),
            other => (other, false),
        };
        if values.is_empty() {
            return Err(format!("Condition {operator} on {key} has no value"));
        }
        let subject = Key::read(key)?;
        let wrong = |text: &String| format!("Condition {operator} on {key} cannot take the value {text:?}");
        let test = match (positive, subject) {
            ("StringEquals" | "StringLike", Key::Prefix | Key::Delimiter) => {
                let reading = Reading { wildcards: positive == "StringLike", variables };
                Test::Text(values.iter().map(|text| Pattern::read(text, reading)).collect::<Result<_, _>>()?)
            }
            ("Bool", Key::SecureTransport) => {
                let truth = |text: &String| text.to_ascii_lowercase().parse().map_err(|_| wrong(text));
                Test::Truth(values.iter().map(truth).collect::<Result<_, _>>()?)
            }
            (_, Key::CurrentTime) if Order::read(positive).is_some() => {
                let order = Order::read(positive).expect("just matched");
                let time = |text: &String| time(text).ok_or_else(|| wrong(text));
                Test::Time(order, values.iter().map(time).collect::<Result<_, _>>()?)
            }
            _ => return Err(format!("Condition operator {operator} on {key} is not supported")),
        };
        Ok(Self { key: subject, test, negated, if_exists })
    }

    /// Whether it is satisfied.
    pub(crate) fn holds(&self, ask: &Ask<'_>) -> bool {
        let text = match self.key {
            Key::Prefix => ask.prefix,
            Key::Delimiter => ask.delimiter,
            Key::CurrentTime | Key::SecureTransport => None,
        };
        let any = match (&self.test, text) {
            (Test::Text(patterns), Some(text)) => patterns.iter().any(|pattern| pattern.matches(text)),
            (Test::Text(_), None) => return self.negated || self.if_exists,
            (Test::Time(order, times), _) => times.iter().any(|time| order.holds(ask.now, *time)),
            // The sandbox speaks plain HTTP on loopback, and says so.
            (Test::Truth(wanted), _) => wanted.contains(&false),
        };
        any != self.negated
    }
}

impl Key {
    /// Condition keys do not mind case.
    fn read(key: &str) -> Result<Self, String> {
        match key.to_ascii_lowercase().as_str() {
            "s3:prefix" => Ok(Self::Prefix),
            "s3:delimiter" => Ok(Self::Delimiter),
            "aws:currenttime" => Ok(Self::CurrentTime),
            "aws:securetransport" => Ok(Self::SecureTransport),
            _ => Err(format!("Condition key {key} is not supported")),
        }
    }
}

impl Order {
    fn read(operator: &str) -> Option<Self> {
        match operator {
            "DateEquals" => Some(Self::Equal),
            "DateLessThan" => Some(Self::Before),
            "DateLessThanEquals" => Some(Self::BeforeOrAt),
            "DateGreaterThan" => Some(Self::After),
            "DateGreaterThanEquals" => Some(Self::AfterOrAt),
            _ => None,
        }
    }

    fn holds(self, now: Timestamp, bound: Timestamp) -> bool {
        match self {
            Self::Equal => now == bound,
            Self::Before => now < bound,
            Self::BeforeOrAt => now <= bound,
            Self::After => now > bound,
            Self::AfterOrAt => now >= bound,
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

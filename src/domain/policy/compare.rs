//! What a condition compares values with: texts, ARNs, numbers, times, truth values, addresses, bytes.
//!
//! Invariant: a value that cannot be read is an error when the policy is read; one of the request's that cannot be read
//! matches nothing.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use std::{cmp::Ordering, net::IpAddr};

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    facts::{ConditionFacts, FactText},
    keys::Type,
    pattern::{Pattern, PatternSyntax},
    truth::{Doubt, Truth},
};

/// What one value of a request is held against; one that fits is enough.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum ValueTest {
    Text(Vec<Pattern>),
    /// In lower case.
    Folded(Vec<Pattern>),
    /// Each part between colons by itself.
    Arn(Vec<Vec<Pattern>>),
    Number(ValueOrder, Vec<f64>),
    Time(ValueOrder, Vec<Timestamp>),
    Truth(Vec<bool>),
    Network(Vec<Network>),
    Bytes(Vec<Vec<u8>>),
}

/// How two values stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueOrder {
    Equal,
    Before,
    BeforeOrAt,
    After,
    AfterOrAt,
}

/// A value of a request.
#[derive(Debug, Clone, Copy)]
pub(super) enum RequestValue<'a> {
    Text(FactText<'a>),
    At(Timestamp),
}

/// Addresses whose first bits are the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Network {
    address: IpAddr,
    bits: u32,
}

/// Why there is no [`ValueTest`].
pub(super) enum NoValueTest {
    /// There is no such operator, or it does not compare such values.
    Operator,
    /// This value is not of the operator's kind.
    Value(String),
}

impl ValueTest {
    /// Reads the values of an operator that is not negated, for keys of `kind` where that is known.
    pub(super) fn parse_test(
        operator: &str,
        kind: Option<Type>,
        values: &[String],
        variables: bool,
    ) -> Result<Self, NoValueTest> {
        let of = |kinds: &[Type]| kind.is_none_or(|kind| kinds.contains(&kind));
        let texts = of(&[Type::Text, Type::Arn, Type::Truth, Type::Address]);
        let exact = PatternSyntax { wildcards: false, variables };
        let like = PatternSyntax { wildcards: true, variables };
        let patterns = |reading| values.iter().map(|value| Pattern::parse_pattern(value, reading)).collect();
        match operator {
            "StringEquals" if texts => Ok(Self::Text(patterns(exact))),
            "StringLike" if texts => Ok(Self::Text(patterns(like))),
            "StringEqualsIgnoreCase" if texts => Ok(Self::Folded(
                values.iter().map(|value| Pattern::parse_pattern(&value.to_lowercase(), exact)).collect(),
            )),
            // AWS lets both take wildcards.
            "ArnEquals" | "ArnLike" if of(&[Type::Arn]) => Ok(Self::Arn(
                values
                    .iter()
                    .map(|arn| arn.splitn(6, ':').map(|part| Pattern::parse_pattern(part, like)).collect())
                    .collect(),
            )),
            "Bool" if of(&[Type::Truth]) => Ok(Self::Truth(parse_each(values, parse_bool)?)),
            "IpAddress" if of(&[Type::Address]) => Ok(Self::Network(parse_each(values, Network::parse_network)?)),
            "BinaryEquals" if kind.is_none() => {
                Ok(Self::Bytes(parse_each(values, |text| BASE64_STANDARD.decode(text).ok())?))
            }
            _ => {
                let order = |family| operator.strip_prefix(family).and_then(ValueOrder::parse_operator);
                match (order("Date"), order("Numeric")) {
                    (Some(order), _) if of(&[Type::Time, Type::Epoch]) => {
                        Ok(Self::Time(order, parse_each(values, parse_time)?))
                    }
                    (_, Some(order)) if of(&[Type::Number, Type::Epoch]) => {
                        Ok(Self::Number(order, parse_each(values, parse_number)?))
                    }
                    _ => Err(NoValueTest::Operator),
                }
            }
        }
    }

    /// The patterns in which policy variables can stand.
    pub(super) fn variable_patterns(&self) -> Vec<&Pattern> {
        match self {
            Self::Text(patterns) | Self::Folded(patterns) => patterns.iter().collect(),
            Self::Arn(arns) => arns.iter().flatten().collect(),
            _ => vec![],
        }
    }

    /// Whether any of the values fits.
    pub(super) fn matches_value(&self, value: RequestValue<'_>, facts: &ConditionFacts<'_>) -> Truth<'_> {
        match (self, value) {
            (_, RequestValue::At(at)) => self.takes_moment(at).into(),
            (Self::Text(patterns), RequestValue::Text(text)) => match_any(patterns, text, facts),
            (Self::Folded(patterns), RequestValue::Text(FactText::Exactly(text))) => {
                match_any(patterns, FactText::Exactly(&text.to_lowercase()), facts)
            }
            (Self::Folded(patterns), RequestValue::Text(FactText::BeginsWith(text))) => {
                match_any(patterns, FactText::BeginsWith(&text.to_lowercase()), facts)
            }
            (Self::Arn(arns), RequestValue::Text(FactText::Exactly(arn))) => {
                Truth::any_of(arns.iter().map(|parts| arn_matches(parts, arn, facts)))
            }
            (_, RequestValue::Text(FactText::BeginsWith(_))) => Truth::Unclear(Doubt::PartOfPlace),
            (_, RequestValue::Text(FactText::Exactly(text))) => self.takes_read(text).into(),
        }
    }

    /// Of the tests that read a value before they compare it.
    fn takes_read(&self, text: &str) -> bool {
        match self {
            Self::Number(order, bounds) => parse_number(text).is_some_and(|value| order.holds_for_any(&value, bounds)),
            Self::Time(..) => parse_time(text).is_some_and(|at| self.takes_moment(at)),
            Self::Truth(wanted) => parse_bool(text).is_some_and(|value| wanted.contains(&value)),
            Self::Network(networks) => {
                text.parse().is_ok_and(|address| networks.iter().any(|network| network.contains_address(address)))
            }
            Self::Bytes(wanted) => BASE64_STANDARD.decode(text).is_ok_and(|bytes| wanted.contains(&bytes)),
            Self::Text(_) | Self::Folded(_) | Self::Arn(_) => false,
        }
    }

    fn takes_moment(&self, at: Timestamp) -> bool {
        match self {
            Self::Time(order, bounds) => order.holds_for_any(&at, bounds),
            #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2⁵²")]
            Self::Number(order, bounds) => order.holds_for_any(&(at.as_second() as f64), bounds),
            _ => false,
        }
    }
}

impl ValueOrder {
    /// What follows `Date` or `Numeric` in an operator.
    fn parse_operator(operator: &str) -> Option<Self> {
        match operator {
            "Equals" => Some(Self::Equal),
            "LessThan" => Some(Self::Before),
            "LessThanEquals" => Some(Self::BeforeOrAt),
            "GreaterThan" => Some(Self::After),
            "GreaterThanEquals" => Some(Self::AfterOrAt),
            _ => None,
        }
    }

    fn holds_for_any<T: PartialOrd>(self, value: &T, bounds: &[T]) -> bool {
        bounds.iter().filter_map(|bound| value.partial_cmp(bound)).any(|how| match self {
            Self::Equal => how == Ordering::Equal,
            Self::Before => how == Ordering::Less,
            Self::BeforeOrAt => how != Ordering::Greater,
            Self::After => how == Ordering::Greater,
            Self::AfterOrAt => how != Ordering::Less,
        })
    }
}

impl Network {
    /// `203.0.113.0/24`, or one address.
    fn parse_network(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().ok()?;
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(all), |bits| bits.parse().ok())?;
        (bits <= all).then_some(Self { address, bits })
    }

    fn contains_address(&self, address: IpAddr) -> bool {
        let differ = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros(),
            _ => return false,
        };
        differ >= self.bits
    }
}

fn match_any<'p>(patterns: &'p [Pattern], text: FactText<'_>, facts: &ConditionFacts<'_>) -> Truth<'p> {
    Truth::any_of(patterns.iter().map(|pattern| pattern.match_text(text, facts)))
}

/// Each of the six parts by itself, so that a `*` does not reach beyond its colon. A lone `*` is every ARN.
fn arn_matches<'p>(parts: &'p [Pattern], arn: &str, facts: &ConditionFacts<'_>) -> Truth<'p> {
    let value: Vec<&str> = arn.splitn(6, ':').collect();
    match parts {
        [all] if all.written == "*" => Truth::Yes,
        _ if parts.len() != value.len() => Truth::No,
        _ => Truth::all_of(parts.iter().zip(value).map(|(part, text)| part.match_text(FactText::Exactly(text), facts))),
    }
}

fn parse_each<T>(values: &[String], read: impl Fn(&str) -> Option<T>) -> Result<Vec<T>, NoValueTest> {
    values.iter().map(|text| read(text).ok_or_else(|| NoValueTest::Value(text.clone()))).collect()
}

fn parse_bool(text: &str) -> Option<bool> {
    text.to_ascii_lowercase().parse().ok()
}

fn parse_number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

/// A time in one of the forms IAM takes: ISO 8601, a date alone, or seconds since 1970.
fn parse_time(text: &str) -> Option<Timestamp> {
    if let Ok(seconds) = text.parse() {
        return Timestamp::from_second(seconds).ok();
    }
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    let date: Date = text.parse().ok()?;
    Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

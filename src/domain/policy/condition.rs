//! Conditions: when a statement applies.
//!
//! Invariant: an operator or key that is not known here is neither met nor unmet: [`Truth::Maybe`].
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>

use jiff::Timestamp;
use serde_json::Value;

use super::{
    evaluate::Request,
    pattern::{Pattern, Reading, Text, Truth},
};

/// One operator on one key, with the values of which one must do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    /// As written: `StringLike`.
    pub(super) operator: String,
    /// As written: `s3:prefix`.
    pub(super) key: String,
    pub(super) values: Vec<String>,
    test: Test,
    /// Met too where the request says nothing of the key.
    if_exists: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// One of the patterns matches; or, negated, none.
    Text {
        patterns: Vec<Pattern>,
        negated: bool,
        fold_case: bool,
    },
    /// The time is on this side of one of these.
    Time {
        moments: Vec<Timestamp>,
        before: bool,
        at_too: bool,
    },
    /// The key is absent, or present.
    Null(bool),
    Unknown,
}

/// What a request says of a key.
enum Said<'a> {
    Text(Option<Text<'a>>),
    Time(Timestamp),
    Unknown,
}

impl Condition {
    pub(super) fn read(operator: &str, key: &str, values: &Value, variables: bool) -> Self {
        let values: Vec<String> = match values {
            Value::Array(list) => list.iter().map(plain).collect(),
            one => vec![plain(one)],
        };
        let (bare, if_exists) = operator.strip_suffix("IfExists").map_or((operator, false), |bare| (bare, true));
        let test = Test::read(bare, &values, variables);
        Self { operator: operator.into(), key: key.into(), values, test, if_exists }
    }

    /// Whether it is met by a request.
    pub(super) fn holds(&self, request: &Request<'_>) -> Truth {
        let said = match self.key.to_ascii_lowercase().as_str() {
            "s3:prefix" => Said::Text(request.prefix),
            "s3:delimiter" => Said::Text(request.delimiter.map(Text::Exactly)),
            "aws:currenttime" => Said::Time(request.now),
            _ => Said::Unknown,
        };
        match (&self.test, said) {
            (Test::Null(wanted), Said::Text(text)) => Truth::from(text.is_none() == *wanted),
            (Test::Null(wanted), Said::Time(_)) => Truth::from(!wanted),
            (_, Said::Text(None)) if self.if_exists => Truth::Yes,
            (Test::Text { negated, .. }, Said::Text(None)) => Truth::from(*negated),
            (Test::Text { patterns, negated, fold_case }, Said::Text(Some(text))) => {
                let met = patterns.iter().map(|it| matches(it, text, *fold_case)).max().unwrap_or(Truth::No);
                if *negated { !met } else { met }
            }
            (Test::Time { moments, before, at_too }, Said::Time(now)) => {
                let met = |at: &Timestamp| if *before { now < *at } else { now > *at } || *at_too && now == *at;
                Truth::from(moments.iter().any(met))
            }
            _ => Truth::Maybe,
        }
    }

    /// The prefixes it holds a listing to, if that is what it does.
    pub(super) fn prefixes(&self) -> Option<&[Pattern]> {
        match &self.test {
            Test::Text { patterns, negated: false, .. } if self.key.eq_ignore_ascii_case("s3:prefix") => Some(patterns),
            _ => None,
        }
    }
}

impl Test {
    fn read(operator: &str, values: &[String], variables: bool) -> Self {
        let text = |wildcards, negated, fold_case| {
            let fold = |value: &String| if fold_case { value.to_lowercase() } else { value.clone() };
            let read = |value| Pattern::read(&fold(value), Reading { wildcards, variables });
            Self::Text { patterns: values.iter().map(read).collect(), negated, fold_case }
        };
        let time = |before, at_too| {
            let moments: Result<_, _> = values.iter().map(|value| value.parse::<Timestamp>()).collect();
            moments.map_or(Self::Unknown, |moments| Self::Time { moments, before, at_too })
        };
        match operator {
            "StringEquals" => text(false, false, false),
            "StringNotEquals" => text(false, true, false),
            "StringEqualsIgnoreCase" => text(false, false, true),
            "StringNotEqualsIgnoreCase" => text(false, true, true),
            "StringLike" => text(true, false, false),
            "StringNotLike" => text(true, true, false),
            "DateLessThan" => time(true, false),
            "DateLessThanEquals" => time(true, true),
            "DateGreaterThan" => time(false, false),
            "DateGreaterThanEquals" => time(false, true),
            "Null" => match values {
                [one] if one == "true" => Self::Null(true),
                [one] if one == "false" => Self::Null(false),
                _ => Self::Unknown,
            },
            _ => Self::Unknown,
        }
    }
}

fn matches(pattern: &Pattern, text: Text<'_>, fold_case: bool) -> Truth {
    match text {
        Text::Exactly(text) if fold_case => pattern.matches(Text::Exactly(&text.to_lowercase())),
        Text::BeginsWith(text) if fold_case => pattern.matches(Text::BeginsWith(&text.to_lowercase())),
        text => pattern.matches(text),
    }
}

/// A value as text: policies may write `true` and numbers without quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

//! Parses a policy as JSON, more strictly than JSON requires.
//!
//! Invariant: what [`read`] accepts means the same to every reader. JSON does not define which of two equal keys counts:
//! one reader could see `Deny` where another sees `Allow`. So duplicate keys are refused.

use std::fmt::{self, Write};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// Text that is not a policy, with the place where that shows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct PolicyError {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// In plain words. May quote a key of the text: foreign text.
    pub reason: String,
}

/// The policy document, or where and why `text` is not one.
pub(super) fn read(text: &str) -> Result<Value, PolicyError> {
    if text.trim().is_empty() {
        return Err(PolicyError {
            line: 1,
            column: 1,
            reason: "the policy is empty; leave it out to send none".into(),
        });
    }
    let Twinless(value) = serde_json::from_str(text).map_err(|error| place(text, &error))?;
    let fault = match value.as_object().map(|policy| policy.get("Statement")) {
        None => Some("a policy is a JSON object: {\"Version\": …, \"Statement\": …}"),
        Some(None) => Some("the key \"Statement\" is missing"),
        Some(Some(Value::Object(_))) => None,
        Some(Some(Value::Array(list))) if list.is_empty() => Some("\"Statement\" is empty"),
        Some(Some(Value::Array(list))) if list.iter().all(Value::is_object) => None,
        Some(Some(_)) => Some("\"Statement\" must be an object or a list of objects"),
    };
    fault.map_or(Ok(value), |reason| Err(PolicyError { line: 1, column: 1, reason: reason.into() }))
}

/// `json` without the white space between its tokens and with everything beyond ASCII escaped: AWS takes no character
/// above U+00FF. Tokens are copied, not rewritten, so numbers keep their digits and keys their order.
///
/// `json` must be valid; then a quote opens or closes a string unless a backslash stands before it.
pub(super) fn minify(json: &str) -> String {
    let mut minified = String::with_capacity(json.len());
    let (mut in_string, mut after_backslash) = (false, false);
    for c in json.chars() {
        if !in_string && c.is_ascii_whitespace() {
            continue;
        }
        if c == '"' && !after_backslash {
            in_string = !in_string;
        }
        after_backslash = c == '\\' && !after_backslash;
        // The one control character that JSON lets stand in a string.
        if c.is_ascii() && c != '\x7f' {
            minified.push(c);
        } else {
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(minified, "\\u{unit:04x}").expect("writing to a String cannot fail");
            }
        }
    }
    minified
}

/// An error of `serde_json` with its column counted in characters instead of bytes, and its place out of the words.
fn place(text: &str, error: &serde_json::Error) -> PolicyError {
    let (line, bytes) = (error.line().max(1), error.column());
    let column = text
        .split('\n')
        .nth(line - 1)
        .map_or(bytes, |line| line.char_indices().take_while(|(start, _)| *start < bytes).count());
    let words = error.to_string();
    let reason = words.split(" at line ").next().unwrap_or(&words).to_owned();
    PolicyError { line, column: column.max(1), reason }
}

/// A JSON value in which no object has the same key twice.
struct Twinless(Value);

impl<'de> Deserialize<'de> for Twinless {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TwinlessVisitor).map(Self)
    }
}

struct TwinlessVisitor;

impl<'de> Visitor<'de> for TwinlessVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = vec![];
        while let Some(Twinless(element)) = elements.next_element()? {
            list.push(element);
        }
        Ok(list.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = serde_json::Map::new();
        while let Some(key) = members.next_key::<String>()? {
            if object.contains_key(&key) {
                return Err(A::Error::custom(format_args!("the key {key:?} is given twice")));
            }
            let Twinless(value) = members.next_value()?;
            object.insert(key, value);
        }
        Ok(object.into())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::policy::SessionPolicy;

    #[test]
    fn what_is_no_policy_is_refused_with_its_place() {
        for (text, line, column, reason) in [
            ("", 1, 1, "the policy is empty"),
            (" \n\t ", 1, 1, "the policy is empty"),
            ("{", 1, 1, "EOF while parsing"),
            ("// none\n{}", 1, 1, "expected value"),
            ("{\"Statement\": [],}", 1, 18, "trailing comma"),
            ("{\"Statement\": {}} {}", 1, 19, "trailing characters"),
            ("[]", 1, 1, "a policy is a JSON object"),
            ("null", 1, 1, "a policy is a JSON object"),
            ("{}", 1, 1, "\"Statement\" is missing"),
            ("{\"statement\": {}}", 1, 1, "\"Statement\" is missing"),
            ("{\"Statement\": []}", 1, 1, "is empty"),
            ("{\"Statement\": \"all\"}", 1, 1, "an object or a list of objects"),
            ("{\"Statement\": [{}, 1]}", 1, 1, "an object or a list of objects"),
            ("{\"Statement\": {},\n \"Statement\": {}}", 2, 12, "the key \"Statement\" is given twice"),
            ("{\"Statement\": [{\n\"é\": {\"a\": 1, \"a\": 2}}]}", 2, 17, "the key \"a\" is given twice"),
            ("{\"Statement\": {\"A\": 1, \"\\u0041\": 2}}", 1, 31, "the key \"A\" is given twice"),
        ] {
            let refusal = SessionPolicy::parse(text).unwrap_err();
            assert!(refusal.reason.contains(reason), "{text}: {refusal}");
            assert_eq!((refusal.line, refusal.column), (line, column), "{text}: {refusal}");
        }
    }

    #[test]
    fn deep_nesting_is_refused_before_the_stack_ends() {
        let deep = format!("{{\"Statement\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        assert!(SessionPolicy::parse(&deep).unwrap_err().reason.contains("recursion"));
    }

    #[test]
    fn minifying_keeps_order_digits_and_what_stands_in_strings() {
        let text = "{ \"Version\" : \"2012-10-17\",\r\n\t\"Statement\":\n[ {\"b\": 1.50, \"a\": \"x \\\" y\\\\\"} , {\"k\": \"é 漢 🦀\"} ] }";
        let minified = SessionPolicy::parse(text).unwrap();
        assert_eq!(
            minified.as_json(),
            r#"{"Version":"2012-10-17","Statement":[{"b":1.50,"a":"x \" y\\"},{"k":"\u00e9 \u6f22 \ud83e\udd80"}]}"#
        );
    }

    proptest! {
        #[test]
        fn minifying_changes_no_meaning(key in any::<String>(), value in any::<String>(), number in any::<i64>()) {
            let policy = serde_json::json!({"Statement": [{"Sid": value, "n": number}], (format!("_{key}")): value});
            let minified = SessionPolicy::parse(&serde_json::to_string_pretty(&policy).unwrap()).unwrap();
            prop_assert!(minified.as_json().is_ascii());
            prop_assert_eq!(serde_json::from_str::<Value>(minified.as_json()).unwrap(), policy);
        }
    }
}

//! Header values that have a form of their own: dates, the state of a restore, the rule that expires an object.
//!
//! Invariant: a value that does not have its form gives nothing, so that the caller keeps the text.

use jiff::{Timestamp, fmt::rfc2822};

/// Whether an archived object can be read for a while.
/// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestoreStatus {
    /// It is being restored.
    UnderWay,
    /// A restored copy can be read, until this time where the service says so.
    Readable {
        /// When the copy is removed.
        until: Option<Timestamp>,
    },
}

/// The lifecycle rule that will remove the object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpirationRule {
    /// When.
    pub at: Option<Timestamp>,
    /// The rule's name, decoded. Foreign text.
    pub rule: Option<String>,
}

impl RestoreStatus {
    /// Reads `ongoing-request="false", expiry-date="Fri, 21 Dec 2012 00:00:00 GMT"`.
    pub fn parse_header(text: &str) -> Option<Self> {
        match quoted_field(text, "ongoing-request")? {
            "true" => Some(Self::UnderWay),
            "false" => Some(Self::Readable { until: quoted_field(text, "expiry-date").and_then(parse_header_date) }),
            _ => None,
        }
    }
}

impl ExpirationRule {
    /// Reads `expiry-date="Fri, 21 Dec 2012 00:00:00 GMT", rule-id="Rule%20for%20logs"`. The name is URL-encoded.
    pub fn parse_header(text: &str) -> Option<Self> {
        let at = quoted_field(text, "expiry-date").and_then(parse_header_date);
        let decode = |name: &str| percent_encoding::percent_decode_str(name).decode_utf8_lossy().into_owned();
        let rule = quoted_field(text, "rule-id").map(decode);
        (at.is_some() || rule.is_some()).then_some(Self { at, rule })
    }
}

/// The value of `name="…"` in a list of such fields.
fn quoted_field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut from = 0;
    while let Some(found) = text[from..].find(name) {
        let at = from + found;
        let is_start = text[..at].chars().next_back().is_none_or(|before| matches!(before, ' ' | ',' | ';'));
        let value = text[at + name.len()..].strip_prefix("=\"").and_then(|rest| rest.split_once('"'));
        match value {
            Some((value, _)) if is_start => return Some(value),
            _ => from = at + name.len(),
        }
    }
    None
}

/// A date as HTTP headers write it, or as some services do all the same, RFC 3339.
/// <https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7>
pub fn parse_header_date(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok().or_else(|| text.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_restore_is_under_way_or_has_an_end() {
        for (text, state) in [
            (r#"ongoing-request="true""#, Some(RestoreStatus::UnderWay)),
            (
                r#"ongoing-request="false", expiry-date="Fri, 21 Dec 2012 00:00:00 GMT""#,
                Some(RestoreStatus::Readable { until: Some(at("2012-12-21T00:00:00Z")) }),
            ),
            (
                r#"expiry-date="Fri, 21 Dec 2012 00:00:00 GMT",ongoing-request="false""#,
                Some(RestoreStatus::Readable { until: Some(at("2012-12-21T00:00:00Z")) }),
            ),
            (r#"ongoing-request="false", expiry-date="soon""#, Some(RestoreStatus::Readable { until: None })),
            (r#"ongoing-request="maybe""#, None),
            ("ongoing-request=", None),
            ("", None),
        ] {
            assert_eq!(RestoreStatus::parse_header(text), state, "{text}");
        }
    }

    #[test]
    fn a_rule_has_a_name_and_a_time() {
        let header = r#"expiry-date="Fri, 21 Dec 2012 00:00:00 GMT", rule-id="a%20rule%2C \"x""#;
        let rule = ExpirationRule::parse_header(header).unwrap();
        assert_eq!((rule.at, rule.rule.as_deref()), (Some(at("2012-12-21T00:00:00Z")), Some(r"a rule, \")));
        let only = ExpirationRule::parse_header(r#"x-rule-id="no", rule-id="yes""#).unwrap();
        assert_eq!((only.at, only.rule.as_deref()), (None, Some("yes")));
        assert_eq!(ExpirationRule::parse_header("rule"), None);
    }

    #[test]
    fn dates_are_read_in_the_forms_that_services_write() {
        for text in ["Sun, 01 Nov 2026 08:00:00 GMT", "2026-11-01T08:00:00Z", " Sun, 1 Nov 2026 08:00:00 +0000 "] {
            assert_eq!(parse_header_date(text), Some(at("2026-11-01T08:00:00Z")), "{text}");
        }
        for text in ["", "yesterday", "Sun, 31 Feb 2026 08:00:00 GMT", "1793520000"] {
            assert_eq!(parse_header_date(text), None, "{text}");
        }
    }
}

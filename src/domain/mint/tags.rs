//! Session tags, which policies can refer to.
//!
//! Invariant: every parsed tag can be sent; the draft checks which tags go together.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_session-tags.html>

use std::fmt;

/// Tags that one call takes.
pub const MOST_TAGS: usize = 50;

/// Characters of a key, and of a value.
const MOST_KEY: usize = 128;
const MOST_VALUE: usize = 256;

/// A session tag. Keys are compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionTag {
    /// 1 to 128 characters.
    pub key: String,
    /// Up to 256 characters.
    pub value: String,
}

impl SessionTag {
    /// Reads `KEY=VALUE`; the first `=` ends the key. The error is a reason.
    pub fn parse_tag(text: &str) -> Result<Self, String> {
        let (key, value) = text.split_once('=').ok_or_else(|| format!("{text:?} is not KEY=VALUE"))?;
        let (key, value) = (key.trim(), value.trim());
        if key.is_empty() {
            return Err(format!("{text:?} has no key"));
        }
        if let Some(odd) = key.chars().chain(value.chars()).find(|c| !is_allowed(*c)) {
            return Err(format!("{odd:?} is not allowed; use letters, digits, spaces and _.:/=+-@"));
        }
        for (what, length, most) in
            [("key", key.chars().count(), MOST_KEY), ("value", value.chars().count(), MOST_VALUE)]
        {
            if length > most {
                return Err(format!("the {what} of {key:.20} has {length} characters; AWS allows {most}"));
            }
        }
        Ok(Self { key: key.into(), value: value.into() })
    }
}

impl fmt::Display for SessionTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key, self.value)
    }
}

/// `[\p{L}\p{Z}\p{N}_.:/=+\-@]` of STS's model.
fn is_allowed(c: char) -> bool {
    c.is_alphanumeric() || (c.is_whitespace() && !c.is_control()) || "_.:/=+-@".contains(c)
}

/// Whether two keys name the same tag.
pub(super) fn same_key(one: &str, other: &str) -> bool {
    one.to_lowercase() == other.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_a_key_and_a_value() {
        for (text, key, value) in [
            ("team=tide", "team", "tide"),
            (" team = tide watch ", "team", "tide watch"),
            ("expr=a=b", "expr", "a=b"),
            ("empty=", "empty", ""),
            ("größe=ß", "größe", "ß"),
        ] {
            assert_eq!(SessionTag::parse_tag(text), Ok(SessionTag { key: key.into(), value: value.into() }));
        }
    }

    #[test]
    fn what_is_no_tag_is_refused_with_the_reason() {
        for (text, reason) in [
            ("team".to_owned(), "KEY=VALUE"),
            ("=tide".to_owned(), "no key"),
            ("team=a,b".to_owned(), "','"),
            ("te\nam=a".to_owned(), "'\\n'"),
            (format!("{}=v", "k".repeat(129)), "allows 128"),
            (format!("k={}", "v".repeat(257)), "allows 256"),
        ] {
            let refusal = SessionTag::parse_tag(&text).unwrap_err();
            assert!(refusal.contains(reason), "{refusal}");
        }
        assert!(SessionTag::parse_tag(&format!("{}={}", "k".repeat(128), "v".repeat(256))).is_ok());
        assert!(same_key("Dept", "dEPT") && !same_key("dept", "department"));
    }
}

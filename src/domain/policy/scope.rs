//! A scope written as a policy document.
//!
//! Invariant: names are data and never patterns. A `*`, `?` or `$` in a bucket or prefix stands for itself, and a
//! prefix ends in its delimiter.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::Access;

/// `prefix` with a `/` at its end, unless it is empty.
pub(super) fn delimited(prefix: &str) -> Cow<'_, str> {
    if prefix.is_empty() || prefix.ends_with('/') { Cow::Borrowed(prefix) } else { Cow::Owned(format!("{prefix}/")) }
}

/// The policy document that allows `access` to the keys that begin with `prefix`, in one bucket or in all.
pub(super) fn document(access: Access, bucket: Option<&str>, prefix: &str) -> Value {
    let bucket_arn = format!("arn:aws:s3:::{}", bucket.map_or_else(|| "*".into(), literal));
    let below = format!("{}*", literal(prefix));
    let mut statements = vec![];
    if bucket.is_none() {
        statements.push(allow(&["s3:ListAllMyBuckets"], "*"));
    }
    if prefix.is_empty() {
        statements.push(allow(&["s3:ListBucket", "s3:GetBucketLocation"], &bucket_arn));
    } else {
        let mut listing = allow(&["s3:ListBucket"], &bucket_arn);
        listing["Condition"] = json!({"StringLike": {"s3:prefix": below}});
        // Apart from listing: a request for the region carries no prefix, so the condition would never hold.
        statements.extend([listing, allow(&["s3:GetBucketLocation"], &bucket_arn)]);
    }
    let object_actions = object_actions(access);
    if !object_actions.is_empty() {
        statements.push(allow(object_actions, &format!("{bucket_arn}/{below}")));
    }
    json!({"Version": "2012-10-17", "Statement": statements})
}

/// What `access` allows on objects.
const fn object_actions(access: Access) -> &'static [&'static str] {
    match access {
        Access::List => &[],
        Access::Read => &["s3:GetObject"],
        Access::Write => &[
            "s3:GetObject",
            "s3:PutObject",
            "s3:DeleteObject",
            "s3:AbortMultipartUpload",
            "s3:ListMultipartUploadParts",
        ],
    }
}

fn allow(actions: &[&str], resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resource})
}

/// `name` as a pattern that matches only itself. A `$` is escaped wherever it stands, so that no `${` of the name's own
/// survives. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars>
fn literal(name: &str) -> String {
    let mut pattern = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '*' | '?' | '$' => pattern.extend(['$', '{', c, '}']),
            _ => pattern.push(c),
        }
    }
    pattern
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::{super::location::Location, SessionPolicy},
        *,
    };

    #[test]
    fn a_scope_is_written_with_its_condition_and_nothing_wider() {
        for (access, location, json) in [
            (
                Access::Read,
                Location::new("tide-logs", "team"),
                concat!(
                    r#"{"Version":"2012-10-17","Statement":["#,
                    r#"{"Effect":"Allow","Action":["s3:ListBucket"],"Resource":"arn:aws:s3:::tide-logs","#,
                    r#""Condition":{"StringLike":{"s3:prefix":"team/*"}}},"#,
                    r#"{"Effect":"Allow","Action":["s3:GetBucketLocation"],"Resource":"arn:aws:s3:::tide-logs"},"#,
                    r#"{"Effect":"Allow","Action":["s3:GetObject"],"Resource":"arn:aws:s3:::tide-logs/team/*"}]}"#,
                ),
            ),
            (
                Access::List,
                Location::buckets(),
                concat!(
                    r#"{"Version":"2012-10-17","Statement":["#,
                    r#"{"Effect":"Allow","Action":["s3:ListAllMyBuckets"],"Resource":"*"},"#,
                    r#"{"Effect":"Allow","Action":["s3:ListBucket","s3:GetBucketLocation"],"Resource":"arn:aws:s3:::*"}]}"#,
                ),
            ),
            (
                Access::Write,
                Location::new("tide-logs", ""),
                concat!(
                    r#"{"Version":"2012-10-17","Statement":["#,
                    r#"{"Effect":"Allow","Action":["s3:ListBucket","s3:GetBucketLocation"],"#,
                    r#""Resource":"arn:aws:s3:::tide-logs"},"#,
                    r#"{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject","s3:DeleteObject","#,
                    r#""s3:AbortMultipartUpload","s3:ListMultipartUploadParts"],"#,
                    r#""Resource":"arn:aws:s3:::tide-logs/*"}]}"#,
                ),
            ),
        ] {
            assert_eq!(SessionPolicy::for_scope(access, &location).as_json(), json);
        }
    }

    #[test]
    fn wildcards_and_variables_in_a_name_stand_for_themselves() {
        for (name, pattern) in [
            ("a*b?", "a${*}b${?}"),
            ("${aws:username}", "${$}{aws:username}"),
            ("$${*}", "${$}${$}{${*}}"),
            (r#"q"\é"#, r#"q"\é"#),
        ] {
            assert_eq!(literal(name), pattern);
        }
    }

    /// Reads an IAM pattern as IAM does: `*` any run, `?` any one, `${*}` `${?}` `${$}` the character itself, any other
    /// variable the value it has for user `mallory`.
    fn matches(pattern: &str, text: &str) -> bool {
        enum Token {
            Run,
            One,
            Char(char),
        }
        let (mut tokens, mut rest) = (vec![], pattern);
        while let Some(c) = rest.chars().next() {
            let variable = rest.strip_prefix("${").and_then(|inner| inner.split_once('}'));
            rest = &rest[c.len_utf8()..];
            match (variable, c) {
                (Some((name, after)), _) => {
                    let value = if matches!(name, "*" | "?" | "$") { name } else { "mallory" };
                    tokens.extend(value.chars().map(Token::Char));
                    rest = after;
                }
                (None, '*') => tokens.push(Token::Run),
                (None, '?') => tokens.push(Token::One),
                (None, c) => tokens.push(Token::Char(c)),
            }
        }
        let mut reached = vec![true];
        let text: Vec<char> = text.chars().collect();
        reached.resize(text.len() + 1, false);
        for token in tokens {
            let mut next = vec![false; text.len() + 1];
            for i in 0..=text.len() {
                next[i] = match token {
                    Token::Run => reached[i] || i > 0 && next[i - 1],
                    Token::One => i > 0 && reached[i - 1],
                    Token::Char(c) => i > 0 && reached[i - 1] && text[i - 1] == c,
                };
            }
            reached = next;
        }
        reached[text.len()]
    }

    /// Whether a policy without `Deny` allows `action` on `resource` in a request with this `s3:prefix`.
    fn allows(policy: &SessionPolicy, action: &str, resource: &str, prefix: Option<&str>) -> bool {
        let document: Value = serde_json::from_str(policy.as_json()).unwrap();
        document["Statement"].as_array().unwrap().iter().any(|statement| {
            let condition = statement.get("Condition").map(|c| c["StringLike"]["s3:prefix"].as_str().unwrap());
            statement["Action"].as_array().unwrap().iter().any(|allowed| allowed == action)
                && matches(statement["Resource"].as_str().unwrap(), resource)
                && condition.is_none_or(|pattern| prefix.is_some_and(|prefix| matches(pattern, prefix)))
        })
    }

    /// Short names over the characters that could be taken for something else.
    fn hostile_name() -> impl Strategy<Value = String> {
        let bits =
            ["*", "?", "$", "${*}", "${aws:username}", "{", "}", "\"", "\\", "é", "🦀", "a", "b", "-", "/", "mallory"];
        prop::collection::vec(prop::sample::select(bits.to_vec()), 0..6).prop_map(|bits| bits.concat())
    }

    fn access() -> impl Strategy<Value = Access> {
        prop::sample::select(Access::ALL.to_vec())
    }

    proptest! {
        #[test]
        fn keys_outside_the_prefix_are_neither_listed_nor_read(
            access in access(), prefix in hostile_name(), key in hostile_name(), bucket in hostile_name(),
        ) {
            let policy = SessionPolicy::for_scope(access, &Location::new(format!("b{bucket}"), &prefix));
            let below = delimited(&prefix);
            for key in [key.clone(), format!("{prefix}-secret/{key}"), format!("{prefix}{key}"), prefix.clone()] {
                let inside = key.starts_with(&*below);
                let object = format!("arn:aws:s3:::b{bucket}/{key}");
                prop_assert_eq!(allows(&policy, "s3:GetObject", &object, None), inside && access >= Access::Read, "{}", key);
                prop_assert_eq!(allows(&policy, "s3:PutObject", &object, None), inside && access == Access::Write, "{}", key);
                let listed = allows(&policy, "s3:ListBucket", &format!("arn:aws:s3:::b{bucket}"), Some(&key));
                prop_assert_eq!(listed, inside, "{}", key);
            }
        }

        #[test]
        fn keys_inside_the_prefix_can_be_listed_and_read(prefix in hostile_name(), rest in hostile_name()) {
            let policy = SessionPolicy::for_scope(Access::Read, &Location::new("tide-logs", &prefix));
            let key = format!("{}{rest}", delimited(&prefix));
            let object = format!("arn:aws:s3:::tide-logs/{key}");
            prop_assert!(allows(&policy, "s3:GetObject", &object, None));
            prop_assert!(allows(&policy, "s3:ListBucket", "arn:aws:s3:::tide-logs", Some(&key)));
            prop_assert!(allows(&policy, "s3:GetBucketLocation", "arn:aws:s3:::tide-logs", None));
        }

        #[test]
        fn other_buckets_stay_shut(access in access(), bucket in hostile_name(), other in hostile_name(), key in hostile_name()) {
            // No name of a bucket contains a slash.
            let [bucket, other] = [bucket, other].map(|name| format!("b{}", name.replace('/', "_")));
            prop_assume!(bucket != other);
            let policy = SessionPolicy::for_scope(access, &Location::new(&bucket, ""));
            for action in ["s3:GetObject", "s3:PutObject", "s3:ListBucket", "s3:GetBucketLocation"] {
                for resource in [format!("arn:aws:s3:::{other}"), format!("arn:aws:s3:::{other}/{key}")] {
                    prop_assert!(!allows(&policy, action, &resource, Some("")), "{} {}", action, resource);
                }
            }
        }

        #[test]
        fn a_scope_is_ascii_and_reads_back(access in access(), bucket in prop::option::of(any::<String>()), prefix in any::<String>()) {
            let policy = SessionPolicy::for_scope(access, &Location { bucket, prefix });
            prop_assert!(policy.as_json().is_ascii());
            let read_back = SessionPolicy::parse(policy.as_json()).unwrap();
            prop_assert_eq!(read_back.as_json(), policy.as_json());
        }
    }
}

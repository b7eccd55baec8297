//! A scope written as a policy document.
//!
//! Invariant: names are data and never patterns. A `*`, `?` or `$` in a bucket or prefix stands for itself, and a
//! prefix ends in its delimiter.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::verbs::{Verb, Verbs};

/// `prefix` with a `/` at its end, unless it is empty.
pub(super) fn delimited(prefix: &str) -> Cow<'_, str> {
    if prefix.is_empty() || prefix.ends_with('/') { Cow::Borrowed(prefix) } else { Cow::Owned(format!("{prefix}/")) }
}

/// The policy document that allows `verbs` on the keys that begin with `prefix`, in one bucket or in all.
pub(super) fn document(verbs: Verbs, bucket: Option<&str>, prefix: &str) -> Value {
    let bucket_arn = format!("arn:aws:s3:::{}", bucket.map_or_else(|| "*".into(), literal));
    let below = format!("{}*", literal(prefix));
    let mut statements = vec![];
    let mut on_bucket: Vec<&str> = verbs.iter().filter_map(Verb::bucket_action).collect();
    if !on_bucket.is_empty() {
        if bucket.is_none() {
            statements.push(allow(&["s3:ListAllMyBuckets"], "*"));
        }
        if prefix.is_empty() {
            // Without a condition, also for clients that send no prefix with a listing of the top.
            on_bucket.push("s3:GetBucketLocation");
            statements.push(allow(&on_bucket, &bucket_arn));
        } else {
            let mut listing = allow(&on_bucket, &bucket_arn);
            listing["Condition"] = json!({"StringLike": {"s3:prefix": below}});
            // Apart from listing: a request for the region has no prefix, so the condition would never hold.
            statements.extend([listing, allow(&["s3:GetBucketLocation"], &bucket_arn)]);
        }
    }
    let on_objects: Vec<&str> = verbs.iter().flat_map(Verb::object_actions).copied().collect();
    if !on_objects.is_empty() {
        statements.push(allow(&on_objects, &format!("{bucket_arn}/{below}")));
    }
    json!({"Version": "2012-10-17", "Statement": statements})
}

fn allow(actions: &[&str], resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": actions, "Resource": resource})
}

/// `name` as a pattern that matches only itself. A `$` is escaped wherever it stands, so that no `${` of the name's own
/// survives. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars>
pub(super) fn literal(name: &str) -> String {
    let mut pattern = String::with_capacity(name.len());
    for c in name.chars() {
        match c {
            '*' | '?' | '$' => pattern.extend(['$', '{', c, '}']),
            _ => pattern.push(c),
        }
    }
    pattern
}

//! "May this session do X on Y", as far as its session policy says.
//!
//! Invariant: [`Verdict::Allowed`] and [`Verdict::Denied`] are said only where nothing unknown could change them; and
//! they speak of the session policy alone, which can only take away from what the source may.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html>

use std::borrow::Cow;

use jiff::Timestamp;

use super::{SessionPolicy, Verb, Verbs, pattern::Text, pattern::Truth, rules::Effect};
use crate::domain::location::Location;

/// What a session policy says to something one wants to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// A statement surely allows it, and none denies it.
    Allowed,
    /// A statement surely denies it, or none could allow it.
    Denied,
    /// It depends on what cannot be known here: an address, a tag, a policy variable.
    Unknown,
}

/// Something a session could ask of S3.
pub(super) struct Request<'a> {
    pub(super) action: &'a str,
    resource: Cow<'a, str>,
    /// Whether `resource` is only how the resource begins.
    open: bool,
    /// What a listing is narrowed to; `None` where the request says nothing of it.
    pub(super) prefix: Option<Text<'a>>,
    pub(super) delimiter: Option<&'a str>,
    pub(super) now: Timestamp,
}

impl Request<'_> {
    pub(super) fn resource(&self) -> Text<'_> {
        if self.open { Text::BeginsWith(&self.resource) } else { Text::Exactly(&self.resource) }
    }
}

impl SessionPolicy {
    /// Whether the session may list `location`, one level as the browser does.
    pub fn may_list(&self, location: &Location, now: Timestamp) -> Verdict {
        // A listing of a bucket's top sends no prefix at all.
        let prefix = Some(location.prefix.as_str()).filter(|prefix| !prefix.is_empty());
        match &location.bucket {
            None => self.says(&to_bucket("s3:ListAllMyBuckets", "*".into(), None, now)),
            Some(bucket) => self.says(&Request {
                delimiter: Some("/"),
                ..to_bucket("s3:ListBucket", arn(bucket).into(), prefix.map(Text::Exactly), now)
            }),
        }
    }

    /// Whether it may do `verb` to one object. What takes several S3 actions is allowed if each is.
    pub fn may(&self, verb: Verb, bucket: &str, key: &str, now: Timestamp) -> Verdict {
        let object = verb.object_actions().iter().map(|action| Request {
            action,
            resource: format!("{}/{key}", arn(bucket)).into(),
            open: false,
            prefix: None,
            delimiter: None,
            now,
        });
        let listing = verb.bucket_action().map(|action| Request {
            delimiter: Some("/"),
            ..to_bucket(action, arn(bucket).into(), Some(Text::Exactly(key)), now)
        });
        let verdicts: Vec<Verdict> = object.chain(listing).map(|request| self.says(&request)).collect();
        match verdicts {
            all if all.iter().all(|verdict| *verdict == Verdict::Allowed) => Verdict::Allowed,
            all if all.contains(&Verdict::Denied) => Verdict::Denied,
            _ => Verdict::Unknown,
        }
    }

    /// Whether there can be anything for it at or below `location`. [`Verdict::Allowed`] is that it may list there.
    pub fn may_reach(&self, location: &Location, now: Timestamp) -> Verdict {
        let here = self.may_list(location, now);
        let Some(bucket) = location.bucket.as_deref().filter(|_| here == Verdict::Denied) else { return here };
        let below = Some(Text::BeginsWith(&location.prefix));
        let listing = Request { delimiter: Some("/"), ..to_bucket("s3:ListBucket", arn(bucket).into(), below, now) };
        let objects = Verb::ALL.iter().flat_map(|verb| verb.object_actions()).map(|action| Request {
            action,
            resource: format!("{}/{}", arn(bucket), location.prefix).into(),
            open: true,
            prefix: None,
            delimiter: None,
            now,
        });
        let denied = objects.chain([listing]).all(|request| self.says(&request) == Verdict::Denied);
        if denied { Verdict::Denied } else { Verdict::Unknown }
    }

    /// The verbs that it surely may, and those that it surely may not, do to an object.
    pub fn verbs_on(&self, bucket: &str, key: &str, now: Timestamp) -> (Verbs, Verbs) {
        let of = |verdict| Verb::ALL.into_iter().filter(move |verb| self.may(*verb, bucket, key, now) == verdict);
        (of(Verdict::Allowed).collect(), of(Verdict::Denied).collect())
    }

    fn says(&self, request: &Request<'_>) -> Verdict {
        let of = |effect| {
            let statements = self.rules.statements.iter();
            let such = statements.filter(move |statement| statement.effect.is_none_or(|its| its == effect));
            such.map(|statement| statement.applies(request)).max().unwrap_or(Truth::No)
        };
        match (of(Effect::Allow), of(Effect::Deny)) {
            (_, Truth::Yes) | (Truth::No, _) => Verdict::Denied,
            (Truth::Yes, Truth::No) => Verdict::Allowed,
            (Truth::Maybe | Truth::Yes, _) => Verdict::Unknown,
        }
    }
}

fn arn(bucket: &str) -> String {
    format!("arn:aws:s3:::{bucket}")
}

fn to_bucket<'a>(action: &'a str, resource: Cow<'a, str>, prefix: Option<Text<'a>>, now: Timestamp) -> Request<'a> {
    Request { action, resource, open: false, prefix, delimiter: None, now }
}

//! Whether a session may do X on Y, by its session policies.
//!
//! Invariant: this covers only the session policies, which limit what the source may do. A managed policy, of which only
//! the ARN is known, may allow or deny anything. A bucket policy can allow the session more, and can deny it. Every
//! place that shows a right says so.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session>

use jiff::Timestamp;

use super::{
    evaluate::Ruling,
    facts::{ConditionFacts, Fact, RequestContext},
    session_policy::SessionPolicy,
    truth::Doubt,
    verbs::{Verb, Verbs},
};
use crate::domain::location::Location;

/// What narrows a session, and what is known of its requests.
#[derive(Debug, Clone)]
pub struct SessionRights<'a> {
    policy: Option<&'a SessionPolicy>,
    /// ARNs of policies whose text is not known here.
    managed: &'a [String],
    /// In which its resources are.
    partition: &'a str,
    facts: ConditionFacts<'a>,
}

impl<'a> SessionRights<'a> {
    /// Those that a session policy and managed policies leave; `None` where nothing narrows the session.
    pub fn new(policy: Option<&'a SessionPolicy>, managed: &'a [String], now: Timestamp) -> Option<Self> {
        if policy.is_none() && managed.is_empty() {
            return None;
        }
        let facts = ConditionFacts::partial().with_fact("aws:currenttime", now).with_fact("aws:epochtime", now);
        Some(Self { policy, managed, partition: "aws", facts })
    }

    /// The same in another partition than `aws`.
    #[must_use]
    pub fn in_partition(self, partition: &'a str) -> Self {
        Self { partition, ..self }
    }

    /// The same with one more fact that is known of every ask of the session; the key is in lower case.
    #[must_use]
    pub fn with_fact(self, key: impl Into<std::borrow::Cow<'a, str>>, fact: impl Into<Fact<'a>>) -> Self {
        Self { facts: self.facts.with_fact(key, fact), ..self }
    }

    /// Whether the session may list `location`, one level as the browser does: at a bucket's top with an empty prefix.
    pub fn may_list(&self, location: &Location) -> Ruling<'a> {
        match &location.bucket {
            // AWS asks for the right to it on every bucket.
            None => self.rule_on(&RequestContext::new("s3:listallmybuckets", self.arn_of("*"), self.facts.clone())),
            Some(bucket) => {
                self.rule_on(&self.listing_request("s3:listbucket", bucket, location.prefix.as_str().into(), true))
            }
        }
    }

    /// Whether it may do `verb` to one object. What takes several S3 actions is allowed if each is.
    pub fn may_do(&self, verb: Verb, bucket: &str, key: &str) -> Ruling<'a> {
        let object = verb.object_actions().iter().map(|action| self.rule_on(&self.on_object(action, bucket, key)));
        let listing =
            verb.bucket_action().map(|action| self.rule_on(&self.listing_request(action, bucket, key.into(), true)));
        let rulings: Vec<Ruling<'a>> = object.chain(listing).collect();
        let first = |wanted: fn(Ruling<'a>) -> bool| rulings.iter().copied().find(|ruling| wanted(*ruling));
        first(Ruling::is_refused).or_else(|| first(|ruling| !ruling.is_allowed())).unwrap_or(rulings[0])
    }

    /// Whether there can be anything for it at or below `location`. [`Ruling::Allowed`] is that it may list there.
    pub fn may_reach(&self, location: &Location) -> Ruling<'a> {
        let here = self.may_list(location);
        let Some(bucket) = location.bucket.as_deref().filter(|_| here.is_refused()) else { return here };
        let below = Fact::BeginsWith(location.prefix.as_str().into());
        let listing = self.listing_request("s3:listbucket", bucket, below, true);
        let objects = Verb::ALL.iter().flat_map(|verb| verb.object_actions());
        let objects = objects.map(|action| self.on_object(action, bucket, &location.prefix).somewhere_below());
        let open = objects.chain([listing]).map(|ask| self.rule_on(&ask)).find(|ruling| !ruling.is_refused());
        match open {
            None => here,
            Some(Ruling::Allowed(by)) => Ruling::Unclear { by: Some(by), why: Doubt::PartOfPlace },
            Some(unclear) => unclear,
        }
    }

    /// What its policies say to an action on one object, such as `s3:GetObjectTagging`, or on a version of it.
    pub fn rule_on_object(&self, action: &str, bucket: &str, key: &str, version_id: Option<&str>) -> Ruling<'a> {
        let version = version_id.map_or(Fact::Absent, |id| Fact::Is(id.into()));
        self.rule_on(&self.on_object(action, bucket, key).with_optional_fact("s3:versionid", Some(version)))
    }

    /// What they say to a listing with this prefix: `s3:ListBucket` or `s3:ListBucketVersions`; `one_level` is whether it
    /// is one level, for which a delimiter is sent.
    pub fn rule_on_listing(&self, action: &str, bucket: &str, prefix: &str, one_level: bool) -> Ruling<'a> {
        self.rule_on(&self.listing_request(action, bucket, prefix.into(), one_level))
    }

    /// What they say to an action on every object below a prefix. What is so for some of them alone is unclear.
    pub fn rule_below(&self, action: &str, bucket: &str, prefix: &str) -> Ruling<'a> {
        self.rule_on(&self.on_object(action, bucket, prefix).somewhere_below())
    }

    /// The verbs that it surely may, those that it surely may not, and those that it may perhaps do to an object.
    pub fn verbs_on(&self, bucket: &str, key: &str) -> [Verbs; 3] {
        let rulings = Verb::ALL.map(|verb| (verb, self.may_do(verb, bucket, key)));
        let of = |wanted: fn(Ruling<'a>) -> bool| {
            rulings.iter().filter(|(_, ruling)| wanted(*ruling)).map(|(verb, _)| *verb).collect()
        };
        let unclear = |ruling: Ruling<'a>| !ruling.is_allowed() && !ruling.is_refused();
        [of(Ruling::is_allowed), of(Ruling::is_refused), of(unclear)]
    }

    /// What it may do to an object, in words: `may: list, read · may not: write, delete`. Foreign text.
    pub fn words_on(&self, bucket: &str, key: &str) -> String {
        let [may, may_not, perhaps] = self.verbs_on(bucket, key);
        let words = |verbs: Verbs| verbs.iter().map(Verb::in_words).collect::<Vec<_>>().join(", ");
        let parts = [("may", may), ("may not", may_not), ("depends", perhaps)];
        let told = parts.iter().filter(|(_, verbs)| !verbs.is_empty());
        let told: Vec<String> = told.map(|(label, verbs)| format!("{label}: {}", words(*verbs))).collect();
        let doubt = perhaps.iter().find_map(|verb| match self.may_do(verb, bucket, key) {
            Ruling::Unclear { why, .. } => Some(format!(" on {why}")),
            _ => None,
        });
        format!("{}{}", told.join(" · "), doubt.unwrap_or_default())
    }

    /// The one location that it may list, if the policies say of one alone that it may.
    pub fn only_listable(&self) -> Option<Location> {
        let only = self.policy.filter(|_| self.managed.is_empty())?.only_listable()?;
        (!self.may_list(&only).is_refused()).then_some(only)
    }

    /// The places that its own policy lets be listed, for sentences. Foreign text.
    pub fn listable_places(&self) -> Vec<String> {
        self.policy.map(SessionPolicy::listable_places).unwrap_or_default()
    }

    fn arn_of(&self, name: &str) -> String {
        format!("arn:{}:s3:::{name}", self.partition)
    }

    fn listing_request<'r>(
        &'r self,
        action: &'r str,
        bucket: &str,
        prefix: Fact<'r>,
        one_level: bool,
    ) -> RequestContext<'r> {
        let delimiter = if one_level { Fact::from("/") } else { Fact::Absent };
        RequestContext::new(action, self.arn_of(bucket), self.facts.clone())
            .with_optional_fact("s3:prefix", Some(prefix))
            .with_optional_fact("s3:delimiter", Some(delimiter))
    }

    fn on_object<'r>(&'r self, action: &'r str, bucket: &str, key: &str) -> RequestContext<'r> {
        let facts = self.facts.clone().with_fact("s3:prefix", Fact::Absent).with_fact("s3:delimiter", Fact::Absent);
        RequestContext::new(action, self.arn_of(&format!("{bucket}/{key}")), facts)
    }

    fn rule_on(&self, ask: &RequestContext<'_>) -> Ruling<'a> {
        let own = Ruling::of_any(self.policy.iter().map(|policy| &policy.rules), ask);
        match (own, self.managed.first()) {
            (own @ Ruling::Denied(_), _) | (own, None) => own,
            (_, Some(arn)) => Ruling::Unclear { by: None, why: Doubt::Policy(arn) },
        }
    }
}

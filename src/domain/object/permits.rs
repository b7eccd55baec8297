//! May I? What the session's own policies say to each thing that can be done with an object or at a location.
//!
//! Invariant: a prediction covers the session's policies alone, as [`SessionRights`] does: what its source may do, and what
//! a bucket's policy says, is not known here. Where nothing narrows the session, nothing is predicted.

use super::address::ObjectAddress;
use crate::domain::{
    failure::{Failure, FailureKind},
    location::Location,
    policy::{Ruling, SessionRights},
    safe_text::printable,
};

/// One thing to do with an object, or with what is at a location.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectAction {
    /// See which keys there are.
    List,
    /// Read the current version.
    Read,
    /// Read any version.
    ReadVersion,
    /// See which versions there are.
    ListVersions,
    /// Read its tags.
    ReadTags,
    /// Read its parts and checksums.
    ReadAttributes,
    /// Read its retention.
    ReadRetention,
    /// Read its legal hold.
    ReadLegalHold,
    /// See which annotations it has.
    ListAnnotations,
    /// Read what an annotation holds.
    ReadAnnotation,
    /// Write it.
    Write,
    /// Delete it.
    Delete,
}

impl ObjectAction {
    /// What is predicted of an object and of a location.
    pub const PREDICTED: [Self; 6] =
        [Self::List, Self::Read, Self::ReadVersion, Self::ReadTags, Self::Write, Self::Delete];

    /// The words for it in a table.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Read => "read",
            Self::ReadVersion => "read a version",
            Self::ListVersions => "list versions",
            Self::ReadTags => "read tags",
            Self::ReadAttributes => "read attributes",
            Self::ReadRetention => "read the retention",
            Self::ReadLegalHold => "read the legal hold",
            Self::ListAnnotations => "list annotations",
            Self::ReadAnnotation => "read annotations",
            Self::Write => "write",
            Self::Delete => "delete",
        }
    }

    /// The words for it in a sentence, with what it is done to: `this session may not read objects`.
    pub const fn in_sentence(self) -> &'static str {
        match self {
            Self::List => "list objects",
            Self::Read => "read objects",
            Self::ReadVersion => "read versions of objects",
            Self::Write => "write objects",
            Self::Delete => "delete objects",
            _ => self.in_words(),
        }
    }

    /// The permissions that it takes, of the current version or of a version that is named.
    /// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>
    pub const fn permissions(self, of_version: bool) -> &'static [&'static str] {
        match (self, of_version) {
            (Self::List, _) => &["s3:ListBucket"],
            (Self::ListVersions, _) => &["s3:ListBucketVersions"],
            (Self::Read, false) => &["s3:GetObject"],
            (Self::Read, true) | (Self::ReadVersion, _) => &["s3:GetObjectVersion"],
            (Self::ReadTags, false) => &["s3:GetObjectTagging"],
            (Self::ReadTags, true) => &["s3:GetObjectVersionTagging"],
            (Self::ReadAttributes, false) => &["s3:GetObjectAttributes", "s3:GetObject"],
            (Self::ReadAttributes, true) => &["s3:GetObjectVersionAttributes", "s3:GetObjectVersion"],
            (Self::ReadRetention, _) => &["s3:GetObjectRetention"],
            (Self::ReadLegalHold, _) => &["s3:GetObjectLegalHold"],
            (Self::ListAnnotations, _) => &["s3:ListObjectAnnotations"],
            (Self::ReadAnnotation, _) => &["s3:GetObjectAnnotation"],
            (Self::Write, _) => &["s3:PutObject"],
            (Self::Delete, false) => &["s3:DeleteObject"],
            (Self::Delete, true) => &["s3:DeleteObjectVersion"],
        }
    }

    /// Whether its permission is one on the bucket.
    const fn is_on_bucket(self) -> bool {
        matches!(self, Self::List | Self::ListVersions)
    }
}

/// A prediction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permit<'p> {
    /// Of what.
    pub action: ObjectAction,
    /// The permission that decides: of several the first that is not allowed.
    pub permission: &'static str,
    /// What the session's policies say to it; `None` where nothing narrows the session, so that its source decides.
    pub ruling: Option<Ruling<'p>>,
}

impl<'p> Permit<'p> {
    /// What the policies say to an action on an object.
    pub fn of_object(rights: Option<&SessionRights<'p>>, action: ObjectAction, address: &ObjectAddress) -> Self {
        let ObjectAddress { bucket, key, version_id } = address;
        let rule = |rights: &SessionRights<'p>, permission: &'static str| {
            if action.is_on_bucket() {
                // The versions of a key are listed by its name alone.
                rights.rule_on_listing(permission, bucket, key, action == ObjectAction::List)
            } else {
                rights.rule_on_object(permission, bucket, key, version_id.as_deref())
            }
        };
        Self::deciding(rights, action, version_id.is_some(), rule)
    }

    /// What they say to it on everything at and below a location; a location without a bucket has buckets alone.
    pub fn of_location(rights: Option<&SessionRights<'p>>, action: ObjectAction, location: &Location) -> Option<Self> {
        let Some(bucket) = &location.bucket else {
            let ruling = rights.map(|rights| rights.may_list(location));
            let list = || Self { action, permission: "s3:ListAllMyBuckets", ruling };
            return (action == ObjectAction::List).then(list);
        };
        let rule = |rights: &SessionRights<'p>, permission: &'static str| {
            if action.is_on_bucket() {
                rights.rule_on_listing(permission, bucket, &location.prefix, true)
            } else {
                rights.rule_below(permission, bucket, &location.prefix)
            }
        };
        Some(Self::deciding(rights, action, false, rule))
    }

    fn deciding(
        rights: Option<&SessionRights<'p>>,
        action: ObjectAction,
        of_version: bool,
        rule: impl Fn(&SessionRights<'p>, &'static str) -> Ruling<'p>,
    ) -> Self {
        let permissions = action.permissions(of_version);
        let rulings = |rights| permissions.iter().map(|name| (*name, rule(rights, name))).collect::<Vec<_>>();
        let Some(rulings) = rights.map(rulings) else {
            return Self { action, permission: permissions[0], ruling: None };
        };
        let first = |wanted: fn(Ruling<'p>) -> bool| rulings.iter().find(|(_, ruling)| wanted(*ruling));
        let found = first(Ruling::is_refused).or_else(|| first(|ruling| !ruling.is_allowed())).unwrap_or(&rulings[0]);
        Self { action, permission: found.0, ruling: Some(found.1) }
    }

    /// Whether the policies surely refuse it.
    pub fn is_refused(&self) -> bool {
        self.ruling.is_some_and(Ruling::is_refused)
    }

    /// Why it is refused, if it surely is: `this session may not read tags: s3:GetObjectTagging is not in its policy`.
    /// Safe to print.
    pub fn refusal(&self) -> Option<String> {
        let (what, permission) = (self.action.in_sentence(), self.permission);
        match self.ruling? {
            Ruling::NotAllowed => Some(format!("this session may not {what}: {permission} is not in its policy")),
            Ruling::Denied(by) => {
                let by = by.to_string();
                Some(format!("this session may not {what}: its policy denies {permission}, {}", printable(&by)))
            }
            Ruling::Allowed(_) | Ruling::Unclear { .. } => None,
        }
    }
}

/// What is predicted of an object: to list its key, read it, read a version, read its tags, write and delete it.
pub fn predict_object<'p>(rights: Option<&SessionRights<'p>>, address: &ObjectAddress) -> Vec<Permit<'p>> {
    ObjectAction::PREDICTED.into_iter().map(|action| Permit::of_object(rights, action, address)).collect()
}

/// The same of everything at and below a location. In the list of buckets only listing means anything.
pub fn predict_location<'p>(rights: Option<&SessionRights<'p>>, location: &Location) -> Vec<Permit<'p>> {
    ObjectAction::PREDICTED.into_iter().filter_map(|action| Permit::of_location(rights, action, location)).collect()
}

/// A refusal in the session's own terms, where its policies explain it; otherwise as the service put it.
#[must_use]
pub fn explain_refusal(
    failure: Failure,
    rights: Option<&SessionRights<'_>>,
    action: ObjectAction,
    address: &ObjectAddress,
) -> Failure {
    if failure.kind != FailureKind::Denied {
        return failure;
    }
    let permit = Permit::of_object(rights, action, address);
    if let Some(refusal) = permit.refusal() {
        return Failure { message: refusal, ..failure };
    }
    let may_list = Permit::of_object(rights, ObjectAction::List, address);
    if matches!(action, ObjectAction::Read | ObjectAction::ReadVersion) && may_list.is_refused() {
        // <https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html>
        let message =
            format!("{}; or there is no such object: without s3:ListBucket S3 does not tell", failure.message);
        return Failure { message, ..failure };
    }
    failure
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::{failure::Service, policy::SessionPolicy};

    fn policy(statements: &str) -> SessionPolicy {
        SessionPolicy::parse_typed(&format!(r#"{{"Version":"2012-10-17","Statement":[{statements}]}}"#)).unwrap()
    }

    const READ: &str = r#"{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"],"Resource":"arn:aws:s3:::b/team/*"},
        {"Effect":"Allow","Action":"s3:ListBucket","Resource":"arn:aws:s3:::b","Condition":{"StringLike":{"s3:prefix":"team/*"}}},
        {"Sid":"Keep","Effect":"Deny","Action":"s3:Delete*","Resource":"*"},
        {"Effect":"Allow","Action":"s3:GetObjectVersion","Resource":"*","Condition":{"StringEquals":{"aws:sourcevpc":"v"}}}"#;

    fn told(permits: &[Permit<'_>]) -> Vec<&'static str> {
        let word = |permit: &Permit<'_>| match permit.ruling {
            None => "unknown",
            Some(Ruling::Allowed(_)) => "yes",
            Some(Ruling::Denied(_)) => "denied",
            Some(Ruling::NotAllowed) => "no",
            Some(Ruling::Unclear { .. }) => "unclear",
        };
        permits.iter().map(word).collect()
    }

    #[test]
    fn each_action_has_its_own_prediction() {
        let policy = policy(READ);
        let rights = SessionRights::new(Some(&policy), &[], Timestamp::UNIX_EPOCH).unwrap();
        for (key, expected) in [
            ("team/a", ["yes", "yes", "unclear", "no", "yes", "denied"]),
            ("other/a", ["no", "no", "unclear", "no", "no", "denied"]),
        ] {
            assert_eq!(told(&predict_object(Some(&rights), &ObjectAddress::new("b", key))), expected, "{key}");
        }
        assert_eq!(told(&predict_object(None, &ObjectAddress::new("b", "a"))), ["unknown"; 6]);
    }

    #[test]
    fn what_holds_for_a_part_of_a_location_is_unclear_there() {
        let policy = policy(READ);
        let rights = SessionRights::new(Some(&policy), &[], Timestamp::UNIX_EPOCH).unwrap();
        for (location, expected) in [
            (Location::new("b", "team/x/"), &["yes", "yes", "unclear", "no", "yes", "denied"][..]),
            (Location::new("b", ""), &["no", "unclear", "unclear", "no", "unclear", "denied"]),
            (Location::new("b", "home/"), &["no", "no", "unclear", "no", "no", "denied"]),
            (Location::all_buckets(), &["no"]),
        ] {
            assert_eq!(told(&predict_location(Some(&rights), &location)), expected, "{location}");
        }
    }

    #[test]
    fn a_refusal_names_the_right_that_is_missing_and_only_where_that_is_sure() {
        let policy = policy(READ);
        let rights = SessionRights::new(Some(&policy), &[], Timestamp::UNIX_EPOCH).unwrap();
        let denied = |message: &str| Failure {
            code: Some("AccessDenied".into()),
            status: Some(403),
            service: Service::S3,
            ..Failure::local(FailureKind::Denied, "read the tags of", "s3://b/team/a", message)
        };
        let explain = |rights: Option<&SessionRights<'_>>, action, key: &str| {
            explain_refusal(denied("Access Denied"), rights, action, &ObjectAddress::new("b", key)).message
        };
        assert_eq!(
            explain(Some(&rights), ObjectAction::ReadTags, "team/a"),
            "this session may not read tags: s3:GetObjectTagging is not in its policy"
        );
        assert_eq!(
            explain(Some(&rights), ObjectAction::Delete, "team/a"),
            "this session may not delete objects: its policy denies s3:DeleteObject, statement 3 (Keep)"
        );
        assert_eq!(explain(Some(&rights), ObjectAction::Read, "team/a"), "Access Denied");
        assert_eq!(explain(None, ObjectAction::ReadTags, "team/a"), "Access Denied");
        let expired = Failure { kind: FailureKind::Expired, ..denied("over") };
        let address = ObjectAddress::new("b", "team/a");
        assert_eq!(explain_refusal(expired.clone(), Some(&rights), ObjectAction::ReadTags, &address), expired);
    }

    #[test]
    fn versions_of_a_key_are_predicted_without_the_delimiter_that_is_not_sent() {
        let policy = policy(
            r#"{"Effect":"Allow","Action":["s3:ListBucket","s3:ListBucketVersions"],"Resource":"arn:aws:s3:::b",
            "Condition":{"StringEquals":{"s3:delimiter":"/"}}}"#,
        );
        let rights = SessionRights::new(Some(&policy), &[], Timestamp::UNIX_EPOCH).unwrap();
        let (object, place) = (ObjectAddress::new("b", "a"), Location::new("b", ""));
        let of_object = |action| Permit::of_object(Some(&rights), action, &object).is_refused();
        let of_place = |action| Permit::of_location(Some(&rights), action, &place).unwrap().is_refused();
        assert_eq!((of_object(ObjectAction::List), of_object(ObjectAction::ListVersions)), (false, true));
        assert_eq!((of_place(ObjectAction::List), of_place(ObjectAction::ListVersions)), (false, false));
    }

    #[test]
    fn a_version_takes_permissions_of_its_own() {
        let version = ObjectAddress::new("b", "team/a").in_version(Some("v1".into()));
        let policy = policy(
            r#"{"Effect":"Allow","Action":["s3:GetObjectVersion","s3:GetObject"],"Resource":"*","Condition":{"StringEquals":{"s3:versionid":"v1"}}}"#,
        );
        let rights = SessionRights::new(Some(&policy), &[], Timestamp::UNIX_EPOCH).unwrap();
        let read = |address: &ObjectAddress| Permit::of_object(Some(&rights), ObjectAction::Read, address);
        assert_eq!(read(&version).permission, "s3:GetObjectVersion");
        assert!(read(&version).ruling.unwrap().is_allowed());
        assert!(read(&version.clone().in_version(Some("v2".into()))).is_refused());
        assert!(read(&version.in_version(None)).is_refused());
    }
}

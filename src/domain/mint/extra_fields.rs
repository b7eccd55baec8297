//! The fields that most sessions do not need: managed policies, tags, external ID, source identity, MFA device.
//!
//! Invariant: nothing is sent that a mode does not take; [`Draft::check`] refuses it if it was filled in. Lengths and
//! characters are those of STS's service model.
//! <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>

use std::ops::RangeInclusive;

use super::{
    Draft, Field,
    field::Notes,
    tags::{MOST_TAGS, SessionTag, same_key},
};

/// Managed policies that one call takes.
const MOST_POLICY_ARNS: usize = 10;

/// A text field's rule.
struct FieldRule {
    field: Field,
    lengths: RangeInclusive<usize>,
    /// Besides letters and digits.
    punctuation: &'static str,
}

const EXTERNAL_ID: FieldRule = FieldRule { field: Field::ExternalId, lengths: 2..=1224, punctuation: "_+=,.@:/-" };
const SOURCE_IDENTITY: FieldRule = FieldRule { field: Field::SourceIdentity, lengths: 2..=64, punctuation: "_+=,.@-" };
const SERIAL: FieldRule = FieldRule { field: Field::MfaSerial, lengths: 9..=256, punctuation: "_+=/:,.@-" };

impl FieldRule {
    /// The text, if there is one; what is wrong with it is noted.
    fn check_text(&self, text: &str, notes: &mut Notes) -> Option<String> {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let (least, most) = (self.lengths.start(), self.lengths.end());
        if let Some(odd) = text.chars().find(|c| !(c.is_ascii_alphanumeric() || self.punctuation.contains(*c))) {
            notes.add_refusal(
                self.field,
                format!("{odd:?} is not allowed; use letters, digits and {}", self.punctuation),
            );
        } else if !self.lengths.contains(&text.len()) {
            notes.add_limit(self.field, format!("{least} to {most} characters, not {}", text.len()));
        }
        Some(text.to_owned())
    }
}

pub(super) fn policy_arns(draft: &Draft, notes: &mut Notes) -> Vec<String> {
    if !draft.mode.takes_field(Field::PolicyArns) {
        return vec![];
    }
    let arns: Vec<String> = draft.policy_arns.iter().map(|arn| arn.trim().to_owned()).collect();
    for arn in &arns {
        let is_policy = arn.splitn(6, ':').nth(5).and_then(|name| name.strip_prefix("policy/"));
        if !arn.starts_with("arn:") || is_policy.is_none_or(str::is_empty) || arn.contains(char::is_whitespace) {
            notes.add_refusal(Field::PolicyArns, format!("{arn:?} is not arn:aws:iam::ACCOUNT:policy/NAME"));
        } else if !(20..=2048).contains(&arn.len()) {
            notes.add_limit(Field::PolicyArns, format!("20 to 2048 characters, not {}", arn.len()));
        }
    }
    if arns.len() > MOST_POLICY_ARNS {
        notes.add_limit(Field::PolicyArns, format!("{} policies; AWS allows {MOST_POLICY_ARNS}", arns.len()));
    }
    arns
}

pub(super) fn check_tags(draft: &Draft, notes: &mut Notes) -> Vec<SessionTag> {
    if !draft.mode.takes_field(Field::Tags) {
        return vec![];
    }
    let mut tags: Vec<SessionTag> = vec![];
    for text in &draft.tags {
        match SessionTag::parse_tag(text) {
            Ok(tag) => {
                if let Some(twin) = tags.iter().find(|other| same_key(&other.key, &tag.key)) {
                    notes.add_refusal(Field::Tags, format!("{} and {} are the same key", twin.key, tag.key));
                }
                tags.push(tag);
            }
            Err(reason) => notes.add_refusal(Field::Tags, reason),
        }
    }
    if tags.len() > MOST_TAGS {
        notes.add_limit(Field::Tags, format!("{} tags; AWS allows {MOST_TAGS}", tags.len()));
    }
    tags
}

pub(super) fn transitive_tags(draft: &Draft, tags: &[SessionTag], notes: &mut Notes) -> Vec<String> {
    let field = Field::TransitiveTags;
    if !draft.mode.takes_field(field) {
        return vec![];
    }
    let keys: Vec<String> = draft.transitive_tags.iter().map(|key| key.trim().to_owned()).collect();
    if let Some(stranger) = keys.iter().find(|key| !tags.iter().any(|tag| same_key(&tag.key, key))) {
        notes.add_refusal(field, format!("{stranger:?} is not the key of a session tag"));
    }
    keys
}

pub(super) fn external_id(draft: &Draft, notes: &mut Notes) -> Option<String> {
    draft.mode.takes_field(Field::ExternalId).then(|| EXTERNAL_ID.check_text(&draft.external_id, notes)).flatten()
}

pub(super) fn source_identity(draft: &Draft, notes: &mut Notes) -> Option<String> {
    if !draft.mode.takes_field(Field::SourceIdentity) {
        return None;
    }
    if draft.source_identity.trim().starts_with("aws:") {
        notes.add_refusal(Field::SourceIdentity, "the prefix aws: is reserved".into());
    }
    SOURCE_IDENTITY.check_text(&draft.source_identity, notes)
}

pub(super) fn mfa_serial(draft: &Draft, notes: &mut Notes) -> Option<String> {
    if !draft.mode.takes_field(Field::MfaSerial) {
        return None;
    }
    if draft.mfa_serial.contains(":user/") {
        notes.add_refusal(Field::MfaSerial, "this is the ARN of a user; the ARN of a device has :mfa/ in it".into());
    }
    SERIAL.check_text(&draft.mfa_serial, notes)
}

#[cfg(test)]
mod tests {
    use crate::domain::mint::{AssumeRole, Limits, MintFacts, MintRequest, Mode};

    use super::*;

    const DEVICE: &str = "arn:aws:iam::111122223333:mfa/ana";
    const POLICY: &str = "arn:aws:iam::aws:policy/ReadOnlyAccess";

    fn role() -> Draft {
        Draft { mode: Mode::Role, role_arn: "arn:aws:iam::111122223333:role/reader".into(), ..Draft::default() }
    }

    fn texts<const N: usize>(texts: [&str; N]) -> Vec<String> {
        texts.map(str::to_owned).to_vec()
    }

    #[test]
    fn everything_that_assume_role_takes_goes_into_the_request() {
        let draft = Draft {
            policy_arns: texts([POLICY]),
            tags: texts(["team=tide", "Dept=sea"]),
            transitive_tags: texts(["dept"]),
            external_id: " tide:7/x ".into(),
            source_identity: "ana".into(),
            mfa_serial: DEVICE.into(),
            ..role()
        };
        let expected = AssumeRole {
            policy_arns: texts([POLICY]),
            tags: vec![SessionTag::parse_tag("team=tide").unwrap(), SessionTag::parse_tag("Dept=sea").unwrap()],
            transitive_tags: texts(["dept"]),
            external_id: Some("tide:7/x".into()),
            source_identity: Some("ana".into()),
            mfa_serial: Some(DEVICE.into()),
            ..AssumeRole::new(role().role_arn, "ebbtide", "1h".parse().unwrap())
        };
        assert_eq!(
            draft.check_fields(Limits::Enforced, MintFacts::default()).unwrap().request,
            MintRequest::AssumeRole(Box::new(expected))
        );
    }

    #[test]
    fn a_bad_value_is_named_with_the_reason() {
        let many = |number: usize| (0..number).map(|at| format!("k{at}=v")).collect::<Vec<_>>();
        let rows: [(Draft, Field, &str); 15] = [
            (Draft { policy_arns: texts(["ReadOnlyAccess"]), ..role() }, Field::PolicyArns, "not arn:aws:iam"),
            (Draft { policy_arns: vec![POLICY.into(); 11], ..role() }, Field::PolicyArns, "AWS allows 10"),
            (Draft { tags: texts(["team"]), ..role() }, Field::Tags, "KEY=VALUE"),
            (Draft { tags: texts(["Dept=a", "dept=b"]), ..role() }, Field::Tags, "Dept and dept are the same key"),
            (Draft { tags: many(51), ..role() }, Field::Tags, "AWS allows 50"),
            (
                Draft { transitive_tags: texts(["team"]), ..role() },
                Field::TransitiveTags,
                "not the key of a session tag",
            ),
            (Draft { external_id: "x".into(), ..role() }, Field::ExternalId, "2 to 1224"),
            (Draft { external_id: "a b".into(), ..role() }, Field::ExternalId, "' '"),
            (Draft { source_identity: "x".repeat(65), ..role() }, Field::SourceIdentity, "2 to 64"),
            (Draft { source_identity: "a/b".into(), ..role() }, Field::SourceIdentity, "'/'"),
            (Draft { mfa_serial: "GAHT1234".into(), ..role() }, Field::MfaSerial, "9 to 256"),
            (
                Draft { mfa_serial: "arn:aws:iam::111122223333:user/ana".into(), ..role() },
                Field::MfaSerial,
                "has :mfa/ in it",
            ),
            (Draft { mfa_serial: DEVICE.into(), mode: Mode::Federation, ..role() }, Field::MfaSerial, "takes no MFA"),
            (Draft { tags: many(1), mode: Mode::Session, ..role() }, Field::Tags, "federated user or a role"),
            (Draft { external_id: "tide".into(), mode: Mode::Session, ..role() }, Field::ExternalId, "only a role"),
        ];
        for (draft, field, reason) in rows {
            let notes = draft.check_fields(Limits::Enforced, MintFacts::default()).unwrap_err();
            assert_eq!(notes.len(), 1, "{notes:?}");
            assert_eq!(notes[0].field, field);
            assert!(notes[0].text.contains(reason), "{}", notes[0]);
        }
    }

    #[test]
    fn the_longest_values_that_aws_takes_are_taken() {
        let draft = Draft {
            policy_arns: vec![POLICY.into(); 10],
            tags: (0..50).map(|at| format!("k{at}=v")).collect(),
            external_id: "x".repeat(1224),
            source_identity: "x".repeat(64),
            mfa_serial: "GAHT12345".into(),
            ..role()
        };
        assert!(draft.check_fields(Limits::Enforced, MintFacts::default()).is_ok());
    }
}

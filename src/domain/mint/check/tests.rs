//! Drafts, and what is wrong with each.

use super::*;

const ROLE: &str = "arn:aws:iam::111122223333:role/reader";

fn draft(mode: Mode) -> Draft {
    Draft { mode, role_arn: ROLE.into(), verbs: mode.default_verbs(), ..Draft::default() }
}

#[test]
fn each_mode_has_a_draft_that_needs_nothing_more() {
    for mode in Mode::ALL {
        assert_eq!(draft(mode).check(Limits::Enforced, Known::default()).unwrap().request.mode(), mode);
    }
}

#[test]
fn a_bad_field_is_named_with_the_reason() {
    let rows: [(Draft, Field, &str); 12] = [
        (Draft { duration: "soon".into(), ..draft(Mode::Session) }, Field::Duration, "not a duration"),
        (Draft { duration: "14m".into(), ..draft(Mode::Session) }, Field::Duration, "15m to 36h"),
        (Draft { duration: "37h".into(), ..draft(Mode::Federation) }, Field::Duration, "15m to 36h"),
        (Draft { duration: "13h".into(), ..draft(Mode::Role) }, Field::Duration, "15m to 12h"),
        (Draft { name: String::new(), ..draft(Mode::Federation) }, Field::Name, "needed"),
        (Draft { name: "ana laptop".into(), ..draft(Mode::Federation) }, Field::Name, "' '"),
        (Draft { name: "x".repeat(33), ..draft(Mode::Federation) }, Field::Name, "2 to 32"),
        (Draft { role_arn: String::new(), ..draft(Mode::Role) }, Field::RoleArn, "required"),
        (Draft { role_arn: "reader".into(), ..draft(Mode::Role) }, Field::RoleArn, "not a role ARN"),
        (Draft { location: "https://x".into(), ..draft(Mode::Role) }, Field::Location, "not an S3 location"),
        (Draft { verbs: Some(Verbs::READ), ..draft(Mode::Session) }, Field::Scope, "takes no session policy"),
        (Draft { policy: Some("{".into()), ..draft(Mode::Role) }, Field::Policy, "line 1"),
    ];
    for (draft, field, reason) in rows {
        let notes = draft.check(Limits::Enforced, Known::default()).unwrap_err();
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert_eq!(notes[0].field, field);
        assert!(notes[0].text.contains(reason), "{}", notes[0]);
    }
}

#[test]
fn what_is_known_of_the_source_limits_the_draft_before_the_call() {
    use crate::domain::mint::SourceKind::{AssumedRole, FederatedUser, Root, SessionToken, User};
    let of = |mode, duration: &str| Draft { duration: duration.into(), ..draft(mode) };
    for (source, draft, verdict) in [
        (User, of(Mode::Session, "36h"), Ok(None)),
        (Root, of(Mode::Session, "2h"), Ok(Some("root keys: AWS grants 1h"))),
        (Root, of(Mode::Role, "1h"), Err((Field::Mode, "root user cannot assume"))),
        (SessionToken, of(Mode::Session, "1h"), Err((Field::Mode, "temporary credentials cannot"))),
        (AssumedRole, of(Mode::Federation, "1h"), Err((Field::Mode, "temporary credentials cannot"))),
        (AssumedRole, of(Mode::Role, "1h"), Ok(None)),
        (AssumedRole, of(Mode::Role, "2h"), Err((Field::Duration, "role chaining: at most 1h"))),
        (FederatedUser, of(Mode::Role, "1h"), Err((Field::Mode, "cannot assume a role"))),
    ] {
        let known = Known { source: Some(source), ..Known::default() };
        match (draft.check(Limits::Enforced, known), verdict) {
            (Ok(checked), Ok(advice)) => assert_eq!(checked.advice.first().map(|note| note.text.as_str()), advice),
            (Err(notes), Err((field, reason))) => {
                assert!(notes[0].field == field && notes[0].text.contains(reason), "{source:?}: {notes:?}");
                let advised = draft.check(Limits::Advised, known).unwrap();
                assert_eq!(advised.advice, notes, "elsewhere the same is advice");
            }
            (checked, verdict) => panic!("{source:?}: {checked:?} instead of {verdict:?}"),
        }
    }
}

#[test]
fn another_endpoint_decides_about_its_own_limits() {
    let short = Draft { duration: "10s".into(), ..draft(Mode::Session) };
    let checked = short.check(Limits::Advised, Known::default()).unwrap();
    assert_eq!(checked.request.duration(), Some(SessionDuration::from_secs(10)));
    assert_eq!(checked.advice[0].field, Field::Duration);
}

#[test]
fn a_long_policy_is_refused_for_federation_and_left_to_aws_for_a_role() {
    let long = r#"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":""#.to_owned()
        + &"x".repeat(2048)
        + r#""}]}"#;
    let of = |mode| Draft { policy: Some(long.clone()), ..draft(mode) };
    let refused = of(Mode::Federation).check(Limits::Enforced, Known::default()).unwrap_err();
    assert_eq!((refused.len(), refused[0].field), (1, Field::Policy));
    for (mode, limits) in [(Mode::Role, Limits::Enforced), (Mode::Federation, Limits::Advised)] {
        let checked = of(mode).check(limits, Known::default()).unwrap();
        assert!(checked.advice[0].text.contains("AWS allows 2048"), "{mode}: {}", checked.advice[0]);
    }
}

#[test]
fn the_last_character_that_fits_is_counted() {
    for (length, fits) in [(2047, true), (2048, true), (2049, false)] {
        let empty = r#"{"Statement":{"Sid":""}}"#;
        let policy = empty.replace("\"\"", &format!("\"{}\"", "x".repeat(length - empty.len())));
        let checked =
            Draft { policy: Some(policy), ..draft(Mode::Federation) }.check(Limits::Enforced, Known::default());
        assert_eq!(checked.is_ok(), fits, "{length}");
    }
}

#[test]
fn a_scope_that_allows_nothing_is_refused_and_an_escaped_prefix_is_said() {
    let none = Draft { verbs: Some(Verbs::NONE), ..draft(Mode::Role) };
    assert_eq!(none.check(Limits::Advised, Known::default()).unwrap_err()[0].field, Field::Scope);
    for (prefix, said) in [("é/", false), ("漢/", true)] {
        let draft = Draft { location: format!("tide-logs/{prefix}"), ..draft(Mode::Federation) };
        let advice = draft.check(Limits::Enforced, Known::default()).unwrap().advice;
        assert_eq!(advice.iter().any(|note| note.field == Field::Location), said, "{prefix}");
    }
}

#[test]
fn a_scoped_prefix_ends_in_its_delimiter() {
    for (mode, typed, taken) in [
        (Mode::Federation, "tide-logs/team", "s3://tide-logs/team/"),
        (Mode::Federation, "s3://tide-logs/team/", "s3://tide-logs/team/"),
        (Mode::Role, "s3://tide-logs/team", "s3://tide-logs/team"),
        (Mode::Session, "s3://tide-logs/team", "s3://tide-logs/team"),
    ] {
        let draft = Draft { location: typed.into(), ..draft(mode) };
        assert_eq!(
            draft.check(Limits::Enforced, Known::default()).unwrap().location.to_string(),
            taken,
            "{mode} {typed}"
        );
    }
}

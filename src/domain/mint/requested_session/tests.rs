//! What fills the gaps, by kind of profile.

use super::*;
use crate::domain::policy::Verbs;

const ROLE: &str = "arn:aws:iam::111122223333:role/reader";
const OTHER: &str = "arn:aws:iam::111122223333:role/other";
const DEVICE: &str = "arn:aws:iam::111122223333:mfa/ana";

fn of(kind: ProfileKind) -> Profile {
    let role_arn = (kind == ProfileKind::Role).then(|| ROLE.to_owned());
    Profile { kind, role_arn, ..Profile::default() }
}

fn typed<const N: usize>(values: Draft, fields: [Field; N]) -> RequestedSession {
    RequestedSession::new(values, fields)
}

#[test]
fn a_mode_that_nobody_chose_fits_the_credentials() {
    use ProfileKind::{Container, Environment, Instance, Keys, Process, Role, SessionKeys, Sso, WebIdentity};
    let blank = Draft::default();
    let exported = Profile { has_session_token: true, ..of(Environment) };
    for (profile, asked, mode, federated) in [
        (of(Keys), None, Mode::Session, Mode::Federation),
        (of(Environment), None, Mode::Session, Mode::Federation),
        (exported, None, Mode::Direct, Mode::Federation),
        (of(SessionKeys), None, Mode::Direct, Mode::Federation),
        (of(Sso), None, Mode::Direct, Mode::Federation),
        (of(WebIdentity), None, Mode::Direct, Mode::Federation),
        (of(Container), None, Mode::Direct, Mode::Federation),
        (of(Instance), None, Mode::Direct, Mode::Federation),
        (of(Process), None, Mode::Session, Mode::Federation),
        (of(Process), Some(false), Mode::Session, Mode::Federation),
        (of(Process), Some(true), Mode::Direct, Mode::Federation),
        (of(Role), None, Mode::Role, Mode::Role),
        (of(Role), Some(false), Mode::Role, Mode::Role),
    ] {
        let nothing = RequestedSession::default();
        assert_eq!(nothing.fill_draft(&blank, Some(&profile), asked).mode, mode, "{:?} {asked:?}", profile.kind);
        let user = RequestedSession::default().with_implied_mode(Some(Mode::Federation));
        assert_eq!(user.fill_draft(&blank, Some(&profile), asked).mode, federated, "--user, {:?}", profile.kind);
        for chosen in Mode::ALL {
            let chosen = typed(Draft { mode: chosen, ..Draft::default() }, [Field::Mode]);
            let draft = chosen.fill_draft(&blank, Some(&profile), asked);
            assert_eq!(draft.mode, chosen.fill_draft(&blank, None, None).mode, "what was chosen stays");
        }
    }
}

#[test]
fn a_role_profiles_settings_are_those_of_its_own_role() {
    let profile = Profile {
        external_id: Some("tide-42".into()),
        role_session_name: Some("shift".into()),
        duration_seconds: Some(7200),
        mfa_serial: Some(DEVICE.into()),
        ..of(ProfileKind::Role)
    };
    let said = |draft: &Draft| {
        [&draft.role_arn, &draft.duration, &draft.name, &draft.external_id, &draft.mfa_serial].map(String::clone)
    };
    let blank = Draft::default();
    let of_role = |role: &str| Draft { role_arn: role.into(), ..Draft::default() };
    for (wishes, expected) in [
        (RequestedSession::default(), [ROLE, "2h", "shift", "tide-42", DEVICE]),
        (typed(of_role(OTHER), [Field::RoleArn]), [OTHER, "1h", "ebbtide", "", ""]),
        (typed(of_role(ROLE), [Field::RoleArn]), [ROLE, "2h", "shift", "tide-42", DEVICE]),
        // Emptying a field is a choice too.
        (typed(Draft::default(), [Field::ExternalId, Field::MfaSerial]), [ROLE, "2h", "shift", "", ""]),
    ] {
        let draft = wishes.fill_draft(&blank, Some(&profile), None);
        assert_eq!(said(&draft), expected, "{wishes:?}");
    }
}

#[test]
fn a_users_device_goes_along_where_the_mode_takes_its_code() {
    let profile = Profile { mfa_serial: Some(DEVICE.into()), ..of(ProfileKind::Keys) };
    for (mode, serial) in [(Mode::Session, DEVICE), (Mode::Role, DEVICE), (Mode::Federation, ""), (Mode::Direct, "")] {
        let wishes = typed(Draft { mode, ..Draft::default() }, [Field::Mode]);
        assert_eq!(wishes.fill_draft(&Draft::default(), Some(&profile), None).mfa_serial, serial, "{mode}");
    }
}

#[test]
fn what_one_begins_with_gives_way_to_the_profile_and_to_what_was_typed() {
    let blank = Draft { duration: "30s".into(), role_arn: OTHER.into(), ..Draft::default() };
    let draft = RequestedSession::default().fill_draft(&blank, Some(&of(ProfileKind::Role)), None);
    assert_eq!((draft.role_arn.as_str(), draft.duration.as_str()), (ROLE, "30s"));
    assert_eq!(RequestedSession::default().fill_draft(&blank, Some(&of(ProfileKind::Keys)), None).role_arn, OTHER);
    let wishes = typed(Draft { duration: "45m".into(), ..Draft::default() }, [Field::Duration]);
    assert_eq!(wishes.fill_draft(&blank, Some(&of(ProfileKind::Keys)), None).duration, "45m");
}

#[test]
fn a_scope_that_was_chosen_outlives_every_change_of_mode() {
    let blank = Draft::default();
    for scope in [None, Some(Verbs::LIST), Some(Verbs::WRITE)] {
        for mode in Mode::ALL {
            let wishes = typed(Draft { mode, verbs: scope, ..Draft::default() }, [Field::Mode, Field::Scope]);
            assert_eq!(wishes.fill_draft(&blank, None, None).verbs, scope, "{mode}");
            let by_itself = typed(Draft { mode, verbs: scope, ..Draft::default() }, [Field::Mode]);
            assert_eq!(by_itself.fill_draft(&blank, None, None).verbs, mode.default_verbs(), "{mode}");
        }
    }
}

#[test]
fn where_a_value_comes_from_is_known() {
    let blank = Draft::default();
    let profile = Profile { duration_seconds: Some(7200), ..of(ProfileKind::Role) };
    let wishes = typed(Draft::default(), [Field::Name]);
    for (field, origin) in [
        (Field::Name, ValueOrigin::Typed),
        (Field::RoleArn, ValueOrigin::Prefilled),
        (Field::Duration, ValueOrigin::Prefilled),
        (Field::Mode, ValueOrigin::Prefilled),
        (Field::ExternalId, ValueOrigin::Default),
        (Field::Location, ValueOrigin::Default),
    ] {
        assert_eq!(wishes.origin_of(field, &blank, Some(&profile), None), origin, "{field:?}");
    }
}

#[test]
fn what_a_mode_does_not_take_is_named_once_and_an_emptied_field_never() {
    let values =
        Draft { verbs: Some(Verbs::LIST), tags: vec!["team=tide".into()], duration: "2h".into(), ..Draft::default() };
    let wishes =
        typed(values, [Field::Scope, Field::Tags, Field::Duration, Field::MfaSerial, Field::ExternalId, Field::Scope]);
    let ignored = |mode| wishes.ignored_by(mode).iter().map(|note| note.field).collect::<Vec<_>>();
    assert_eq!(ignored(Mode::Role), []);
    assert_eq!(ignored(Mode::Session), [Field::Scope, Field::Tags]);
    assert_eq!(ignored(Mode::Direct), [Field::Scope, Field::Tags, Field::Duration]);
}

#[test]
fn a_whole_request_is_filled_in_as_it_was_whatever_the_profile_says() {
    let profile = Profile { mfa_serial: Some(DEVICE.into()), ..of(ProfileKind::Role) };
    let narrowed = Draft { mode: Mode::Role, role_arn: OTHER.into(), verbs: Some(Verbs::LIST), ..Draft::default() };
    let own = Draft { verbs: None, policy: Some("{}".into()), ..narrowed.clone() };
    let plain = Draft { location: "s3://tide-logs/".into(), duration: "2h".into(), ..Draft::default() };
    for draft in [narrowed, own, plain] {
        let filled = RequestedSession::whole_request(&draft).fill_draft(&Draft::default(), Some(&profile), None);
        let role_arn = filled.role_arn.clone();
        let same = if draft.mode == Mode::Role { filled } else { Draft { role_arn: String::new(), ..filled } };
        assert_eq!(same, draft, "{role_arn}");
    }
}

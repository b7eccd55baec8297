//! Roles to choose from and the user that a name names, as they look.
//!
//! Invariant: at 80×24 nothing that matters is cut.

use ebbtide::{
    app::{Effect, Generation, Message, Setup},
    domain::{
        failure::{Failure, FailureKind, Service},
        iam::{Admission, MfaNeed, OfferedRole, User},
        mint::Mode,
    },
};
use insta::assert_snapshot;

use super::{play::Play, screen};

/// The form of a mode, whose panel about IAM was opened.
fn asking(mode: Mode) -> (Play, Generation) {
    let mut setup = Setup::default();
    setup.draft.mode = mode;
    setup.draft.name = "berth".into();
    let mut play = Play::at_the_form(setup);
    let generation = generation(&play.press("F6"));
    (play, generation)
}

fn generation(effects: &[Effect]) -> Generation {
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::ListRoles { generation, .. } | Effect::FindUser { generation, .. } => Some(*generation),
        _ => None,
    });
    asked.unwrap()
}

fn roles() -> Vec<OfferedRole> {
    let named = [
        ("auditor", "4h", Admission::Likely),
        ("diver", "4h", Admission::Unknown("it requires MFA".into())),
        ("locked", "1h", Admission::Unlikely("it names nobody of this account".into())),
        ("reader", "1h", Admission::Likely),
        ("潮-\u{202e}role", "12h", Admission::Likely),
    ];
    let role = |(name, longest, admission): (&str, &str, _)| {
        let arn = format!("arn:aws:iam::111122223333:role/{name}");
        OfferedRole {
            name: name.into(),
            arn,
            longest: longest.parse().ok(),
            admission,
            needs_mfa: MfaNeed::default(),
            needs_external_id: false,
        }
    };
    named.map(role).into()
}

fn refused() -> Failure {
    Failure {
        service: Service::Iam,
        code: Some("AccessDenied".into()),
        status: Some(403),
        ..Failure::local(FailureKind::Denied, "ask", "IAM", "User ana is not authorized")
    }
}

#[test]
fn roles_are_marked_by_who_may_assume_them_with_the_selected_ones_reason() {
    let (mut play, generation) = asking(Mode::Role);
    play.tell(Message::RolesArrived { generation, outcome: Ok((roles(), true)) });
    play.press("down");
    play.wait(1);
    assert_snapshot!("roles_loading", screen(&play));
    play.tell(Message::RolesArrived { generation, outcome: Ok((vec![], false)) });
    play.write("ER");
    assert_snapshot!("roles_filtered", screen(&play));
}

#[test]
fn roles_that_may_not_be_listed_are_typed_instead() {
    let (mut play, generation) = asking(Mode::Role);
    play.tell(Message::RolesArrived { generation, outcome: Err(refused()) });
    assert_snapshot!("roles_refused", screen(&play));
}

#[test]
fn a_user_is_looked_for_missing_there_or_not_told() {
    let user = User { name: "berth".into(), arn: "arn:aws:iam::111122223333:user/berth".into(), id: "AIDA".into() };
    for (name, outcome) in
        [("user_missing", Ok(None)), ("user_exists", Ok(Some(user))), ("user_refused", Err(refused()))]
    {
        let (mut play, generation) = asking(Mode::Federation);
        play.tell(Message::UserFound { generation, outcome });
        assert_snapshot!(name, screen(&play));
    }
}

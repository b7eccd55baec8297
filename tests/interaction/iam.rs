//! IAM in the form: roles to choose from, a user to look for, a role's maximum known before the call.

use ebbtide::{
    app::{Dialog, Effect, Generation, Message, Offering, Preflight, Setup, UserState},
    domain::{
        failure::{Failure, FailureKind},
        iam::{Admission, MfaNeed, OfferedRole, Role, User},
        identity::{Caller, Identity},
        mint::{Field, MintRequest, Mode},
    },
};

use crate::play::Play;

const READER: &str = "arn:aws:iam::111122223333:role/reader";

fn form(mode: Mode, endpoint_url: Option<&str>) -> Play {
    let mut setup = Setup::default();
    setup.draft.mode = mode;
    setup.source.endpoint_url = endpoint_url.map(Into::into);
    Play::at_the_form(setup)
}

fn offered(name: &str, longest: &str, admission: Admission) -> OfferedRole {
    let arn = format!("arn:aws:iam::111122223333:role/{name}");
    OfferedRole {
        name: name.into(),
        arn,
        longest: longest.parse().ok(),
        admission,
        needs_mfa: MfaNeed::default(),
        needs_external_id: false,
    }
}

fn asked(effects: &[Effect]) -> Generation {
    match effects {
        [.., Effect::ListRoles { generation, .. } | Effect::FindUser { generation, .. }] => *generation,
        _ => panic!("IAM was not asked: {effects:?}"),
    }
}

fn shown(play: &Play) -> Vec<String> {
    let Some(Dialog::RolePicker(picker)) = play.model.dialogs.front() else {
        panic!("no roles: {:?}", play.model.dialogs.front())
    };
    picker.shown().into_iter().map(|role| role.name.clone()).collect()
}

fn state(play: &Play) -> &UserState {
    let Some(Dialog::UserPanel(panel)) = play.model.dialogs.front() else {
        panic!("no user: {:?}", play.model.dialogs.front())
    };
    &panel.state
}

fn picking() -> (Play, Generation) {
    let mut play = form(Mode::Session, None);
    let generation = asked(&play.press("F6"));
    let first =
        vec![offered("berth", "1h", Admission::Unlikely("no".into())), offered("reader", "4h", Admission::Likely)];
    play.tell(Message::RolesArrived { generation, outcome: Ok((first, true)) });
    (play, generation)
}

#[test]
fn roles_are_there_page_by_page_and_typing_filters_them() {
    let (mut play, generation) = picking();
    assert_eq!(shown(&play), ["berth", "reader"]);
    let second = vec![offered("s3-reader", "", Admission::Unknown("it requires MFA".into()))];
    play.tell(Message::RolesArrived { generation, outcome: Ok((second, false)) });
    play.write("READ");
    assert_eq!(shown(&play), ["reader", "s3-reader"]);
    play.press("F1");
    assert!(matches!(play.model.dialogs.front(), Some(Dialog::Help(_))));
    play.press("esc backspace backspace backspace backspace");
    assert_eq!(shown(&play), ["berth", "reader", "s3-reader"]);
}

#[test]
fn a_page_that_arrives_below_help_is_not_lost_and_one_of_a_closed_panel_is() {
    let (mut play, generation) = picking();
    let page =
        || Message::RolesArrived { generation, outcome: Ok((vec![offered("third", "1h", Admission::Likely)], false)) };
    play.press("F1");
    play.tell(page());
    play.press("esc");
    assert_eq!(shown(&play).len(), 3);
    assert_eq!(play.press("esc"), [Effect::CancelRoles]);
    let again = asked(&play.press("F6"));
    assert_ne!(again, generation);
    play.tell(page());
    assert_eq!(shown(&play).len(), 0);
}

#[test]
fn a_role_that_is_taken_is_assumed_and_its_maximum_holds_on_aws_and_is_advice_elsewhere() {
    for (endpoint_url, refused) in [(Some("https://sts.eu-west-1.amazonaws.com"), true), (None, false)] {
        let mut play = form(Mode::Session, endpoint_url);
        let generation = asked(&play.press("F6"));
        let role = offered("reader", "4h", Admission::Likely);
        play.tell(Message::RolesArrived { generation, outcome: Ok((vec![role], false)) });
        assert_eq!(play.press("enter"), [Effect::CancelRoles]);
        let form = &play.model.form;
        assert_eq!((form.mode, form.role_arn.text(), form.focus), (Mode::Role, READER, Field::RoleArn));
        assert_eq!(play.press("tab"), [], "what is known is not asked for");
        play.press("ctrl-u");
        play.write("5h");
        let checked = play.model.form.checked().clone();
        let notes = if refused { checked.unwrap_err() } else { checked.unwrap().advice };
        assert!(notes[0].field == Field::Duration && notes[0].text.contains("at most 4h"), "{notes:?}");
        play.press("ctrl-u");
        play.write("4h");
        let minted = play.press("enter");
        assert!(matches!(&minted[..], [Effect::Mint { request: MintRequest::AssumeRole { .. }, .. }]), "{minted:?}");
    }
}

#[test]
fn refused_roles_leave_the_form_as_it_was() {
    let mut play = form(Mode::Role, None);
    let generation = asked(&play.press("F6"));
    let denied = Failure::local(FailureKind::Denied, "list", "the roles", "not authorized to perform: iam:ListRoles");
    play.tell(Message::RolesArrived { generation, outcome: Err(denied) });
    let Some(Dialog::RolePicker(picker)) = play.model.dialogs.front() else { panic!() };
    assert!(matches!(picker.offering, Offering::Failed(_)));
    assert_eq!(play.press("enter"), [], "there is nothing to take");
    play.press("esc");
    assert_eq!((play.model.form.role_arn.text(), play.model.sessions.minting.failure()), ("", None));
}

#[test]
fn a_roles_maximum_is_asked_for_once_when_its_field_is_left_and_never_while_typing() {
    let mut play = form(Mode::Role, None);
    play.press("tab tab");
    assert_eq!(play.model.form.focus, Field::RoleArn);
    assert_eq!(play.write(READER), []);
    let left = play.press("tab");
    assert!(matches!(&left[..], [Effect::FindRole { role_arn, .. }] if role_arn == READER), "{left:?}");
    assert_eq!(play.press("tab tab"), []);
    let role = Role {
        name: "reader".into(),
        arn: READER.into(),
        longest: "2h".parse().ok(),
        trust_policy: String::new(),
        description: None,
    };
    let source = play.model.form.source();
    play.tell(Message::RoleFound { source, role_arn: READER.into(), outcome: Ok(Some(role)) });
    assert_eq!(play.model.form.role_longest(), "2h".parse().ok());
}

#[test]
fn a_role_that_iam_lacks_is_missed_in_the_callers_own_account_alone() {
    for (account, missed) in [("111122223333", true), ("444455556666", false)] {
        let mut play = form(Mode::Role, None);
        let source = play.model.form.source();
        let identity = Identity {
            arn: format!("arn:aws:iam::{account}:user/ana"),
            account: account.into(),
            user_id: "AIDA".into(),
        };
        let caller = Caller { identity, temporary: false };
        play.model.form.preflight = Preflight::Answered { source: source.clone(), outcome: Ok(caller) };
        play.press("tab tab");
        play.write(READER);
        play.tell(Message::RoleFound { source: source.clone(), role_arn: READER.into(), outcome: Ok(None) });
        assert_eq!(play.model.form.lacks_role(), missed, "{account}");
        play.write("2");
        assert!(!play.model.form.lacks_role(), "another role");
    }
}

#[test]
fn the_panel_about_a_user_creates_none_whatever_is_pressed() {
    let user = User { name: "ebbtide".into(), arn: "arn:aws:iam::111122223333:user/ebbtide".into(), id: "AIDA".into() };
    for (outcome, known) in [(None, UserState::Missing), (Some(user.clone()), UserState::Exists(user))] {
        let mut play = form(Mode::Federation, None);
        let looked = play.press("F6");
        assert!(matches!(&looked[..], [Effect::FindUser { name, .. }] if name == "ebbtide"), "{looked:?}");
        assert_eq!(play.press("enter enter"), [], "while it is asked for");
        play.tell(Message::UserFound { generation: asked(&looked), outcome: Ok(outcome) });
        assert_eq!(state(&play), &known);
        assert_eq!(play.press("enter enter y r space"), []);
        assert_eq!(state(&play), &known, "it stays until it is closed");
        play.press("esc");
        assert_eq!(play.model.dialogs.front(), None);
    }
}

#[test]
fn devices_are_those_of_the_profile_that_is_chosen() {
    let mut play = form(Mode::Session, None);
    let devices = vec!["arn:aws:iam::111122223333:mfa/ana".to_owned()];
    let source = play.model.form.source();
    let found = || Message::MfaDevicesFound { source: source.clone(), outcome: Ok(devices.clone()) };
    play.tell(found());
    assert_eq!(play.model.form.mfa_devices, devices);
    play.press("j");
    assert_eq!(play.model.form.mfa_devices, [""; 0], "another profile is chosen");
    play.tell(found());
    assert_eq!(play.model.form.mfa_devices, [""; 0], "the answer comes too late");
}

#[test]
fn moving_through_the_profiles_asks_none_of_them_about_the_role() {
    let mut play = form(Mode::Role, None);
    play.press("tab tab");
    play.write(READER);
    play.press("backtab backtab");
    assert_eq!(play.model.form.focus, Field::Profile);
    assert_eq!(play.press("j k"), []);
    let left = play.press("j tab");
    assert!(matches!(&left[..], [Effect::IdentifySource { .. }, Effect::FindRole { .. }]), "{left:?}");
}

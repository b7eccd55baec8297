//! What the form unfolds, offers and copies, and what is said with it.

use ebbtide::{
    app::{CopyText, Effect, Message, Screen, Setup},
    domain::{
        failure::{Failure, FailureKind},
        iam::Role,
        mint::Field,
        profile::{Profile, ProfileKind},
    },
};

use crate::play::{Play, profile, refusal};

const ROLE: &str = "arn:aws:iam::111122223333:role/reader";

/// A role in the form of which IAM has told this condition.
fn with_role(condition: &str, endpoint_url: Option<&str>) -> Play {
    let mut setup = Setup::default();
    setup.source.endpoint_url = endpoint_url.map(Into::into);
    let mut play = Play::at_the_form(setup);
    play.press("tab right right tab");
    play.write(ROLE);
    play.press("tab");
    let role = Role {
        name: "reader".into(),
        arn: ROLE.into(),
        longest: None,
        trust_policy: format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{{"AWS":"111122223333"}}{condition}}}]}}"#
        ),
        description: None,
    };
    play.tell(Message::RoleFound { source: play.model.form.source(), role_arn: ROLE.into(), outcome: Ok(Some(role)) });
    play
}

#[test]
fn what_a_role_asks_for_unfolds_and_is_missed_until_it_is_there() {
    let id = r#","Condition":{"StringEquals":{"sts:ExternalId":"tide:7"}}"#;
    let mfa = r#","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#;
    let aws = Some("https://sts.eu-west-1.amazonaws.com");
    let mints = |effects: &[Effect]| effects.iter().any(|effect| matches!(effect, Effect::Mint { .. }));
    for (condition, asked, typed) in
        [("", None, ""), (id, Some(Field::ExternalId), "tide:7"), (mfa, Some(Field::MfaSerial), "GAHT12345")]
    {
        let mut play = with_role(condition, aws);
        let is_extra = |field: &Field| matches!(field, Field::ExternalId | Field::MfaSerial);
        assert_eq!(play.model.form.fields().into_iter().find(is_extra), asked, "{condition}");
        assert_eq!(mints(&play.press("enter")), asked.is_none(), "{condition}");
        let Some(field) = asked else { continue };
        assert_eq!(play.model.form.focus, field);
        play.write(typed);
        if field == Field::MfaSerial {
            play.press("tab");
            play.write("730461");
        }
        assert!(mints(&play.press("enter")), "{condition}");
    }
}

#[test]
fn on_another_endpoint_what_a_role_asks_for_is_said_and_may_be_left_out() {
    let mut play = with_role(r#","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}"#, None);
    assert!(play.model.form.fields().contains(&Field::MfaSerial));
    assert_eq!(play.model.form.lacking().map(|note| note.field), Some(Field::MfaSerial));
    assert!(play.press("enter").iter().any(|effect| matches!(effect, Effect::Mint { .. })));
}

#[test]
fn what_a_profile_fills_in_is_shown() {
    let mut play = Play::at_the_form(Setup::default());
    let reader = Profile { kind: ProfileKind::Role, external_id: Some("tide".into()), ..profile("reader", Some(ROLE)) };
    play.tell(Message::ProfilesLoaded(Ok(vec![reader])));
    assert!(play.model.form.fields().contains(&Field::ExternalId));
    assert!(!play.model.form.fields().contains(&Field::Tags));
}

#[test]
fn an_hour_is_offered_only_where_more_was_asked_for() {
    for (duration, offered) in [("2h", true), ("1h", false)] {
        let mut play = Play::at_the_form(Setup::default());
        play.press("tab tab ctrl-u");
        play.write(duration);
        play.press("enter");
        let generation = play.model.sessions.minting.waiting().unwrap().generation;
        let failure = Failure { message: String::new(), ..refusal(FailureKind::Denied, "AccessDenied", 403) };
        play.tell(Message::Minted { generation, outcome: Err(failure) });
        assert_eq!(play.press("F9").len(), usize::from(offered), "{duration}");
    }
}

#[test]
fn the_aws_cli_command_is_copied_whole_and_folds_away() {
    let mut play = Play::at_the_form(Setup::default());
    play.press("tab right tab tab tab");
    play.write("s3://tide-logs/app/");
    let [Effect::Copy(CopyText { text: command, .. })] = &play.press("ctrl-y")[..] else {
        panic!("nothing was copied")
    };
    for part in
        ["get-federation-token --name ebbtide", "--policy '{", "--profile ana", "--endpoint-url http://127.0.0.1:1"]
    {
        assert!(command.contains(part), "{part}: {command}");
    }
    assert!(play.model.form.shows_command);
    play.press("ctrl-t");
    assert!(!play.model.form.shows_command);
    play.press("backtab backtab ctrl-u");
    play.write("x");
    assert_eq!(play.press("ctrl-y"), [], "an incomplete form has none");
}

#[test]
fn a_profiles_own_role_is_assumed_by_its_source_in_the_command_too() {
    for (source, by) in [(Some("keys"), Some("--profile keys")), (Some("deep"), None)] {
        let mut play = Play::at_the_form(Setup::default());
        let kind = ProfileKind::Role;
        let deep = Profile { kind, source_profile: source.map(Into::into), ..profile("deep", Some(ROLE)) };
        play.tell(Message::ProfilesLoaded(Ok(vec![deep])));
        match (&play.press("ctrl-y")[..], by) {
            ([Effect::Copy(CopyText { text: command, .. })], Some(by)) => assert!(command.contains(by), "{command}"),
            (effects, by) => assert_eq!((effects.len(), by), (0, None), "{source:?}"),
        }
    }
}

#[test]
fn one_key_goes_to_the_profiles_from_wherever_one_types() {
    for keys in ["tab", "tab tab", "tab right tab tab tab", "tab right right F4"] {
        let mut play = Play::at_the_form(Setup::default());
        play.press(keys);
        play.press("ctrl-o down");
        assert_eq!((play.model.form.focus, play.model.form.profile), (Field::Profile, 1), "{keys}");
    }
}

#[test]
fn what_is_said_of_a_screen_leaves_with_it() {
    let mut play = Play::browsing();
    play.press("n tab tab ctrl-u ctrl-y");
    assert!(play.model.notice.as_ref().unwrap().text.contains("not complete"));
    play.press("tab");
    assert!(play.model.notice.is_some(), "it stays as long as the form is in front");
    play.press("esc");
    assert_eq!((play.model.screen, &play.model.notice), (Screen::Browser, &None));
    play.press("[");
    assert!(play.model.notice.is_some());
    play.press("n");
    assert_eq!((play.model.screen, &play.model.notice), (Screen::MintForm, &None));
}

#[test]
fn without_a_profile_only_the_demo_and_reading_again_do_something() {
    let mut play = Play::at_the_form(Setup::default());
    play.tell(Message::ProfilesLoaded(Ok(vec![])));
    assert_eq!(play.press("enter tab F3 F4 F6 F8 ctrl-y"), []);
    assert_eq!((play.model.form.focus, play.model.dialogs.is_empty()), (Field::Profile, true));
    assert_eq!(play.press("d"), [Effect::StartDemo]);
    assert_eq!(play.press("F5"), [Effect::LoadProfiles]);
    let mut play = Play::at_the_form(Setup::default());
    assert_eq!(play.press("d"), [], "with profiles it is no key");
}

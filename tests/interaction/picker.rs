//! The list of profiles: finding one, and what a broken one does.

use ebbtide::{
    app::{Effect, Message, Setup},
    domain::{
        mint::Field,
        profile::{FileLine, Profile, ProfileChoice, ProfileKind, ProfileProblem},
    },
};

use crate::play::{Play, profile};

fn at_the_form(profiles: Vec<Profile>) -> Play {
    let mut play = Play::at_the_form(Setup::default());
    play.tell(Message::ProfilesLoaded(Ok(profiles)));
    play
}

fn many() -> Play {
    at_the_form((0..500).map(|n| profile(&format!("team-{n:03}"), None)).collect())
}

fn broken(name: &str, blocks: bool) -> Profile {
    let place = Some(FileLine { file: "/home/ana/.aws/config".into(), line: 7 });
    Profile { problem: Some(ProfileProblem { text: "half a key pair".into(), place, blocks }), ..profile(name, None) }
}

#[test]
fn letters_find_a_profile_and_what_is_typed_is_no_command() {
    let rows: [(&str, &str, usize, usize); 8] = [
        ("", "", 0, 500),
        ("", "M-41", 410, 10),
        ("", "q", 0, 0),
        ("down down", "44", 44, 14),
        ("", "team-0", 0, 100),
        ("", "499", 499, 1),
        ("", "keys", 0, 500),
        ("", "?", 0, 0),
    ];
    for (before, typed, chosen, shown) in rows {
        let mut play = many();
        play.press(before);
        play.press("/");
        assert_eq!(play.write(typed), [], "{typed}");
        assert_eq!((play.model.form.profile, play.model.form.shown_profiles().len()), (chosen, shown), "{typed}");
    }
}

#[test]
fn a_search_ends_with_its_choice_and_is_given_up_without_one() {
    for (keys, focus, finding, chosen) in [
        ("enter", Field::Profile, false, 410),
        ("down down enter", Field::Profile, false, 412),
        ("end", Field::Profile, true, 410),
        ("esc", Field::Profile, false, 410),
        ("tab", Field::Mode, false, 410),
        ("backspace", Field::Profile, true, 410),
        ("backspace backspace backspace esc", Field::Profile, false, 410),
        ("pgdn", Field::Profile, true, 419),
    ] {
        let mut play = many();
        play.press("/");
        play.write("-41");
        let effects = play.press(keys);
        assert!(!effects.iter().any(|it| matches!(it, Effect::Mint { .. })), "{keys}: nothing is minted");
        let form = &play.model.form;
        assert_eq!((form.focus, form.find.is_some(), form.profile), (focus, finding, chosen), "{keys}");
        if !finding {
            assert_eq!(form.shown_profiles().len(), 500, "{keys}");
        }
    }
}

#[test]
fn what_was_found_is_what_is_minted_with() {
    let mut play = many();
    play.press("tab /");
    play.write("417");
    let effects = play.press("enter enter");
    let [Effect::Mint { source, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    assert_eq!(source.profile, ProfileChoice::Named("team-417".into()));
}

#[test]
fn a_broken_profile_can_be_looked_at_and_not_be_used() {
    let mut play = at_the_form(vec![profile("ana", None), broken("bo", true), broken("cy", false)]);
    assert_eq!(play.press("down enter"), []);
    assert_eq!(play.model.form.focus, Field::Profile);
    let notes = play.model.form.checked().clone().unwrap_err();
    assert_eq!(notes[0].field, Field::Profile);
    assert_eq!(notes[0].text, "/home/ana/.aws/config, line 7: half a key pair");
    // What is only worth knowing keeps nobody from minting.
    assert!(matches!(play.press("down enter").as_slice(), [Effect::Mint { .. }]));
}

#[test]
fn surroundings_are_asked_for_as_what_they_are() {
    for (kind, choice) in [
        (ProfileKind::Environment, ProfileChoice::Environment),
        (ProfileKind::WebIdentity, ProfileChoice::WebIdentity),
        (ProfileKind::Container, ProfileChoice::Container),
        (ProfileKind::Instance, ProfileChoice::Instance),
    ] {
        let ambient = Profile { kind, ambient: true, ..profile("instance", None) };
        let mut play = at_the_form(vec![profile("instance", None), ambient]);
        let effects = play.press("down enter");
        let [Effect::Mint { source, .. }] = effects.as_slice() else { panic!("{effects:?}") };
        assert_eq!(source.profile, choice);
    }
}

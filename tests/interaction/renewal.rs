//! What happens ahead of a session's end, as the person chose.

use ebbtide::{
    app::{Effect, Message, RenewalChoice, Setup},
    domain::{
        credentials::SessionId,
        failure::{Failure, FailureKind},
        mint::{Draft, MintRequest, Mode, SessionToken},
    },
};

use crate::play::{Play, refusal, strings};

fn chosen(play: &Play) -> RenewalChoice {
    play.model.in_use().unwrap().renewal.choice
}

fn settled() -> Play {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a"], None);
    play
}

fn mints(effects: &[Effect]) -> usize {
    effects.iter().filter(|effect| matches!(effect, Effect::Mint { .. })).count()
}

fn fail(play: &mut Play, effects: &[Effect], failure: Failure) -> Vec<Effect> {
    let [Effect::Mint { generation, .. }] = effects else { panic!("{effects:?}") };
    play.tell(Message::Minted { generation: *generation, outcome: Err(failure) })
}

#[test]
fn a_key_asks_and_another_switches_and_says_so() {
    for (keys, choice, said) in [
        ("A enter", RenewalChoice::Automatic, "renewal: automatic"),
        ("A enter A enter", RenewalChoice::Manual, "renewal: manual"),
        ("S A enter", RenewalChoice::Automatic, "renewal: automatic"),
    ] {
        let mut play = settled();
        assert_eq!(play.press(keys), [], "{keys}");
        assert_eq!(chosen(&play), choice, "{keys}");
        assert!(play.model.notice.as_ref().unwrap().text.contains(said), "{keys}");
    }
}

#[test]
fn credentials_that_were_not_minted_leave_nothing_to_choose() {
    let draft = Draft { mode: Mode::Direct, ..Draft::default() };
    let mut play = Play::at_the_form(Setup { draft, ..Setup::default() });
    play.press("enter");
    play.minted_of(MintRequest::Direct, 1, 3600);
    play.press("A");
    assert_eq!(chosen(&play), RenewalChoice::Manual);
}

#[test]
fn ahead_of_the_end_one_attempt_is_made_and_the_choice_stays() {
    let mut play = settled();
    play.press("A enter");
    assert_eq!(play.wait(3239), []);
    let due = play.model.next_change().unwrap();
    assert!(due <= play.now + jiff::SignedDuration::from_secs(1), "the loop wakes for it");
    let effects = play.wait(1);
    assert_eq!(mints(&effects), 1);
    assert!(play.model.sessions.minting.waiting().is_none(), "nobody waits for it");
    assert_eq!(mints(&play.wait(5)) + mints(&play.press("j k r")), 0, "one at a time");
    let [Effect::Mint { generation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let session = play.session(2, 3600);
    let effects = play.tell(Message::Minted { generation: *generation, outcome: Ok(session) });
    assert!(effects.contains(&Effect::Forget(SessionId(1))));
    assert_eq!((chosen(&play), play.names()), (RenewalChoice::Automatic, strings(&["a"])));
}

#[test]
fn a_session_that_is_renewed_manually_never_mints_without_a_key() {
    for keys in ["j", "A", "A A", "A esc", "A q", "A enter A enter"] {
        let mut play = settled();
        play.press(keys);
        play.press("esc");
        let minted: usize = (0..80).map(|_| mints(&play.wait(60))).sum();
        assert_eq!(minted, 0, "{keys}");
        assert_eq!(mints(&play.press("R")), 1, "a key always does");
    }
}

#[test]
fn a_failed_attempt_is_put_off_and_the_old_session_goes_on() {
    let mut play = settled();
    play.press("A enter");
    let effects = play.wait(3240);
    assert_eq!(fail(&mut play, &effects, refusal(FailureKind::Network, "", 0)), []);
    assert_eq!(play.model.sessions.minting.failure(), None, "nobody asked for it");
    let notice = &play.model.notice.as_ref().unwrap().text;
    assert!(notice.contains("the session is still valid · next attempt in 00:02 · e explains"), "{notice}");
    assert_eq!(play.model.failure().unwrap().kind, FailureKind::Network);
    assert_eq!(play.wait(1), []);
    let effects = play.wait(1);
    fail(&mut play, &effects, refusal(FailureKind::Timeout, "", 0));
    assert_eq!((mints(&play.wait(3)), mints(&play.wait(1))), (0, 1), "twice as long");
    assert_eq!(play.model.in_use().unwrap().session.id, SessionId(1));
}

#[test]
fn a_session_that_is_over_is_not_said_to_go_on_and_a_renewal_that_succeeds_leaves_nothing_to_explain() {
    let mut play = settled();
    play.press("A enter");
    let effects = play.wait(3601);
    fail(&mut play, &effects, refusal(FailureKind::Network, "", 0));
    let notice = &play.model.notice.as_ref().unwrap().text;
    assert!(notice.contains("not renewed yet · next attempt"), "{notice}");
    let effects = play.wait(2);
    let [Effect::Mint { generation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let session = play.session(2, 3600);
    play.tell(Message::Minted { generation: *generation, outcome: Ok(session) });
    assert_eq!(play.model.failure(), None);
}

#[test]
fn a_refusal_that_would_come_again_ends_the_attempts() {
    let mut play = settled();
    play.press("A enter");
    let effects = play.wait(3240);
    fail(&mut play, &effects, refusal(FailureKind::Denied, "AccessDenied", 403));
    assert_eq!(chosen(&play), RenewalChoice::Manual);
    assert!(play.model.notice.as_ref().unwrap().text.contains("R renews"));
    assert_eq!((0..80).map(|_| mints(&play.wait(60))).sum::<usize>(), 0);
}

#[test]
fn a_machine_that_slept_through_the_end_makes_one_attempt() {
    let mut play = settled();
    play.press("A enter");
    assert_eq!(mints(&play.wait(7200)), 1);
    assert_eq!(mints(&play.wait(1)), 0);
}

#[test]
fn a_key_waits_for_the_attempt_that_is_under_way() {
    let mut play = settled();
    play.press("A enter");
    play.wait(3240);
    assert_eq!(play.press("R"), []);
    assert!(play.model.sessions.minting.waiting().is_some());
    play.minted(2, 3600);
    assert_eq!(play.model.in_use().unwrap().session.id, SessionId(2));
}

#[test]
fn the_services_clock_says_when_it_is_time() {
    let mut play = settled();
    play.press("A enter");
    let effects = play.tell(Message::ClockMeasured(jiff::SignedDuration::from_secs(3300)));
    assert_eq!(mints(&effects), 1);
}

#[test]
fn a_session_laid_aside_renews_itself_too() {
    let mut play = settled();
    play.press("A enter n enter");
    let second = play.minted(2, 36_000);
    play.page(&second, &["x"], None);
    let effects = play.wait(3240);
    let [Effect::Mint { generation, .. }] = effects.as_slice() else { panic!("{effects:?}") };
    let renewed = play.session(3, 3600);
    let effects = play.tell(Message::Minted { generation: *generation, outcome: Ok(renewed) });
    assert_eq!(effects, [Effect::Forget(SessionId(1))]);
    let held: Vec<u64> = play.model.sessions.held().map(|held| held.session.id.0).collect();
    assert_eq!((held, play.names()), (vec![3, 2], strings(&["x"])));
}

#[test]
fn a_session_with_mfa_asks_early_once_and_never_renews_itself() {
    let duration = "1h".parse().unwrap();
    let mfa_serial = Some("arn:aws:iam::111122223333:mfa/ana".to_owned());
    let mut play = Play::at_the_form(Setup::default());
    play.press("enter");
    let first = play.minted_of(MintRequest::SessionToken(SessionToken { duration, mfa_serial }), 1, 3600);
    play.page(&first, &["a"], None);
    assert_eq!(play.wait(3239), []);
    assert!(play.model.notice.is_none());
    assert_eq!(play.wait(1), []);
    assert!(play.model.notice.as_ref().unwrap().text.contains("06:00 · R renews it with an MFA code"));
    play.wait(60);
    assert!(play.model.notice.is_none(), "once");
    play.press("A");
    assert_eq!(chosen(&play), RenewalChoice::Manual, "automatic is not offered");
    assert_eq!(mints(&play.wait(3600)), 0);
}

#[test]
fn a_session_refused_as_soon_as_it_is_renewed_is_not_renewed_over_and_over() {
    let mut play = settled();
    play.press("A enter");
    let mut minted = 0;
    for id in 2..20 {
        let asked = play.press("r");
        let effects = play.answer(&asked, Err(refusal(FailureKind::Expired, "ExpiredToken", 400)));
        let Some(Effect::Mint { generation, .. }) = effects.first() else { continue };
        minted += 1;
        let outcome = Ok(play.session(id, 3600));
        play.tell(Message::Minted { generation: *generation, outcome });
    }
    assert_eq!(minted, 1);
    assert_eq!(mints(&play.wait(3240)), 1, "ahead of its end it is renewed as ever");
}

#[test]
fn a_session_that_one_service_s_clock_ends_at_once_is_not_renewed_over_and_over_where_sts_s_clock_differs() {
    for ahead in [3300, 3241, 3599] {
        let mut play = settled();
        play.press("A enter");
        let mut minted = 0;
        for id in 2..20 {
            let effects = play.tell(Message::ClockMeasured(jiff::SignedDuration::from_secs(ahead)));
            let Some(Effect::Mint { generation, .. }) = effects.first() else { continue };
            minted += 1;
            // The answer that grants the next session shows the clock of STS again.
            play.tell(Message::ClockMeasured(jiff::SignedDuration::ZERO));
            let outcome = Ok(play.session(id, 3600));
            play.tell(Message::Minted { generation: *generation, outcome });
        }
        assert_eq!(minted, 1, "{ahead} s ahead");
        assert_eq!(mints(&play.wait(3240)), 1, "by its age it is renewed as ever");
    }
}

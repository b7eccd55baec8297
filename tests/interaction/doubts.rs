//! What makes the program ask STS about a session again, and how often.

use ebbtide::{
    app::{Effect, Message, Setup},
    domain::{
        credentials::SessionId,
        failure::{Failure, FailureKind},
        identity::Identity,
        lifetime::Phase,
        mint::{FederationToken, MintRequest, Mode},
        policy::Verbs,
        session::{Grant, Session},
        translator::explain_failure,
    },
};

use crate::play::{Play, refusal};

fn with_rows() -> Play {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.page(&first, &["a"], None);
    play
}

fn deny_again(play: &mut Play) -> Vec<Effect> {
    let again = play.press("r");
    play.answer(&again, Err(refusal(FailureKind::Denied, "AccessDenied", 403)))
}

#[test]
fn a_denial_of_what_was_allowed_before_is_doubted_once() {
    let mut play = with_rows();
    assert_eq!(deny_again(&mut play), [Effect::Identify(SessionId(1))]);
    assert_eq!(deny_again(&mut play), [], "STS has been asked already");
    let failure = play.model.failure().unwrap().clone();
    let said = explain_failure(&failure, &play.model.standing(&failure)).in_one_line();
    assert!(said.contains("revoked"), "{said}");
    assert_eq!(play.names(), ["a"], "rows stay");
}

#[test]
fn a_denial_of_what_was_never_allowed_is_taken_at_its_word() {
    let mut play = Play::browsing();
    let first = play.press("r");
    let denied = play.answer(&first, Err(refusal(FailureKind::Denied, "AccessDenied", 403)));
    assert_eq!(denied, []);
    let failure = play.model.failure().unwrap().clone();
    let said = explain_failure(&failure, &play.model.standing(&failure)).in_one_line();
    assert!(!said.contains("revoked"), "{said}");
}

#[test]
fn sts_saying_that_the_session_is_over_ends_it_before_its_time() {
    let mut play = with_rows();
    deny_again(&mut play);
    let over = refusal(FailureKind::Expired, "ExpiredToken", 403);
    play.tell(Message::Identified { session: SessionId(1), outcome: Err(over) });
    assert_eq!(play.model.phase(), Phase::Expired);
    let mut play = with_rows();
    let silent = Failure::local(FailureKind::Network, "ask", "", "nobody there");
    play.tell(Message::Identified { session: SessionId(1), outcome: Err(silent) });
    assert_eq!(play.model.phase(), Phase::Fresh);
}

#[test]
fn a_wall_clock_that_was_set_is_told_and_measured_with_one_question() {
    let mut play = with_rows();
    let ends = play.model.lifetime();
    assert_eq!(play.tell(Message::WallClockSet), [Effect::Identify(SessionId(1))]);
    assert!(play.model.notice.as_ref().unwrap().text.contains("clock was changed"));
    assert_eq!(play.model.lifetime(), ends);
    assert_eq!(Play::at_the_form(Setup::default()).tell(Message::WallClockSet), [], "no session, no question");
}

#[test]
fn an_identity_that_was_not_granted_stays_in_the_header_as_a_warning() {
    let arn = |rest: &str| format!("arn:aws:{rest}");
    for (says, warned) in [("sts::111122223333:federated-user/ana", false), ("iam::111122223333:root", true)] {
        let mut setup = Setup::default();
        setup.draft.mode = Mode::Federation;
        setup.draft.verbs = Some(Verbs::READ);
        let mut play = Play::at_the_form(setup);
        play.press("enter");
        let request = FederationToken::new("ana", "1h".parse().unwrap());
        let grant = Grant { arn: Some(arn("sts::111122223333:federated-user/ana")), ..Grant::default() };
        let request = MintRequest::FederationToken(Box::new(request));
        let session = Session { request, grant, ..play.session(1, 3600) };
        let generation = play.model.sessions.minting.waiting().unwrap().generation;
        play.tell(Message::Minted { generation, outcome: Ok(session) });
        let identity = Identity { account: "111122223333".into(), arn: arn(says), user_id: String::new() };
        play.tell(Message::Identified { session: SessionId(1), outcome: Ok(identity) });
        let notice = play.model.notice.as_ref().map(|notice| notice.text.clone()).unwrap_or_default();
        assert_eq!(notice.contains("ignores the session policy"), warned, "{notice}");
        play.wait(10);
        let mut terminal = ratatui::Terminal::new(ratatui::backend::TestBackend::new(80, 24)).unwrap();
        terminal.draw(|frame| ebbtide::ui::view(&play.model, &ebbtide::ui::Theme::plain(), frame)).unwrap();
        let screen = terminal.backend().to_string();
        assert_eq!(screen.contains("▲ as root, not as minted"), warned, "{screen}");
        assert_eq!(screen.contains("▲ not kept to:"), warned, "{screen}");
    }
}

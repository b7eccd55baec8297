//! The dialogs about the selected row, as they look at 80×24; and that the smallest terminal has what matters.

use ebbtide::{
    app::{AccessReply, Effect, Message},
    domain::{
        failure::FailureKind,
        identity::Identity,
        listing::Block,
        location::Location,
        mint::{FederationToken, MintRequest},
        object::PastRows,
        policy::{SessionPolicy, Verbs},
    },
};
use insta::assert_snapshot;

use super::{
    logs, object,
    play::{Play, refusal},
    reading, screen,
};

/// A federated user whose policy lets what is in `app/` be read, and the top of the bucket be listed.
fn narrowed() -> Play {
    let mut play = reading(logs(), None);
    let policy = Some(SessionPolicy::for_scope(Verbs::READ, &Location::new("tide-logs", "app/")));
    let request = FederationToken { policy, ..FederationToken::new("ana", "1h".parse().unwrap()) };
    let held = play.model.in_use_mut().unwrap();
    held.session.request = MintRequest::FederationToken(Box::new(request));
    let session = held.session.id;
    let arn = "arn:aws:sts::111122223333:federated-user/ana";
    let identity = Identity { account: "111122223333".into(), arn: arn.into(), user_id: "111122223333:ana".into() };
    play.tell(Message::Identified { session, outcome: Ok(identity) });
    play
}

#[test]
fn the_copy_menu_shows_what_each_letter_copies() {
    let mut play = narrowed();
    play.press("j Y");
    assert_snapshot!(screen(&play));
}

#[test]
fn a_link_says_what_limits_it_before_it_is_made() {
    let mut play = reading(logs(), None);
    play.press("j u right");
    assert_snapshot!(screen(&play));
}

#[test]
fn a_link_that_will_be_refused_says_so() {
    let mut play = narrowed();
    play.press("j u left");
    assert_snapshot!(screen(&play));
}

#[test]
fn what_is_predicted_stands_beside_what_was_answered() {
    let mut play = narrowed();
    let effects = play.press("j a t");
    let [Effect::ProbeAccess { generation, session, target }] = &effects[..] else { panic!("{effects:?}") };
    let reply = AccessReply { read: Some(Ok(())), list: Err(refusal(FailureKind::Denied, "AccessDenied", 403)) };
    let (generation, session, target) = (*generation, *session, Box::new(target.clone()));
    play.tell(Message::Probed { generation, session, target, reply: Box::new(reply) });
    assert_snapshot!(screen(&play));
}

#[test]
fn a_time_is_asked_for_with_examples() {
    let mut play = narrowed();
    play.press("V");
    assert_snapshot!(screen(&play));
}

#[test]
fn what_was_there_then_is_marked_above_and_below() {
    let mut play = narrowed();
    let effects = play.press("@ enter");
    let generation = effects.iter().find_map(|effect| match effect {
        Effect::ListPast { generation, .. } => Some(*generation),
        _ => None,
    });
    let generation = generation.unwrap();
    let entries = vec![object("gateway.log", 12, "STANDARD"), object("gone.log", 426, "STANDARD")];
    let came = PastRows { rows: Block::from_entries(entries).unwrap(), version_ids: vec![Some("v1".into()), None] };
    play.tell(Message::PastRowsArrived { generation, came, undated: 0, requests: 1 });
    let session = play.model.in_use().unwrap().session.id;
    let outcome = Ok(ebbtide::app::Loaded::Everything);
    play.tell(Message::EverythingArrived { generation, session, outcome });
    assert_snapshot!(screen(&play));
}

#[test]
fn the_smallest_terminal_has_what_matters() {
    for (keys, texts) in [
        ("j Y", &["▸u  address", "a letter copies"][..]),
        ("j u", &["Lifetime", "Granted", "will answer 403", "↑↓ more"]),
        ("j a", &["▸ list", "t sends 3 requests", "↑↓ more"]),
        ("@", &["1d ago", "2026-11-01T12:00:00Z"]),
    ] {
        let mut play = narrowed();
        play.tell(Message::Resized(60, 15));
        play.press(keys);
        let shown = screen(&play);
        assert!(texts.iter().all(|text| shown.contains(text)), "{keys}:\n{shown}");
    }
}

//! One location as two sessions see it: what is there, what is missing, and what is not known yet.

use ebbtide::{
    app::{Effect, Message, Screen, Seen, View},
    domain::{
        credentials::SessionId,
        failure::{Failure, FailureKind},
        lifetime::Phase,
        listing::Page,
    },
};

use crate::play::{Play, page, refusal};

const THERE: Seen = Seen::There;
const MISSING: Seen = Seen::Missing;
const NOT_LOADED: Seen = Seen::NotLoaded;
const REFUSED: Seen = Seen::Refused;

/// Two sessions, the second in use at `s3://tide-logs/`, and the comparison just opened: the second is on the left.
fn comparing() -> (Play, Vec<Effect>) {
    let mut play = Play::browsing();
    play.press("n enter");
    play.minted(2, 3600);
    let effects = play.press("c");
    (play, effects)
}

fn answer(play: &mut Play, effects: &[Effect], side: View, outcome: Result<Page, Failure>) -> Vec<Effect> {
    let asked = effects.iter().find_map(|effect| match effect {
        Effect::List { view, generation, .. } if *view == side => Some(*generation),
        _ => None,
    });
    let generation = asked.unwrap_or_else(|| panic!("{side:?} was not asked: {effects:?}"));
    play.tell(Message::PageArrived { generation, outcome })
}

fn rows(play: &Play) -> Vec<(String, [Seen; 2])> {
    let comparison = play.model.comparison.as_ref().unwrap();
    (0..comparison.len()).map(|at| comparison.row(at).unwrap()).map(|(e, seen)| (e.name().to_owned(), seen)).collect()
}

fn row(name: &str, seen: [Seen; 2]) -> (String, [Seen; 2]) {
    (name.to_owned(), seen)
}

#[test]
fn each_side_asks_with_its_own_credentials() {
    let (_, effects) = comparing();
    let asked: Vec<_> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::List { view, session, location, .. } => Some((*view, *session, location.to_string())),
            _ => None,
        })
        .collect();
    let here = "s3://tide-logs/".to_owned();
    assert_eq!(asked, [(View::Left, SessionId(2), here.clone()), (View::Right, SessionId(1), here)]);
}

#[test]
fn rows_are_joined_and_say_who_sees_them() {
    let (mut play, effects) = comparing();
    answer(&mut play, &effects, View::Left, Ok(page(&["a", "b/", "d"], None)));
    assert_eq!(rows(&play)[0], row("a", [THERE, NOT_LOADED]), "what has not come is not missing");
    answer(&mut play, &effects, View::Right, Ok(page(&["b/", "c"], None)));
    assert_eq!(
        rows(&play),
        [row("a", [THERE, MISSING]), row("b/", [THERE, THERE]), row("c", [MISSING, THERE]), row("d", [THERE, MISSING]),]
    );
}

#[test]
fn a_row_is_missing_only_where_the_other_side_has_come_past_it() {
    let (mut play, effects) = comparing();
    let left = answer(&mut play, &effects, View::Left, Ok(page(&["a", "b", "m"], Some("t1"))));
    assert_eq!(left, [], "the other side is behind: it goes first");
    let right = answer(&mut play, &effects, View::Right, Ok(page(&["b", "c"], Some("t1"))));
    assert_eq!(
        rows(&play),
        [
            row("a", [THERE, MISSING]),
            row("b", [THERE, THERE]),
            row("c", [MISSING, THERE]),
            row("m", [THERE, NOT_LOADED]),
        ]
    );
    let right = answer(&mut play, &right, View::Right, Ok(page(&["n"], Some("t2"))));
    assert_eq!(rows(&play)[3], row("m", [THERE, MISSING]));
    assert_eq!(rows(&play)[4], row("n", [NOT_LOADED, THERE]));
    let asked: Vec<View> = right
        .iter()
        .map(|effect| match effect {
            Effect::List { view, .. } => *view,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(asked, [View::Left], "now the left is behind");
}

#[test]
fn a_refused_side_is_refused_not_empty() {
    let (mut play, effects) = comparing();
    answer(&mut play, &effects, View::Right, Err(refusal(FailureKind::Denied, "AccessDenied", 403)));
    answer(&mut play, &effects, View::Left, Ok(page(&["a"], None)));
    assert_eq!(rows(&play), [row("a", [THERE, REFUSED])]);
}

#[test]
fn an_expired_side_ends_that_session_only_and_goes_on_when_it_is_renewed() {
    let (mut play, effects) = comparing();
    answer(&mut play, &effects, View::Right, Err(refusal(FailureKind::Expired, "ExpiredToken", 400)));
    assert!(play.model.phase() != Phase::Expired, "the one in use lives");
    answer(&mut play, &effects, View::Left, Ok(page(&["a"], None)));
    play.press("esc tab R");
    play.minted(3, 3600);
    play.press("tab");
    let effects = play.press("c");
    answer(&mut play, &effects, View::Right, Ok(page(&["a"], None)));
    answer(&mut play, &effects, View::Left, Ok(page(&["a"], None)));
    assert_eq!(rows(&play), [row("a", [THERE, THERE])]);
}

#[test]
fn both_sides_go_in_and_out_together() {
    let (mut play, effects) = comparing();
    answer(&mut play, &effects, View::Left, Ok(page(&["a/"], None)));
    let effects = play.press("enter");
    let places: Vec<String> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::List { location, .. } => Some(location.to_string()),
            _ => None,
        })
        .collect();
    assert_eq!(places, ["s3://tide-logs/a/", "s3://tide-logs/a/"]);
    assert_eq!(play.press("left").len(), 4, "out again: two abandoned, two asked");
}

#[test]
fn closing_leaves_the_browser_as_it_was() {
    let (mut play, effects) = comparing();
    let here = play.browser().clone();
    let cancelled = play.press("esc");
    assert_eq!(cancelled, [Effect::CancelListing(View::Left), Effect::CancelListing(View::Right)]);
    assert_eq!((play.model.screen, &play.model.comparison, play.browser()), (Screen::Browser, &None, &here));
    let late = answer(&mut play, &effects, View::Left, Ok(page(&["a"], None)));
    assert_eq!((late, play.names()), (vec![], vec![]), "an answer to a closed question changes nothing");
}

#[test]
fn with_one_session_there_is_nothing_to_compare_and_that_is_said() {
    let mut play = Play::browsing();
    assert_eq!(play.press("c"), []);
    assert_eq!(play.model.screen, Screen::Browser);
    assert!(play.model.notice.as_ref().unwrap().text.contains("no other session"));
}

#[test]
fn tab_takes_another_session_for_the_right_side() {
    let (mut play, _) = comparing();
    play.press("esc n enter");
    play.minted(3, 3600);
    play.press("S k c");
    let sides = |play: &Play| play.model.comparison.as_ref().unwrap().sides.clone().map(|side| side.session.0);
    assert_eq!(sides(&play), [3, 2]);
    play.press("tab");
    assert_eq!(sides(&play), [3, 1]);
    play.press("tab");
    assert_eq!(sides(&play), [3, 2]);
}

#[test]
fn what_the_old_session_was_refused_is_not_held_against_its_successor() {
    let (mut play, late) = comparing();
    let renewing = play.press("R");
    let again = play.minted(3, 3600);
    assert!(matches!(&renewing[..], [Effect::Mint { .. }]), "{renewing:?}");
    answer(&mut play, &late, View::Left, Err(refusal(FailureKind::Expired, "ExpiredToken", 400)));
    assert_eq!(play.model.in_use().unwrap().refused_at, None);
    answer(&mut play, &again, View::Left, Ok(page(&["a"], None)));
    assert_eq!(rows(&play), [row("a", [THERE, NOT_LOADED])]);
}

//! What all dialogs have in common: how they scroll, close and take clicks; and what quitting would lose.

use ebbtide::{
    app::{Action, Dialog, Effect, ListAction, Message},
    domain::failure::FailureKind,
    keymap, ui,
};
use ratatui::{Terminal, backend::TestBackend};

use crate::play::{Play, refusal};

/// A browser with three rows on a terminal of this size.
fn settled(columns: u16, rows: u16) -> Play {
    let mut play = Play::browsing();
    play.tell(Message::Resized(columns, rows));
    let first = play.press("r");
    play.page(&first, &["a/", "b/", "c/"], None);
    play
}

fn screen(play: &Play) -> String {
    let (columns, rows) = play.model.size;
    let mut terminal = Terminal::new(TestBackend::new(columns, rows)).unwrap();
    terminal.draw(|frame| ui::view(&play.model, &ui::Theme::plain(), frame)).unwrap();
    terminal.backend().to_string()
}

fn wheel(play: &mut Play, lines: isize) {
    let action = ui::settle(&play.model, Action::List(ListAction::Move(lines)));
    play.tell(Message::Action(action));
}

/// Clicks on the first character of `text` on screen, or so many cells to the right of it.
fn click(play: &mut Play, text: &str) -> Vec<Effect> {
    let shown = screen(play);
    let row = shown.lines().position(|line| line.contains(text)).unwrap_or_else(|| panic!("no {text}:\n{shown}"));
    let line = shown.lines().nth(row).unwrap();
    // The backend's text has a quotation mark before each row.
    let column = line[..line.find(text).unwrap()].chars().count() - 1;
    click_at(play, column, row)
}

fn click_at(play: &mut Play, column: usize, row: usize) -> Vec<Effect> {
    let (column, row) = (u16::try_from(column).unwrap(), u16::try_from(row).unwrap());
    ui::hit(&play.model, column, row).map(|action| play.tell(Message::Action(action))).unwrap_or_default()
}

/// Several sessions beside one another, all of an hour.
fn sessions(count: u64) -> Play {
    let mut play = settled(80, 24);
    for id in 2..=count {
        play.press("n enter");
        play.minted(id, 3600);
    }
    play
}

fn in_use(play: &Play) -> u64 {
    play.model.in_use().unwrap().session.id.0
}

// --- scrolling ------------------------------------------------------------------------------------------------------

#[test]
fn a_text_scrolls_by_every_key_that_moves_and_never_beyond_its_end() {
    for (keys, scrolled) in [
        ("", 0),
        ("down", 1),
        ("j j k", 1),
        ("up", 0),
        ("ctrl-d", 4),
        ("ctrl-d ctrl-u", 0),
        ("pgdn", 8),
        ("pgdn pgup", 0),
        ("end home", 0),
        ("G k", usize::MAX),
        ("end down down down up", usize::MAX),
    ] {
        let mut play = settled(60, 15);
        play.press("?");
        assert!(screen(&play).contains("↑↓ more"), "{}", screen(&play));
        play.press("end");
        let last = play.model.dialogs.scrolled();
        play.press("home");
        play.press(keys);
        let wanted = if scrolled == usize::MAX { last - 1 } else { scrolled };
        assert_eq!(play.model.dialogs.scrolled(), wanted, "{keys}: one key back is one line back");
    }
}

#[test]
fn the_wheel_scrolls_a_text_and_a_larger_terminal_leaves_nothing_scrolled_away() {
    let mut play = settled(60, 15);
    play.press("?");
    wheel(&mut play, 3);
    assert_eq!(play.model.dialogs.scrolled(), 3);
    wheel(&mut play, -9);
    assert_eq!(play.model.dialogs.scrolled(), 0);
    play.press("end");
    play.tell(Message::Resized(80, 60));
    let shown = screen(&play);
    assert!(shown.contains("Enter") && shown.contains("Ctrl-c") && !shown.contains("↑↓ more"), "{shown}");
}

#[test]
fn what_lies_below_help_stays_as_it_was_scrolled() {
    let mut play = settled(60, 15);
    let again = play.press("r");
    let mut denied = refusal(FailureKind::Denied, "AccessDenied", 403);
    denied.message = "User: arn:aws:iam::111122223333:user/ana is not authorized to perform this ".repeat(9);
    play.answer(&again, Err(denied));
    play.press("e j j");
    assert_eq!(play.model.dialogs.scrolled(), 2);
    play.press("? j esc");
    assert_eq!(play.model.dialogs.scrolled(), 2);
}

#[test]
fn in_details_arrows_scroll_what_does_not_fit_and_else_go_on_to_the_next_row() {
    let mut play = settled(60, 15);
    play.press("i j");
    assert_eq!(play.model.browser().unwrap().place.selected, 1);
    play.press("esc");
    let again = play.press("r");
    let long = "x".repeat(900);
    play.page(&again, &[&format!("{long}/"), "y/"], None);
    play.press("home i");
    assert!(screen(&play).contains("↑↓ more"), "{}", screen(&play));
    play.press("j j");
    assert_eq!((play.model.browser().unwrap().place.selected, play.model.dialogs.scrolled()), (0, 2));
}

#[test]
fn a_list_keeps_its_selected_row_in_sight() {
    let mut play = sessions(9);
    play.tell(Message::Resized(60, 15));
    play.press("S home");
    for row in 1..=9 {
        let shown = screen(&play);
        assert!(shown.contains(&format!(" {row} session")), "row {row}:\n{shown}");
        assert!(shown.contains("↑↓ more"), "{shown}");
        play.press("j");
    }
}

// --- closing --------------------------------------------------------------------------------------------------------

#[test]
fn q_closes_what_is_in_front_and_quits_a_screen() {
    for open in ["?", "i", "S", "x", "A", "x ?"] {
        let mut play = settled(80, 24);
        play.press(open);
        let depth = open.split(' ').count();
        for _ in 0..depth {
            assert!(!play.model.dialogs.is_empty(), "{open}");
            assert_eq!(play.press("q"), [], "{open}");
        }
        assert!(play.model.dialogs.is_empty(), "{open}");
        assert_eq!(play.press("q"), [Effect::Quit], "{open}");
    }
}

#[test]
fn every_dialog_hints_how_to_leave_it_and_where_help_is_at_the_smallest_size() {
    for open in ["?", "i", "S", "x", "A", "g", "P", "n F7", "n tab right F3", "n tab right F3 F4", "n F6"] {
        let mut play = settled(60, 15);
        play.press(open);
        let shown = screen(&play);
        let hints = shown.lines().last().unwrap();
        assert!(hints.contains("Esc close") && hints.contains(" help"), "{open}:\n{shown}");
        let names: Vec<&str> = keymap::hints(&play.model).iter().map(|(key, _)| *key).collect();
        assert!(names.contains(&"Ctrl-c"), "{open}: {names:?}");
    }
}

// --- clicks ---------------------------------------------------------------------------------------------------------

#[test]
fn a_click_in_a_list_selects_a_row_and_opens_the_selected_one() {
    let mut play = sessions(3);
    play.press("S");
    click(&mut play, "1 session");
    let Some(Dialog::SessionList(list)) = play.model.dialogs.front() else { panic!() };
    assert_eq!((list.selected, in_use(&play)), (0, 3));
    click(&mut play, "1 session");
    assert_eq!((in_use(&play), play.model.dialogs.is_empty()), (1, true));
}

#[test]
fn a_click_inside_a_text_does_nothing_and_beside_it_closes() {
    for open in ["i", "A", "x", "?"] {
        let mut play = settled(100, 40);
        play.press(open);
        let before = play.model.dialogs.clone();
        assert_eq!(click_at(&mut play, 40, 19), [], "{open}");
        assert_eq!(play.model.dialogs, before, "{open}");
        assert_eq!(click_at(&mut play, 0, 3), [], "{open}");
        assert!(play.model.dialogs.is_empty(), "{open}");
    }
}

#[test]
fn a_click_beside_a_line_that_is_typed_in_closes_nothing() {
    for open in ["g", "P", "n tab right F3", "n tab right F3 F4"] {
        let mut play = settled(80, 24);
        play.press(open);
        play.write("x");
        let before = play.model.dialogs.clone();
        for (column, row) in [(0, 0), (0, 3), (79, 23), (40, 12)] {
            assert_eq!(click_at(&mut play, column, row), [], "{open}");
        }
        assert_eq!(play.model.dialogs, before, "{open}");
    }
}

#[test]
fn a_click_beside_the_roles_closes_them_only_while_no_filter_is_typed() {
    for (typed, closes) in [("", true), ("rea", false)] {
        let mut play = settled(80, 24);
        play.press("n F6");
        play.write(typed);
        click_at(&mut play, 0, 0);
        assert_eq!(play.model.dialogs.is_empty(), closes, "{typed:?}");
    }
}

// --- quitting -------------------------------------------------------------------------------------------------------

#[test]
fn quitting_asks_once_while_more_than_one_live_session_would_be_lost() {
    for (count, keys, quits) in [
        (1, "q", true),
        (1, "ctrl-c", true),
        (2, "q", false),
        (2, "ctrl-c", false),
        (2, "q q", true),
        (2, "ctrl-c ctrl-c", true),
        (2, "q ctrl-c", true),
        (2, "q j q", false),
        (2, "q esc q", false),
        (2, "q ~ q", false),
        (2, "q ? q q", false),
        (2, "g ctrl-c", false),
        (2, "g ctrl-c ctrl-c", true),
    ] {
        let mut play = sessions(count);
        assert_eq!(play.press(keys).contains(&Effect::Quit), quits, "{count} sessions: {keys}");
    }
}

#[test]
fn the_question_says_which_key_quits_and_what_is_lost() {
    for (keys, said) in
        [("q", "q again quits: 2 live sessions will be lost"), ("g ctrl-c", "Ctrl-c again quits: 2 live")]
    {
        let mut play = sessions(2);
        play.press(keys);
        assert!(screen(&play).contains(said), "{}", screen(&play));
        play.press("down");
        assert!(!screen(&play).contains("again quits"), "{}", screen(&play));
    }
}

#[test]
fn sessions_that_are_over_are_not_asked_about() {
    let mut play = sessions(2);
    play.wait(3601);
    assert_eq!(play.press("q"), [Effect::Quit]);
}

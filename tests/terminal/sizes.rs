//! Windows of every size, and windows that change.

use crate::pty::{Program, Pty};

fn demo(columns: u16, rows: u16) -> Pty {
    Pty::start(&Program { size: (columns, rows), ..Program::default() })
}

#[test]
fn a_window_of_80_by_24_holds_form_and_browser() {
    let mut pty = demo(80, 24).ready();
    let form = pty.find("q quit");
    assert!(form.contains("Duration") && form.contains("Enter mint") && form.contains("? help"), "{form}");
    let browser = pty.mint("1h").go_to_readings().find("? help");
    assert!(browser.contains("Name") && browser.contains("Size") && browser.contains("R renew"), "{browser}");
}

#[test]
fn a_window_that_is_too_small_says_so_and_can_be_left() {
    let mut pty = demo(20, 5);
    let text = pty.find("Ctrl-c quits");
    assert!(text.contains("needs 60×15") && text.contains("this is 20×5"), "{text}");
    pty.keys("\x03");
    assert_eq!(pty.end().code, 0);
}

#[test]
fn a_window_of_one_column_or_none_harms_nothing() {
    let mut pty = Pty::demo();
    pty.mint("1h").go_to_readings();
    for (columns, rows) in [(1, 10), (1, 1), (2, 2), (0, 0), (1, 200), (300, 1), (59, 15), (60, 14)] {
        pty.resize(columns, rows);
        // Whatever is shown, keys are taken.
        pty.keys("jk");
    }
    pty.resize(60, 15);
    pty.find("station-00001.csv");
    pty.keys("q");
    let ended = pty.end();
    assert_eq!(ended.code, 0);
    ended.assert_given_back("tiny windows");
}

#[test]
fn after_a_storm_of_sizes_while_loading_the_last_size_is_drawn() {
    let mut pty = Pty::demo();
    pty.mint("1h").go_to_readings();
    for round in 0..300u16 {
        if round.is_multiple_of(30) {
            pty.keys("G");
        }
        pty.resize(1 + round * 37 % 200, 2 + round * 23 % 60);
    }
    pty.resize(91, 27);
    let last_row_is_hints = |screen: &vt100::Screen| {
        let rows: Vec<String> = screen.rows(0, 91).collect();
        rows.len() == 27 && rows[26].contains("q quit") && rows[24].ends_with('╯') && rows[0].contains("SESSION")
    };
    pty.wait("hints in the last row, the frame in the last column", last_row_is_hints);
    pty.keys("q");
    let ended = pty.end();
    assert_eq!(ended.code, 0);
    ended.assert_given_back("a storm of sizes");
}

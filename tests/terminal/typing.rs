//! Pastes are text, bursts of keys are cheap, and keys typed while the window changes are not lost.

use crate::pty::Pty;

#[test]
fn a_paste_of_lines_into_a_field_neither_submits_nor_runs_a_binding() {
    let mut pty = Pty::demo();
    pty.keys("\t\t\x15").paste("1h\r\nq\n\x03\x1a?\rR");
    let text = pty.find("3600 seconds");
    assert!(text.contains("Duration 1h ") && !text.contains("minting"), "only the first line: {text}");
    // The form is still there, and still takes keys.
    pty.keys("\x1545m").find("2700 seconds");
    pty.keys("\x03");
    let ended = pty.end();
    assert_eq!(ended.code, 0);
    assert!(!String::from_utf8_lossy(&ended.bytes).contains("tide-vault"), "nothing was minted");
}

#[test]
fn a_paste_whose_text_holds_its_end_is_text_to_the_last_end_that_came() {
    let mut pty = Pty::demo();
    pty.keys("\t\t\x15").paste("7\x1b[201~q?R").find("7[201~q?R");
    pty.keys("\x15").paste("a\x1b[200~b").find("a[200~b");
    pty.keys("\x03");
    assert_eq!(pty.end().code, 0);
}

#[test]
fn a_paste_where_no_text_is_typed_does_nothing() {
    let mut pty = Pty::demo();
    pty.mint("1h").go_to_readings();
    pty.paste("q\rG\njjj").paste("a\x1b[201~qG\r").keys("j");
    let text = pty.find(" 2 of 1,000");
    assert!(text.contains("station-00002.csv"), "{text}");
}

#[test]
fn a_pasted_location_is_gone_to_only_by_enter() {
    let mut pty = Pty::demo();
    let typed = pty.mint("1h").keys("g\x15").paste("s3://tide-archive/raw/\rs3://tide-vault/\n").find("archive/raw/");
    assert!(typed.contains(" go to ") && !typed.contains("1987.tar"), "{typed}");
    pty.keys("\r").find("1987.tar");
}

#[test]
fn a_burst_of_keys_is_answered_with_few_frames() {
    let mut pty = Pty::demo();
    pty.mint("1h").go_to_readings();
    let frames = |pty: &Pty| pty.bytes().windows(6).filter(|bytes| *bytes == b"\x1b[?25l").count();
    let before = frames(&pty);
    pty.keys(&"j".repeat(200)).find(" 201 of ");
    let drawn = frames(&pty) - before;
    assert!((1..=50).contains(&drawn), "{drawn} frames for 200 keys");
}

#[test]
fn no_key_is_lost_that_is_typed_while_the_window_changes() {
    let mut pty = Pty::demo();
    pty.mint("1h").go_to_readings();
    for round in 0..100u16 {
        pty.resize(100 + round % 7, 30);
        pty.keys("j");
    }
    pty.find(" 101 of ");
}

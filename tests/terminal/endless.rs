//! What begins and does not end, from a terminal that was cut off or that somebody writes to: the keyboard is not lost.

use std::{thread, time::Duration};

use crate::pty::Pty;

/// A silence after which whatever has not ended is given up.
const GIVEN_UP: Duration = Duration::from_millis(1500);

fn browser() -> Pty {
    let mut pty = Pty::demo();
    pty.mint("1h").go_to_readings();
    pty
}

/// Keys are keys again.
fn answers(mut pty: Pty, what: &str) {
    thread::sleep(GIVEN_UP);
    let screen = pty.keys("j").find(" 2 of 1,000");
    assert!(screen.contains("station-00002.csv"), "{what}: {screen}");
    pty.keys("q");
    assert_eq!(pty.end().code, 0, "{what}");
}

#[test]
fn a_paste_that_never_ends_is_given_up_in_a_silence_and_was_no_keys() {
    for begun in ["\x1b[200~", "\x1b[200~q\rG?\x1bjjj", "\x1b[200~abc\x1b[201"] {
        let mut pty = browser();
        pty.keys(begun);
        answers(pty, begun);
    }
}

#[test]
fn other_sequences_that_never_end_are_given_up_too() {
    for begun in [
        "\x1b]52;c;qqq",
        "\x1b]0;",
        "\x1bPqqq",
        "\x1b_Gqq",
        "\x1b^qq",
        "\x1bXqq",
        "\x1b[1;1;",
        "\x1b[<0;1",
        "\x1b[M",
        "\u{1f980}",
    ] {
        let mut pty = browser();
        // The last of these is cut within a character.
        let begun = if begun.is_ascii() { begun.as_bytes() } else { &begun.as_bytes()[..2] };
        pty.raw(begun);
        answers(pty, &String::from_utf8_lossy(begun));
    }
}

#[test]
fn ctrl_c_ends_what_never_ends_at_once() {
    for begun in ["\x1b[200~", "\x1b[200~abc", "\x1b]52;c;abc", "\x1bPabc", "\x1b[1;"] {
        let mut pty = browser();
        pty.keys(begun).keys("\x03");
        let ended = pty.end();
        assert_eq!(ended.code, 0, "{begun:?}");
        ended.assert_given_back(begun);
    }
}

#[test]
fn what_was_pasted_into_a_field_before_it_was_given_up_is_text_there() {
    let mut pty = Pty::demo();
    pty.keys("\t\t\x15\x1b[200~45m");
    let screen = pty.find("2700 seconds");
    assert!(!screen.contains("minting"), "{screen}");
    // Its rest comes late.
    pty.keys("\rq?\x1b[201~");
    thread::sleep(GIVEN_UP);
    pty.keys("\x1530m").find("1800 seconds");
    pty.keys("\x03");
    let ended = pty.end();
    assert!(!String::from_utf8_lossy(&ended.bytes).contains("tide-vault"), "nothing was minted");
}

#[test]
fn a_flood_of_keys_behind_the_key_that_lends_the_terminal_stops_nobody() {
    let env = [("SHELL", "/bin/sh"), ("PS1", "ashore> ")];
    let mut pty = Pty::start(&crate::pty::Program { env: &env, ..crate::pty::Program::default() }).ready();
    pty.mint("1h").go_to_readings();
    // More than any queue between the reader and the loop holds; what the reader has by then is the interface's.
    pty.keys(&format!("xs{}", "j".repeat(3500)));
    pty.find("ashore>");
    pty.keys("\x15exit\r").find("the shell ended");
    pty.keys("\x03");
    let ended = pty.end();
    assert_eq!(ended.code, 0);
    ended.assert_given_back("a flood");
}

//! One session from the form to its end on screen, renewed, and the end of the program; and a command that waits.

use std::net::TcpListener;

use crate::pty::{Program, Pty};

/// The rows that a position line says are loaded: `of 4,000`.
fn loaded(pty: &Pty, rows: &str) -> String {
    pty.find(&format!("of {rows}"))
}

/// A screenful down, so often that the page is all but gone through and the next one asked for.
fn go_through_a_page(pty: &mut Pty) {
    pty.keys(&"\x06".repeat(45));
}

#[test]
fn a_session_is_minted_used_watched_to_its_end_and_renewed_in_place() {
    let mut pty = Pty::demo();
    let form = pty.find("SANDBOX");
    assert!(form.contains("Duration") && form.contains("30s") && form.contains("default"), "{form}");
    // Into the third bucket, its second row, and the only row in that.
    pty.mint("10s").keys("jj\r").find("team-secret/");
    pty.keys("j\r").find("2026/");
    pty.keys("\r").find("station-00001.csv");
    for rows in ["2,000", "3,000", "4,000"] {
        go_through_a_page(&mut pty);
        loaded(&pty, rows);
    }
    let living = pty.find("2,971 of 4,000");
    assert!(living.contains("station-02971.csv") && !living.contains(" as of "), "{living}");

    let over = pty.find("EXPIRED");
    let over = if over.contains("session expired") { over } else { pty.find("session expired") };
    assert!(over.contains("/2026/ as of ") && over.contains("station-02971.csv"), "{over}");
    let asks_for_nothing = pty.keys("G").find("4,000 of 4,000");
    assert!(asks_for_nothing.contains("EXPIRED"), "{asks_for_nothing}");

    let renewed = pty.keys("R").find("renewed: the same rights");
    assert!(["00:10 left", "00:09 left"].iter().any(|left| renewed.contains(left)), "{renewed}");
    assert!(renewed.contains("station-04000.csv") && !renewed.contains("EXPIRED"), "{renewed}");
    assert!(!renewed.contains(" as of "), "{renewed}");
    loaded(&pty, "5,000");
    pty.keys("G").find("12,000 of 12,000, all");

    pty.keys("q");
    let ended = pty.end();
    assert_eq!(ended.code, 0);
    ended.assert_given_back("q");
}

#[test]
fn a_command_that_waits_for_a_service_says_for_what_and_takes_it_back() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", silent.local_addr().unwrap());
    let pty = Pty::start(&Program {
        args: &["ls", "--endpoint-url", &endpoint],
        env: &[("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "s")],
        ..Program::default()
    });
    pty.find("minting …");
    drop(silent);
    let ended = pty.end();
    assert_eq!(ended.code, 6);
    let told = ended.screen.contents();
    assert!(told.starts_with("error: could not mint") && !told.contains("minting"), "{told}");
}

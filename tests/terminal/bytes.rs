//! What reaches the terminal, byte for byte: which sequences, which colours, which text; and nothing where there is none.

use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Stdio},
};

use crate::{
    pty::{Ended, Program, Pty},
    sequences::Sequences,
};

/// Every screen and panel at once, at a window so wide that nothing is cut.
fn everything_seen(env: &[(&str, &str)]) -> Ended {
    let mut pty = Pty::start(&Program { size: (220, 50), env, ..Program::default() }).ready();
    pty.keys("?").find("Ctrl-z");
    pty.keys("\r").wait("a closed panel", |screen| !screen.contents().contains("suspend"));
    pty.mint("1h").keys("jj").go_to_readings();
    pty.keys("v").find("pane off");
    pty.keys("v").wait("no pane", |screen| !screen.contents().contains("pane off"));
    pty.keys("i").find("Legal hold");
    pty.keys("y").find("sent to the terminal");
    pty.keys("\x1b").wait("the list again", |screen| !screen.contents().contains("Legal hold"));
    pty.go("tide-oddities", "control/");
    pty.go("tide-oddities/control/", "escape");
    pty.go("tide-vault", "AccessDenied");
    pty.keys("e").find("Request ");
    pty.keys("e").keys("n").find("Enter mint");
    pty.keys("\x1b[Z\x1b[C\x1b[C").find("role/reader");
    pty.resize(200, 45);
    pty.wait("the form at its new size", |screen| screen.rows(0, 200).nth(44).is_some_and(|row| row.contains("help")));
    pty.keys("\x03");
    pty.end()
}

#[test]
fn only_known_sequences_are_sent_no_title_and_no_question() {
    let ended = everything_seen(&[]);
    assert_eq!(ended.code, 0);
    let known = [
        "CSI H, CSI J, CSI K, CSI m",                     // where, cleared, a row cleared, how
        "CSI ?25h, CSI ?25l",                             // the cursor
        "CSI ?1049h, CSI ?1049l",                         // the alternate screen
        "CSI ?2004h, CSI ?2004l",                         // bracketed paste
        "CSI ?1004h, CSI ?1004l",                         // whether the window has the focus
        "CSI ?1000h, CSI ?1000l, CSI ?1006h, CSI ?1006l", // clicks and the wheel
        "OSC 52, ESC \\",                                 // what `y` copies, and its end
    ]
    .join(", ");
    let known: BTreeSet<String> = known.split(", ").map(str::to_owned).collect();
    let sent = Sequences::of(&ended.bytes).kinds;
    // Each of them is sent, so the list says nothing that is not so.
    assert_eq!(sent, known);
}

#[test]
fn no_secret_is_ever_sent_to_the_terminal() {
    let ended = everything_seen(&[]);
    let world: toml::Table = fs::read_to_string("assets/sandbox/world.toml").unwrap().parse().unwrap();
    let text = Sequences::of(&ended.bytes).text;
    assert!(text.contains("station-00001.csv"), "the text is what was on screen");
    for user in world["user"].as_array().unwrap() {
        let secret = user["secret_access_key"].as_str().unwrap();
        assert!(!text.contains(&secret[..24]) && !text.contains(&secret[16..]), "{secret}");
    }
    // A minted secret key has 40 characters of base64, a session token hundreds; no name on screen has half as many.
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    let longest = text.split(|c| !is_base64(c)).max_by_key(|run| run.len()).unwrap();
    assert!(longest.len() < 36, "{longest}");
}

#[test]
fn no_color_sends_attributes_and_no_colour() {
    let coloured = |attribute: &String| {
        let number: u16 = attribute.split(':').next().unwrap().parse().unwrap();
        matches!(number, 30..=38 | 40..=48 | 58 | 90..=107)
    };
    let plain = Sequences::of(&everything_seen(&[("NO_COLOR", "1")]).bytes);
    let colours: Vec<&String> = plain.attributes.iter().filter(|attribute| coloured(attribute)).collect();
    assert!(colours.is_empty(), "{colours:?}");
    for (attribute, what) in [("1", "bold"), ("7", "reverse")] {
        assert!(plain.attributes.contains(attribute), "{what}: {:?}", plain.attributes);
    }
    assert!(Sequences::of(&everything_seen(&[]).bytes).attributes.iter().any(coloured), "colours are there otherwise");
}

#[test]
fn without_colours_what_is_selected_is_still_told_apart() {
    let mut pty = Pty::start(&Program { env: &[("NO_COLOR", "1")], ..Program::default() }).ready();
    pty.mint("1h").go_to_readings();
    pty.keys("j").wait("the second row, and no other, reversed", |screen| {
        let reversed = |text: &str| {
            let row = screen.rows(0, 100).position(|row| row.contains(text));
            row.and_then(|row| screen.cell(u16::try_from(row).unwrap(), 5)).is_some_and(vt100::Cell::inverse)
        };
        reversed("station-00002.csv") && !reversed("station-00001.csv") && !reversed("station-00003.csv")
    });
}

#[test]
fn without_a_terminal_nothing_is_drawn_and_the_commands_for_that_are_named() {
    for args in [&[][..], &["demo"], &["--no-mouse"], &["demo", "--no-mouse"]] {
        let output = Command::new(env!("CARGO_BIN_EXE_ebbtide"))
            .args(args)
            .env_clear()
            .env("TERM", "xterm-256color")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        assert_eq!((output.status.code(), output.stdout), (Some(2), vec![]), "{args:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("`ebbtide ls`") && said.starts_with("error: "), "{said}");
        assert!(said.lines().count() <= 2 && !said.contains('\x1b'), "{said:?}");
    }
}

#[test]
fn at_a_terminal_that_cannot_move_its_cursor_nothing_is_drawn() {
    let ended = Pty::start(&Program { env: &[("TERM", "dumb")], ..Program::default() }).end();
    assert_eq!(ended.code, 2);
    assert!(ended.screen.contents().contains("ebbtide ls") && !ended.bytes.contains(&0x1b));
}

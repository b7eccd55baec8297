//! What was typed on the command line, told back: to a terminal and to a pipe, no byte of it acts.

use std::{
    ffi::{OsStr, OsString},
    os::unix::{ffi::OsStringExt, process::CommandExt},
    process::{Command, Output, Stdio},
};

use crate::{
    pty::{Program, Pty},
    sequences::Sequences,
};

/// A clipboard that is written, a title, colours, text that runs backwards or cannot be seen, and a backslash.
const HOSTILE: &str = "a\u{1b}]52;c;aGkh\u{7}\u{1b}]0;t\u{7}\u{1b}[31mb\u{202e}c\u{200b}\u{9b}7m\rd\\x1b";

/// Ways to have it quoted, each in one argument.
const QUOTED: [(&[&str], &str); 10] = [
    (&["user"], ""),
    (&["ls"], "--"),
    (&[], "--"),
    (&["ls", "--scope"], ""),
    (&["ls", "--output"], ""),
    (&["ls", "--max"], ""),
    (&["mint", "--as"], ""),
    (&["status", "--at-least"], ""),
    (&["count", "s3://tide-logs"], ""),
    (&["exec"], ""),
];

fn piped(name: Option<&OsStr>, args: impl IntoIterator<Item = OsString>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ebbtide"));
    if let Some(name) = name {
        command.arg0(name);
    }
    command.args(args).env_clear().env("HOME", "/nonexistent").stdin(Stdio::null()).output().unwrap()
}

/// No character of it acts or hides but the ends of lines.
fn assert_harmless(text: &str) {
    let hidden = |c: char| c != '\n' && (c.is_control() || "\u{202e}\u{200b}".contains(c));
    assert!(!text.contains(hidden), "{text:?}");
}

#[test]
fn an_argument_that_would_act_on_the_terminal_is_told_as_escapes() {
    for (args, before) in QUOTED {
        let args = args.iter().map(|arg| (*arg).to_owned()).chain([format!("{before}{HOSTILE}")]);
        let output = piped(None, args.clone().map(Into::into));
        let told = String::from_utf8(output.stderr).unwrap();
        let args: Vec<String> = args.collect();
        assert_eq!((output.status.code(), output.stdout), (Some(2), vec![]), "{args:?}: {told}");
        assert_harmless(&told);
        assert!(told.contains(r"a\x1b]52;c;aGkh\x07") && told.contains(r"b\u{202e}c\u{200b}"), "{args:?}: {told}");
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let ended = Pty::start(&Program { args: &args, ..Program::default() }).end();
        let Sequences { kinds, .. } = Sequences::of(&ended.bytes);
        assert!(kinds.iter().all(|kind| ["CSI m", "C0 0a", "C0 0d"].contains(&kind.as_str())), "{args:?}: {kinds:?}");
        assert_eq!(ended.code, 2);
    }
}

#[test]
fn clap_keeps_its_layout_and_at_a_terminal_its_styles() {
    let told = String::from_utf8(piped(None, ["ls".into(), "--bo\u{1b}gus".into()]).stderr).unwrap();
    let expected = "error: unexpected argument '--bo\\x1bgus' found\n\n  tip: to pass '--bo\\x1bgus' as a value, use \
                    '-- --bo\\x1bgus'\n\nUsage: ebbtide ls ";
    assert!(told.starts_with(expected), "{told}");
    let ended = Pty::start(&Program { args: &["ls", "--bo\u{1b}gus"], ..Program::default() }).end();
    assert!(Sequences::of(&ended.bytes).attributes.len() > 1, "bold, a colour");
    assert!(
        ended.screen.contents().contains(r"unexpected argument '--bo\x1bgus' found"),
        "{}",
        ended.screen.contents()
    );
}

#[test]
fn the_name_by_which_the_program_was_called_acts_no_more_than_an_argument() {
    let name: OsString = "/bin/eb\u{1b}[31m\u{202e}tide".into();
    for args in [vec!["--help"], vec!["ls", "--help"], vec!["--bogus"], vec!["ls", "--bo\u{1b}gus"]] {
        let output = piped(Some(&name), args.iter().map(Into::into));
        assert_harmless(&String::from_utf8(output.stdout).unwrap());
        assert_harmless(&String::from_utf8(output.stderr).unwrap());
    }
}

#[test]
fn an_argument_that_is_not_utf_8_is_named_by_its_bytes() {
    for args in [vec![&b"ls"[..], b"-r", b"caf\xe9\x1b"], vec![b"-p", b"caf\xe9\x1b", b"ls"], vec![b"caf\xe9\x1b"]] {
        let output = piped(None, args.iter().map(|bytes| OsString::from_vec(bytes.to_vec())));
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.starts_with("error: ") && told.contains(r"caf\xe9\x1b"), "{told}");
        assert_harmless(&told);
    }
}

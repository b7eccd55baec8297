//! A shell from the interface: it has the terminal to itself, and gives it back.

use std::{fs, os::unix::fs::PermissionsExt};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::pty::{Program, Pty, given_back};

/// The demo in its browser, in front of what a person has as their shell.
fn demo_with_shell(shell: &str) -> Pty {
    let env =
        [("SHELL", shell), ("PS1", "ashore> "), ("AWS_PROFILE", "other"), ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "x")];
    let mut pty = Pty::start(&Program { env: &env, ..Program::default() }).ready();
    pty.mint("15m").go_to_readings();
    pty
}

/// A script in place of a shell.
fn script(folder: &TempDir, text: &str) -> String {
    let path = folder.path().join("shell");
    fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    path.to_str().unwrap().to_owned()
}

/// A shell with job control that edits its line itself, and reads no file that sets another prompt.
const BASH: &str = "exec /bin/bash --norc --noprofile -i";

/// Back in the interface: the notice is there, keys arrive, and quitting gives the terminal back.
fn is_back(mut pty: Pty, notice: &str) {
    pty.wait("the interface", |screen| screen.alternate_screen() && screen.contents().contains(notice));
    let screen = pty.find(" left ");
    assert!(screen.contains("station-00001.csv"), "{screen}");
    pty.keys("j").find(" 2 of 1,000");
    pty.keys("q");
    let ended = pty.end();
    assert_eq!(ended.code, 0);
    ended.assert_given_back("a shell");
}

#[test]
fn a_shell_has_the_terminal_and_only_these_credentials_and_its_end_leads_back() {
    let mut pty = demo_with_shell("/bin/sh");
    pty.keys("xs").find("type `exit` to return");
    pty.find("ashore>");
    assert_eq!(given_back(&pty.screen()), Ok(()));
    // Every key is the shell's: none is lost to whoever read the terminal before.
    pty.keys("echo ${AWS_PROFILE-none} ${AWS_CONTAINER_CREDENTIALS_FULL_URI-none} $AWS_REGION\r");
    pty.find("none none us-west-2");
    pty.keys("test -n \"$AWS_SESSION_TOKEN\" -a -n \"$AWS_CREDENTIAL_EXPIRATION\" && echo t''here\r").find("there");
    pty.keys("/bin/sh -c 'echo a''sleep; exec sleep 60'\r").find("asleep");
    pty.keys("\x03");
    pty.wait("a prompt again", |screen| {
        screen.contents().split("^C").nth(1).is_some_and(|rest| rest.contains("ashore>"))
    });
    pty.keys("echo after''wards\r").find("afterwards");
    pty.keys("exit 3\r");
    is_back(pty, "the shell ended with exit code 3");
}

#[test]
fn keys_that_interrupt_are_the_childs_also_where_it_has_no_job_control() {
    let folder = TempDir::new().unwrap();
    let shell = script(&folder, "trap 'exit 4' INT QUIT; echo rea''dy; while :; do sleep 0.1; done");
    for key in ["\x03", "\x1c"] {
        let mut pty = demo_with_shell(&shell);
        pty.keys("xs").find("ready");
        pty.keys(key);
        is_back(pty, "the shell ended with exit code 4");
    }
    let mut pty = demo_with_shell(&script(&folder, "echo rea''dy; exec sleep 60"));
    pty.keys("xs").find("ready");
    pty.keys("\x03");
    is_back(pty, "the shell ended with exit code 130");
}

#[test]
fn a_shell_that_is_killed_leaves_a_terminal_that_is_sane_and_ours() {
    let folder = TempDir::new().unwrap();
    let bash = script(&folder, BASH);
    for shell in ["/bin/sh", &bash] {
        let mut pty = demo_with_shell(shell);
        pty.keys("xs").find("ashore>");
        pty.keys("stty -echo raw; kill -9 $$\r");
        is_back(pty, "the shell ended with exit code 137");
    }
    // While what it runs has the terminal.
    let mut pty = demo_with_shell(&bash);
    pty.keys("xs").find("ashore>");
    pty.keys("sh -c 'kill -9 $PPID; exec sleep 60'\r");
    is_back(pty, "the shell ended with exit code 137");
}

#[test]
fn a_shell_that_leaves_the_terminal_in_other_modes_changes_none_of_ours() {
    let mut pty = demo_with_shell("/bin/sh");
    pty.keys("xs").find("ashore>");
    pty.keys("stty -echo -icanon; exit 0\r");
    is_back(pty, "the shell ended with exit code 0");
}

#[test]
fn a_shell_that_suspends_itself_stops_us_and_goes_on_with_us() {
    let folder = TempDir::new().unwrap();
    let mut pty = demo_with_shell(&script(&folder, BASH));
    pty.keys("xs").find("ashore>");
    pty.keys("suspend -f\r");
    pty.wait_for_stop();
    pty.signal(Signal::CONT);
    pty.keys("echo go''es on\r").find("goes on");
    pty.keys("exit 5\r");
    is_back(pty, "the shell ended with exit code 5");
}

#[test]
fn a_shell_that_cannot_be_started_is_said() {
    let mut pty = demo_with_shell("/nonexistent/shell");
    pty.keys("xs");
    is_back(pty, "no shell: ");
}

#[test]
fn a_signal_that_ends_the_program_ends_its_shell() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let mut pty = demo_with_shell("/bin/sh");
        pty.keys("xs").find("ashore>");
        pty.signal(signal);
        let ended = pty.end();
        assert_eq!(ended.code, code);
        ended.assert_given_back("a signal");
    }
}

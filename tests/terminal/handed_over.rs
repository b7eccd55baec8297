//! The terminal in the hands of what `ebbtide exec` runs.

use crate::pty::{Program, Pty};

/// A script below `exec`, with long-term keys, so that no service is asked.
fn below_exec(script: &str) -> Pty {
    Pty::start(&Program {
        args: &["exec", "-m", "direct", "--", "/bin/sh", "-c", script],
        env: &[("AWS_ACCESS_KEY_ID", "AKIATIDE"), ("AWS_SECRET_ACCESS_KEY", "canarySECRET")],
        ..Program::default()
    })
}

#[test]
fn a_person_is_told_how_long_the_credentials_live() {
    let ended = below_exec("echo $AWS_ACCESS_KEY_ID").end();
    let screen = ended.screen.contents();
    assert!(
        screen.contains("note: mode direct: these are the profile's long-term keys, which do not expire\nAKIATIDE"),
        "{screen}"
    );
    assert!(!screen.contains("canary"), "{screen}");
}

#[test]
fn keys_that_interrupt_reach_the_command_alone() {
    let mut pty = below_exec("trap 'echo caught; exit 3' INT; echo ready; while :; do sleep 0.1; done");
    pty.find("ready");
    pty.keys("\x03").find("caught");
    assert_eq!(pty.end().code, 3);
}

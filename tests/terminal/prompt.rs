//! The question for an MFA code at a terminal, without the interface: how it ends, and what Ctrl-C does then.

use std::time::Duration;

use rustix::process::Signal;

use crate::{
    pty::{Program, Pty},
    shore::Shore,
};

/// A command that asks for a code, once it has asked.
fn asked(shore: &Shore, args: &[&str]) -> Pty {
    let config = shore.path("config").to_str().unwrap().to_owned();
    let env = [("AWS_CONFIG_FILE", config.as_str()), ("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")];
    let pty = Pty::start(&Program { args, env: &env, ..Program::default() });
    pty.find("MFA code of arn:aws:iam::111122223333:mfa/ana: ");
    pty
}

#[test]
fn a_signal_at_the_prompt_ends_the_command_as_shells_tell_it_and_the_terminal_echoes_again() {
    let shore = Shore::new();
    for args in [&["mint", "-p", "diver"][..], &["ls", "-p", "diver"], &["exec", "-p", "diver", "--", "true"]] {
        let mut pty = asked(&shore, args);
        pty.keys("730\x03");
        let ended = pty.end();
        assert_eq!(ended.code, 130, "{args:?}");
        ended.assert_given_back("after Ctrl-C");
        let text = ended.screen.contents();
        assert!(!text.contains("730") && !text.contains("error"), "{text}");
    }
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let pty = asked(&shore, &["mint", "-p", "diver"]);
        pty.signal(signal);
        let ended = pty.end();
        assert_eq!(ended.code, code);
        ended.assert_given_back("after a signal");
    }
}

#[test]
fn behind_the_prompt_ctrl_c_ends_the_command_too() {
    let shore = Shore::slow(Duration::from_secs(20));
    let mut pty = asked(&shore, &["mint", "-p", "diver"]);
    pty.keys("730461\r").wait("the code to be taken", |screen| screen.cursor_position().0 > 0);
    pty.keys("\x03");
    assert_eq!(pty.end().code, 130);
}

//! Commands that a config file names and that hang: whatever ends the program ends them, and all that they started.

use std::{fs, path::PathBuf, thread, time::Duration};

use ebbtide::clock::Clock;
use jiff::SignedDuration;
use rustix::process::Signal;
use tempfile::TempDir;

use crate::pty::{Program, Pty};

/// A config with a profile whose `credential_process` hangs, and one whose `mfa_process` does; each starts another process.
struct Hanging {
    folder: TempDir,
    config: String,
}

impl Hanging {
    fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let pids = folder.path().join("pids").display().to_string();
        let hangs = format!("sh -c 'sleep 1000 & echo $$ $! > {pids}.new; mv {pids}.new {pids}; wait'");
        let keys =
            "aws_access_key_id = AKIATIDE\naws_secret_access_key = canarySECRET\nendpoint_url = http://127.0.0.1:9";
        let text = format!(
            "[default]\ncredential_process = {hangs}\nendpoint_url = http://127.0.0.1:9\n[profile mfa]\n{keys}\nmfa_serial = \
             arn:aws:iam::111122223333:mfa/ana\nmfa_process = {hangs}\n"
        );
        let config = folder.path().join("config");
        fs::write(&config, text).unwrap();
        Self { config: config.display().to_string(), folder }
    }

    fn start(&self, args: &[&str]) -> Pty {
        let env = [("AWS_CONFIG_FILE", self.config.as_str()), ("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")];
        Pty::start(&Program { args, env: &env, ..Program::default() })
    }

    fn pids(&self) -> PathBuf {
        self.folder.path().join("pids")
    }

    fn wait_until_it_runs(&self) {
        soon("the command runs", || self.pids().exists());
    }

    fn assert_gone(&self, how: &str) {
        let pids = fs::read_to_string(self.pids()).unwrap();
        let runs = |pid: &str| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            !stat.is_empty() && !stat.contains(") Z ")
        };
        soon(how, || !pids.split_whitespace().any(runs));
    }
}

fn soon(what: &str, holds: impl Fn() -> bool) {
    let clock = Clock::system();
    let begun = clock.now();
    while !holds() {
        assert!(clock.now().duration_since(begun) < SignedDuration::from_secs(20), "in vain: {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn ctrl_c_and_signals_end_a_command_line_with_what_it_waits_for() {
    for args in [
        &["mint"][..],
        &["mint", "-p", "mfa"],
        &["ls", "-p", "mfa"],
        &["count", "s3://tide-logs"],
        &["exec", "--", "true"],
    ] {
        for (signal, code) in [(None, 130), (Some(Signal::TERM), 143), (Some(Signal::HUP), 129)] {
            let hanging = Hanging::new();
            let mut pty = hanging.start(args);
            hanging.wait_until_it_runs();
            match signal {
                None => _ = pty.keys("\x03"),
                Some(signal) => pty.signal(signal),
            }
            assert_eq!(pty.end().code, code, "{args:?} {signal:?}");
            hanging.assert_gone(&format!("{args:?} {signal:?}"));
        }
    }
}

#[test]
fn the_end_of_the_interface_ends_the_command_that_it_waits_for() {
    for (signal, code) in [(None, 0), (Some(Signal::TERM), 143), (Some(Signal::HUP), 129)] {
        let hanging = Hanging::new();
        let mut pty = hanging.start(&[]);
        pty.find("Enter mints");
        pty.keys("\r");
        hanging.wait_until_it_runs();
        match signal {
            None => _ = pty.keys("\x03"),
            Some(signal) => pty.signal(signal),
        }
        assert_eq!(pty.end().code, code, "{signal:?}");
        hanging.assert_gone(&format!("{signal:?}"));
    }
}

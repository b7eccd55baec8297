//! No secret is found anywhere but where it was asked for: on screen, in a log at its most talkative, in a file, in the
//! command line, in what a fault leaves behind. Secrets are searched for by value, base64, hex, URL-encoded and reversed.

use std::{fs, path::Path, thread, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use ebbtide::{
    clock::Clock,
    domain::{
        duration::SessionDuration,
        totp::{Seed, valid_until},
    },
    sandbox::{Sandbox, Settings},
};
use jiff::SignedDuration;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use rustix::process::Signal;
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime};

use crate::{
    pty::{Program, Pty},
    tap::Tap,
};

/// A sandbox behind a tap, and a home whose config knows the way.
pub(crate) struct Scene {
    home: TempDir,
    tap: Tap,
    long_term: Vec<String>,
    seed: Seed,
    _runtime: Runtime,
}

impl Scene {
    pub(crate) fn new() -> Self {
        let settings = Settings { min_duration: SessionDuration::from_secs(1), ..Settings::default() };
        let sandbox = Sandbox::new(Clock::system(), settings).unwrap();
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let tap = Tap::to(listener.local_addr().unwrap().to_string());
        let home = TempDir::new().unwrap();
        let config = sandbox.shared_config(&tap.endpoint);
        let seed = sandbox.first_device().map(|(_, seed)| seed.clone()).unwrap();
        let long_term = config
            .lines()
            .filter_map(|line| line.strip_prefix("aws_secret_access_key"))
            .map(|value| value.trim_start_matches([' ', '=']).to_owned())
            .collect();
        fs::create_dir(home.path().join("given")).unwrap();
        fs::write(home.path().join("given/config"), config).unwrap();
        runtime.spawn(sandbox.serve(listener));
        Self { home, tap, long_term, seed, _runtime: runtime }
    }

    /// The program, told to say as much as it can.
    fn start(&self, args: &[&str]) -> Pty {
        self.start_with(args, &[("RUST_LOG", "trace"), ("LOG_SENSITIVE_BODIES", "true"), ("RUST_BACKTRACE", "full")])
    }

    /// The program with these variables.
    pub(crate) fn start_with(&self, args: &[&str], more: &[(&str, &str)]) -> Pty {
        let home = self.home.path().to_str().unwrap();
        let config = format!("{home}/given/config");
        let env = [("HOME", home), ("AWS_CONFIG_FILE", &config), ("AWS_SHARED_CREDENTIALS_FILE", "/nowhere")];
        let env = [&env, more].concat();
        Pty::start(&Program { args, env: &env, ..Program::default() })
    }

    /// What the device shows, waiting for its next code where this one is about to go.
    fn code(&self) -> String {
        let clock = Clock::system();
        let left = |now| valid_until(now).duration_since(now);
        while left(clock.now()) < SignedDuration::from_secs(5) {
            thread::sleep(Duration::from_millis(200));
        }
        self.seed.code_at(clock.now())
    }

    /// Secret keys and session tokens that were minted so far.
    pub(crate) fn minted(&self) -> Vec<String> {
        ["SecretAccessKey", "SessionToken"].map(|element| self.tap.between(&format!("<{element}>"), "<")).concat()
    }

    /// Every secret there was so far.
    fn secrets(&self) -> Vec<String> {
        let minted = self.minted();
        assert!(minted.len() >= 2, "a session was minted through the tap");
        let codes = self.tap.first_behind("TokenCode=", 6);
        self.long_term.iter().cloned().chain(minted).chain(codes).collect()
    }

    fn assert_hidden(&self, place: &str, bytes: &[u8]) {
        for secret in self.secrets() {
            for form in forms(&secret) {
                let found = bytes.windows(form.len()).any(|window| window == form.as_bytes());
                assert!(!found, "{place} holds a secret, as {form}");
            }
        }
    }

    /// Every file below the home but the config that was given, searched.
    fn assert_files_hide(&self) -> usize {
        let mut searched = 0;
        for file in files(self.home.path()).iter().filter(|file| !file.ends_with("given/config")) {
            self.assert_hidden(&file.display().to_string(), &without_times(&fs::read(file).unwrap()));
            searched += 1;
        }
        searched
    }
}

/// A log without the time at the beginning of each line: six digits of a second can be a code by chance.
fn without_times(log: &[u8]) -> Vec<u8> {
    let lines = log.split(|byte| *byte == b'\n').map(|line| {
        let time = line.iter().take(32).position(|byte| *byte == b'Z');
        time.map_or(line, |end| &line[end..])
    });
    lines.collect::<Vec<_>>().join(&b'\n')
}

fn forms(secret: &str) -> Vec<String> {
    let bytes = secret.as_bytes();
    // Base64 within a longer text begins at any of three places; what does not depend on the neighbours is searched.
    let aligned = (0..3).map(|skip| STANDARD.encode(&bytes[skip..]).trim_end_matches('=').to_owned());
    let inner = aligned.map(|text| text[..text.len() - 2].to_owned());
    let url = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let reversed = secret.chars().rev().collect();
    [secret.to_owned(), hex::encode(bytes), hex::encode_upper(bytes), url, reversed].into_iter().chain(inner).collect()
}

fn files(directory: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

#[test]
fn a_whole_life_at_the_terminal_shows_logs_and_leaves_no_secret() {
    let scene = Scene::new();
    let mut pty = scene.start(&["--debug", "-t", "4s"]);
    pty.find("✓ Enter mints");
    pty.keys("\r").find("tide-vault");
    pty.keys("G\r").find("not allowed");
    pty.keys("e").find("what went wrong");
    pty.keys("\x1b?").find("renew");
    let proc = format!("/proc/{}", pty.pid().as_raw_nonzero());
    for file in ["cmdline", "limits", "status"] {
        scene.assert_hidden(file, &fs::read(format!("{proc}/{file}")).unwrap());
    }
    let limits = fs::read_to_string(format!("{proc}/limits")).unwrap();
    assert!(
        limits.lines().any(|line| line.starts_with("Max core file size") && line.matches(" 0 ").count() == 2),
        "{limits}"
    );
    pty.keys("\x1b").find("EXPIRED");
    pty.keys("R").find("renewed");
    pty.keys("q");
    let ended = pty.end();
    assert_eq!(ended.code, 0);
    scene.assert_hidden("what was sent to the terminal", &ended.bytes);
    assert!(scene.assert_files_hide() >= 1, "the log was searched");
}

#[test]
fn a_program_that_is_killed_leaves_no_core_and_no_secret() {
    let scene = Scene::new();
    let mut pty = scene.start(&["--debug"]);
    pty.find("✓ Enter mints");
    pty.keys("\r").find("tide-vault");
    pty.signal(Signal::ABORT);
    assert_eq!(pty.aborted().as_deref(), Some("Aborted"), "by the signal");
    scene.assert_files_hide();
    assert!(!files(scene.home.path()).iter().any(|file| file.to_string_lossy().contains("core")));
}

#[test]
fn headless_commands_that_were_not_asked_for_credentials_print_none() {
    let scene = Scene::new();
    for args in [
        vec!["mint", "--debug"],
        vec!["whoami", "-o", "json", "--debug"],
        vec!["ls", "--debug", "s3://tide-vault"],
        vec!["ls", "--debug", "-u", "ana", "-b", "tide-logs", "-o", "json"],
        vec!["mint", "--debug", "-p", "mistyped"],
    ] {
        let ended = scene.start(&args).end();
        scene.assert_hidden(&args.join(" "), &ended.bytes);
    }
    assert!(scene.assert_files_hide() >= 1, "the log was searched");
}

#[test]
fn a_sign_in_url_is_printed_and_nothing_that_it_was_had_for() {
    let scene = Scene::new();
    let ended = scene.start(&["console", "--debug", "-u", "ana", "-b", "tide-logs"]).end();
    let token = scene.tap.between("\"SigninToken\":\"", "\"").remove(0);
    assert!(String::from_utf8_lossy(&ended.bytes).contains("/federation?Action=login"), "{}", ended.screen.contents());
    scene.assert_hidden("console", &ended.bytes);
    assert!(scene.assert_files_hide() >= 1, "the log was searched");
    let log = files(scene.home.path()).into_iter().find(|file| file.ends_with("ebbtide.log")).unwrap();
    assert!(!String::from_utf8_lossy(&fs::read(log).unwrap()).contains(&token), "the token opens the console");
}

#[test]
fn a_code_of_a_device_is_found_nowhere_but_on_the_wire() {
    let scene = Scene::new();
    let mut pty = scene.start(&["--debug", "-p", "mfa"]);
    pty.find("MFA code");
    let code = scene.code();
    pty.keys(&format!("\x1b[Z{code}")).find("••••••");
    pty.keys("\r").find("tide-vault");
    assert_eq!(scene.tap.first_behind("TokenCode=", 6), [code.as_str()], "sent once");
    let proc = format!("/proc/{}", pty.pid().as_raw_nonzero());
    scene.assert_hidden("cmdline", &fs::read(format!("{proc}/cmdline")).unwrap());
    pty.keys("q");
    let ended = pty.end();
    scene.assert_hidden("what was sent to the terminal", &ended.bytes);
    assert!(scene.assert_files_hide() >= 1, "the log was searched");
}

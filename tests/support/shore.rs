//! A sandbox on loopback and the program as a process beside it.
//!
//! Invariant: the program sees nothing of this process's environment, and no config but the sandbox's own.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output, Stdio},
    time::Duration,
};

use ebbtide::{
    clock::Clock,
    domain::duration::SessionDuration,
    sandbox::{Sandbox, Settings},
};
use jiff::SignedDuration;
use serde_json::Value;
use tempfile::TempDir;
use tokio::{net::TcpListener, runtime::Runtime};

/// A sandbox that serves, and a home directory whose config knows it.
pub(crate) struct Shore {
    home: TempDir,
    pub(crate) endpoint: String,
    _runtime: Runtime,
}

/// How a command ended.
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Shore {
    pub(crate) fn new() -> Self {
        Self::slow(Duration::ZERO)
    }

    /// One whose every answer takes this long.
    pub(crate) fn slow(latency: Duration) -> Self {
        let settings = Settings { latency, ..Settings::default() };
        Self::of_clock(Clock::system(), settings)
    }

    /// One whose clock is so far ahead of this machine's.
    #[allow(dead_code, reason = "not every test that includes this file uses it")]
    pub(crate) fn ahead(by: SignedDuration) -> Self {
        Self::of_clock(Clock::starting_at(Clock::system().now() + by), Settings::default())
    }

    fn of_clock(clock: Clock, settings: Settings) -> Self {
        let settings = Settings { min_duration: SessionDuration::from_secs(1), ..settings };
        let sandbox = Sandbox::new(clock, settings).unwrap();
        let runtime = Runtime::new().unwrap();
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let home = TempDir::new().unwrap();
        fs::write(home.path().join("config"), sandbox.shared_config(&endpoint)).unwrap();
        runtime.spawn(sandbox.serve(listener));
        Self { home, endpoint, _runtime: runtime }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// The program with nothing of this process's environment.
    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ebbtide"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("AWS_CONFIG_FILE", self.path("config"))
            .env("AWS_SHARED_CREDENTIALS_FILE", self.path("credentials"))
            .args(args)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, line: &str) -> Ended {
        ended(self.command(&line.split_whitespace().collect::<Vec<_>>()).output().unwrap())
    }

    /// The same, for a line that must succeed; its output.
    pub(crate) fn done(&self, line: &str) -> String {
        let ended = self.run(line);
        assert_eq!(ended.code, 0, "{line}: {}", ended.err);
        ended.out
    }

    pub(crate) fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.done(line)).unwrap()
    }
}

pub(crate) fn ended(output: Output) -> Ended {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    Ended { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
}

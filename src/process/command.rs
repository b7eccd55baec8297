//! Commands from a config file: `credential_process`, `mfa_process`.
//!
//! Invariant: a command, with all its children, ends after [`LONGEST_RUN`] at the latest, and no later than its caller
//! and this program. It cannot read the terminal. No error quotes its standard output, which may hold a secret. Errors
//! quote its standard error, which is documented to hold none, unless that is already visible on the terminal.

use std::{
    process::Stdio,
    sync::{Mutex, MutexGuard, OnceLock, PoisonError},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};
use secrecy::SecretString;
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::Command,
};

use super::CREDENTIAL_VARIABLES;

/// A command that takes longer is taken to hang.
pub const LONGEST_RUN: Duration = Duration::from_mins(1);

/// The longest answer that is read, in bytes.
const MOST_OUTPUT: u64 = 64 * 1024;

/// Characters of an error message that are shown.
const LONGEST_COMPLAINT: usize = 300;

/// Where a command's complaints go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Complaints {
    /// Into the error, the last line of them.
    Told,
    /// To standard error as they come: it may say there what it waits for.
    Seen,
}

/// Why a command gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoAnswer {
    /// It could not be started, or not be waited for.
    NotRun(String),
    /// It was still running after [`LONGEST_RUN`].
    Hung,
    /// It ended with a code other than 0 or by a signal: how, and what it said last.
    Failed(String),
    /// What it printed cannot be an answer.
    Garbled(&'static str),
}

/// The groups of the commands that run.
static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// What is done before a command is run.
static BEFORE: OnceLock<fn()> = OnceLock::new();

/// Has this done before each command: a program without an interface must listen for the signals that end it, for a
/// command is in a group of its own, which no key of the terminal signals.
pub fn before_commands(prepare: fn()) {
    let _ = BEFORE.set(prepare);
}

/// Ends every command that still runs, and what they started. For the end of the program, which waits for none of them.
pub fn end_commands() {
    for group in lock_running().drain(..) {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

fn lock_running() -> MutexGuard<'static, Vec<Pid>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A command with all that it started, ended when dropped unless it has ended by itself.
struct ProcessGroup(Option<Pid>);

impl ProcessGroup {
    fn of(child: &tokio::process::Child) -> Self {
        let group = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
        lock_running().extend(group);
        Self(group)
    }

    /// It has ended: what it left behind is meant to stay.
    fn ended(mut self) {
        self.forget();
    }

    fn forget(&mut self) -> Option<Pid> {
        let group = self.0.take();
        lock_running().retain(|other| Some(*other) != group);
        group
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        if let Some(group) = self.forget() {
            // Gone already is as good.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// Runs a command line as `sh` reads it, and answers what it printed.
///
/// # Errors
/// See [`NoAnswer`].
pub async fn run_line(line: &str, complaints: Complaints) -> Result<SecretString, NoAnswer> {
    if let Some(prepare) = BEFORE.get() {
        prepare();
    }
    let mut command = Command::new("sh");
    // A group of its own: so that all of it can be ended, and none of it can take keys from the terminal.
    command.args(["-c", line]).stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0);
    command.stderr(if complaints == Complaints::Told { Stdio::piped() } else { Stdio::inherit() });
    for variable in CREDENTIAL_VARIABLES {
        command.env_remove(variable);
    }
    let unable = |error: std::io::Error| NoAnswer::NotRun(error.to_string());
    let mut child = command.spawn().map_err(unable)?;
    let group = ProcessGroup::of(&child);
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let ending = async { tokio::join!(child.wait(), most_of(stdout), most_of(stderr)) };
    let (status, printed, complaint) = tokio::time::timeout(LONGEST_RUN, ending).await.map_err(|_| NoAnswer::Hung)?;
    let status = status.map_err(unable)?;
    group.ended();
    if !status.success() {
        return Err(NoAnswer::Failed(format!("{status}{}", last_line(&complaint))));
    }
    if printed.len() as u64 > MOST_OUTPUT {
        return Err(NoAnswer::Garbled("its output is larger than 64 KiB"));
    }
    String::from_utf8(printed).map(Into::into).map_err(|_| NoAnswer::Garbled("its output is not UTF-8"))
}

/// What comes, up to a byte more than may; the rest is let go by.
async fn most_of(stream: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let mut read = Vec::new();
    if let Some(mut stream) = stream {
        // A broken pipe ends it like any other end: the exit code tells whether it was one too early.
        let _ = (&mut stream).take(MOST_OUTPUT + 1).read_to_end(&mut read).await;
        let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    }
    read
}

/// `: what it said last`.
fn last_line(complaint: &[u8]) -> String {
    let text = String::from_utf8_lossy(complaint);
    match text.lines().map(str::trim).rfind(|line| !line.is_empty()) {
        Some(line) => format!(": {}", line.chars().take(LONGEST_COMPLAINT).collect::<String>()),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    async fn answer(line: &str) -> Result<String, NoAnswer> {
        run_line(line, Complaints::Told).await.map(|printed| printed.expose_secret().to_owned())
    }

    #[tokio::test]
    async fn an_answer_is_what_went_to_standard_output() {
        assert_eq!(answer("echo loud >&2; printf quiet").await.as_deref(), Ok("quiet"));
        assert_eq!(answer("cat").await.as_deref(), Ok(""), "nothing to read from");
    }

    #[tokio::test]
    async fn a_command_that_fails_or_floods_is_told() {
        for (line, text) in [
            ("echo canary; echo one >&2; echo; echo two >&2; exit 3", "Failed(\"exit status: 3: two\")"),
            ("exit 4", "Failed(\"exit status: 4\")"),
            ("kill -9 $$", "signal: 9"),
            ("no-such-helper-7", "not found"),
            ("head -c 70000 /dev/zero", "larger than 64 KiB"),
            ("printf '\\377'", "not UTF-8"),
        ] {
            let told = format!("{:?}", answer(line).await.unwrap_err());
            assert!(told.contains(text) && !told.contains("canary"), "{line}: {told}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_that_hangs_is_not_waited_for_without_end() {
        assert_eq!(answer("sleep 1000").await, Err(NoAnswer::Hung));
    }

    /// Neither running nor waiting to be buried.
    fn is_gone(pid: &str) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.is_empty() || stat.contains(") Z ")
    }

    #[tokio::test]
    async fn what_a_command_started_ends_with_it() {
        for complaints in [Complaints::Told, Complaints::Seen] {
            let folder = tempfile::TempDir::new().unwrap();
            let pid = folder.path().join("pid");
            let line = format!("sleep 1000 & echo $! > {0}.new; mv {0}.new {0}; wait", pid.display());
            let started = async {
                while !pid.exists() {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            };
            tokio::select! {
                answer = run_line(&line, complaints) => panic!("{answer:?}"),
                () = started => {}
            }
            let pid = std::fs::read_to_string(&pid).unwrap();
            while !is_gone(pid.trim()) {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        }
    }
}

//! Commands that a config file names: `credential_process`.
//!
//! Invariant: a command never outlives [`LONGEST_RUN`], nor whoever waits for it; it reads nothing from the terminal;
//! what it printed is in no error, for that may be a secret. Its complaints are: they are read from standard error alone,
//! which is documented to hold none.

use std::{process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::Command,
};

use crate::{
    domain::{
        credentials::Credentials,
        failure::{Failure, FailureKind},
    },
    process::CREDENTIAL_VARIABLES,
};

/// A command that takes longer is taken to hang.
pub(super) const LONGEST_RUN: Duration = Duration::from_mins(1);

/// The longest answer that is read, in bytes.
const MOST_OUTPUT: u64 = 64 * 1024;

/// Characters of a complaint that are told.
const LONGEST_COMPLAINT: usize = 300;

/// Kills what a command started, unless it has ended.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.0 {
            // Gone already is as good.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// Why a command gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    pub(super) kind: FailureKind,
    pub(super) text: String,
}

fn trouble(kind: FailureKind, text: impl Into<String>) -> Trouble {
    Trouble { kind, text: text.into() }
}

/// Runs a command line as `sh` reads it, and answers what it printed.
pub(super) async fn run(line: &str) -> Result<String, Trouble> {
    let mut command = Command::new("sh");
    // A group of its own: so that all of it can be ended, and none of it can take keys from the terminal.
    command.args(["-c", line]).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
    for variable in CREDENTIAL_VARIABLES {
        command.env_remove(variable);
    }
    let unable = |error: std::io::Error| trouble(FailureKind::Other, format!("it could not be run: {error}"));
    let mut child = command.spawn().map_err(unable)?;
    let mut group = Group(child.id().and_then(|id| Pid::from_raw(id.cast_signed())));
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let ending = async { tokio::join!(child.wait(), most_of(stdout), most_of(stderr)) };
    let (status, printed, complaint) = tokio::time::timeout(LONGEST_RUN, ending)
        .await
        .map_err(|_| trouble(FailureKind::Timeout, "it was still running after a minute, and was ended"))?;
    let status = status.map_err(unable)?;
    group.0 = None;
    if !status.success() {
        let complaint = last_line(&complaint);
        return Err(trouble(FailureKind::InvalidCredentials, format!("it ended with {status}{complaint}")));
    }
    if printed.len() as u64 > MOST_OUTPUT {
        return Err(trouble(FailureKind::Invalid, "it printed more than 64 KiB"));
    }
    String::from_utf8(printed).map_err(|_| trouble(FailureKind::Invalid, "what it printed is not UTF-8"))
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

/// The credentials a `credential_process` printed.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>
pub(super) fn credentials(printed: &str) -> Result<Credentials, Trouble> {
    let invalid = |text: String| trouble(FailureKind::Invalid, text);
    // The parser's own words could quote a secret.
    let object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(printed)
        .map_err(|_| invalid("what it printed is not one JSON object".into()))?;
    let value = |name: &str| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    let text = |name: &str| value(name).and_then(serde_json::Value::as_str).filter(|text| !text.is_empty());
    if value("Version").and_then(serde_json::Value::as_u64) != Some(1) {
        return Err(invalid("what it printed has not \"Version\": 1".into()));
    }
    let needed = |name: &str| text(name).ok_or_else(|| invalid(format!("what it printed has no {name}")));
    let expiration = text("Expiration").map(str::parse).transpose();
    let keys = Credentials {
        access_key_id: needed("AccessKeyId")?.to_owned(),
        secret_access_key: needed("SecretAccessKey")?.into(),
        session_token: text("SessionToken").map(Into::into),
        expiration: expiration
            .map_err(|_| invalid("its Expiration is not a time such as 2026-11-22T13:00:00Z".into()))?,
    };
    match keys.oddity() {
        None => Ok(keys),
        Some((part, why)) => Err(invalid(format!("the {} it printed cannot be used: {why}", part.name()))),
    }
}

/// What a failure of a command advises.
pub(super) fn hint(line: &str) -> String {
    format!("run it by hand to see what it says: {line}")
}

/// A failure of `command`, which was run for `subject`.
pub(super) fn failure(trouble: &Trouble, action: &str, subject: &str, line: &str) -> Failure {
    let message = format!("its credential_process: {}", trouble.text);
    Failure::local(trouble.kind, action, subject, message).with_hint(hint(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_answer_is_what_went_to_standard_output() {
        assert_eq!(run("echo loud >&2; printf quiet").await.as_deref(), Ok("quiet"));
        assert_eq!(run("cat").await.as_deref(), Ok(""), "nothing to read from");
    }

    #[tokio::test]
    async fn a_command_that_fails_or_floods_is_told() {
        for (line, kind, text) in [
            (
                "echo canary; echo one >&2; echo; echo two >&2; exit 3",
                FailureKind::InvalidCredentials,
                "exit status: 3: two",
            ),
            ("exit 4", FailureKind::InvalidCredentials, "exit status: 4"),
            ("kill -9 $$", FailureKind::InvalidCredentials, "signal: 9"),
            ("no-such-helper-7", FailureKind::InvalidCredentials, "not found"),
            ("head -c 70000 /dev/zero", FailureKind::Invalid, "more than 64 KiB"),
            ("printf '\\377'", FailureKind::Invalid, "not UTF-8"),
        ] {
            let trouble = run(line).await.unwrap_err();
            assert_eq!(trouble.kind, kind, "{line}: {trouble:?}");
            assert!(trouble.text.contains(text) && !trouble.text.contains("canary"), "{line}: {trouble:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_that_hangs_is_not_waited_for_without_end() {
        let trouble = run("sleep 1000").await.unwrap_err();
        assert_eq!(trouble.kind, FailureKind::Timeout, "{trouble:?}");
    }

    /// Neither running nor waiting to be buried.
    fn is_gone(pid: &str) -> bool {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        stat.is_empty() || stat.contains(") Z ")
    }

    #[tokio::test]
    async fn what_a_command_started_ends_with_it() {
        let folder = tempfile::TempDir::new().unwrap();
        let pid = folder.path().join("pid");
        let line = format!("sleep 1000 & echo $! > {0}.new; mv {0}.new {0}; wait", pid.display());
        let started = async {
            while !pid.exists() {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::select! {
            answer = run(&line) => panic!("{answer:?}"),
            () = started => {}
        }
        let pid = std::fs::read_to_string(&pid).unwrap();
        while !is_gone(pid.trim()) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    #[test]
    fn what_cannot_be_credentials_is_told_without_being_quoted() {
        for (printed, text) in [
            ("canary", "not one JSON object"),
            ("{\"Version\":1}{}", "not one JSON object"),
            ("[\"canary\"]", "not one JSON object"),
            ("{\"SecretAccessKey\":\"canary\"}", "Version"),
            ("{\"Version\":2}", "Version"),
            ("{\"Version\":1,\"SecretAccessKey\":\"canary\"}", "no AccessKeyId"),
            ("{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"\"}", "no SecretAccessKey"),
            (
                "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"canary\",\"Expiration\":\"canary\"}",
                "Expiration",
            ),
        ] {
            let trouble = credentials(printed).unwrap_err();
            assert!(trouble.text.contains(text) && !trouble.text.contains("canary"), "{printed}: {trouble:?}");
        }
    }

    #[test]
    fn credentials_are_read_as_they_are_documented() {
        let found = credentials(
            "{\"Version\":1,\"AccessKeyId\":\"ASIAX\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\",\
             \"Expiration\":\"2026-11-22T14:00:00+01:00\"}\n",
        )
        .unwrap();
        assert_eq!(found.access_key_id, "ASIAX");
        assert!(found.are_temporary());
        assert_eq!(found.expiration, Some("2026-11-22T13:00:00Z".parse().unwrap()));
    }
}

//! `credential_process`: a command that prints credentials.
//!
//! Invariant: no error quotes its output, which may hold a secret. How it is run and ended: see
//! [`process::command`](crate::process::command).

use crate::{
    domain::{
        credentials::{Credentials, SecretString},
        failure::{Failure, FailureKind},
    },
    process::command::{self, Complaints, NoAnswer},
};

pub(super) use crate::process::command::LONGEST_RUN;

/// Why a command gave no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommandError {
    pub(super) kind: FailureKind,
    pub(super) text: String,
}

fn command_error(kind: FailureKind, text: impl Into<String>) -> CommandError {
    CommandError { kind, text: text.into() }
}

/// Runs a command line as `sh` reads it, and answers what it printed.
pub(super) async fn run_command(line: &str) -> Result<SecretString, CommandError> {
    command::run_line(line, Complaints::Told).await.map_err(|why| match why {
        NoAnswer::NotRun(error) => command_error(FailureKind::Other, format!("it could not be run: {error}")),
        NoAnswer::Hung => command_error(FailureKind::Timeout, "still running after 60 s; ebbtide ended it"),
        NoAnswer::Failed(how) => command_error(FailureKind::InvalidCredentials, format!("it failed with {how}")),
        NoAnswer::Garbled(why) => command_error(FailureKind::Invalid, why),
    })
}

/// The credentials a `credential_process` printed.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>
pub(super) fn parse_credentials(printed: &str) -> Result<Credentials, CommandError> {
    let invalid = |text: String| command_error(FailureKind::Invalid, text);
    // The parser's own words could quote a secret.
    let object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(printed)
        .map_err(|_| invalid("its output is not a JSON object".into()))?;
    let value = |name: &str| object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
    let text = |name: &str| value(name).and_then(serde_json::Value::as_str).filter(|text| !text.is_empty());
    if value("Version").and_then(serde_json::Value::as_u64) != Some(1) {
        return Err(invalid("its output does not have \"Version\": 1".into()));
    }
    let needed = |name: &str| text(name).ok_or_else(|| invalid(format!("its output has no {name}")));
    let expiration = text("Expiration").map(str::parse).transpose();
    let keys = Credentials {
        access_key_id: needed("AccessKeyId")?.to_owned(),
        secret_access_key: needed("SecretAccessKey")?.into(),
        session_token: text("SessionToken").map(Into::into),
        expiration: expiration
            .map_err(|_| invalid("its Expiration is not a time such as 2026-11-22T13:00:00Z".into()))?,
    };
    match keys.find_oddity() {
        None => Ok(keys),
        Some((part, why)) => Err(invalid(format!("the {} in its output cannot be used: {why}", part.name()))),
    }
}

/// What a failure of a command advises.
pub(super) fn command_hint(line: &str) -> String {
    format!("run the command yourself to see its output: {line}")
}

/// A failure of `command`, which was run for `subject`.
pub(super) fn command_failure(trouble: &CommandError, action: &str, subject: &str, line: &str) -> Failure {
    let message = format!("its credential_process: {}", trouble.text);
    Failure::local(trouble.kind, action, subject, message).with_hint(command_hint(line))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_command_that_fails_is_told_by_the_kind_of_its_trouble() {
        for (line, kind) in [
            ("exit 3", FailureKind::InvalidCredentials),
            ("kill -9 $$", FailureKind::InvalidCredentials),
            ("head -c 70000 /dev/zero", FailureKind::Invalid),
        ] {
            let trouble = run_command(line).await.unwrap_err();
            assert_eq!(trouble.kind, kind, "{line}: {trouble:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_that_hangs_was_ended_after_a_minute() {
        let trouble = run_command("sleep 1000").await.unwrap_err();
        assert_eq!(trouble.kind, FailureKind::Timeout, "{trouble:?}");
    }

    #[test]
    fn what_cannot_be_credentials_is_told_without_being_quoted() {
        for (printed, text) in [
            ("canary", "not a JSON object"),
            ("{\"Version\":1}{}", "not a JSON object"),
            ("[\"canary\"]", "not a JSON object"),
            ("{\"SecretAccessKey\":\"canary\"}", "Version"),
            ("{\"Version\":2}", "Version"),
            ("{\"Version\":1,\"SecretAccessKey\":\"canary\"}", "no AccessKeyId"),
            ("{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"\"}", "no SecretAccessKey"),
            (
                "{\"Version\":1,\"AccessKeyId\":\"A\",\"SecretAccessKey\":\"canary\",\"Expiration\":\"canary\"}",
                "Expiration",
            ),
        ] {
            let trouble = parse_credentials(printed).unwrap_err();
            assert!(trouble.text.contains(text) && !trouble.text.contains("canary"), "{printed}: {trouble:?}");
        }
    }

    #[test]
    fn credentials_are_read_as_they_are_documented() {
        let found = parse_credentials(
            "{\"Version\":1,\"AccessKeyId\":\"ASIAX\",\"SecretAccessKey\":\"s\",\"SessionToken\":\"t\",\
             \"Expiration\":\"2026-11-22T14:00:00+01:00\"}\n",
        )
        .unwrap();
        assert_eq!(found.access_key_id, "ASIAX");
        assert!(found.are_temporary());
        assert_eq!(found.expiration, Some("2026-11-22T13:00:00Z".parse().unwrap()));
    }
}

//! The same call with the AWS CLI.
//!
//! Invariant: the command is whole: in a POSIX shell it makes the call that the request makes, but for the MFA code, which
//! is typed where it says `CODE`. <https://docs.aws.amazon.com/cli/latest/reference/sts/>

use serde_json::json;

use super::request::MintRequest;

impl MintRequest {
    /// The command, if there is a call. Without a profile, the environment's keys are used. Foreign text.
    pub fn cli_command(&self, profile: Option<&str>, endpoint: Option<&str>) -> Option<String> {
        let mut command = Command::of(self)?;
        command.option("--duration-seconds", &self.duration()?.as_secs().to_string());
        if let Some(policy) = self.policy() {
            command.option("--policy", policy.as_json());
        }
        command.list("--policy-arns", self.policy_arns().iter().map(|arn| format!("arn={arn}")));
        if !self.tags().is_empty() {
            let tags: Vec<_> = self.tags().iter().map(|tag| json!({"Key": tag.key, "Value": tag.value})).collect();
            command.option("--tags", &json!(tags).to_string());
        }
        if let Self::AssumeRole(call) = self {
            command.list("--transitive-tag-keys", call.transitive_tags.iter().cloned());
            command.optional("--external-id", call.external_id.as_deref());
            command.optional("--source-identity", call.source_identity.as_deref());
        }
        if let Some(serial) = self.mfa_serial() {
            command.option("--serial-number", serial);
            command.option("--token-code", "CODE");
        }
        command.optional("--profile", profile);
        command.optional("--endpoint-url", endpoint);
        Some(command.0)
    }
}

struct Command(String);

impl Command {
    fn of(request: &MintRequest) -> Option<Self> {
        let mut command = match request {
            MintRequest::SessionToken(_) => Self("aws sts get-session-token".into()),
            MintRequest::FederationToken(_) => Self("aws sts get-federation-token".into()),
            MintRequest::AssumeRole(_) => Self("aws sts assume-role".into()),
            MintRequest::Direct => return None,
        };
        match request {
            MintRequest::FederationToken(call) => command.option("--name", &call.name),
            MintRequest::AssumeRole(call) => {
                command.option("--role-arn", &call.role_arn);
                command.option("--role-session-name", &call.session_name);
            }
            MintRequest::SessionToken(_) | MintRequest::Direct => {}
        }
        Some(command)
    }

    fn option(&mut self, name: &str, value: &str) {
        // What begins with a hyphen would be taken for an option.
        let between = if value.starts_with('-') { "=" } else { " " };
        self.0.extend([" ", name, between, &quoted(value)]);
    }

    fn optional(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.option(name, value);
        }
    }

    fn list(&mut self, name: &str, values: impl Iterator<Item = String>) {
        for (at, value) in values.enumerate() {
            if at == 0 {
                self.0.extend([" ", name]);
            }
            self.0.extend([" ", &quoted(&value)]);
        }
    }
}

/// A word as a POSIX shell reads it back: in single quotes, unless nothing in it means anything to a shell.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-+=,.@:/%".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.into()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::domain::mint::{AssumeRole, FederationToken, SessionToken, Tag};
    use crate::domain::policy::SessionPolicy;

    /// The arguments as a shell hands them on.
    fn arguments(command: &str) -> Vec<String> {
        let script = format!(r#"aws() {{ printf '%s\n' "$@"; }}; {command}"#);
        let out = Command::new("sh").args(["-c", &script]).output().unwrap();
        String::from_utf8(out.stdout).unwrap().lines().map(str::to_owned).collect()
    }

    #[test]
    fn a_shell_hands_on_what_the_request_says() {
        let hour = "1h".parse().unwrap();
        let policy =
            r#"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"arn:aws:s3:::it's-$HOME/*"}]}"#;
        let mut call = AssumeRole::new("arn:aws:iam::111122223333:role/reader", "-ana", hour);
        call.policy = SessionPolicy::parse(policy).ok();
        call.policy_arns = vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".into()];
        call.tags = vec![Tag::read("team=low tide").unwrap()];
        call.transitive_tags = vec!["team".into()];
        call.external_id = Some("a:b".into());
        call.mfa_serial = Some("arn:aws:iam::111122223333:mfa/ana".into());
        let sent = call.policy.as_ref().unwrap().as_json().to_owned();
        let command = MintRequest::AssumeRole(Box::new(call)).cli_command(Some("my profile"), None).unwrap();
        let wanted = [
            "sts",
            "assume-role",
            "--role-arn",
            "arn:aws:iam::111122223333:role/reader",
            "--role-session-name=-ana",
            "--duration-seconds",
            "3600",
            "--policy",
            &sent,
            "--policy-arns",
            "arn=arn:aws:iam::aws:policy/ReadOnlyAccess",
            "--tags",
            r#"[{"Key":"team","Value":"low tide"}]"#,
            "--transitive-tag-keys",
            "team",
            "--external-id",
            "a:b",
            "--serial-number",
            "arn:aws:iam::111122223333:mfa/ana",
            "--token-code",
            "CODE",
            "--profile",
            "my profile",
        ];
        assert_eq!(arguments(&command), wanted);
    }

    #[test]
    fn what_needs_no_quotes_has_none_and_what_makes_no_call_has_no_command() {
        let hour = "1h".parse().unwrap();
        for (request, command) in [
            (
                MintRequest::SessionToken(SessionToken::new(hour)),
                Some("aws sts get-session-token --duration-seconds 3600 --endpoint-url http://127.0.0.1:1"),
            ),
            (
                MintRequest::FederationToken(Box::new(FederationToken::new("ana", hour))),
                Some(
                    "aws sts get-federation-token --name ana --duration-seconds 3600 --endpoint-url http://127.0.0.1:1",
                ),
            ),
            (MintRequest::Direct, None),
        ] {
            assert_eq!(request.cli_command(None, Some("http://127.0.0.1:1")).as_deref(), command);
        }
    }
}

//! The same call to STS as a command of the AWS CLI, for a person to paste.
//!
//! Invariant: the command asks for what the request asks for, whole. Only the code of an MFA device, which is not known
//! beforehand, is left to be typed in place of `CODE`. Every word is quoted for a POSIX shell.
//! <https://docs.aws.amazon.com/cli/latest/reference/sts/>

use serde_json::Value;

use super::{AssumeRole, FederationToken, MintRequest, SessionTag, SessionToken};

/// Whose credentials the command uses, and where it asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct CommandTarget<'a> {
    /// `None` uses the credentials of the environment.
    pub profile: Option<&'a str>,
    /// `None` is what environment and profile say.
    pub region: Option<&'a str>,
    /// `None` is AWS.
    pub endpoint: Option<&'a str>,
}

impl MintRequest {
    /// The command; `None` where there is no call to STS.
    pub fn aws_cli_command(&self, target: CommandTarget<'_>) -> Option<String> {
        let mut command = match self {
            Self::SessionToken(call) => session_token(call),
            Self::FederationToken(call) => federation_token(call),
            Self::AssumeRole(call) => assume_role(call),
            Self::Direct => return None,
        };
        if let Some(policy) = self.policy() {
            command.option("--policy", policy.as_json());
        }
        command.structures("--policy-arns", self.policy_arns().iter().map(|arn| vec![("arn", arn.as_str())]));
        command.structures("--tags", self.tags().iter().map(of_tag));
        if let Some(serial) = self.mfa_serial() {
            command.option("--serial-number", serial);
            command.option("--token-code", "CODE");
        }
        let places = [("--profile", target.profile), ("--region", target.region), ("--endpoint-url", target.endpoint)];
        for (option, value) in places {
            command.optional(option, value);
        }
        Some(command.text)
    }
}

fn session_token(call: &SessionToken) -> CliCommand {
    let mut command = CliCommand::of("sts get-session-token");
    command.option("--duration-seconds", &call.duration.as_secs().to_string());
    command
}

fn federation_token(call: &FederationToken) -> CliCommand {
    let mut command = CliCommand::of("sts get-federation-token");
    command.option("--name", &call.name);
    command.option("--duration-seconds", &call.duration.as_secs().to_string());
    command
}

fn assume_role(call: &AssumeRole) -> CliCommand {
    let mut command = CliCommand::of("sts assume-role");
    command.option("--role-arn", &call.role_arn);
    command.option("--role-session-name", &call.session_name);
    command.option("--duration-seconds", &call.duration.as_secs().to_string());
    command.optional("--external-id", call.external_id.as_deref());
    command.optional("--source-identity", call.source_identity.as_deref());
    if !call.transitive_tags.is_empty() {
        let keys: Vec<String> = call.transitive_tags.iter().map(|key| quoted(key)).collect();
        command.add(&format!("--transitive-tag-keys {}", keys.join(" ")));
    }
    command
}

fn of_tag(tag: &SessionTag) -> Structure<'_> {
    vec![("Key", tag.key.as_str()), ("Value", tag.value.as_str())]
}

/// A command of the AWS CLI being written.
pub(in crate::domain) struct CliCommand {
    text: String,
}

impl CliCommand {
    /// A call of a service: `sts assume-role`.
    pub(in crate::domain) fn of(call: &str) -> Self {
        Self { text: format!("aws {call}") }
    }

    /// The whole command.
    pub(in crate::domain) fn into_text(self) -> String {
        self.text
    }

    /// A word that is no option.
    pub(in crate::domain) fn word(&mut self, word: &str) {
        self.add(&quoted(word));
    }

    fn add(&mut self, words: &str) {
        self.text.push(' ');
        self.text.push_str(words);
    }

    /// An option with its value.
    pub(in crate::domain) fn option(&mut self, option: &str, value: &str) {
        // What begins with a dash would be taken for an option.
        let between = if value.starts_with('-') { '=' } else { ' ' };
        self.add(&format!("{option}{between}{}", quoted(value)));
    }

    /// The same, where there is a value.
    pub(in crate::domain) fn optional(&mut self, option: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.option(option, value);
        }
    }

    /// A list of structures: `Key=team,Value=tide`, or JSON where a value has a character that ends one there.
    fn structures<'a>(&mut self, option: &str, all: impl Iterator<Item = Structure<'a>>) {
        let all: Vec<Structure<'a>> = all.collect();
        let is_plain = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "_.:/+-@".contains(c));
        if all.is_empty() {
            return;
        }
        let written = if all.iter().flatten().all(|(_, value)| is_plain(value)) {
            all.iter().map(shorthand).collect::<Vec<_>>().join(" ")
        } else {
            quoted(&all.iter().map(object).collect::<Value>().to_string())
        };
        self.add(&format!("{option} {written}"));
    }
}

/// The members of one structure, by name.
type Structure<'a> = Vec<(&'static str, &'a str)>;

fn shorthand(one: &Structure) -> String {
    one.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(",")
}

fn object(one: &Structure) -> Value {
    one.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))).collect()
}

/// A word as a POSIX shell reads it back.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_@%+=:,./-".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::policy::{SessionPolicy, Verbs};

    const ROLE: &str = "arn:aws:iam::111122223333:role/reader";

    fn role() -> AssumeRole {
        AssumeRole::new(ROLE, "ebbtide", "1h".parse().unwrap())
    }

    fn command(call: AssumeRole) -> String {
        MintRequest::AssumeRole(Box::new(call)).aws_cli_command(CommandTarget::default()).unwrap()
    }

    #[test]
    fn a_command_has_all_that_the_request_has() {
        let plain =
            format!("aws sts assume-role --role-arn {ROLE} --role-session-name ebbtide --duration-seconds 3600");
        let tag = |text: &str| SessionTag::parse_tag(text).unwrap();
        let policy = SessionPolicy::for_scope(Verbs::LIST, &"s3://tide/o'x/".parse().unwrap());
        let json = policy.as_json().replace('\'', r"'\''");
        for (call, rest) in [
            (role(), String::new()),
            (AssumeRole { policy: Some(policy), ..role() }, format!(" --policy '{json}'")),
            (
                AssumeRole {
                    policy_arns: vec!["arn:aws:iam::aws:policy/A".into(), "arn:aws:iam::aws:policy/B".into()],
                    ..role()
                },
                " --policy-arns arn=arn:aws:iam::aws:policy/A arn=arn:aws:iam::aws:policy/B".into(),
            ),
            (
                AssumeRole {
                    tags: vec![tag("team=tide"), tag("dept=sea")],
                    transitive_tags: vec!["team".into()],
                    ..role()
                },
                " --transitive-tag-keys team --tags Key=team,Value=tide Key=dept,Value=sea".into(),
            ),
            (
                AssumeRole { tags: vec![tag("team=low tide"), tag("k=a=b")], ..role() },
                r#" --tags '[{"Key":"team","Value":"low tide"},{"Key":"k","Value":"a=b"}]'"#.into(),
            ),
            (
                AssumeRole { external_id: Some("-tide:7".into()), source_identity: Some("ana".into()), ..role() },
                " --external-id=-tide:7 --source-identity ana".into(),
            ),
            (
                AssumeRole { mfa_serial: Some("GAHT12345".into()), ..role() },
                " --serial-number GAHT12345 --token-code CODE".into(),
            ),
        ] {
            assert_eq!(command(call), format!("{plain}{rest}"));
        }
    }

    #[test]
    fn a_command_says_with_whose_credentials_and_where() {
        let request = MintRequest::SessionToken(SessionToken::new("15m".parse().unwrap()));
        let target = CommandTarget {
            profile: Some("my profile"),
            region: Some("eu-west-1"),
            endpoint: Some("http://127.0.0.1:1"),
        };
        let expected = "aws sts get-session-token --duration-seconds 900 --profile 'my profile' --region eu-west-1 \
            --endpoint-url http://127.0.0.1:1";
        assert_eq!(request.aws_cli_command(target).as_deref(), Some(expected));
        assert_eq!(MintRequest::Direct.aws_cli_command(target), None);
    }
}

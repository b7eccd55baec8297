//! Exports credentials to other tools.
//!
//! Invariant: secrets are written only in a format that was chosen by name. A value that the format cannot hold, or that
//! would act on a terminal, is refused, never changed. The text overwrites its memory when it is dropped.

pub mod child;
mod delivery;
mod services;
mod shell;

pub use delivery::{Delivery, Relay};
pub use services::{EnvironmentVariable, Services};
pub use shell::{Dialect, ShellLine};

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use crate::domain::{
    credentials::{Credentials, ExposeSecret, SecretString, SessionId},
    failure::{Failure, FailureKind},
    safe_text::acts_or_hides,
};

/// A form that a person can ask for by one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportForm {
    /// Variables for a shell.
    Variables(Dialect),
    /// A profile for `~/.aws/credentials`.
    Profile,
    /// One JSON document, as a `credential_process` prints it.
    Json,
}

impl ExportForm {
    /// What it is called on screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Variables(Dialect::Posix) => "variables for sh, bash and zsh",
            Self::Variables(Dialect::Fish) => "variables for fish",
            Self::Variables(Dialect::PowerShell) => "variables for PowerShell",
            Self::Profile => "a profile for ~/.aws/credentials",
            Self::Json => "JSON, as a credential_process prints it",
        }
    }
}

/// A signed link, without the link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkTicket {
    /// Which session signed it.
    pub session: SessionId,
    /// Until when it works, by the service's clock.
    pub ends_at: Timestamp,
}

/// What a person can have on the clipboard, each by a key of its own. As secret as the session, every one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// The credentials in a form.
    Credentials(ExportForm),
    /// A URL that signs in to the web console.
    SignInUrl,
    /// A link to one object that works without credentials.
    Link(LinkTicket),
}

impl Offer {
    /// What it is called on screen.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Credentials(form) => form.name(),
            Self::SignInUrl => "a sign-in URL for the web console",
            Self::Link(_) => "a link to the object",
        }
    }
}

/// The default name of a profile.
pub const PROFILE_NAME: &str = "ebbtide";

/// Room for key pair, names and quotes; a session token comes on top. Text that grew would leave copies in memory.
const ROOM: usize = 1024;

/// The credentials in a form; one made of variables says where they are for too.
///
/// # Errors
/// Those of [`check_visible`], for forms made of lines.
pub fn export_text(
    form: ExportForm,
    credentials: &Credentials,
    services: Services<'_>,
) -> Result<SecretString, Failure> {
    let token = credentials.session_token.as_ref().map_or(0, |token| token.expose_secret().len());
    let mut out = Vec::with_capacity(ROOM + 4 * token);
    let written = match form {
        ExportForm::Variables(dialect) => {
            check_visible(credentials)?;
            write_lines(&mut out, dialect, credentials, services)
        }
        ExportForm::Profile => {
            check_visible(credentials)?;
            write_profile(&mut out, PROFILE_NAME, credentials)
        }
        ExportForm::Json => {
            serde_json::to_writer_pretty(&mut out, &CredentialProcess::from(credentials)).map_err(io::Error::from)
        }
    };
    let text = written.ok().and_then(|()| String::from_utf8(out).ok());
    let text = text.ok_or_else(|| Failure::local(FailureKind::Other, "write", form.name(), "it cannot be written"))?;
    Ok(text.into())
}

/// The variables that `aws configure export-credentials` prints, and the old name of one, which the AWS CLI and boto3
/// ask first. Those without a value are named too: what an older session left in them would be taken for this one's.
pub fn credential_variables(credentials: &Credentials) -> [EnvironmentVariable<'_>; 5] {
    let token = credentials.session_token.as_ref().map(ExposeSecret::expose_secret);
    [
        ("AWS_ACCESS_KEY_ID", Some(credentials.access_key_id.as_str().into())),
        ("AWS_SECRET_ACCESS_KEY", Some(credentials.secret_access_key.expose_secret().into())),
        ("AWS_SESSION_TOKEN", token.map(Into::into)),
        ("AWS_SECURITY_TOKEN", None),
        (EXPIRATION, credentials.expiration.map(|end| end.to_string().into())),
    ]
}

/// Says until when exported credentials live, in RFC 3339.
pub const EXPIRATION: &str = "AWS_CREDENTIAL_EXPIRATION";

/// Variables as lines for a shell. See [`check_visible`] first.
pub fn write_lines(
    out: &mut impl Write,
    dialect: Dialect,
    credentials: &Credentials,
    services: Services<'_>,
) -> io::Result<()> {
    for (name, value) in credential_variables(credentials).into_iter().chain(services.of_a_shell()) {
        writeln!(out, "{}", ShellLine { dialect, name, value: value.as_deref() })?;
    }
    Ok(())
}

/// A profile for `~/.aws/credentials`. See [`check_visible`] first.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>
pub fn write_profile(out: &mut impl Write, name: &str, credentials: &Credentials) -> io::Result<()> {
    match credentials.expiration {
        Some(end) => writeln!(out, "# expires {end}")?,
        None if credentials.are_temporary() => writeln!(out, "# temporary; when it expires is unknown")?,
        None => writeln!(out, "# does not expire")?,
    }
    writeln!(out, "[{name}]")?;
    writeln!(out, "aws_access_key_id = {}", credentials.access_key_id)?;
    writeln!(out, "aws_secret_access_key = {}", credentials.secret_access_key.expose_secret())?;
    if let Some(token) = &credentials.session_token {
        writeln!(out, "aws_session_token = {}", token.expose_secret())?;
    }
    Ok(())
}

/// JSON, as a `credential_process` prints it.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html>
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CredentialProcess<'a> {
    version: u8,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration: Option<Timestamp>,
}

impl<'a> From<&'a Credentials> for CredentialProcess<'a> {
    fn from(credentials: &'a Credentials) -> Self {
        Self {
            version: 1,
            access_key_id: &credentials.access_key_id,
            secret_access_key: credentials.secret_access_key.expose_secret(),
            session_token: credentials.session_token.as_ref().map(ExposeSecret::expose_secret),
            expiration: credentials.expiration,
        }
    }
}

/// Lines hold no line breaks, a profile's values no blanks, and a terminal shows what is written to it.
///
/// # Errors
/// `Invalid` names the variable, not its value.
pub fn check_visible(credentials: &Credentials) -> Result<(), Failure> {
    let visible = |value: &str| !value.chars().any(|c| c.is_whitespace() || acts_or_hides(c));
    match credential_variables(credentials)
        .iter()
        .find(|(_, value)| value.as_deref().is_some_and(|value| !visible(value)))
    {
        None => Ok(()),
        Some((name, _)) => {
            let why = "it has a space or an invisible character";
            Err(Failure::local(FailureKind::Invalid, "write", *name, why)
                .with_hint("correct the profile's keys, or use -o json"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials(secret: &str, token: Option<&str>, expiration: Option<&str>) -> Credentials {
        Credentials {
            access_key_id: "ASIATIDE".into(),
            secret_access_key: secret.into(),
            session_token: token.map(Into::into),
            expiration: expiration.map(|end| end.parse().unwrap()),
        }
    }

    fn written(write: impl Fn(&mut Vec<u8>) -> io::Result<()>) -> String {
        let mut out = vec![];
        write(&mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_the_credentials_lack_is_unset() {
        let lasting = credentials("s", None, None);
        let services = Services {
            region: "eu-west-1",
            region_is_named: true,
            sts: None,
            s3: None,
            iam: None,
            files_name_endpoints: false,
            account: None,
        };
        let lines = written(|out| write_lines(out, Dialect::Posix, &lasting, services));
        let beginning = " export AWS_ACCESS_KEY_ID='ASIATIDE'\n export AWS_SECRET_ACCESS_KEY='s'\n unset AWS_SESSION_TOKEN\n \
             unset AWS_SECURITY_TOKEN\n unset AWS_CREDENTIAL_EXPIRATION\n export AWS_REGION='eu-west-1'\n";
        assert!(lines.starts_with(beginning) && lines.contains("\n unset AWS_ACCOUNT_ID\n"), "{lines}");
    }

    #[test]
    fn a_profile_says_when_it_ends() {
        for (token, expiration, first) in [
            (Some("t"), Some("2026-11-22T13:00:00Z"), "# expires 2026-11-22T13:00:00Z"),
            (Some("t"), None, "# temporary; when it expires is unknown"),
            (None, None, "# does not expire"),
        ] {
            let text = written(|out| write_profile(out, "tide", &credentials("s", token, expiration)));
            assert!(text.starts_with(&format!("{first}\n[tide]\naws_access_key_id = ASIATIDE\n")), "{text}");
            assert_eq!(text.contains("\naws_session_token = t\n"), token.is_some(), "{text}");
        }
    }

    #[test]
    fn a_value_that_would_break_its_form_is_refused_unquoted() {
        for (secret, token) in
            [("two words", None), ("line\n[other]", None), ("s", Some("\u{1b}[2J")), ("s", Some("a\u{202e}b"))]
        {
            let failure = check_visible(&credentials(secret, token, None)).unwrap_err();
            assert_eq!(failure.subject, if token.is_some() { "AWS_SESSION_TOKEN" } else { "AWS_SECRET_ACCESS_KEY" });
            assert!(!failure.to_string().contains("[other]"), "{failure}");
        }
        assert!(check_visible(&credentials("a/b+c=", Some("t'\"$`\\"), None)).is_ok());
    }
}

//! Credentials, and the handle that stands for them everywhere else.
//!
//! Invariant: a secret leaves this type only through [`ExposeSecret`]; `Debug` never prints one, and dropping
//! [`Credentials`] overwrites the memory they stood in.

use std::{fmt, ops::Deref, sync::Arc};

use jiff::Timestamp;
pub use secrecy::{ExposeSecret, SecretString};

/// Names one minted session for as long as the program runs. Carries no secret, so it may be copied, compared and shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub u64);

/// What signs a request: a key pair and, where it is temporary, its session token and end.
#[derive(Clone)]
pub struct Credentials {
    /// `AKIA…` for long-term keys, `ASIA…` for temporary ones on AWS; other services use other prefixes.
    pub access_key_id: String,
    /// Signs; never sent.
    pub secret_access_key: SecretString,
    /// Sent with every request of temporary credentials. Its size has no upper bound.
    pub session_token: Option<SecretString>,
    /// When the service will refuse them, by the service's clock. `None` for long-term keys.
    pub expiration: Option<Timestamp>,
}

impl Credentials {
    /// The last four characters of the key id: enough to tell two sessions apart.
    pub fn key_id_end(&self) -> String {
        let from = self.access_key_id.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
        self.access_key_id[from..].to_owned()
    }

    /// Whether a session token comes with them: the sure sign of temporary credentials on any service.
    pub fn are_temporary(&self) -> bool {
        self.session_token.is_some()
    }
}

/// A part of [`Credentials`] that can be odd.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyPart {
    /// The access key id.
    KeyId,
    /// The secret access key.
    Secret,
    /// The session token.
    Token,
}

impl KeyPart {
    /// What AWS's JSON documents call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::KeyId => "AccessKeyId",
            Self::Secret => "SecretAccessKey",
            Self::Token => "SessionToken",
        }
    }

    /// Characters beyond which it cannot be one. AWS's key ids have at most 128; a token has no upper bound, but a
    /// header that services read has. <https://docs.aws.amazon.com/STS/latest/APIReference/API_Credentials.html>
    const fn max_length(self) -> usize {
        match self {
            Self::KeyId => 512,
            Self::Secret => 4096,
            Self::Token => 64 * 1024,
        }
    }
}

impl Credentials {
    /// What keeps these from signing a request: the part, and why it cannot be sent. The text quotes nothing of it.
    ///
    /// Key id and session token become part of headers, where only visible ASCII is safe. The secret is never sent, and
    /// services that are not AWS take passwords of any letters as one; none holds a control character.
    pub fn find_oddity(&self) -> Option<(KeyPart, String)> {
        let parts = [
            (KeyPart::KeyId, Some(self.access_key_id.as_str())),
            (KeyPart::Secret, Some(self.secret_access_key.expose_secret())),
            (KeyPart::Token, self.session_token.as_ref().map(ExposeSecret::expose_secret)),
        ];
        parts.into_iter().find_map(|(part, text)| Some((part, odd_text(text?, part)?)))
    }
}

fn odd_text(text: &str, part: KeyPart) -> Option<String> {
    let longest = part.max_length();
    if text.is_empty() {
        return Some("it is empty".into());
    }
    if text.len() > longest {
        return Some(format!("it is {} bytes long; the limit is {longest}", text.len()));
    }
    if let Some(at) = text.chars().position(char::is_control) {
        return Some(format!("character {} is a control character, such as a line break", at + 1));
    }
    let at = text.chars().position(|c| !c.is_ascii_graphic()).filter(|_| part != KeyPart::Secret)?;
    let blank = text.chars().nth(at).is_some_and(char::is_whitespace);
    let what = if blank { "a space" } else { "not an ASCII letter, digit or sign" };
    Some(format!("character {} is {what}", at + 1))
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.access_key_id)
            .field("secret_access_key", &"***")
            .field("session_token", &self.session_token.as_ref().map(|_| "***"))
            .field("expiration", &self.expiration)
            .finish()
    }
}

/// Credentials that a person is looking at. Clones are the same ones; the last that goes overwrites them.
#[derive(Debug, Clone)]
pub struct RevealedCredentials(Arc<Credentials>);

impl RevealedCredentials {
    /// A copy of these.
    pub fn new(credentials: &Credentials) -> Self {
        Self(Arc::new(credentials.clone()))
    }
}

impl Deref for RevealedCredentials {
    type Target = Credentials;

    fn deref(&self) -> &Credentials {
        &self.0
    }
}

impl PartialEq for RevealedCredentials {
    /// Whether it is the same look: secrets are not compared.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for RevealedCredentials {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_signed_with_is_told_by_its_part_and_never_quoted() {
        let long = |length: usize| "A".repeat(length);
        for (id, secret, token, odd) in [
            ("ASIAX", "s+/=", Some("t+/="), None),
            ("minio", "correct hôrse ☃", None, None),
            ("", "s", None, Some((KeyPart::KeyId, "empty"))),
            ("A\u{1}", "s", None, Some((KeyPart::KeyId, "character 2 is a control character"))),
            ("A\n", "s", None, Some((KeyPart::KeyId, "line break"))),
            ("A B", "s", None, Some((KeyPart::KeyId, "character 2 is a space"))),
            ("clé", "s", None, Some((KeyPart::KeyId, "character 3 is not an ASCII"))),
            (&long(100_000), "s", None, Some((KeyPart::KeyId, "100000 bytes long"))),
            ("A", "", None, Some((KeyPart::Secret, "empty"))),
            ("A", "canary\0", None, Some((KeyPart::Secret, "character 7 is a control"))),
            ("A", &long(100_000), None, Some((KeyPart::Secret, "100000 bytes long"))),
            ("A", "s", Some(""), Some((KeyPart::Token, "empty"))),
            ("A", "s", Some("canary\r"), Some((KeyPart::Token, "character 7 is a control"))),
            ("A", "s", Some("cañary"), Some((KeyPart::Token, "character 3 is not an ASCII"))),
            ("A", "s", Some("canary "), Some((KeyPart::Token, "character 7 is a space"))),
            ("A", "s", Some(&long(100_000)), Some((KeyPart::Token, "100000 bytes long"))),
        ] {
            let credentials = Credentials {
                access_key_id: id.into(),
                secret_access_key: secret.into(),
                session_token: token.map(Into::into),
                expiration: None,
            };
            let told = credentials.find_oddity();
            assert_eq!(told.as_ref().map(|(part, _)| *part), odd.map(|(part, _)| part), "{told:?}");
            if let (Some((_, why)), Some((_, words))) = (told, odd) {
                assert!(why.contains(words) && !why.contains("canary") && why.len() < 100, "{why}");
            }
        }
    }

    #[test]
    fn debug_prints_neither_the_secret_nor_the_session_token() {
        let credentials = Credentials {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: "canarySECRET".into(),
            session_token: Some("canaryTOKEN".into()),
            expiration: None,
        };
        let text = format!("{credentials:?} {credentials:#?} {:?}", RevealedCredentials::new(&credentials));
        assert!(text.contains("ASIAEXAMPLE"));
        assert!(!text.contains("canary"), "{text}");
    }
}

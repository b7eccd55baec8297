//! Credentials and the handle by which everybody but their keeper speaks of them.
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
pub struct Shown(Arc<Credentials>);

impl Shown {
    /// A copy of these.
    pub fn new(credentials: &Credentials) -> Self {
        Self(Arc::new(credentials.clone()))
    }
}

impl Deref for Shown {
    type Target = Credentials;

    fn deref(&self) -> &Credentials {
        &self.0
    }
}

impl PartialEq for Shown {
    /// Whether it is the same look: secrets are not compared.
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for Shown {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_prints_neither_the_secret_nor_the_session_token() {
        let credentials = Credentials {
            access_key_id: "ASIAEXAMPLE".into(),
            secret_access_key: "canarySECRET".into(),
            session_token: Some("canaryTOKEN".into()),
            expiration: None,
        };
        let text = format!("{credentials:?} {credentials:#?} {:?}", Shown::new(&credentials));
        assert!(text.contains("ASIAEXAMPLE"));
        assert!(!text.contains("canary"), "{text}");
    }
}

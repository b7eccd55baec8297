//! Temporary credentials the sandbox has issued.
//!
//! Invariant: each is one key, one secret, one session token and one end, made together and never changed; expired ones
//! stay known for a day and a half, so that their use is answered by `ExpiredToken` and not by `InvalidAccessKeyId`.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use super::principal::Principal;

/// How long after their end credentials are remembered.
const MEMORY: SignedDuration = SignedDuration::from_hours(36);
/// Bytes of chance in a session token: about as long, once encoded, as AWS's shortest.
const TOKEN_BYTES: usize = 222;

/// One set of temporary credentials.
pub(crate) struct TemporaryCredentials {
    /// `ASIA…`
    pub(crate) access_key_id: String,
    pub(crate) secret_access_key: SecretString,
    pub(crate) session_token: SecretString,
    pub(crate) expiration: Timestamp,
    /// The identity that signs with them.
    pub(crate) caller: Principal,
}

impl TemporaryCredentials {
    /// Whether this is the session token that belongs to the key.
    pub(crate) fn has_token(&self, token: &str) -> bool {
        self.session_token.expose_secret() == token
    }
}

/// Every [`TemporaryCredentials`] by its key.
#[derive(Default)]
pub(crate) struct IssuedCredentials(Mutex<HashMap<String, Arc<TemporaryCredentials>>>);

impl IssuedCredentials {
    /// Makes credentials for `caller` that end at `expiration`, with a session token that is longer by `packed` bytes
    /// before they are encoded; fails where the machine has no randomness.
    pub(crate) fn issue_credentials(
        &self,
        caller: Principal,
        expiration: Timestamp,
        now: Timestamp,
        packed: usize,
    ) -> Result<Arc<TemporaryCredentials>, getrandom::Error> {
        let mut chance = vec![0; 16 + 30 + TOKEN_BYTES + packed];
        getrandom::fill(&mut chance)?;
        let (key, rest) = chance.split_at(16);
        let (secret, token) = rest.split_at(30);
        let issue = Arc::new(TemporaryCredentials {
            access_key_id: format!("ASIA{}", base32_identifier(key)),
            secret_access_key: BASE64_STANDARD.encode(secret).into(),
            session_token: BASE64_STANDARD.encode(token).into(),
            expiration,
            caller,
        });
        self.lock().retain(|_, issue| now.duration_since(issue.expiration) < MEMORY);
        self.add_existing(Arc::clone(&issue));
        Ok(issue)
    }

    /// Remembers credentials that were made elsewhere.
    pub(crate) fn add_existing(&self, issue: Arc<TemporaryCredentials>) {
        self.lock().insert(issue.access_key_id.clone(), issue);
    }

    /// The credentials with this key, alive or not.
    pub(crate) fn find_by_key(&self, access_key_id: &str) -> Option<Arc<TemporaryCredentials>> {
        self.lock().get(access_key_id).cloned()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<TemporaryCredentials>>> {
        // Nothing that holds the lock can leave the map half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A character of AWS's key alphabet (base 32) for each byte.
pub(crate) fn base32_identifier(bytes: &[u8]) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect()
}

//! The log of minted sessions: one line of JSON per session.
//!
//! Invariant: it only grows, until it is full and replaces the previous one. It holds a policy as its hash, and only the
//! last four characters of an access key ID.

use std::io::{self, Write};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Store, store_failure};
use crate::{
    domain::{credentials::Credentials, failure::Failure, mint::MintRequest},
    private::PrivateDirectory,
};

/// What the file is called.
const FILE: &str = "mints.ndjson";
/// And the one before it.
const OLD: &str = "mints.ndjson.old";
/// The most bytes of one file.
const MOST: u64 = 1 << 20;

/// One session that was minted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LoggedMint {
    /// When, by the service's clock.
    pub time: Timestamp,
    /// `sts:AssumeRole`, …
    pub api: String,
    /// Whose credentials minted it. Foreign text.
    pub profile: String,
    /// The federated user, or the role session. Foreign text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The role. Foreign text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_arn: Option<String>,
    /// The session policy's SHA-256, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_sha256: Option<String>,
    /// When it ends, by the service's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration: Option<Timestamp>,
    /// The last four characters of its key id. Foreign text.
    pub key_id_end: String,
}

impl LoggedMint {
    /// What is logged of a mint; nothing if no STS call was made.
    pub fn from_request(
        profile: &str,
        request: &MintRequest,
        issued: Timestamp,
        credentials: &Credentials,
    ) -> Option<Self> {
        let (name, role_arn) = match request {
            MintRequest::FederationToken(call) => (Some(call.name.clone()), None),
            MintRequest::AssumeRole(call) => (Some(call.session_name.clone()), Some(call.role_arn.clone())),
            MintRequest::SessionToken(_) | MintRequest::Direct => (None, None),
        };
        Some(Self {
            time: issued,
            api: request.mode().api()?.to_owned(),
            profile: profile.to_owned(),
            name,
            role_arn,
            policy_sha256: request.policy().map(|policy| hex::encode(Sha256::digest(policy.as_json()))),
            expiration: credentials.expiration,
            key_id_end: credentials.key_id_end(),
        })
    }
}

/// What the log holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Logged {
    /// The oldest first.
    pub mints: Vec<LoggedMint>,
    /// Lines that could not be read.
    pub unread: usize,
}

impl Store {
    /// Adds a line to the log, unless it is switched off.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn log_mint(&self, mint: &LoggedMint) -> Result<(), Failure> {
        if !self.logs_mints {
            return Ok(());
        }
        let line = format!("{}\n", serde_json::to_string(mint).map_err(|error| self.write_failure(&error.into()))?);
        self.with_lock(|directory| append_line(directory, &line).map_err(|error| self.write_failure(&error)))
    }

    fn write_failure(&self, error: &io::Error) -> Failure {
        store_failure("write", &self.file_path(FILE), error)
    }

    /// What was logged, also by other instances and before the file was full.
    ///
    /// # Errors
    /// Where a file is there and cannot be read.
    pub fn logged_mints(&self) -> Result<Logged, Failure> {
        let mut logged = Logged::default();
        for text in [self.read_file(OLD)?, self.read_file(FILE)?].into_iter().flatten() {
            for line in text.lines() {
                match serde_json::from_str(line) {
                    Ok(mint) => logged.mints.push(mint),
                    Err(_) => logged.unread += 1,
                }
            }
        }
        Ok(logged)
    }
}

fn append_line(directory: &PrivateDirectory, line: &str) -> io::Result<()> {
    let mut log = directory.append(FILE)?;
    if log.metadata()?.len() >= MOST {
        directory.rename(FILE, OLD)?;
        log = directory.append(FILE)?;
    }
    log.write_all(line.as_bytes())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::domain::{
        location::Location,
        mint::FederationToken,
        policy::{SessionPolicy, Verbs},
    };

    fn mint() -> LoggedMint {
        let policy = SessionPolicy::for_scope(Verbs::READ, &Location::new("tide-logs", ""));
        let call = FederationToken::new("ana", "1h".parse().unwrap());
        let request = MintRequest::FederationToken(Box::new(FederationToken { policy: Some(policy), ..call }));
        let credentials = Credentials {
            access_key_id: "ASIACANARYTIDE".into(),
            secret_access_key: "canarySECRET".into(),
            session_token: Some("canaryTOKEN".into()),
            expiration: None,
        };
        LoggedMint::from_request("work", &request, Timestamp::UNIX_EPOCH, &credentials).unwrap()
    }

    #[test]
    fn a_mint_is_a_line_without_secrets() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::in_directory(home.path());
        store.log_mint(&mint()).unwrap();
        store.log_mint(&mint()).unwrap();
        let text = fs::read_to_string(home.path().join(FILE)).unwrap();
        assert_eq!(text.lines().count(), 2);
        for secret in ["canarySECRET", "canaryTOKEN", "ASIACANARY", "tide-logs"] {
            assert!(!text.contains(secret), "{text}");
        }
        assert_eq!(store.logged_mints().unwrap(), Logged { mints: vec![mint(), mint()], unread: 0 });
    }

    #[test]
    fn switched_off_nothing_is_written() {
        let home = tempfile::tempdir().unwrap();
        Store::in_directory(home.path()).without_mint_log().log_mint(&mint()).unwrap();
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_full_log_gives_way_and_both_are_read() {
        let home = tempfile::tempdir().unwrap();
        let (store, path) = (Store::in_directory(home.path()), home.path().join(FILE));
        fs::write(&path, "x".repeat(usize::try_from(MOST).unwrap())).unwrap();
        store.log_mint(&mint()).unwrap();
        assert!(fs::metadata(&path).unwrap().len() < 1000);
        assert_eq!(store.logged_mints().unwrap(), Logged { mints: vec![mint()], unread: 1 });
    }

    #[test]
    fn credentials_as_they_are_were_not_minted() {
        let credentials = Credentials {
            access_key_id: "AKIA".into(),
            secret_access_key: "s".into(),
            session_token: None,
            expiration: None,
        };
        assert_eq!(LoggedMint::from_request("work", &MintRequest::Direct, Timestamp::UNIX_EPOCH, &credentials), None);
    }
}

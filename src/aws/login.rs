//! Logins to IAM Identity Center, as `aws sso login` stores them on disk.
//!
//! Invariant: no request is sent. Only the two expirations are read from the file, never the tokens.

use std::{
    collections::HashMap,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use jiff::Timestamp;
use serde::Deserialize;
use sha1::{Digest, Sha1};

use super::credential_chain::SsoLogin;
use crate::domain::{
    credentials::{ExposeSecret, SecretString},
    duration::SessionDuration,
};

/// How a login stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Login {
    /// It can be used, or prolonged without anybody's doing.
    Open,
    /// It ended this long ago.
    Ended(SessionDuration),
    /// There is no login.
    Missing,
    /// The file cannot be read, or understood.
    Unreadable(String),
}

impl Login {
    /// What is wrong with it, and the command that helps.
    pub(super) fn problem(&self, login: &SsoLogin) -> Option<String> {
        let command = login.login_command();
        match self {
            Self::Open => None,
            Self::Ended(ago) => Some(format!("login expired {} ago: {command}", rough_duration(*ago))),
            Self::Missing => Some(format!("not logged in: {command}")),
            Self::Unreadable(why) => Some(format!("{why}: {command}")),
        }
    }
}

impl SsoLogin {
    /// What a person types to log in.
    pub(super) fn login_command(&self) -> String {
        match &self.session {
            Some(session) => format!("aws sso login --sso-session {session}"),
            None => format!("aws sso login --profile {}", self.profile),
        }
    }

    /// Where the token stands, below a home directory: a hash of the session's name, or of the start URL without one.
    fn token_path(&self, home: &Path) -> PathBuf {
        let hash = Sha1::digest(self.session.as_ref().unwrap_or(&self.start_url));
        home.join(".aws/sso/cache").join(hex::encode(hash)).with_extension("json")
    }
}

/// A time in days, or in hours and minutes; in seconds only where that is all.
fn rough_duration(time: SessionDuration) -> String {
    match time.as_secs() {
        seconds @ 172_800.. => format!("{} days", seconds / 86_400),
        seconds @ 60.. => SessionDuration::from_secs(seconds / 60 * 60).to_string(),
        _ => time.to_string(),
    }
}

/// Logins, each looked up once.
#[derive(Debug)]
pub(super) struct Logins {
    home: PathBuf,
    now: Timestamp,
    read: HashMap<PathBuf, Login>,
}

impl Logins {
    pub(super) fn new(home: PathBuf, now: Timestamp) -> Self {
        Self { home, now, read: HashMap::new() }
    }

    pub(super) async fn login_state(&mut self, login: &SsoLogin) -> Login {
        let path = login.token_path(&self.home);
        if let Some(read) = self.read.get(&path) {
            return read.clone();
        }
        let state = match tokio::fs::read(&path).await {
            Ok(text) => judge_token(&text, login.session.is_some(), self.now),
            Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Login::Missing,
            Err(error) => Login::Unreadable(format!("{}: {error}", path.display())),
        };
        self.read.insert(path, state.clone());
        state
    }
}

/// What is read of the file: whether there is a way to prolong the login, and until when.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CachedLogin {
    expires_at: String,
    #[serde(deserialize_with = "fits_a_header")]
    access_token: bool,
    registration_expires_at: Option<String>,
    #[serde(default, deserialize_with = "is_there")]
    refresh_token: bool,
}

/// Only whether it can be sent: the token itself is not kept.
fn fits_a_header<'de, D: serde::Deserializer<'de>>(token: D) -> Result<bool, D::Error> {
    let token = SecretString::from(String::deserialize(token)?);
    let token = token.expose_secret();
    Ok(!token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic()))
}

/// Only that it is there: the token itself is not kept.
fn is_there<'de, D: serde::Deserializer<'de>>(token: D) -> Result<bool, D::Error> {
    Option::<serde::de::IgnoredAny>::deserialize(token).map(|token| token.is_some())
}

fn judge_token(text: &[u8], can_be_prolonged: bool, now: Timestamp) -> Login {
    // The parser's own words could quote a token.
    let garbled = || Login::Unreadable("the cached login is damaged".into());
    let Ok(cached) = serde_json::from_slice::<CachedLogin>(text) else { return garbled() };
    if !cached.access_token {
        return garbled();
    }
    // Older AWS CLIs wrote `2020-06-17T10:02:08UTC`.
    let time = |text: &str| text.replace("UTC", "Z").parse::<Timestamp>().ok();
    let Some(end) = time(&cached.expires_at) else { return garbled() };
    let registered = cached.registration_expires_at.as_deref().and_then(time).is_some_and(|end| end > now);
    if end > now || can_be_prolonged && cached.refresh_token && registered {
        return Login::Open;
    }
    Login::Ended(SessionDuration::from_secs(now.duration_since(end).as_secs().try_into().unwrap_or(u32::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn login(session: Option<&str>) -> SsoLogin {
        SsoLogin {
            session: session.map(str::to_owned),
            start_url: "https://corp.example/start".into(),
            region: "eu-west-1".into(),
            account_id: "111122223333".into(),
            role_name: "reader".into(),
            profile: "work".into(),
        }
    }

    const REFRESH: &str = r#","refreshToken":"canary","clientId":"c","clientSecret":"canary""#;

    #[tokio::test]
    async fn a_login_is_judged_by_its_file_and_the_time_alone() {
        let prolonged = |until: &str| format!("{REFRESH},\"registrationExpiresAt\":\"{until}\"");
        for (session, end, more, problem) in [
            (Some("corp"), "2026-11-22T13:00:00Z", String::new(), None),
            (None, "2026-11-22T12:00:01Z", String::new(), None),
            (None, "2026-11-22T12:30:00UTC", String::new(), None),
            (
                Some("corp"),
                "2026-11-22T10:00:00Z",
                String::new(),
                Some("expired 2h ago: aws sso login --sso-session corp"),
            ),
            (None, "2026-11-22T10:00:00Z", prolonged("2027-01-01T00:00:00Z"), Some("aws sso login --profile work")),
            (Some("corp"), "2026-11-22T10:00:00Z", prolonged("2027-01-01T00:00:00Z"), None),
            (Some("corp"), "2026-11-22T10:00:00Z", prolonged("2026-11-22T11:00:00Z"), Some("expired 2h ago")),
            (Some("corp"), "2026-11-22T09:57:11Z", String::new(), Some("expired 2h2m ago")),
            (Some("corp"), "2026-11-22T11:59:30Z", String::new(), Some("expired 30s ago")),
            (Some("corp"), "2020-01-01T00:00:00Z", String::new(), Some("expired 2517 days ago")),
            (Some("corp"), "canary", String::new(), Some("damaged: aws sso login --sso-session corp")),
        ] {
            let home = tempfile::TempDir::new().unwrap();
            let login = login(session);
            let path = login.token_path(home.path());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, format!("{{\"accessToken\":\"canary\",\"expiresAt\":\"{end}\"{more}}}")).unwrap();
            let now = "2026-11-22T12:00:00Z".parse().unwrap();
            let state = Logins::new(home.path().into(), now).login_state(&login).await;
            let told = state.problem(&login);
            assert!(!format!("{state:?} {told:?}").contains("canary"));
            match (&told, problem) {
                (Some(told), Some(problem)) => assert!(told.contains(problem), "{told}"),
                (told, problem) => assert_eq!(told.as_deref(), problem, "{end} {more}"),
            }
        }
    }

    #[test]
    fn a_token_that_no_header_can_hold_is_a_garbled_login() {
        let now = "2026-11-22T12:00:00Z".parse().unwrap();
        for (token, open) in [
            ("\"canary\"", true),
            ("\"\"", false),
            ("\"can\\nary\"", false),
            ("\"can\\u0000ary\"", false),
            ("\"canarý\"", false),
            ("\"can ary\"", false),
            ("7", false),
        ] {
            let text = format!("{{\"accessToken\":{token},\"expiresAt\":\"2026-11-22T13:00:00Z\"}}");
            assert_eq!(judge_token(text.as_bytes(), true, now) == Login::Open, open, "{token}");
        }
    }

    #[tokio::test]
    async fn without_a_file_nobody_has_logged_in() {
        let home = tempfile::TempDir::new().unwrap();
        let state = Logins::new(home.path().into(), Timestamp::UNIX_EPOCH).login_state(&login(Some("corp"))).await;
        assert_eq!(state.problem(&login(Some("corp"))).unwrap(), "not logged in: aws sso login --sso-session corp");
    }

    #[test]
    fn the_file_is_named_as_the_aws_cli_names_it() {
        // printf corp | sha1sum
        let path = login(Some("corp")).token_path(Path::new("/home/ana"));
        let named = "/home/ana/.aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json";
        assert_eq!(path, Path::new(named));
    }
}

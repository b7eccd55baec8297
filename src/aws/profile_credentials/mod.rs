//! A profile's own credentials: what signs the call that mints.
//!
//! Invariant: no request is sent before [`ProfileCredentials::get`]. It fetches the credentials anew each time, so that
//! rotated keys are noticed, and waits at most [`LONGEST_WAIT`]. If a route needs several services, each gets one
//! request.

use std::{io::ErrorKind, path::PathBuf, time::Duration};

use aws_config::sso::SsoCredentialsProvider;
use aws_sdk_sts::{
    config::{Credentials as SdkCredentials, ProvideCredentials, Region, SharedCredentialsProvider},
    types::Credentials as Granted,
};
use tokio::io::AsyncReadExt;

use super::{
    calls::{CallContext, RetryMode},
    client_settings::ClientSettings,
    command,
    credential_chain::{BaseCredentials, ChainStep, CredentialChain, SsoLogin, WebIdentity},
    failure::Attempt,
    grant::check_grant,
    loaded::LoadedFiles,
    login::{Login, Logins},
    metadata::{self, MetadataVariables},
    no_credentials::{self, ACTION},
    profiles::account_of,
};
use crate::domain::{
    credentials::{Credentials, ExposeSecret, SecretString},
    failure::{Failure, FailureKind, Service},
    profile::Profile,
};

/// Whoever takes longer is taken to hang. A command is ended before.
const LONGEST_WAIT: Duration = command::LONGEST_RUN.saturating_add(Duration::from_secs(5));

/// The longest life of a role that was assumed with a role's credentials, in seconds.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining>
const LONGEST_CHAINED: i32 = 3600;

/// Bytes that are read of a web identity's token; AWS takes 20,000.
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html>
const LONGEST_TOKEN: u64 = 64 * 1024;

/// A role session's name where the profile gives none.
const SESSION_NAME: &str = "ebbtide";

/// How to get a profile's credentials. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct ProfileCredentials {
    way: ClientSettings,
    route: CredentialChain,
    /// Whose they are, for a sentence.
    subject: String,
    surroundings: EnvironmentSnapshot,
}

/// What the environment says, as it was when the source was resolved.
#[derive(Debug, Clone)]
struct EnvironmentSnapshot {
    keys: Option<Credentials>,
    metadata: MetadataVariables,
    home: Option<PathBuf>,
}

impl ProfileCredentials {
    /// Those at the end of `route`, which is that of `profile`.
    pub(super) fn new(way: &ClientSettings, loaded: &LoadedFiles, profile: &Profile, route: CredentialChain) -> Self {
        let keys = loaded.environment_keys().and_then(Result::ok);
        let surroundings = EnvironmentSnapshot { keys, metadata: loaded.metadata_variables(), home: loaded.home() };
        Self { way: way.clone(), route, subject: profile.in_words(), surroundings }
    }

    /// The account that these credentials are requested in, where the way to them names it.
    pub(super) fn account(&self) -> Option<String> {
        let by_base = match &self.route.base {
            BaseCredentials::Sso(login) => Some(login.account_id.clone()),
            BaseCredentials::WebIdentity(identity) => account_of(&identity.role_arn),
            _ => None,
        };
        self.route.roles.last().map_or(by_base, |hop| account_of(&hop.role_arn))
    }

    /// Those with which a profile's role is assumed, for asking STS for that role ourselves; `None` where the profile's
    /// route does not end in a role.
    pub(super) fn of_role_source(
        way: &ClientSettings,
        loaded: &LoadedFiles,
        profile: &Profile,
        route: &CredentialChain,
    ) -> Option<Self> {
        let before = route.before_last_role()?;
        let named = before.roles.last().map(|hop| &hop.profile).or(before.base_profile.as_ref());
        let source = named.and_then(|name| loaded.section(name)).map(|section| loaded.describe_profile(section));
        Some(Self::new(way, loaded, source.as_ref().unwrap_or(profile), before))
    }

    /// The credentials, requested anew.
    pub(super) async fn get(&self) -> Result<Credentials, Failure> {
        let late = || {
            no_credentials::no_credentials(&self.subject, FailureKind::Timeout, "timed out after 65 s")
                .with_hint("try again; if that fails too, check the network")
        };
        // On the heap, for the SDK's futures are kilobytes.
        tokio::time::timeout(LONGEST_WAIT, Box::pin(self.follow_chain())).await.map_err(|_| late())?
    }

    async fn follow_chain(&self) -> Result<Credentials, Failure> {
        let mut credentials = self.base_credentials().await?;
        for (at, hop) in self.route.roles.iter().enumerate() {
            credentials = self.assume_step(hop, at > 0, &credentials).await?;
        }
        Ok(credentials)
    }

    async fn base_credentials(&self) -> Result<Credentials, Failure> {
        match &self.route.base {
            BaseCredentials::Keys(keys) => Ok(keys.clone()),
            BaseCredentials::Environment => self.surroundings.keys.clone().ok_or_else(|| {
                let unset = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set";
                no_credentials::no_credentials(&self.subject, FailureKind::Invalid, unset)
            }),
            BaseCredentials::Process(line) => {
                let output = command::run_command(line)
                    .await
                    .and_then(|printed| command::parse_credentials(printed.expose_secret()));
                output.map_err(|trouble| command::command_failure(&trouble, ACTION, &self.subject, line))
            }
            BaseCredentials::Sso(login) => self.log_in(login).await,
            BaseCredentials::WebIdentity(identity) => self.show_token(identity).await,
            BaseCredentials::Container => {
                let at = self.surroundings.metadata.container_endpoint()?;
                let client = self.way.transport.connections.metadata_client();
                self.ask_provider(
                    &metadata::container_role(&at, self.way.provider_config(), client),
                    "the IAM role of the container",
                )
                .await
            }
            BaseCredentials::Instance => {
                let at = self.surroundings.metadata.instance_endpoint()?;
                let client = self.way.transport.connections.metadata_client();
                self.ask_provider(
                    &metadata::instance_role(&at, self.way.provider_config(), client),
                    "the IAM role of the instance",
                )
                .await
            }
        }
    }

    /// Asks one of the SDK's providers.
    async fn ask_provider(&self, provider: &SharedCredentialsProvider, whose: &str) -> Result<Credentials, Failure> {
        let found = provider.provide_credentials().await;
        let found = found.map_err(|error| no_credentials::provider_failure(&self.subject, whose, &error))?;
        let found = from_sdk(&found);
        match found.find_oddity() {
            None => Ok(found),
            Some((part, why)) => {
                let message = format!("{whose}: the {} that it returned cannot be used: {why}", part.name());
                Err(no_credentials::no_credentials(&self.subject, FailureKind::Malformed, message))
            }
        }
    }

    async fn log_in(&self, login: &SsoLogin) -> Result<Credentials, Failure> {
        let home = self.surroundings.home.clone().unwrap_or_default();
        let state = Logins::new(home, self.way.transport.clock.now()).login_state(login).await;
        if let Some(problem) = state.problem(login) {
            let kind = if state == Login::Missing { FailureKind::InvalidCredentials } else { FailureKind::Expired };
            return Err(no_credentials::no_credentials(&self.subject, kind, problem).with_hint(login.login_command()));
        }
        let mut provider = SsoCredentialsProvider::builder()
            .configure(&self.way.provider_config())
            .account_id(&login.account_id)
            .role_name(&login.role_name)
            .region(Region::new(login.region.clone()))
            .start_url(&login.start_url);
        provider.set_session_name(login.session.clone());
        let provider = SharedCredentialsProvider::new(provider.build());
        self.ask_provider(&provider, "IAM Identity Center")
            .await
            .map_err(|failure| no_credentials::of_login(failure, login))
    }

    async fn show_token(&self, identity: &WebIdentity) -> Result<Credentials, Failure> {
        let unreadable = |error: std::io::Error| {
            let why = format!("{}: {error}", identity.token_file);
            no_credentials::no_credentials(&self.subject, FailureKind::Invalid, why)
                .with_hint("check that the file exists and is readable; the platform that runs the program renews it")
        };
        let token = SecretString::from(read_token(&identity.token_file).await.map_err(unreadable)?);
        let subject = format!("{} for {}", identity.role_arn, self.subject);
        let client = self.way.sts_client(None);
        self.check_grant(&subject, async |calls, attempt| {
            let send = || {
                let assume = client.assume_role_with_web_identity();
                assume
                    .role_arn(&identity.role_arn)
                    .role_session_name(identity.session_name.as_deref().unwrap_or(SESSION_NAME))
                    .web_identity_token(token.expose_secret())
                    .send()
            };
            Ok(calls.make_call(attempt, RetryMode::Patiently, send).await?.credentials)
        })
        .await
    }

    async fn assume_step(&self, hop: &ChainStep, chained: bool, with: &Credentials) -> Result<Credentials, Failure> {
        let subject = format!("{} for profile {}", hop.role_arn, hop.profile);
        let longest = |seconds: i32| if chained { seconds.min(LONGEST_CHAINED) } else { seconds };
        let client = self.way.sts_client(Some(with));
        let assumed = self.check_grant(&subject, async |calls, attempt| {
            let send = || {
                let assume = client.assume_role();
                assume
                    .role_arn(&hop.role_arn)
                    .role_session_name(hop.session_name.as_deref().unwrap_or(SESSION_NAME))
                    .set_external_id(hop.external_id.clone())
                    .set_duration_seconds(hop.duration_seconds.map(longest))
                    .send()
            };
            Ok(calls.make_call(attempt, RetryMode::Patiently, send).await?.credentials)
        });
        assumed.await.map_err(|failure| no_credentials::without_code(failure, hop))
    }

    /// What STS grants, if it can be right.
    async fn check_grant(
        &self,
        subject: &str,
        call: impl AsyncFnOnce(&CallContext, Attempt<'_>) -> Result<Option<Granted>, Failure>,
    ) -> Result<Credentials, Failure> {
        let asked = self.way.service_label(Service::Sts, self.way.sts.as_ref());
        let attempt = Attempt { service: Service::Sts, action: "assume the role", subject, asked: &asked };
        let transport = &self.way.transport;
        let granted = call(&transport.call_context(), attempt).await?;
        let now = transport.moment().by_the_services();
        check_grant(granted, now, None).map_err(|why| attempt.malformed_reply(why))
    }
}

/// A token as its file holds it, the blanks around it aside.
async fn read_token(path: &str) -> std::io::Result<String> {
    let odd = |why: &str| std::io::Error::new(ErrorKind::InvalidData, format!("it has no valid token: {why}"));
    let mut text = Vec::new();
    // A device or a pipe can be without end.
    tokio::fs::File::open(path).await?.take(LONGEST_TOKEN + 1).read_to_end(&mut text).await?;
    if text.len() as u64 > LONGEST_TOKEN {
        return Err(odd("it is longer than 64 KiB"));
    }
    let text = text.trim_ascii();
    match text.iter().position(|byte| !byte.is_ascii_graphic()) {
        Some(at) => Err(odd(&format!("byte {} is a space, a control character or not ASCII", at + 1))),
        None if text.is_empty() => Err(odd("it is empty")),
        None => Ok(String::from_utf8_lossy(text).into_owned()),
    }
}

/// Credentials of the SDK as we keep them.
fn from_sdk(found: &SdkCredentials) -> Credentials {
    Credentials {
        access_key_id: found.access_key_id().into(),
        secret_access_key: found.secret_access_key().into(),
        session_token: found.session_token().map(Into::into),
        expiration: found.expiry().and_then(|expiry| expiry.try_into().ok()),
    }
}

#[cfg(test)]
mod tests;

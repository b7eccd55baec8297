//! A profile's own credentials: what signs the call that mints.
//!
//! Invariant: nobody is asked before [`OwnCredentials::get`], which asks anew each time, for rotated keys are noticed
//! that way, and never waits longer than [`LONGEST_WAIT`].

use std::time::Duration;

use aws_config::{
    BehaviorVersion, environment::EnvironmentVariableCredentialsProvider, profile::ProfileFileCredentialsProvider,
    provider_config::ProviderConfig,
};
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::{
    config::{ProvideCredentials, Region, SharedCredentialsProvider},
    operation::{assume_role::AssumeRoleError, assume_role_with_web_identity::AssumeRoleWithWebIdentityError},
};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};

use super::{
    Aws,
    failure::{Attempt, refused_here, root_cause, sources},
    http::{SdkClock, retries, timeouts},
    profiles::Loaded,
};
use crate::domain::{
    credentials::Credentials,
    failure::{Failure, FailureKind, Service},
    profile::{Profile, ProfileKind},
};

/// A credential process, or a login helper, that takes longer is taken to hang.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// How to get a profile's credentials. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct OwnCredentials {
    profile: Profile,
    provider: SharedCredentialsProvider,
}

impl OwnCredentials {
    /// Those of `profile`, by aws-config's rules.
    pub(super) fn of(aws: &Aws, loaded: &Loaded, profile: &Profile, region: &str, allow_plain_http: bool) -> Self {
        let provider = if profile.kind == ProfileKind::Environment {
            SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new())
        } else {
            let config = ProviderConfig::without_region()
                .with_region(Some(Region::new(region.to_owned())))
                .with_behavior_version(Some(BehaviorVersion::latest()))
                .with_time_source(SdkClock(aws.clock.clone()))
                .with_http_client(aws.connections.client(allow_plain_http))
                .with_timeout_config(timeouts())
                .with_retry_config(retries());
            let provider = ProfileFileCredentialsProvider::builder()
                .configure(&config)
                .profile_files(loaded.files.clone())
                .profile_name(&profile.name)
                .build();
            SharedCredentialsProvider::new(provider)
        };
        Self { profile: profile.clone(), provider }
    }

    /// The credentials, asked for anew.
    pub(super) async fn get(&self) -> Result<Credentials, Failure> {
        let action = "get credentials from the profile";
        match tokio::time::timeout(LONGEST_WAIT, self.provider.provide_credentials()).await {
            Ok(Ok(found)) => Ok(Credentials {
                access_key_id: found.access_key_id().into(),
                secret_access_key: found.secret_access_key().into(),
                session_token: found.session_token().map(Into::into),
                expiration: found.expiry().and_then(|expiry| expiry.try_into().ok()),
            }),
            Ok(Err(error)) => Err(no_credentials(&self.profile, action, &error)),
            Err(_) => {
                Err(Failure::local(FailureKind::Timeout, action, &self.profile.name, "nothing came within a minute")
                    .with_hint("run the profile's credential_process by hand to see what it waits for"))
            }
        }
    }
}

/// Why the profile gave none. A request that was not let go is ours to explain, a role profile's refusal is STS's;
/// anything else is aws-config's own, local text.
fn no_credentials(profile: &Profile, action: &str, error: &CredentialsError) -> Failure {
    if let Some(failure) = refused_here(error).or_else(|| refused_by_sts(profile, action, error)) {
        return failure;
    }
    let kind = match error {
        CredentialsError::ProviderTimedOut(_) => FailureKind::Timeout,
        CredentialsError::InvalidConfiguration(_) => FailureKind::Invalid,
        _ => FailureKind::InvalidCredentials,
    };
    let message = if profile.kind == ProfileKind::Nothing {
        "it says nothing about credentials".into()
    } else {
        root_cause(error)
    };
    let failure = Failure::local(kind, action, &profile.name, message);
    match profile.kind {
        ProfileKind::Sso => failure.with_hint(format!("log in first: aws sso login --profile {}", profile.name)),
        ProfileKind::Process => failure.with_hint("run the profile's credential_process by hand to see what it says"),
        ProfileKind::Nothing => failure.with_hint("give it keys, a role_arn, an sso_session or a credential_process"),
        _ => failure.with_hint("correct the profile in the shared config files"),
    }
}

fn refused_by_sts(profile: &Profile, action: &str, error: &CredentialsError) -> Option<Failure> {
    let attempt = Attempt { service: Service::Sts, action, subject: &profile.name, asked: "STS" };
    sources(error).find_map(|source| {
        let role = source.downcast_ref::<SdkError<AssumeRoleError, HttpResponse>>();
        let web_identity = source.downcast_ref::<SdkError<AssumeRoleWithWebIdentityError, HttpResponse>>();
        role.map(|error| attempt.failure(error)).or_else(|| web_identity.map(|error| attempt.failure(error)))
    })
}

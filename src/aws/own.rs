//! A profile's own credentials: what signs the call that mints.
//!
//! Invariant: nobody is asked before [`OwnCredentials::get`], which asks anew each time, for rotated keys are noticed
//! that way, and never waits longer than [`LONGEST_WAIT`].

use std::time::Duration;

use aws_config::{
    BehaviorVersion,
    environment::EnvironmentVariableCredentialsProvider,
    profile::{Profile as Section, ProfileFileCredentialsProvider},
    provider_config::ProviderConfig,
};
use aws_sdk_sts::config::{Credentials as SdkCredentials, ProvideCredentials, Region, SharedCredentialsProvider};

use super::{
    Aws,
    http::{SdkClock, retries, timeouts},
    no_credentials,
    profiles::Loaded,
};
use crate::domain::{
    credentials::Credentials,
    failure::{Failure, FailureKind},
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

/// How a role profile comes to its role, for asking STS for that role ourselves: its own credentials are the role's
/// already, and few roles trust themselves.
#[derive(Debug, Clone)]
pub(super) struct RoleSource {
    /// What assumes the role.
    pub(super) credentials: OwnCredentials,
    /// Asked for by the role's trust policy.
    pub(super) external_id: Option<String>,
}

impl RoleSource {
    /// That of a role profile; `None` for other profiles, and where only aws-config knows how to go on.
    pub(super) fn of(way: &Way<'_>, profile: &Profile) -> Option<Self> {
        let section = way.loaded.section(&profile.name).filter(|_| profile.kind == ProfileKind::Role)?;
        let external_id = section.get("external_id").map(str::to_owned);
        let environment = section.get("credential_source").is_some_and(|from| from.eq_ignore_ascii_case("environment"));
        if environment {
            return Some(Self { credentials: OwnCredentials::of_the_environment(profile), external_id });
        }
        let source = way.loaded.section(section.get("source_profile")?)?;
        let described = way.loaded.describe(source);
        // As aws-config does: a source profile's keys come before any role it names too.
        let credentials = match static_keys(source) {
            Some(keys) => OwnCredentials { profile: described, provider: SharedCredentialsProvider::new(keys) },
            None if source.name() == profile.name => return None,
            None => OwnCredentials::of(way, &described),
        };
        Some(Self { credentials, external_id })
    }
}

fn static_keys(section: &Section) -> Option<SdkCredentials> {
    let (key, secret) = (section.get("aws_access_key_id")?, section.get("aws_secret_access_key")?);
    Some(SdkCredentials::new(key, secret, section.get("aws_session_token").map(str::to_owned), None, "ebbtide"))
}

/// By what the credentials of any profile are got.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'a> {
    pub(super) aws: &'a Aws,
    pub(super) loaded: &'a Loaded,
    pub(super) region: &'a str,
    pub(super) allow_plain_http: bool,
}

impl OwnCredentials {
    /// Those of `profile`, by aws-config's rules.
    pub(super) fn of(way: &Way<'_>, profile: &Profile) -> Self {
        if profile.kind == ProfileKind::Environment {
            return Self::of_the_environment(profile);
        }
        let config = ProviderConfig::without_region()
            .with_region(Some(Region::new(way.region.to_owned())))
            .with_behavior_version(Some(BehaviorVersion::latest()))
            .with_time_source(SdkClock::new(&way.aws.clock, way.aws.clock_offset()))
            .with_http_client(way.aws.connections.client(way.allow_plain_http))
            .with_timeout_config(timeouts())
            .with_retry_config(retries());
        let provider = ProfileFileCredentialsProvider::builder()
            .configure(&config)
            .profile_files(way.loaded.files.clone())
            .profile_name(&profile.name)
            .build();
        Self { profile: profile.clone(), provider: SharedCredentialsProvider::new(provider) }
    }

    fn of_the_environment(profile: &Profile) -> Self {
        let provider = SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new());
        Self { profile: profile.clone(), provider }
    }

    /// The credentials, asked for anew.
    pub(super) async fn get(&self) -> Result<Credentials, Failure> {
        match tokio::time::timeout(LONGEST_WAIT, self.provider.provide_credentials()).await {
            Ok(Ok(found)) => Ok(Credentials {
                access_key_id: found.access_key_id().into(),
                secret_access_key: found.secret_access_key().into(),
                session_token: found.session_token().map(Into::into),
                expiration: found.expiry().and_then(|expiry| expiry.try_into().ok()),
            }),
            Ok(Err(error)) => Err(no_credentials::failure(&self.profile, &error)),
            Err(_) => Err(no_credentials::about(&self.profile, FailureKind::Timeout, "nothing came within a minute")
                .with_hint("run the profile's credential_process by hand to see what it waits for")),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        aws::{
            Aws, Setting,
            parrot::{Asked, Parrot},
        },
        clock::Clock,
        domain::{
            duration::SessionDuration,
            mint::{AssumeRole, MintRequest},
            profile::{ProfileChoice, SourceOptions},
        },
    };

    const CONFIG: &str = "\
[profile keys]
aws_access_key_id = AKIAKEYS
aws_secret_access_key = s
[profile reader]
role_arn = arn:aws:iam::111122223333:role/reader
source_profile = keys
external_id = tide 7
[profile itself]
role_arn = arn:aws:iam::111122223333:role/itself
source_profile = itself
aws_access_key_id = AKIAITSELF
aws_secret_access_key = s
[profile chained]
role_arn = arn:aws:iam::111122223333:role/chained
source_profile = reader
[profile both]
role_arn = arn:aws:iam::111122223333:role/both
source_profile = itself
";

    const GRANT: &str = "<AssumeRoleResponse><AssumeRoleResult><Credentials><AccessKeyId>ASIAGRANTED</AccessKeyId>\
        <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
        <Expiration>2026-11-22T13:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>";

    /// Which key asked for which role, and whether the external id went along.
    async fn calls(profile: &str, role: &str) -> Vec<(String, String, bool)> {
        let parrot = Parrot::saying(GRANT);
        let clock = Clock::starting_at("2026-11-22T12:00:00Z".parse().unwrap());
        let aws = Aws::new(clock, Setting::Fixed { shared_config: CONFIG.into() }).with_http_client(parrot.client());
        let profile = ProfileChoice::Named(profile.into());
        let source = aws.source(&SourceOptions { profile, ..SourceOptions::default() }).await.unwrap();
        let role_arn = format!("arn:aws:iam::111122223333:role/{role}");
        let request = MintRequest::AssumeRole(Box::new(AssumeRole::new(role_arn, "ebbtide", SessionDuration::HOUR)));
        source.mint(&request, None).await.unwrap();
        parrot.asked().iter().map(call).collect()
    }

    fn call(asked: &Asked) -> (String, String, bool) {
        let between = |text: &str, before: &str, after: &str| {
            text.split_once(before).unwrap().1.split(after).next().unwrap().to_owned()
        };
        let key = between(&asked.authorization, "Credential=", "/");
        (key, between(&asked.body, "%3Arole%2F", "&"), asked.body.contains("ExternalId=tide%207"))
    }

    #[tokio::test]
    async fn a_role_profiles_own_role_is_assumed_once_by_its_source() {
        for (profile, role, expected) in [
            ("reader", "reader", vec![("AKIAKEYS", "reader", true)]),
            ("itself", "itself", vec![("AKIAITSELF", "itself", false)]),
            ("both", "both", vec![("AKIAITSELF", "both", false)]),
            ("chained", "chained", vec![("AKIAKEYS", "reader", true), ("ASIAGRANTED", "chained", false)]),
            // Another role is asked for as the profile itself.
            ("reader", "writer", vec![("AKIAKEYS", "reader", true), ("ASIAGRANTED", "writer", false)]),
            ("keys", "reader", vec![("AKIAKEYS", "reader", false)]),
        ] {
            let expected: Vec<_> =
                expected.into_iter().map(|(key, role, id)| (key.to_owned(), role.to_owned(), id)).collect();
            assert_eq!(calls(profile, role).await, expected, "{profile} {role}");
        }
    }
}

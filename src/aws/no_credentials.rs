//! Why a profile gave no credentials, in words of its config file.
//!
//! Invariant: a file that cannot be right is [`FailureKind::Invalid`], whatever aws-config calls it; to log in is advised
//! only where logging in can help.

use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::operation::{
    assume_role::AssumeRoleError, assume_role_with_web_identity::AssumeRoleWithWebIdentityError,
};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};

use super::failure::{Attempt, refused_here, root_cause, sources};
use crate::domain::{
    failure::{Failure, FailureKind, Service},
    profile::{Profile, ProfileKind},
};

const ACTION: &str = "get credentials from";

/// A request that was not let go is ours to explain, a role profile's refusal is STS's; anything else is aws-config's own,
/// local text.
pub(super) fn failure(profile: &Profile, error: &CredentialsError) -> Failure {
    if let Some(failure) = refused_here(error).or_else(|| refused_by_sts(profile, error)) {
        return failure;
    }
    if profile.kind == ProfileKind::Nothing {
        return about(profile, FailureKind::InvalidCredentials, "it says nothing about credentials")
            .with_hint("give it keys, a role_arn, an sso_session or a credential_process");
    }
    let cause = root_cause(error);
    let kind = match error {
        CredentialsError::ProviderTimedOut(_) => FailureKind::Timeout,
        CredentialsError::InvalidConfiguration(_) => FailureKind::Invalid,
        CredentialsError::CredentialsNotLoaded(_) if is_of_the_file(&cause) => FailureKind::Invalid,
        _ => FailureKind::InvalidCredentials,
    };
    let failure = about(profile, kind, plain(&cause));
    match profile.kind {
        _ if kind == FailureKind::Invalid => failure.with_hint("correct the profile in the shared config files"),
        ProfileKind::Sso => failure.with_hint(format!("log in first: aws sso login --profile {}", profile.name)),
        _ if cause.contains("SSO token") => {
            failure.with_hint("log in first: aws sso login, for the profile whose credentials this one takes")
        }
        ProfileKind::Process => failure.with_hint("run the profile's credential_process by hand to see what it says"),
        _ => failure.with_hint("correct the profile in the shared config files"),
    }
}

/// A failure to get credentials from a profile, or from the environment.
pub(super) fn about(profile: &Profile, kind: FailureKind, message: impl Into<String>) -> Failure {
    Failure::local(kind, ACTION, profile.in_words(), message)
}

fn refused_by_sts(profile: &Profile, error: &CredentialsError) -> Option<Failure> {
    let subject = profile.in_words();
    let attempt = Attempt { service: Service::Sts, action: ACTION, subject: &subject, asked: "STS" };
    sources(error).find_map(|source| {
        let role = source.downcast_ref::<SdkError<AssumeRoleError, HttpResponse>>();
        let web_identity = source.downcast_ref::<SdkError<AssumeRoleWithWebIdentityError, HttpResponse>>();
        role.map(|error| attempt.failure(error)).or_else(|| web_identity.map(|error| attempt.failure(error)))
    })
}

/// Faults of the file that aws-config takes for credentials that are merely not there.
fn is_of_the_file(cause: &str) -> bool {
    cause.contains(" was not defined: ") || cause.starts_with("selected profile will resolve an access token")
}

/// aws-config's words without the names of its parts. What is not known is left as it is.
fn plain(cause: &str) -> String {
    let cause = cause.strip_prefix("ProfileFile provider could not be built: ").unwrap_or(cause);
    if let Some((profiles, next)) = cause
        .strip_prefix("profile formed an infinite loop. first we loaded [")
        .and_then(|rest| rest.split_once("], then attempted to reload "))
    {
        return format!("each takes its credentials from the next: {}, {next}", profiles.replace('"', ""));
    }
    if let Some((session, _)) = cause.split_once("sso-session named `").and_then(|(_, rest)| rest.split_once('`')) {
        return format!("no sso-session section {session}");
    }
    if cause.starts_with("selected profile will resolve an access token") {
        return "`sso_account_id` and `sso_role_name` are missing".into();
    }
    let named = cause.strip_prefix("invalid credential source in ").unwrap_or(cause);
    match named.split_once(" was not defined: ") {
        Some((_, reason)) => reason.into(),
        None => named.into(),
    }
}

#[cfg(test)]
mod tests {
    use crate::{
        aws::{Aws, Setting, parrot::Parrot},
        clock::Clock,
        domain::{
            failure::FailureKind,
            mint::MintRequest,
            profile::{ProfileChoice, SourceOptions},
        },
    };

    const ROLE: &str = "role_arn = arn:aws:iam::111122223333:role/r";

    #[tokio::test]
    async fn a_profile_that_cannot_be_right_is_invalid_and_told_in_words_of_its_file() {
        let sso = "sso_account_id = 111122223333\nsso_role_name = r";
        for (profile, message) in [
            (format!("{ROLE}\nsource_profile = gone"), "could not find source profile gone referenced from p"),
            (format!("{ROLE}\nsource_profile = q"), "each takes its credentials from the next: p, q, p"),
            (ROLE.into(), "`p`: profile must contain `source_profile` or `credential_source` but neither were defined"),
            (format!("{ROLE}\nsource_profile = s"), "no sso-session section foo"),
            ("aws_access_key_id = A".into(), "`p`: profile missing aws_secret_access_key"),
            (format!("{sso}\nsso_session = foo"), "no sso-session section foo"),
            (format!("{sso}\nsso_session = half"), "`sso_start_url` was missing"),
            ("sso_session = whole".into(), "`sso_account_id` and `sso_role_name` are missing"),
        ] {
            let shared_config = format!(
                "[profile p]\n{profile}\n[profile q]\n{ROLE}\nsource_profile = p\n[profile s]\n{sso}\nsso_session = foo\n\
                 [sso-session half]\nsso_region = us-west-2\n\
                 [sso-session whole]\nsso_region = us-west-2\nsso_start_url = https://sso.example\n"
            );
            let parrot = Parrot::default();
            let aws = Aws::new(Clock::system(), Setting::Fixed { shared_config }).with_http_client(parrot.client());
            let options = SourceOptions { profile: ProfileChoice::Named("p".into()), ..SourceOptions::default() };
            let failure = aws.source(&options).await.unwrap().mint(&MintRequest::Direct, None).await.unwrap_err();
            assert_eq!((failure.kind, failure.message.as_str()), (FailureKind::Invalid, message), "{profile}");
            assert!(!failure.advice().contains("log in"), "{profile}: {}", failure.advice());
        }
    }
}

//! Why a profile gave no credentials.
//!
//! Invariant: no response and a refusal are different failures. A hint to log in appears only where that can help, with
//! the command to type.

use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::result::ConnectorError;

use super::{
    credential_chain::{ChainStep, SsoLogin},
    errors::{error_sources, refused_here, root_cause},
};
use crate::domain::failure::{Failure, FailureKind};

/// What failed, for the sentence that says so.
pub(super) const ACTION: &str = "get credentials from";

/// A failure to get credentials from a profile, or from the surroundings.
pub(super) fn no_credentials(subject: &str, kind: FailureKind, message: impl Into<String>) -> Failure {
    Failure::local(kind, ACTION, subject, message)
}

/// One of the SDK's providers gave nothing; `whose` names it.
pub(super) fn provider_failure(subject: &str, whose: &str, error: &CredentialsError) -> Failure {
    if let Some(failure) = refused_here(error) {
        return failure;
    }
    let cause = root_cause(error);
    let connection = error_sources(error).find_map(|source| source.downcast_ref::<ConnectorError>());
    let kind = match (error, connection) {
        (CredentialsError::ProviderTimedOut(_), _) => FailureKind::Timeout,
        (_, Some(connection)) if connection.is_timeout() => FailureKind::Timeout,
        (_, Some(_)) => FailureKind::Network,
        (CredentialsError::InvalidConfiguration(_), _) => FailureKind::Invalid,
        _ => FailureKind::InvalidCredentials,
    };
    let silent = matches!(kind, FailureKind::Timeout | FailureKind::Network);
    let message = if silent { format!("{whose}: no response: {cause}") } else { format!("{whose}: {cause}") };
    let failure = no_credentials(subject, kind, message);
    if silent {
        failure
    } else {
        failure.with_hint("check that an IAM role is attached, and that the metadata service works")
    }
}

/// IAM Identity Center refuses: the login may have been ended there.
pub(super) fn of_login(failure: Failure, login: &SsoLogin) -> Failure {
    if failure.kind != FailureKind::InvalidCredentials {
        return failure;
    }
    let hint = format!(
        "log in again: {}; or ask for access to the role {} in account {}",
        login.login_command(),
        login.role_name,
        login.account_id
    );
    failure.with_hint(hint)
}

/// A role on the way refuses, and its profile says that it wants a code.
pub(super) fn without_code(failure: Failure, hop: &ChainStep) -> Failure {
    match &hop.mfa_serial {
        Some(_) if failure.kind == FailureKind::Denied => failure.with_hint(format!(
            "this role needs an MFA code, which only the last role of a chain can take: mint with profile {} in mode role",
            hop.profile
        )),
        _ => failure,
    }
}

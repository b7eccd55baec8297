//! IAM: looks up users, roles and MFA devices, and creates users.
//!
//! IAM is global: on AWS one address of the partition serves every region. A custom endpoint is found as for STS.
//!
//! Invariant: only [`Iam::create_user`] changes anything. It sends its request once: after a retry it could not say who
//! created the user.

mod markers;

use std::{collections::HashSet, error::Error, time::Duration};

use aws_sdk_iam::{Client, config::Builder, error::ProvideErrorMetadata, types};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use percent_encoding::percent_decode_str;

use self::markers::Markers;
use super::{
    calls::{CallContext, RetryMode},
    failure::Attempt,
    reply_checker::ReplyChecker,
    source::Source,
};
use crate::domain::{
    credentials::Credentials,
    duration::SessionDuration,
    failure::{Failure, FailureKind, Service},
    iam::{EnsuredUser, Role, RoleName, User},
    mint::MintRequest,
};

/// How long a new user may take to be found. IAM's changes spread within seconds.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// Between two looks for a new user.
const PAUSE: Duration = Duration::from_secs(1);

/// Roles of a page: few enough that the first are there at once.
const PAGE: i32 = 100;

/// IAM with one set of credentials.
#[derive(Debug, Clone)]
pub struct Iam {
    client: Client,
    calls: CallContext,
    asked: String,
}

impl Source {
    /// IAM with the profile's own credentials.
    ///
    /// # Errors
    /// What kept the profile from giving its credentials.
    pub async fn iam(&self) -> Result<Iam, Failure> {
        Ok(self.iam_with(&self.own_credentials().await?))
    }

    /// The profile's own credentials, requested anew.
    ///
    /// # Errors
    /// What kept the profile from giving them.
    pub async fn own_credentials(&self) -> Result<Credentials, Failure> {
        self.minting_credentials(&MintRequest::Direct).get().await
    }

    /// IAM with exactly these credentials.
    pub fn iam_with(&self, credentials: &Credentials) -> Iam {
        let mut config =
            Builder::from(&self.sdk_config(self.iam.as_ref(), credentials)).interceptor(ReplyChecker::of_queries());
        if let Some(meter) = self.clock_meter(Service::Iam, self.iam.as_ref()) {
            config.push_interceptor(meter);
        }
        let client = Client::from_conf(config.build());
        Iam { client, calls: self.transport.call_context(), asked: self.service_label(Service::Iam) }
    }
}

impl Iam {
    fn attempt<'a>(&'a self, action: &'a str, subject: &'a str) -> Attempt<'a> {
        Attempt { service: Service::Iam, action, subject, asked: &self.asked }
    }

    async fn make_call<T, E, F>(&self, attempt: Attempt<'_>, send: impl Fn() -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        Ok(self.calls.make_call(attempt, RetryMode::Patiently, send).await?)
    }

    /// The user of that name; `None` if IAM has none.
    ///
    /// # Errors
    /// Whatever IAM says; `Malformed` for an answer without a user.
    pub async fn get_user(&self, name: &str) -> Result<Option<User>, Failure> {
        let attempt = self.attempt("find the user", name);
        match self.make_call(attempt, || self.client.get_user().user_name(name).send()).await {
            Ok(answer) => answer
                .user
                .map(convert_user)
                .ok_or_else(|| attempt.malformed_reply("the response has no user"))
                .map(Some),
            Err(failure) => unless_missing(failure),
        }
    }

    /// The user of that name, created if it does not exist, and awaited until IAM finds it. Nothing here ever removes
    /// it again.
    ///
    /// # Errors
    /// Whatever IAM says; `Timeout` for a user that was created and is not found within a minute.
    pub async fn create_user(&self, name: &str) -> Result<EnsuredUser, Failure> {
        if let Some(user) = self.get_user(name).await? {
            return Ok(EnsuredUser { user, created: false });
        }
        tracing::info!(name, "creating a user");
        let attempt = self.attempt("create the user", name);
        let send = || self.client.create_user().user_name(name).send();
        let created = match self.calls.make_call(attempt, RetryMode::Never, send).await.map_err(Failure::from) {
            Ok(_) => true,
            // Somebody was quicker.
            Err(failure) if failure.code.as_deref() == Some("EntityAlreadyExists") => false,
            Err(failure) => return Err(failure),
        };
        let found = tokio::time::timeout(LONGEST_WAIT, self.wait_for_user(name)).await;
        let user = found.unwrap_or_else(|_| Err(Self::not_found_yet(name, created)))?;
        Ok(EnsuredUser { user, created })
    }

    async fn wait_for_user(&self, name: &str) -> Result<User, Failure> {
        loop {
            if let Some(user) = self.get_user(name).await? {
                return Ok(user);
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn not_found_yet(name: &str, created: bool) -> Failure {
        let which = if created { "the user was created, but" } else { "IAM says that the user exists, but" };
        let message = format!("{which} IAM still does not find it after {} s", LONGEST_WAIT.as_secs());
        let failure = Failure::local(FailureKind::Timeout, "find the user", name, message);
        Failure { service: Service::Iam, ..failure }.with_hint(format!("try again in a minute: ebbtide user {name}"))
    }

    /// The role; `None` if the account has none of that name, or one with another ARN than was given.
    ///
    /// # Errors
    /// Whatever IAM says; `Malformed` for an answer without a role.
    pub async fn get_role(&self, wanted: RoleName<'_>) -> Result<Option<Role>, Failure> {
        let attempt = self.attempt("find the role", wanted.arn.unwrap_or(wanted.name));
        match self.make_call(attempt, || self.client.get_role().role_name(wanted.name).send()).await {
            Ok(answer) => {
                let found =
                    answer.role.map(convert_role).ok_or_else(|| attempt.malformed_reply("the response has no role"))?;
                Ok(Some(found).filter(|found| wanted.arn.is_none_or(|arn| arn == found.arn)))
            }
            Err(failure) => unless_missing(failure),
        }
    }

    /// The account's roles page by page, those below a path such as `/teams/` if one is given.
    pub fn role_pages(&self, path_prefix: Option<&str>) -> RolePages {
        let (iam, path_prefix) = (self.clone(), path_prefix.map(str::to_owned));
        RolePages { iam, path_prefix, seen: HashSet::new(), markers: Markers::default() }
    }

    /// The serial numbers of the caller's own MFA devices: ARNs, or numbers printed on the device.
    ///
    /// # Errors
    /// Whatever IAM says; `Malformed` for pages that lead nowhere.
    pub async fn mfa_devices(&self) -> Result<Vec<String>, Failure> {
        let attempt = self.attempt("list the MFA devices", "");
        let (mut serials, mut markers) = (vec![], Markers::default());
        while markers.has_more() {
            let send = || self.client.list_mfa_devices().set_marker(markers.after()).send();
            let answer = self.make_call(attempt, send).await?;
            let before = serials.len();
            for device in answer.mfa_devices {
                if !serials.contains(&device.serial_number) {
                    serials.push(device.serial_number);
                }
            }
            markers.record_page(attempt, serials.len() - before, answer.is_truncated, answer.marker)?;
        }
        Ok(serials)
    }
}

/// The account's roles, page by page on demand; duplicates are dropped.
#[derive(Debug)]
pub struct RolePages {
    iam: Iam,
    path_prefix: Option<String>,
    /// ARNs and names that have come.
    seen: HashSet<(String, String)>,
    markers: Markers,
}

impl RolePages {
    /// Whether there is another page.
    pub fn has_more(&self) -> bool {
        self.markers.has_more()
    }

    /// The roles of the next page; `None` after the last.
    ///
    /// # Errors
    /// Whatever IAM says; `Malformed` for a page that says it is not the last and not where the next begins, and for
    /// pages that lead nowhere.
    pub async fn next_page(&mut self) -> Result<Option<Vec<Role>>, Failure> {
        if !self.has_more() {
            return Ok(None);
        }
        let attempt = self.iam.attempt("list the roles", self.path_prefix.as_deref().unwrap_or_default());
        let send = || {
            let list = self.iam.client.list_roles().max_items(PAGE).set_path_prefix(self.path_prefix.clone());
            list.set_marker(self.markers.after()).send()
        };
        let answer = self.iam.make_call(attempt, send).await?;
        let mut roles: Vec<Role> = answer.roles.into_iter().map(convert_role).collect();
        roles.retain(|role| self.seen.insert((role.arn.clone(), role.name.clone())));
        self.markers.record_page(attempt, roles.len(), answer.is_truncated, answer.marker)?;
        Ok(Some(roles))
    }
}

/// That something does not exist is an answer.
fn unless_missing<T>(failure: Failure) -> Result<Option<T>, Failure> {
    if failure.code.as_deref() == Some("NoSuchEntity") { Ok(None) } else { Err(failure) }
}

fn convert_user(user: types::User) -> User {
    User { name: user.user_name, arn: user.arn, id: user.user_id }
}

fn convert_role(role: types::Role) -> Role {
    Role {
        name: role.role_name,
        arn: role.arn,
        longest: role
            .max_session_duration
            .and_then(|seconds| u32::try_from(seconds).ok())
            .map(SessionDuration::from_secs),
        trust_policy: decode_document(role.assume_role_policy_document.unwrap_or_default()),
        description: role.description.filter(|text| !text.trim().is_empty()),
    }
}

/// IAM encodes a policy as URLs do; not every other service does.
fn decode_document(document: String) -> String {
    if document.trim_start().starts_with('{') {
        return document;
    }
    percent_decode_str(&document).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests;

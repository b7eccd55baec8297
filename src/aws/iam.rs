//! IAM: looks up users, roles and MFA devices, and creates users.
//!
//! IAM is global: on AWS one address of the partition serves every region. A custom endpoint is found as for STS.
//!
//! Invariant: only [`Iam::create_user`] changes anything. It sends its request once: after a retry it could not say who
//! created the user.

use std::{collections::HashSet, error::Error, time::Duration};

use aws_sdk_iam::{Client, config::Builder, error::ProvideErrorMetadata, types};
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use percent_encoding::percent_decode_str;

use super::{
    Source,
    calls::{Calls, Repeating},
    failure::Attempt,
    whole_answers::WholeAnswers,
};
use crate::domain::{
    credentials::Credentials,
    duration::SessionDuration,
    failure::{Failure, FailureKind, Service},
    iam::{Ensured, Role, RoleName, User},
    listing::{Onward, PageFault, Paging},
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
    calls: Calls,
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

    /// The profile's own credentials, asked for anew.
    ///
    /// # Errors
    /// What kept the profile from giving them.
    pub async fn own_credentials(&self) -> Result<Credentials, Failure> {
        self.minter(&MintRequest::Direct).get().await
    }

    /// IAM with exactly these credentials.
    pub fn iam_with(&self, credentials: &Credentials) -> Iam {
        let mut config =
            Builder::from(&self.config(self.iam.as_ref(), credentials)).interceptor(WholeAnswers::of_queries());
        if let Some(meter) = self.meter(Service::Iam, self.iam.as_ref()) {
            config.push_interceptor(meter);
        }
        let client = Client::from_conf(config.build());
        Iam { client, calls: self.aws.calls(), asked: self.asked(Service::Iam) }
    }
}

impl Iam {
    fn attempt<'a>(&'a self, action: &'a str, subject: &'a str) -> Attempt<'a> {
        Attempt { service: Service::Iam, action, subject, asked: &self.asked }
    }

    async fn ask<T, E, F>(&self, attempt: Attempt<'_>, send: impl Fn() -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
        E: ProvideErrorMetadata + Error + 'static,
    {
        Ok(self.calls.make(attempt, Repeating::Patiently, send).await?)
    }

    /// The user of that name; `None` if IAM has none.
    ///
    /// # Errors
    /// Whatever IAM says; `Malformed` for an answer without a user.
    pub async fn user(&self, name: &str) -> Result<Option<User>, Failure> {
        let attempt = self.attempt("find the user", name);
        match self.ask(attempt, || self.client.get_user().user_name(name).send()).await {
            Ok(answer) => answer.user.map(user).ok_or_else(|| attempt.malformed("the response has no user")).map(Some),
            Err(failure) => unless_missing(failure),
        }
    }

    /// The user of that name, created if it does not exist, and awaited until IAM finds it. Nothing here ever removes
    /// it again.
    ///
    /// # Errors
    /// Whatever IAM says; `Timeout` for a user that was created and is not found within a minute.
    pub async fn create_user(&self, name: &str) -> Result<Ensured, Failure> {
        if let Some(user) = self.user(name).await? {
            return Ok(Ensured { user, created: false });
        }
        tracing::info!(name, "creating a user");
        let attempt = self.attempt("create the user", name);
        let send = || self.client.create_user().user_name(name).send();
        let created = match self.calls.make(attempt, Repeating::Never, send).await.map_err(Failure::from) {
            Ok(_) => true,
            // Somebody was quicker.
            Err(failure) if failure.code.as_deref() == Some("EntityAlreadyExists") => false,
            Err(failure) => return Err(failure),
        };
        let found = tokio::time::timeout(LONGEST_WAIT, self.wait_for_user(name)).await;
        let user = found.unwrap_or_else(|_| Err(Self::not_found_yet(name, created)))?;
        Ok(Ensured { user, created })
    }

    async fn wait_for_user(&self, name: &str) -> Result<User, Failure> {
        loop {
            if let Some(user) = self.user(name).await? {
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
    pub async fn role(&self, wanted: RoleName<'_>) -> Result<Option<Role>, Failure> {
        let attempt = self.attempt("find the role", wanted.arn.unwrap_or(wanted.name));
        match self.ask(attempt, || self.client.get_role().role_name(wanted.name).send()).await {
            Ok(answer) => {
                let found = answer.role.map(role).ok_or_else(|| attempt.malformed("the response has no role"))?;
                Ok(Some(found).filter(|found| wanted.arn.is_none_or(|arn| arn == found.arn)))
            }
            Err(failure) => unless_missing(failure),
        }
    }

    /// The account's roles page by page, those below a path such as `/teams/` if one is given.
    pub fn role_pages(&self, path_prefix: Option<&str>) -> RolePages {
        let (iam, path_prefix) = (self.clone(), path_prefix.map(str::to_owned));
        RolePages { iam, path_prefix, known: HashSet::new(), markers: Markers::default() }
    }

    /// The serial numbers of the caller's own MFA devices: ARNs, or numbers printed on the device.
    ///
    /// # Errors
    /// Whatever IAM says; `Malformed` for pages that lead nowhere.
    pub async fn mfa_devices(&self) -> Result<Vec<String>, Failure> {
        let attempt = self.attempt("list the MFA devices", "");
        let (mut serials, mut markers) = (vec![], Markers::default());
        while markers.has_more() {
            let send = || self.client.list_mfa_devices().set_marker(markers.after.clone()).send();
            let answer = self.ask(attempt, send).await?;
            let known = serials.len();
            for device in answer.mfa_devices {
                if !serials.contains(&device.serial_number) {
                    serials.push(device.serial_number);
                }
            }
            markers.take(attempt, serials.len() - known, answer.is_truncated, answer.marker)?;
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
    known: HashSet<(String, String)>,
    markers: Markers,
}

impl RolePages {
    /// Whether there is another page.
    pub fn has_more(&self) -> bool {
        self.markers.has_more()
    }

    /// The roles of the next page; `None` behind the last.
    ///
    /// # Errors
    /// Whatever IAM says; `Malformed` for a page that says it is not the last and not where the next begins, and for
    /// pages that lead nowhere.
    pub async fn next(&mut self) -> Result<Option<Vec<Role>>, Failure> {
        if !self.has_more() {
            return Ok(None);
        }
        let attempt = self.iam.attempt("list the roles", self.path_prefix.as_deref().unwrap_or_default());
        let send = || {
            let list = self.iam.client.list_roles().max_items(PAGE).set_path_prefix(self.path_prefix.clone());
            list.set_marker(self.markers.after.clone()).send()
        };
        let answer = self.iam.ask(attempt, send).await?;
        let mut roles: Vec<Role> = answer.roles.into_iter().map(role).collect();
        roles.retain(|role| self.known.insert((role.arn.clone(), role.name.clone())));
        self.markers.take(attempt, roles.len(), answer.is_truncated, answer.marker)?;
        Ok(Some(roles))
    }
}

/// Where IAM's next page begins.
#[derive(Debug, Default)]
struct Markers {
    paging: Paging,
    after: Option<String>,
    is_done: bool,
}

impl Markers {
    fn has_more(&self) -> bool {
        !self.is_done
    }

    /// Goes on behind a page with so many rows that were not there before.
    fn take(
        &mut self,
        attempt: Attempt<'_>,
        new_rows: usize,
        is_truncated: bool,
        marker: Option<String>,
    ) -> Result<(), Failure> {
        let next = marker.filter(|marker| is_truncated && !marker.is_empty());
        if is_truncated && next.is_none() {
            return Err(attempt.malformed("there is more, but the response has no marker for the next page"));
        }
        let onward = self.paging.onward(new_rows, next.as_deref());
        if onward.map_err(|fault| attempt.malformed(fault.to_string()))? == Onward::Stop {
            return Err(attempt.malformed(PageFault::Endless.to_string()));
        }
        self.paging.take(new_rows, next.as_deref());
        (self.is_done, self.after) = (next.is_none(), next);
        Ok(())
    }
}

/// That something does not exist is an answer.
fn unless_missing<T>(failure: Failure) -> Result<Option<T>, Failure> {
    if failure.code.as_deref() == Some("NoSuchEntity") { Ok(None) } else { Err(failure) }
}

fn user(user: types::User) -> User {
    User { name: user.user_name, arn: user.arn, id: user.user_id }
}

fn role(role: types::Role) -> Role {
    Role {
        name: role.role_name,
        arn: role.arn,
        longest: role
            .max_session_duration
            .and_then(|seconds| u32::try_from(seconds).ok())
            .map(SessionDuration::from_secs),
        trust_policy: decoded(role.assume_role_policy_document.unwrap_or_default()),
        description: role.description.filter(|text| !text.trim().is_empty()),
    }
}

/// IAM encodes a policy as URLs do; not every other service does.
fn decoded(document: String) -> String {
    if document.trim_start().starts_with('{') {
        return document;
    }
    percent_decode_str(&document).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        aws::{Aws, Setting, parrot::Parrot},
        clock::Clock,
        domain::profile::SourceOptions,
    };

    const GONE: (u16, &str) =
        (404, "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>no</Message></Error></ErrorResponse>");
    const USER: &str = "<User><UserName>bo</UserName><UserId>AIDABO</UserId><Path>/</Path>\
        <Arn>arn:aws:iam::111122223333:user/bo</Arn><CreateDate>2026-11-22T12:00:00Z</CreateDate></User>";

    async fn iam(parrot: &Parrot, more: &str) -> Iam {
        let shared_config =
            format!("[default]\naws_access_key_id=A\naws_secret_access_key=B\nregion=eu-west-1\n{more}");
        let aws = Aws::new(Clock::system(), Setting::Fixed { shared_config }).with_http_client(parrot.client());
        aws.source(&SourceOptions::default()).await.unwrap().iam().await.unwrap()
    }

    fn answer(action: &str, inside: &str) -> String {
        format!("<{action}Response><{action}Result>{inside}</{action}Result></{action}Response>")
    }

    fn role_xml(name: &str, document: &str) -> String {
        format!(
            "<RoleName>{name}</RoleName><RoleId>AROA{name}</RoleId><Path>/</Path>\
             <Arn>arn:aws:iam::111122223333:role/{name}</Arn><CreateDate>2026-11-22T12:00:00Z</CreateDate>\
             <MaxSessionDuration>14400</MaxSessionDuration>\
             <AssumeRolePolicyDocument>{document}</AssumeRolePolicyDocument>"
        )
    }

    #[tokio::test(start_paused = true)]
    async fn a_user_is_created_once_and_waited_for_until_it_is_found() {
        let found = answer("GetUser", USER);
        let script = [GONE, (200, &answer("CreateUser", USER)), GONE, GONE, (200, &found)];
        let parrot = Parrot::saying_in_turn(&script);
        let ensured = iam(&parrot, "").await.create_user("bo").await.unwrap();
        assert!(ensured.created && ensured.user.arn.ends_with(":user/bo"));
        let asked = |action: &str| parrot.asked().iter().filter(|asked| asked.body.contains(action)).count();
        assert_eq!((asked("Action=CreateUser"), asked("Action=GetUser")), (1, 4));
    }

    #[tokio::test]
    async fn a_user_that_exists_is_left_as_it_is() {
        let parrot = Parrot::saying(answer("GetUser", USER));
        let ensured = iam(&parrot, "").await.create_user("bo").await.unwrap();
        assert_eq!((ensured.created, parrot.asked().len()), (false, 1));
    }

    #[tokio::test(start_paused = true)]
    async fn a_user_that_is_never_found_is_given_up_and_said_to_be_there() {
        let created = answer("CreateUser", USER);
        let parrot = Parrot::saying_in_turn(&[&[GONE, (200, &created)][..], &[GONE; 100]].concat());
        let failure = iam(&parrot, "").await.create_user("bo").await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Timeout);
        assert!(failure.message.contains("the user was created, but"), "{failure}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_creation_is_not_sent_twice() {
        let parrot = Parrot::saying_in_turn(&[GONE, (500, ""), (500, ""), (500, "")]);
        iam(&parrot, "").await.create_user("bo").await.unwrap_err();
        assert_eq!(parrot.asked().len(), 2);
    }

    #[tokio::test]
    async fn a_role_comes_with_its_maximum_and_its_trust_policy_decoded() {
        for document in ["%7B%22Statement%22%3A%5B%5D%7D", "{&quot;Statement&quot;:[]}"] {
            let found = answer("GetRole", &format!("<Role>{}</Role>", role_xml("reader", document)));
            let iam = iam(&Parrot::saying(found), "").await;
            let role = iam.role(RoleName::parse("reader").unwrap()).await.unwrap().unwrap();
            assert_eq!(role.longest, Some(SessionDuration::from_secs(14_400)));
            assert_eq!(role.trust_policy, r#"{"Statement":[]}"#);
            // The role of that name in this account is not the one of that name in another.
            let other = RoleName::parse("arn:aws:iam::999999999999:role/reader").unwrap();
            assert_eq!(iam.role(other).await, Ok(None));
        }
    }

    #[tokio::test]
    async fn what_iam_does_not_have_is_no_failure() {
        let iam = iam(&Parrot::saying_in_turn(&[GONE, GONE]), "").await;
        assert_eq!(iam.user("bo").await, Ok(None));
        assert_eq!(iam.role(RoleName::parse("reader").unwrap()).await, Ok(None));
    }

    #[tokio::test]
    async fn roles_come_in_pages_and_a_page_that_leads_nowhere_is_no_page() {
        let page =
            |more: &str| answer("ListRoles", &format!("<Roles><member>{}</member></Roles>{more}", role_xml("a", "{}")));
        let first = page("<IsTruncated>true</IsTruncated><Marker>m1</Marker>");
        let last = page("<IsTruncated>false</IsTruncated>");
        let endless = page("<IsTruncated>true</IsTruncated>");
        let parrot = Parrot::saying_in_turn(&[(200, &first), (200, &last)]);
        let mut pages = iam(&parrot, "").await.role_pages(Some("/teams/"));
        assert_eq!(pages.next().await.unwrap().unwrap().len(), 1);
        assert!(pages.has_more());
        // The same role again is no other role.
        assert_eq!(pages.next().await.unwrap().unwrap().len(), 0);
        assert_eq!((pages.has_more(), pages.next().await), (false, Ok(None)));
        assert!(parrot.asked()[0].body.contains("PathPrefix=%2Fteams%2F"));
        assert!(parrot.asked()[1].body.contains("Marker=m1"));
        for script in [vec![endless], vec![first.clone(), first.clone()]] {
            let script: Vec<_> = script.iter().map(|page| (200, page.as_str())).collect();
            let parrot = Parrot::saying_in_turn(&script);
            let mut pages = iam(&parrot, "").await.role_pages(None);
            let failure = loop {
                if let Err(failure) = pages.next().await {
                    break failure;
                }
            };
            assert_eq!((failure.kind, parrot.asked().len()), (FailureKind::Malformed, script.len()), "{failure}");
        }
    }

    #[tokio::test]
    async fn pages_of_iam_that_bring_nothing_new_are_not_followed_without_end() {
        let more = |n: usize| format!("<IsTruncated>true</IsTruncated><Marker>m{n}</Marker>");
        for same in [String::new(), format!("<member>{}</member>", role_xml("a", "{}"))] {
            let pages = (0..50).map(|n| answer("ListRoles", &format!("<Roles>{same}</Roles>{}", more(n))));
            let pages: Vec<_> = pages.collect();
            let script: Vec<_> = pages.iter().map(|page| (200, page.as_str())).collect();
            let parrot = Parrot::saying_in_turn(&script);
            let mut roles = iam(&parrot, "").await.role_pages(None);
            let failure = loop {
                if let Err(failure) = roles.next().await {
                    break failure;
                }
            };
            assert!(failure.message.contains("only empty pages"), "{failure}");
            assert!((20..=21).contains(&parrot.asked().len()), "{}", parrot.asked().len());
        }
        let pages: Vec<_> = (0..50).map(|n| answer("ListMFADevices", &format!("<MFADevices/>{}", more(n)))).collect();
        let script: Vec<_> = pages.iter().map(|page| (200, page.as_str())).collect();
        let parrot = Parrot::saying_in_turn(&script);
        let failure = iam(&parrot, "").await.mfa_devices().await.unwrap_err();
        assert!(failure.message.contains("only empty pages"), "{failure}");
        assert_eq!(parrot.asked().len(), 20);
    }

    #[tokio::test]
    async fn the_callers_own_devices_are_asked_for() {
        let device = "<MFADevices><member><UserName>ana</UserName><SerialNumber>arn:aws:iam::111122223333:mfa/ana\
            </SerialNumber><EnableDate>2026-11-22T12:00:00Z</EnableDate></member></MFADevices><IsTruncated>false</IsTruncated>";
        let parrot = Parrot::saying(answer("ListMFADevices", device));
        assert_eq!(iam(&parrot, "").await.mfa_devices().await.unwrap(), ["arn:aws:iam::111122223333:mfa/ana"]);
        assert!(!parrot.asked()[0].body.contains("UserName"));
    }

    #[tokio::test]
    async fn iam_is_asked_at_its_one_address_or_where_the_profile_says() {
        for (more, uri, region) in [
            ("", "https://iam.amazonaws.com/", "/us-east-1/iam/"),
            ("endpoint_url=http://127.0.0.1:9\n", "http://127.0.0.1:9/", "/eu-west-1/iam/"),
            (
                "services=own\n[services own]\niam =\n  endpoint_url=http://127.0.0.1:8\n",
                "http://127.0.0.1:8/",
                "/iam/",
            ),
        ] {
            let parrot = Parrot::saying(answer("GetUser", USER));
            iam(&parrot, more).await.user("bo").await.unwrap();
            let asked = parrot.asked().remove(0);
            assert_eq!(asked.uri, uri);
            assert!(asked.authorization.contains(region), "{}", asked.authorization);
        }
    }
}

//! A profile's own credentials: what signs the call that mints.
//!
//! Invariant: nobody is asked before [`OwnCredentials::get`], which asks anew each time, for rotated keys are noticed
//! that way, and never waits longer than [`LONGEST_WAIT`]. Where a route asks several services, each is asked once.

use std::{path::PathBuf, time::Duration};

use aws_config::sso::SsoCredentialsProvider;
use aws_sdk_sts::{
    config::{Credentials as SdkCredentials, ProvideCredentials, Region, SharedCredentialsProvider},
    types::Credentials as Granted,
};

use super::{
    command,
    failure::Attempt,
    login::{Login, Logins},
    metadata::{self, Variables},
    no_credentials::{self, ACTION},
    profiles::Loaded,
    route::{Base, Hop, Route, SsoLogin, WebIdentity},
    sts::believable,
    way::Way,
};
use crate::domain::{
    credentials::Credentials,
    failure::{Failure, FailureKind, Service},
    profile::Profile,
};

/// Whoever takes longer is taken to hang. A command is ended before.
const LONGEST_WAIT: Duration = command::LONGEST_RUN.saturating_add(Duration::from_secs(5));

/// The longest life of a role that was assumed with a role's credentials, in seconds.
/// <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining>
const LONGEST_CHAINED: i32 = 3600;

/// A role session's name where the profile gives none.
const SESSION_NAME: &str = "ebbtide";

/// How to get a profile's credentials. Cheap to clone.
#[derive(Debug, Clone)]
pub(super) struct OwnCredentials {
    way: Way,
    route: Route,
    /// Whose they are, for a sentence.
    subject: String,
    surroundings: Surroundings,
}

/// What the environment says, as it was when the source was resolved.
#[derive(Debug, Clone)]
struct Surroundings {
    keys: Option<SdkCredentials>,
    metadata: Variables,
    home: Option<PathBuf>,
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
    /// That of a profile whose route ends in a role; `None` for other profiles.
    pub(super) fn of(way: &Way, loaded: &Loaded, profile: &Profile, route: &Route) -> Option<Self> {
        let (before, last) = route.before_last_role()?;
        let named = before.roles.last().map(|hop| &hop.profile).or(before.base_profile.as_ref());
        let source = named.and_then(|name| loaded.section(name)).map(|section| loaded.describe(section));
        let credentials = OwnCredentials::new(way, loaded, source.as_ref().unwrap_or(profile), before);
        Some(Self { credentials, external_id: last.external_id })
    }
}

impl OwnCredentials {
    /// Those at the end of `route`, which is that of `profile`.
    pub(super) fn new(way: &Way, loaded: &Loaded, profile: &Profile, route: Route) -> Self {
        let surroundings =
            Surroundings { keys: loaded.environment_keys(), metadata: loaded.metadata(), home: way.aws.files.home() };
        Self { way: way.clone(), route, subject: profile.in_words(), surroundings }
    }

    /// The credentials, asked for anew.
    pub(super) async fn get(&self) -> Result<Credentials, Failure> {
        let late = || {
            no_credentials::about(&self.subject, FailureKind::Timeout, "nothing came within a minute")
                .with_hint("try again; if it stays, check the network")
        };
        // On the heap, for the SDK's futures are kilobytes.
        tokio::time::timeout(LONGEST_WAIT, Box::pin(self.follow())).await.map_err(|_| late())?
    }

    async fn follow(&self) -> Result<Credentials, Failure> {
        let mut credentials = self.begin().await?;
        for (at, hop) in self.route.roles.iter().enumerate() {
            credentials = self.assume(hop, at > 0, &credentials).await?;
        }
        Ok(credentials)
    }

    async fn begin(&self) -> Result<Credentials, Failure> {
        match &self.route.base {
            Base::Keys(keys) => Ok(ours(keys)),
            Base::Environment => self.surroundings.keys.as_ref().map(ours).ok_or_else(|| {
                let unset = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set";
                no_credentials::about(&self.subject, FailureKind::Invalid, unset)
            }),
            Base::Process(line) => {
                let told = command::run(line).await.and_then(|printed| command::credentials(&printed));
                told.map_err(|trouble| command::failure(&trouble, ACTION, &self.subject, line))
            }
            Base::Sso(login) => self.log_in(login).await,
            Base::WebIdentity(identity) => self.show_token(identity).await,
            Base::Container => {
                let at = self.surroundings.metadata.container()?;
                let client = self.way.aws.connections.metadata();
                self.ask(&metadata::container_role(&at, self.way.provider_config(), client), "the container's role")
                    .await
            }
            Base::Instance => {
                let at = self.surroundings.metadata.instance()?;
                let client = self.way.aws.connections.metadata();
                self.ask(&metadata::instance_role(&at, self.way.provider_config(), client), "the instance's role").await
            }
        }
    }

    /// Asks one of the SDK's providers.
    async fn ask(&self, provider: &SharedCredentialsProvider, whose: &str) -> Result<Credentials, Failure> {
        let found = provider.provide_credentials().await;
        found.map(|found| ours(&found)).map_err(|error| no_credentials::unprovided(&self.subject, whose, &error))
    }

    async fn log_in(&self, login: &SsoLogin) -> Result<Credentials, Failure> {
        let home = self.surroundings.home.clone().unwrap_or_default();
        let state = Logins::new(home, self.way.aws.clock.now()).state(login).await;
        if let Some(problem) = state.problem(login) {
            let kind = if state == Login::Missing { FailureKind::InvalidCredentials } else { FailureKind::Expired };
            return Err(no_credentials::about(&self.subject, kind, problem).with_hint(login.command()));
        }
        let mut provider = SsoCredentialsProvider::builder()
            .configure(&self.way.provider_config())
            .account_id(&login.account_id)
            .role_name(&login.role_name)
            .region(Region::new(login.region.clone()))
            .start_url(&login.start_url);
        provider.set_session_name(login.session.clone());
        let provider = SharedCredentialsProvider::new(provider.build());
        self.ask(&provider, "IAM Identity Center").await.map_err(|failure| no_credentials::of_login(failure, login))
    }

    async fn show_token(&self, identity: &WebIdentity) -> Result<Credentials, Failure> {
        let unreadable = |error: std::io::Error| {
            let why = format!("{}: {error}", identity.token_file);
            no_credentials::about(&self.subject, FailureKind::Invalid, why)
                .with_hint("whoever runs the program renews that file: check that it is there and readable")
        };
        let token = tokio::fs::read_to_string(&identity.token_file).await.map_err(unreadable)?;
        let subject = format!("{} for {}", identity.role_arn, self.subject);
        self.granted(&subject, async |attempt| {
            let call = self
                .way
                .sts(None)
                .assume_role_with_web_identity()
                .role_arn(&identity.role_arn)
                .role_session_name(identity.session_name.as_deref().unwrap_or(SESSION_NAME))
                .web_identity_token(token.trim());
            Ok(call.send().await.map_err(|error| attempt.failure(&error))?.credentials)
        })
        .await
    }

    async fn assume(&self, hop: &Hop, chained: bool, with: &Credentials) -> Result<Credentials, Failure> {
        let subject = format!("{} for profile {}", hop.role_arn, hop.profile);
        let longest = |seconds: i32| if chained { seconds.min(LONGEST_CHAINED) } else { seconds };
        let assumed = self.granted(&subject, async |attempt| {
            let call = self
                .way
                .sts(Some(with))
                .assume_role()
                .role_arn(&hop.role_arn)
                .role_session_name(hop.session_name.as_deref().unwrap_or(SESSION_NAME))
                .set_external_id(hop.external_id.clone())
                .set_duration_seconds(hop.duration_seconds.map(longest));
            Ok(call.send().await.map_err(|error| attempt.failure(&error))?.credentials)
        });
        assumed.await.map_err(|failure| no_credentials::without_code(failure, hop))
    }

    /// What STS grants, if it can be right.
    async fn granted(
        &self,
        subject: &str,
        call: impl AsyncFnOnce(Attempt<'_>) -> Result<Option<Granted>, Failure>,
    ) -> Result<Credentials, Failure> {
        let asked = self.way.asked(Service::Sts, self.way.sts.as_ref());
        let attempt = Attempt { service: Service::Sts, action: "assume the role", subject, asked: &asked };
        let granted = call(attempt).await?;
        let aws = &self.way.aws;
        let now = aws.clock.now().checked_add(aws.clock_offset().unwrap_or_default()).unwrap_or(aws.clock.now());
        believable(granted, now).map_err(|why| attempt.malformed(why))
    }
}

/// Credentials of the SDK as we keep them.
fn ours(found: &SdkCredentials) -> Credentials {
    Credentials {
        access_key_id: found.access_key_id().into(),
        secret_access_key: found.secret_access_key().into(),
        session_token: found.session_token().map(Into::into),
        expiration: found.expiry().and_then(|expiry| expiry.try_into().ok()),
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
            failure::FailureKind,
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

    /// Which keys ask STS, in one program, while what the profile says is changed between two mints.
    async fn keys_asking(before: &str, change: impl FnOnce(&std::path::Path), folder: &std::path::Path) -> Vec<String> {
        let file = folder.join("config");
        std::fs::write(&file, before).unwrap();
        let parrot = Parrot::saying(GRANT);
        let clock = Clock::starting_at("2026-11-22T12:00:00Z".parse().unwrap());
        let home = folder.to_str().unwrap();
        let aws = Aws::over(clock, &[("HOME", home), ("AWS_CONFIG_FILE", file.to_str().unwrap())]);
        let aws = aws.with_http_client(parrot.client());
        let mint = async || {
            let profile = ProfileChoice::Named("p".into());
            let source = aws.source(&SourceOptions { profile, ..SourceOptions::default() }).await.unwrap();
            let own = source.mint(&MintRequest::Direct, None).await.unwrap();
            own.credentials.access_key_id
        };
        let first = mint().await;
        change(folder);
        vec![first, mint().await]
    }

    #[tokio::test]
    async fn rotated_keys_are_taken_up_by_minting_again() {
        let folder = tempfile::TempDir::new().unwrap();
        let keys = |id: &str| format!("[profile p]\naws_access_key_id = {id}\naws_secret_access_key = s\n");
        let rotate = |folder: &std::path::Path| std::fs::write(folder.join("config"), keys("AKIANEW")).unwrap();
        assert_eq!(keys_asking(&keys("AKIAOLD"), rotate, folder.path()).await, ["AKIAOLD", "AKIANEW"]);

        let print = |id: &str| format!("{{\"Version\":1,\"AccessKeyId\":\"{id}\",\"SecretAccessKey\":\"s\"}}");
        let answer = folder.path().join("answer");
        std::fs::write(&answer, print("ASIAOLD")).unwrap();
        let process = format!("[profile p]\ncredential_process = cat {}\n", answer.display());
        let rotate = |folder: &std::path::Path| std::fs::write(folder.join("answer"), print("ASIANEW")).unwrap();
        assert_eq!(keys_asking(&process, rotate, folder.path()).await, ["ASIAOLD", "ASIANEW"]);
    }

    #[tokio::test]
    async fn roles_on_the_way_are_assumed_where_the_flag_says_with_what_their_profiles_say() {
        let config = "[profile p]\nrole_arn = arn:aws:iam::111122223333:role/outer\nsource_profile = q\nduration_seconds = 7200\n\
            [profile q]\nrole_arn = arn:aws:iam::111122223333:role/inner\nsource_profile = k\nduration_seconds = 7200\n\
            role_session_name = tide\nendpoint_url = https://elsewhere.example\n\
            [profile k]\naws_access_key_id = AKIAK\naws_secret_access_key = s\n";
        let parrot = Parrot::saying(GRANT);
        let clock = Clock::starting_at("2026-11-22T12:00:00Z".parse().unwrap());
        let aws = Aws::new(clock, Setting::Fixed { shared_config: config.into() }).with_http_client(parrot.client());
        let options = SourceOptions {
            profile: ProfileChoice::Named("p".into()),
            endpoint_url: Some("http://127.0.0.1:9".into()),
            ..SourceOptions::default()
        };
        aws.source(&options).await.unwrap().mint(&MintRequest::Direct, None).await.unwrap();
        let asked = parrot.asked();
        assert_eq!(asked.len(), 2);
        assert!(asked.iter().all(|asked| asked.uri == "http://127.0.0.1:9/"), "{asked:?}");
        for (asked, said) in [
            (&asked[0], ["role%2Finner", "RoleSessionName=tide", "DurationSeconds=7200"]),
            (&asked[1], ["role%2Fouter", "RoleSessionName=ebbtide", "DurationSeconds=3600"]),
        ] {
            assert!(said.iter().all(|said| asked.body.contains(said)), "{}", asked.body);
        }
    }

    #[tokio::test]
    async fn a_web_identity_shows_its_token_and_no_keys() {
        let folder = tempfile::TempDir::new().unwrap();
        let token = folder.path().join("token");
        std::fs::write(&token, "canaryTOKEN\n").unwrap();
        let config = format!(
            "[profile p]\nrole_arn = arn:aws:iam::111122223333:role/pod\nweb_identity_token_file = {}\n",
            token.display()
        );
        let parrot = Parrot::saying(GRANT.replace("AssumeRole", "AssumeRoleWithWebIdentity"));
        let clock = Clock::starting_at("2026-11-22T12:00:00Z".parse().unwrap());
        let aws = Aws::new(clock, Setting::Fixed { shared_config: config }).with_http_client(parrot.client());
        let options = SourceOptions { profile: ProfileChoice::Named("p".into()), ..SourceOptions::default() };
        let minted = aws.source(&options).await.unwrap().mint(&MintRequest::Direct, None).await.unwrap();
        assert_eq!(minted.credentials.access_key_id, "ASIAGRANTED");
        let asked = &parrot.asked()[0];
        assert!(
            asked.authorization.is_empty() && asked.body.ends_with("WebIdentityToken=canaryTOKEN"),
            "{}",
            asked.body
        );
        std::fs::remove_file(&token).unwrap();
        let failure = aws.source(&options).await.unwrap().mint(&MintRequest::Direct, None).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Invalid);
        assert!(failure.message.contains("token: No such file"), "{failure}");
    }

    #[tokio::test]
    async fn without_a_login_nobody_is_asked_and_the_command_is_named() {
        let folder = tempfile::TempDir::new().unwrap();
        let config = folder.path().join("config");
        std::fs::write(
            &config,
            "[profile p]\nsso_session = corp\nsso_account_id = 111122223333\nsso_role_name = r\n\
             [profile q]\nrole_arn = arn:aws:iam::111122223333:role/r\nsource_profile = p\n\
             [sso-session corp]\nsso_region = us-west-2\nsso_start_url = https://sso.example\n",
        )
        .unwrap();
        let parrot = Parrot::default();
        let env = [("HOME", folder.path().to_str().unwrap()), ("AWS_CONFIG_FILE", config.to_str().unwrap())];
        let aws = Aws::over(Clock::system(), &env).with_http_client(parrot.client());
        for profile in ["p", "q"] {
            let options = SourceOptions { profile: ProfileChoice::Named(profile.into()), ..SourceOptions::default() };
            let failure = aws.source(&options).await.unwrap().mint(&MintRequest::Direct, None).await.unwrap_err();
            assert_eq!(failure.kind, FailureKind::InvalidCredentials);
            assert!(failure.message.starts_with("not logged in"), "{failure}");
            assert_eq!(failure.advice(), "aws sso login --sso-session corp");
        }
        for profile in aws.profiles().await.unwrap() {
            let problem = profile.problem.expect("a login is missing");
            assert!(!problem.blocks && problem.text == "not logged in: aws sso login --sso-session corp", "{problem}");
        }
        assert!(parrot.asked().is_empty());
    }
}

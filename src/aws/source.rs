//! A profile with its region and endpoint, resolved: the start of minting.
//!
//! Invariant: everything in a [`Source`] has been checked; every address in it is allowed. It holds how to get the
//! profile's own credentials, not the credentials.

use aws_sdk_s3::config::ResponseChecksumValidation;
use aws_sdk_sts::config::SharedInterceptor;
use aws_types::SdkConfig;

use super::{
    client_settings::ClientSettings,
    deadline::Deadline,
    endpoint::{self, Endpoint, check_region},
    files::ConfigFiles,
    grant::Minted,
    lines::SectionKind,
    loaded::LoadedFiles,
    profile_credentials::ProfileCredentials,
    profiles::account_of,
    s3::S3,
    transport::Transport,
};
use crate::{
    domain::{
        credentials::Credentials,
        failure::{Failure, Service},
        mint::{Limits, MintRequest},
        profile::{FALLBACK_REGION, PathStyle, Profile, ProfileChoice, SourceOptions},
        session::Grant,
    },
    handover::Services,
};

/// What a refusal calls the endpoint that was typed.
const ENDPOINT_FLAG: &str = "--endpoint-url";

/// Checks what was typed by itself, before any file is read.
///
/// # Errors
/// `Invalid` for an endpoint to which nothing may be sent, and for a region that cannot be one.
pub fn check_options(options: &SourceOptions) -> Result<(), Failure> {
    if let Some(url) = &options.endpoint_url {
        endpoint::check_address(url, ENDPOINT_FLAG, options.allow_plain_http)?;
    }
    options.region.as_deref().map_or(Ok(()), check_region)
}

/// A profile with its region and endpoint, ready to mint. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Source {
    pub(super) transport: Transport,
    pub(super) profile: Profile,
    pub(super) way: ClientSettings,
    s3: Option<Endpoint>,
    pub(super) iam: Option<Endpoint>,
    path_style: PathStyle,
    own: ProfileCredentials,
    /// What assumes a role profile's role: its own credentials are the role's already, and few roles trust themselves.
    assuming: Option<ProfileCredentials>,
    region_is_named: bool,
    files_name_endpoints: bool,
}

impl Source {
    pub(super) async fn resolve_profile(
        files: &ConfigFiles,
        transport: &Transport,
        options: &SourceOptions,
    ) -> Result<Self, Failure> {
        check_options(options)?;
        let named = match &options.profile {
            ProfileChoice::Named(name) => Some(name.as_str()),
            _ => None,
        };
        let loaded = files.load_files(named).await?;
        let profile = loaded.choose_profile(&options.profile)?;
        let named_region = options.region.clone().or_else(|| loaded.selected_region());
        let region_is_named = named_region.is_some();
        let region = named_region.unwrap_or_else(|| FALLBACK_REGION.into());
        check_region(&region).map_err(|failure| explain_region(failure, &loaded, &profile))?;
        let way = ClientSettings {
            transport: transport.clone(),
            region,
            sts: effective_endpoint(&loaded, options, "STS")?,
            use_fips: loaded.selected_switch("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
            use_dual_stack: loaded.selected_switch("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
            allow_plain_http: options.allow_plain_http,
        };
        let route = loaded.role_chain(&profile).map_err(|fault| loaded.chain_failure(&profile, &fault))?;
        Ok(Self {
            s3: effective_endpoint(&loaded, options, "S3")?,
            iam: effective_endpoint(&loaded, options, "IAM")?,
            path_style: options.path_style,
            own: ProfileCredentials::new(&way, &loaded, &profile, route.clone()),
            assuming: ProfileCredentials::of_role_source(&way, &loaded, &profile, &route),
            region_is_named,
            files_name_endpoints: loaded.files_name_endpoints(),
            transport: transport.clone(),
            way,
            profile,
        })
    }

    /// The profile's name; `environment` for the environment's keys. Foreign text.
    pub fn profile(&self) -> &str {
        &self.profile.name
    }

    /// All that files say of the profile.
    pub fn profile_description(&self) -> &Profile {
        &self.profile
    }

    /// Where requests are signed for.
    pub fn region(&self) -> &str {
        &self.way.region
    }

    /// The custom endpoint that is browsed; `None` is AWS.
    pub fn endpoint(&self) -> Option<&str> {
        self.s3.as_ref().map(|endpoint| endpoint.url.as_str())
    }

    /// The custom endpoint that mints; `None` is AWS.
    pub fn sts_endpoint(&self) -> Option<&str> {
        self.way.sts.as_ref().map(|endpoint| endpoint.url.as_str())
    }

    /// The endpoint that mints, if it is not AWS.
    pub(super) fn custom_sts(&self) -> Option<&Endpoint> {
        self.way.sts.as_ref().filter(|endpoint| endpoint.limits == Limits::Advised)
    }

    /// Where sessions sign in to a console: the custom endpoint that minted them; `None` is AWS.
    pub fn sign_in_endpoint(&self) -> Option<&str> {
        self.custom_sts().map(|endpoint| endpoint.url.as_str())
    }

    /// The services that a session's credentials are for; `account` is the session's, where it is known.
    pub fn services<'a>(&'a self, account: Option<&'a str>) -> Services<'a> {
        Services {
            region: self.region(),
            region_is_named: self.region_is_named,
            sts: self.sts_endpoint(),
            s3: self.endpoint(),
            iam: self.iam.as_ref().map(|endpoint| endpoint.url.as_str()),
            files_name_endpoints: self.files_name_endpoints,
            account,
        }
    }

    /// The account of a session, as far as it is known without a request: from the reply of STS, or the role or account
    /// that was requested. What only files claim does not count.
    pub fn account(&self, request: &MintRequest, grant: &Grant) -> Option<String> {
        let granted = grant.arn.as_deref().and_then(account_of);
        granted.or_else(|| match request {
            MintRequest::AssumeRole(call) => account_of(&call.role_arn),
            _ => self.own.account(),
        })
    }

    /// Whether requests, including the session token, travel unencrypted to another machine, as was allowed.
    pub fn is_exposed(&self) -> bool {
        [&self.way.sts, &self.s3, &self.iam].into_iter().flatten().any(|endpoint| endpoint.plain && !endpoint.loopback)
    }

    /// Whether AWS mints, so that its limits hold.
    pub fn limits(&self) -> Limits {
        self.way.sts.as_ref().map_or(Limits::Enforced, |endpoint| endpoint.limits)
    }

    /// S3 with exactly these credentials. Whether they have expired is for S3 to say.
    pub fn s3(&self, minted: &Minted) -> S3 {
        let config = self.sdk_config(self.s3.as_ref(), &minted.credentials);
        let path_style = match self.path_style {
            PathStyle::Auto => self.s3.as_ref().is_some_and(|endpoint| endpoint.limits == Limits::Advised),
            PathStyle::Always => true,
            PathStyle::Never => false,
        };
        let mut config = aws_sdk_s3::config::Builder::from(&config)
            .force_path_style(path_style)
            // A service that sends the checksum of the whole object with a part of it would make every range fail.
            .response_checksum_validation(ResponseChecksumValidation::WhenRequired);
        config.set_interceptors(self.clock_meter(Service::S3, self.s3.as_ref()));
        let client = aws_sdk_s3::Client::from_conf(config.build());
        let (region, asked) = (self.way.region.clone(), self.service_label(Service::S3));
        let deadline = Deadline::new(&self.transport, minted.lifetime);
        S3::new(client, self.transport.call_context(), region, asked, self.s3.is_none(), deadline)
    }

    /// The same credentials, whose end was only stated by their source, with that end as the services' clock is known by
    /// now: whoever takes them as they are sends nothing that would have shown it before.
    pub fn with_stated_end(&self, minted: &Minted) -> Minted {
        let lifetime = Deadline::of_credentials(&self.transport, &minted.credentials).lifetime();
        Minted { lifetime, ..minted.clone() }
    }

    /// What signs the call that mints.
    pub(super) fn minting_credentials(&self, request: &MintRequest) -> &ProfileCredentials {
        match (request, &self.assuming) {
            (MintRequest::AssumeRole(call), Some(source)) if Some(&call.role_arn) == self.profile.role_arn.as_ref() => {
                source
            }
            _ => &self.own,
        }
    }

    /// What signs the first call on the way to a session: a role profile's source, for assuming its role to ask who one
    /// is would be a mint.
    pub(super) fn first_credentials(&self) -> &ProfileCredentials {
        self.assuming.as_ref().unwrap_or(&self.own)
    }

    /// What a failure calls the service: the custom endpoint, or AWS in the region.
    pub(super) fn service_label(&self, service: Service) -> String {
        let endpoint = match service {
            Service::S3 => &self.s3,
            Service::Iam => &self.iam,
            Service::Sts | Service::SignIn | Service::Local => &self.way.sts,
        };
        self.way.service_label(service, endpoint.as_ref())
    }

    /// What measures the service's clock, where its dates are believed.
    pub(super) fn clock_meter(&self, service: Service, endpoint: Option<&Endpoint>) -> Option<SharedInterceptor> {
        self.way.clock_meter(service, endpoint)
    }

    pub(super) fn sdk_config(&self, endpoint: Option<&Endpoint>, credentials: &Credentials) -> SdkConfig {
        self.way.sdk_config(endpoint, Some(credentials))
    }
}

/// The flag's endpoint, else the configured one, checked.
fn effective_endpoint(
    loaded: &LoadedFiles,
    options: &SourceOptions,
    service: &str,
) -> Result<Option<Endpoint>, Failure> {
    let flag = options.endpoint_url.as_ref().map(|url| (url.clone(), ENDPOINT_FLAG.to_owned()));
    flag.or_else(|| loaded.selected_endpoint(service))
        .map(|(url, origin)| endpoint::check_address(&url, &origin, options.allow_plain_http))
        .transpose()
}

/// With what names the region: a variable, or a line of the profile.
fn explain_region(failure: Failure, loaded: &LoadedFiles, profile: &Profile) -> Failure {
    let name = if profile.ambient { &loaded.sections.selected } else { &profile.name };
    let line = || loaded.lines.line_of(SectionKind::Profile, name, Some("region")).map(|place| place.to_string());
    match loaded.region_variable().map(str::to_owned).or_else(line) {
        Some(origin) => Failure { message: format!("{origin}: {}", failure.message), ..failure },
        None => failure,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jiff::SignedDuration;

    use super::*;
    use crate::{
        aws::{Aws, Setting, scripted_server::ScriptedServer},
        clock::Clock,
        domain::{duration::SessionDuration, mint::SessionToken},
    };

    const CONFIG: &str = "[default]\naws_access_key_id = AKIA\naws_secret_access_key = s\n";
    const GRANT: &str = "<GetSessionTokenResponse><GetSessionTokenResult><Credentials><AccessKeyId>ASIA</AccessKeyId>\
        <SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>\
        <Expiration>2026-11-22T13:00:00Z</Expiration></Credentials></GetSessionTokenResult></GetSessionTokenResponse>";

    #[tokio::test(start_paused = true)]
    async fn a_slow_answer_makes_no_session_shorter() {
        let parrot = ScriptedServer { takes: Duration::from_secs(4), ..ScriptedServer::replying(GRANT) };
        let sent = "2026-11-22T12:00:00Z".parse().unwrap();
        let setting = Setting::Fixed { shared_config: CONFIG.into() };
        let aws = Aws::new(Clock::starting_at(sent), setting).with_http_client(parrot.client());
        let request = MintRequest::SessionToken(SessionToken::new(SessionDuration::HOUR));
        let source = aws.source(&SourceOptions::default()).await.unwrap();
        let minted = source.mint_session(&request, None).await.unwrap();
        assert!(aws.transport.clock.now() >= sent + SignedDuration::from_secs(4));
        assert_eq!(minted.issued, sent);
    }

    /// The offset in whole hours after a session was minted from a service that shows `date`.
    async fn hours_off(endpoint_url: Option<&str>, date: &'static str) -> Option<i64> {
        let parrot = ScriptedServer { date: Some(date), ..ScriptedServer::replying(GRANT) };
        // By this clock the session would live for two hours.
        let clock = Clock::starting_at("2026-11-22T11:00:00Z".parse().unwrap());
        let aws = Aws::new(clock, Setting::Fixed { shared_config: CONFIG.into() }).with_http_client(parrot.client());
        let options = SourceOptions {
            endpoint_url: endpoint_url.map(Into::into),
            allow_plain_http: true,
            ..SourceOptions::default()
        };
        let request = MintRequest::SessionToken(SessionToken::new(SessionDuration::HOUR));
        let _ = aws.source(&options).await.unwrap().mint_session(&request, None).await;
        aws.clock_offset().map(|offset| (offset + SignedDuration::from_mins(30)).as_hours())
    }

    #[tokio::test]
    async fn a_date_is_believed_from_whoever_cannot_be_forged_and_only_if_some_clock_could_show_it() {
        let one_hour_ahead = "Sun, 22 Nov 2026 12:00:00 GMT";
        for (endpoint_url, date, hours) in [
            (None, one_hour_ahead, Some(1)),
            (Some("https://minio.example.org"), one_hour_ahead, Some(1)),
            (Some("http://127.0.0.1:9000"), one_hour_ahead, Some(1)),
            (Some("http://minio.example.org"), one_hour_ahead, None),
            (Some("https://minio.example.org"), "Fri, 31 Dec 9999 23:59:59 GMT", None),
            (Some("https://minio.example.org"), "Sat, 01 Jan 0000 00:00:00 GMT", None),
        ] {
            assert_eq!(hours_off(endpoint_url, date).await, hours, "{endpoint_url:?} {date}");
        }
    }
}

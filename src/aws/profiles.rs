//! Profiles, read from the shared config files and the environment with aws-config's own parser and precedence.
//!
//! Invariant: nothing here asks a service. A profile that is not there is an error, never a reason to look for
//! credentials elsewhere (the default chain would go on to ask the instance metadata service).

use aws_config::profile::{Profile as Section, ProfileSet};
use aws_runtime::env_config::{file::EnvConfigFiles, property::PropertiesKey};
use aws_types::os_shim_internal::Env;

use super::files::{self, Files, Place};
use crate::domain::{
    failure::{Failure, FailureKind},
    profile::{Profile, ProfileChoice, ProfileKind},
};

/// How the environment's keys are called in the list of profiles.
const ENVIRONMENT: &str = "environment";

/// The files as they were read, with one profile selected.
#[derive(Debug, Clone)]
pub(super) struct Loaded {
    pub(super) files: EnvConfigFiles,
    places: Vec<Place>,
    env: Env,
    sections: ProfileSet,
}

impl Files {
    /// Reads the files and selects `profile`, else `AWS_PROFILE`, else `default`.
    pub(super) async fn load(&self, profile: Option<&str>) -> Result<Loaded, Failure> {
        let read = self.read().await?;
        let sections = files::parse(&read, &self.env, profile).await?;
        let files = files::as_sources(&read);
        let places = read.into_iter().filter_map(|file| file.place).collect();
        Ok(Loaded { files, places, env: self.env.clone(), sections })
    }
}

impl Loaded {
    pub(super) fn profiles(&self) -> Vec<Profile> {
        let mut names: Vec<&str> = self.sections.profiles().collect();
        names.sort_unstable_by_key(|name| (*name != self.sections.selected_profile(), *name));
        let profiles = names.into_iter().filter_map(|name| self.section(name)).map(|section| self.describe(section));
        self.environment_profile().into_iter().chain(profiles).collect()
    }

    /// Whose credentials a choice means; the profile it names has been selected by [`Files::load`].
    pub(super) fn choose(&self, choice: &ProfileChoice) -> Result<Profile, Failure> {
        match (choice, self.environment_profile()) {
            (ProfileChoice::Unsaid | ProfileChoice::Environment, Some(environment)) => Ok(environment),
            (ProfileChoice::Environment, None) => Err(Failure::local(
                FailureKind::NotFound,
                "use the environment's credentials",
                "",
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set",
            )
            .with_hint(self.other_profiles())),
            (_, _) => {
                let name = self.sections.selected_profile();
                self.section(name).map(|section| self.describe(section)).ok_or_else(|| {
                    let why = "the shared config files have no such profile";
                    Failure::local(FailureKind::NotFound, "find the profile", name, why)
                        .with_hint(self.other_profiles())
                })
            }
        }
    }

    /// What the files say of one profile.
    pub(super) fn section(&self, name: &str) -> Option<&Section> {
        self.sections.get_profile(name)
    }

    fn other_profiles(&self) -> String {
        let mut names: Vec<&str> = self.sections.profiles().collect();
        names.sort_unstable();
        let known = match names.as_slice() {
            [] => return self.no_profiles(),
            few if few.len() <= 12 => format!("known profiles: {}", few.join(", ")),
            many => format!("known profiles: {}, … ({} in all)", many[..11].join(", "), many.len()),
        };
        // A variable that names no file is more likely wrong than meant.
        let lost = self.places.iter().filter(|place| place.variable.is_some() && !place.is_there);
        lost.fold(known, |known, place| format!("{known}; {}", place.in_words()))
    }

    fn no_profiles(&self) -> String {
        let places: Vec<String> = self.places.iter().map(Place::in_words).collect();
        format!("no profile is configured ({}): write one there, or look around with `ebbtide demo`", places.join("; "))
    }

    fn environment_profile(&self) -> Option<Profile> {
        let is_set = |name| self.variable(name).is_some();
        (is_set("AWS_ACCESS_KEY_ID") && is_set("AWS_SECRET_ACCESS_KEY")).then(|| Profile {
            name: ENVIRONMENT.into(),
            kind: ProfileKind::Environment,
            ambient: true,
            region: self.region(),
            sts_endpoint: self.endpoint("STS").map(|(url, _)| url),
            ..Profile::default()
        })
    }

    /// The environment's region, else the selected profile's.
    pub(super) fn region(&self) -> Option<String> {
        self.region_of(self.sections.selected_profile())
    }

    fn region_of(&self, profile: &str) -> Option<String> {
        self.variable("AWS_REGION").or_else(|| self.setting(profile, "AWS_DEFAULT_REGION", "region"))
    }

    /// A switch of the environment, else of the selected profile: `true` or not.
    pub(super) fn switch(&self, variable: &str, key: &str) -> Option<bool> {
        let value = self.setting(self.sections.selected_profile(), variable, key)?;
        Some(value.eq_ignore_ascii_case("true"))
    }

    /// The configured endpoint of `service` (`S3`, `STS`) for the selected profile, and what named it.
    pub(super) fn endpoint(&self, service: &str) -> Option<(String, String)> {
        self.endpoint_for(self.sections.selected_profile(), service)
    }

    /// In this order: the service's variable, the general variable, the profile's services section, the profile.
    /// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
    fn endpoint_for(&self, profile: &str, service: &str) -> Option<(String, String)> {
        let ignore = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");
        if self.setting(profile, ignore.0, ignore.1).is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return None;
        }
        let variables = [format!("AWS_ENDPOINT_URL_{service}"), "AWS_ENDPOINT_URL".to_owned()];
        let of_the_environment = variables.into_iter().find_map(|name| Some((self.variable(&name)?, name)));
        of_the_environment.or_else(|| {
            let section = self.section(profile)?;
            let url = self.service_setting(section, service, "endpoint_url").or_else(|| section.get("endpoint_url"));
            Some((url?.to_owned(), format!("profile {profile}, endpoint_url")))
        })
    }

    /// What the services section that a profile names says about one service.
    fn service_setting(&self, section: &Section, service: &str, key: &str) -> Option<&str> {
        let key = PropertiesKey::builder()
            .section_key("services")
            .section_name(section.get("services")?)
            .property_name(service.to_ascii_lowercase())
            .sub_property_name(key)
            .build();
        self.sections.other_sections().get(&key.ok()?).map(String::as_str)
    }

    /// The environment's value, else the profile's.
    fn setting(&self, profile: &str, variable: &str, key: &str) -> Option<String> {
        self.variable(variable).or_else(|| self.section(profile)?.get(key).map(str::to_owned))
    }

    /// A variable that is empty is one that is not set.
    fn variable(&self, name: &str) -> Option<String> {
        self.env.get(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// A profile, with what environment and files together say about it.
    pub(super) fn describe(&self, section: &Section) -> Profile {
        let said = |key| section.get(key).map(str::to_owned).filter(|value| !value.is_empty());
        let (sts_endpoint, sts_endpoint_origin) = self.endpoint_for(section.name(), "STS").unzip();
        Profile {
            name: section.name().to_owned(),
            kind: kind(section),
            ambient: false,
            region: self.region_of(section.name()),
            account: account(section),
            sts_endpoint,
            sts_endpoint_origin,
            role_arn: said("role_arn"),
            source_profile: said("source_profile"),
            credential_source: said("credential_source"),
            external_id: said("external_id"),
            role_session_name: said("role_session_name"),
            duration_seconds: section.get("duration_seconds").and_then(|seconds| seconds.parse().ok()),
            mfa_serial: said("mfa_serial"),
            mfa_process: said("mfa_process"),
            command: said("credential_process"),
            problem: None,
        }
    }
}

impl Place {
    /// The path, with what named it and whether anything is there.
    fn in_words(&self) -> String {
        let path = self.path.display();
        match (self.variable, self.is_there) {
            (Some(variable), true) => format!("{variable} names {path}"),
            (Some(variable), false) => format!("{variable} names {path}, which does not exist"),
            (None, true) => path.to_string(),
            (None, false) => format!("{path} does not exist"),
        }
    }
}

/// How aws-config would get the credentials, in its own order of precedence.
fn kind(section: &Section) -> ProfileKind {
    let has = |key: &str| section.get(key).is_some();
    if has("web_identity_token_file") {
        ProfileKind::WebIdentity
    } else if has("role_arn") {
        ProfileKind::Role
    } else if has("sso_session") || has("sso_start_url") {
        ProfileKind::Sso
    } else if has("credential_process") {
        ProfileKind::Process
    } else if has("aws_access_key_id") && has("aws_session_token") {
        ProfileKind::SessionKeys
    } else if has("aws_access_key_id") {
        ProfileKind::Keys
    } else {
        ProfileKind::Nothing
    }
}

/// The account whose credentials a profile gives, where its section tells.
fn account(section: &Section) -> Option<String> {
    let of_arn = |key| section.get(key)?.split(':').nth(4);
    let told = of_arn("role_arn")
        .or_else(|| section.get("sso_account_id"))
        .or_else(|| section.get("aws_account_id"))
        .or_else(|| of_arn("mfa_serial"));
    told.filter(|account| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit())).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Setting;

    const CONFIG: &str = "\
[profile zoe]
region = eu-west-1
aws_access_key_id = AKIAZ
aws_secret_access_key = s
[profile temp]
aws_access_key_id = ASIAT
aws_secret_access_key = s
aws_session_token = t
[default]
credential_process = /bin/true
services = edge
endpoint_url = https://general.example
[profile admin]
role_arn = arn:aws:iam::111122223333:role/admin
source_profile = zoe
[profile corp]
sso_session = corp
[profile bare]
output = json
[services edge]
s3 =
  endpoint_url = https://s3.example
";

    async fn loaded(env: &[(&str, &str)], profile: Option<&str>) -> Result<Loaded, Failure> {
        let fixed = Files::new(Setting::Fixed { shared_config: CONFIG.into() });
        Files { env: Env::from_slice(env), ..fixed }.load(profile).await
    }

    #[tokio::test]
    async fn the_profile_used_when_nothing_is_said_comes_first_then_names() {
        let profiles = loaded(&[], None).await.unwrap().profiles();
        let kinds: Vec<_> = profiles.iter().map(|p| (p.name.as_str(), p.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("default", ProfileKind::Process),
                ("admin", ProfileKind::Role),
                ("bare", ProfileKind::Nothing),
                ("corp", ProfileKind::Sso),
                ("temp", ProfileKind::SessionKeys),
                ("zoe", ProfileKind::Keys),
            ]
        );
        assert_eq!(profiles[1].role_arn.as_deref(), Some("arn:aws:iam::111122223333:role/admin"));
    }

    #[tokio::test]
    async fn the_environments_keys_come_before_every_profile() {
        let env = [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_PROFILE", "zoe")];
        let loaded = loaded(&env, None).await.unwrap();
        let names: Vec<_> = loaded.profiles().into_iter().map(|p| p.name).collect();
        assert_eq!(names[..2], ["environment", "zoe"]);
        assert_eq!(loaded.choose(&ProfileChoice::Unsaid).unwrap().kind, ProfileKind::Environment);
    }

    #[tokio::test]
    async fn a_named_profile_wins_over_the_environments_keys() {
        let env = [("AWS_ACCESS_KEY_ID", "AKIA"), ("AWS_SECRET_ACCESS_KEY", "s")];
        let loaded = loaded(&env, Some("zoe")).await.unwrap();
        assert_eq!(loaded.choose(&ProfileChoice::Named("zoe".into())).unwrap().name, "zoe");
    }

    #[tokio::test]
    async fn an_unknown_profile_is_refused_with_the_known_ones() {
        let loaded = loaded(&[], Some("nobody")).await.unwrap();
        let failure = loaded.choose(&ProfileChoice::Named("nobody".into())).unwrap_err();
        assert_eq!((failure.kind, failure.subject.as_str()), (FailureKind::NotFound, "nobody"));
        assert_eq!(failure.advice(), "known profiles: admin, bare, corp, default, temp, zoe");
    }

    #[tokio::test]
    async fn a_region_is_found_in_the_documented_order() {
        for (env, region) in [
            (vec![], "eu-west-1"),
            (vec![("AWS_DEFAULT_REGION", "eu-north-1")], "eu-north-1"),
            (vec![("AWS_DEFAULT_REGION", "eu-north-1"), ("AWS_REGION", "eu-south-1")], "eu-south-1"),
            (vec![("AWS_REGION", "")], "eu-west-1"),
        ] {
            assert_eq!(loaded(&env, Some("zoe")).await.unwrap().region().as_deref(), Some(region), "{env:?}");
        }
    }

    #[tokio::test]
    async fn endpoints_are_found_in_the_documented_order() {
        for (env, service, url, origin) in [
            (vec![], "S3", "https://s3.example", "profile default, endpoint_url"),
            (vec![], "STS", "https://general.example", "profile default, endpoint_url"),
            (vec![("AWS_ENDPOINT_URL", "https://env.example")], "S3", "https://env.example", "AWS_ENDPOINT_URL"),
            (
                vec![("AWS_ENDPOINT_URL", "https://env.example"), ("AWS_ENDPOINT_URL_STS", "https://sts.example")],
                "STS",
                "https://sts.example",
                "AWS_ENDPOINT_URL_STS",
            ),
        ] {
            let found = loaded(&env, None).await.unwrap().endpoint(service);
            assert_eq!(found, Some((url.into(), origin.into())));
        }
        let ignoring = loaded(&[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")], None).await.unwrap();
        assert_eq!(ignoring.endpoint("S3"), None);
    }

    #[tokio::test]
    async fn a_profile_says_where_sts_would_be_asked_with_it() {
        let edges = "[profile edge]\nservices = edge\n[profile own]\nendpoint_url = https://own.example\n\
                     [profile s3]\nservices = s3\n[profile aws]\n[profile away]\nendpoint_url = https://away.example\n\
                     ignore_configured_endpoint_urls = true\n\
                     [services edge]\nsts =\n  endpoint_url = https://sts.example\n\
                     [services s3]\ns3 =\n  endpoint_url = https://s3.example\n";
        for (env, expected) in [
            (&[][..], [("away", None), ("aws", None), ("edge", Some("sts")), ("own", Some("own")), ("s3", None)]),
            (
                &[("AWS_ENDPOINT_URL", "https://env.example"), ("AWS_ENDPOINT_URL_STS", "")],
                ["away", "aws", "edge", "own", "s3"].map(|name| (name, (name != "away").then_some("env"))),
            ),
        ] {
            let files = Files::new(Setting::Fixed { shared_config: edges.into() });
            let files = Files { env: Env::from_slice(env), ..files };
            for (profile, endpoint) in files.load(None).await.unwrap().profiles().into_iter().zip(expected) {
                let url = endpoint.1.map(|host| format!("https://{host}.example"));
                assert_eq!((profile.name.as_str(), &profile.sts_endpoint), (endpoint.0, &url), "{env:?}");
                // The list and the profile itself go by one rule.
                let itself = files.load(Some(&profile.name)).await.unwrap().endpoint("STS");
                assert_eq!(itself.map(|(url, _)| url), url, "{env:?}");
            }
        }
    }
}

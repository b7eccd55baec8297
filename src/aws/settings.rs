//! Settings that environment and config files share: region, endpoints, switches.
//!
//! Invariant: the precedence is that of the AWS SDKs; a variable that is empty is one that is not set.

use std::time::SystemTime;

use aws_config::profile::Profile as Section;
use aws_runtime::env_config::property::PropertiesKey;
use aws_sdk_sts::config::Credentials as SdkCredentials;

use super::{metadata::Variables, profiles::Loaded, route::WebIdentity};
use crate::{
    domain::{profile::Problem, stated_end::stated_end},
    handover::EXPIRATION,
};

impl Loaded {
    /// The environment's region, else the selected profile's.
    pub(super) fn region(&self) -> Option<String> {
        self.region_of(self.sections.selected_profile())
    }

    pub(super) fn region_of(&self, profile: &str) -> Option<String> {
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
    pub(super) fn endpoint_for(&self, profile: &str, service: &str) -> Option<(String, String)> {
        let ignore = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");
        if self.setting(profile, ignore.0, ignore.1).is_some_and(|value| value.eq_ignore_ascii_case("true")) {
            return None;
        }
        let variables = [format!("AWS_ENDPOINT_URL_{service}"), "AWS_ENDPOINT_URL".to_owned()];
        let of_the_environment = variables.into_iter().find_map(|name| Some((self.variable(&name)?, name)));
        of_the_environment.or_else(|| {
            let section = self.section(profile)?;
            let of_services = self.service_setting(section, service, "endpoint_url").map(|url| {
                let services = section.get("services").unwrap_or_default();
                (url.to_owned(), format!("[services {services}] of profile {profile}"))
            });
            let of_the_profile =
                || Some((section.get("endpoint_url")?.to_owned(), format!("profile {profile}, endpoint_url")));
            of_services.or_else(of_the_profile)
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
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        self.env.get(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The environment's keys, if both halves are there.
    pub(super) fn environment_keys(&self) -> Option<SdkCredentials> {
        let (key, secret) = (self.variable("AWS_ACCESS_KEY_ID")?, self.variable("AWS_SECRET_ACCESS_KEY")?);
        let end = self.variable(EXPIRATION).and_then(|text| stated_end(&text).ok()).map(SystemTime::from);
        Some(SdkCredentials::new(key, secret, self.variable("AWS_SESSION_TOKEN"), end, "ebbtide"))
    }

    /// What is wrong with the end that the environment states for its keys.
    pub(super) fn unreadable_end_of_the_environment(&self) -> Option<Problem> {
        let refusal = stated_end(&self.variable(EXPIRATION)?).err()?;
        Some(Problem { text: format!("{EXPIRATION}: {refusal}"), place: None, blocks: false })
    }

    /// The role and token that the environment names, if it names both.
    pub(super) fn environment_web_identity(&self) -> Option<WebIdentity> {
        Some(WebIdentity {
            role_arn: self.variable("AWS_ROLE_ARN")?,
            token_file: self.variable("AWS_WEB_IDENTITY_TOKEN_FILE")?,
            session_name: self.variable("AWS_ROLE_SESSION_NAME"),
        })
    }

    /// What the environment says of metadata services.
    pub(super) fn metadata(&self) -> Variables {
        Variables {
            disabled: self.variable("AWS_EC2_METADATA_DISABLED"),
            instance_endpoint: self.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT"),
            instance_mode: self.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"),
            container_relative: self.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
            container_full: self.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::aws::profiles::tests::{CONFIG, loaded_from};

    #[tokio::test]
    async fn a_region_is_found_in_the_documented_order() {
        for (env, region) in [
            (vec![], "eu-west-1"),
            (vec![("AWS_DEFAULT_REGION", "eu-north-1")], "eu-north-1"),
            (vec![("AWS_DEFAULT_REGION", "eu-north-1"), ("AWS_REGION", "eu-south-1")], "eu-south-1"),
            (vec![("AWS_REGION", "")], "eu-west-1"),
        ] {
            assert_eq!(
                loaded_from(CONFIG, &env, Some("zoe")).await.unwrap().region().as_deref(),
                Some(region),
                "{env:?}"
            );
        }
    }

    #[tokio::test]
    async fn the_environments_keys_end_when_the_environment_says_and_what_it_cannot_mean_is_told() {
        let keys = [("AWS_ACCESS_KEY_ID", "ASIA"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_SESSION_TOKEN", "t")];
        let config = "[profile via]\nrole_arn = arn:aws:iam::111122223333:role/a\ncredential_source = Environment\n";
        for (stated, end, refusal) in [
            (None, None, None),
            (Some(""), None, None),
            (Some("2036-11-30T00:40:00Z"), Some(2_111_618_400), None),
            (Some("soon"), None, Some("AWS_CREDENTIAL_EXPIRATION: not a time: soon")),
        ] {
            let env: Vec<(&str, &str)> =
                keys.into_iter().chain(stated.map(|text| ("AWS_CREDENTIAL_EXPIRATION", text))).collect();
            let loaded = loaded_from(config, &env, None).await.unwrap();
            let found = loaded.environment_keys().unwrap().expiry();
            let found = found.map(|at| at.duration_since(std::time::UNIX_EPOCH).unwrap().as_secs());
            assert_eq!(found, end, "{stated:?}");
            for profile in loaded.profiles() {
                let told = profile.unreadable_end.as_ref().map(|problem| problem.text.as_str());
                assert_eq!(told, refusal, "{stated:?} {}", profile.name);
                assert_eq!(profile.problem.map(|problem| problem.text).as_deref(), refusal, "{stated:?}");
            }
        }
    }

    #[tokio::test]
    async fn endpoints_are_found_in_the_documented_order() {
        for (env, service, url, origin) in [
            (vec![], "S3", "https://s3.example", "[services edge] of profile default"),
            (vec![], "STS", "https://general.example", "profile default, endpoint_url"),
            (vec![("AWS_ENDPOINT_URL", "https://env.example")], "S3", "https://env.example", "AWS_ENDPOINT_URL"),
            (
                vec![("AWS_ENDPOINT_URL", "https://env.example"), ("AWS_ENDPOINT_URL_STS", "https://sts.example")],
                "STS",
                "https://sts.example",
                "AWS_ENDPOINT_URL_STS",
            ),
        ] {
            let found = loaded_from(CONFIG, &env, None).await.unwrap().endpoint(service);
            assert_eq!(found, Some((url.into(), origin.into())));
        }
        let ignoring = loaded_from(CONFIG, &[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")], None).await.unwrap();
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
            let loaded = loaded_from(edges, env, None).await.unwrap();
            for (profile, endpoint) in loaded.profiles().into_iter().zip(expected) {
                let url = endpoint.1.map(|host| format!("https://{host}.example"));
                assert_eq!((profile.name.as_str(), &profile.sts_endpoint), (endpoint.0, &url), "{env:?}");
                // The list and the profile itself go by one rule.
                let itself = loaded_from(edges, env, Some(&profile.name)).await.unwrap().endpoint("STS");
                assert_eq!(itself.map(|(url, _)| url), url, "{env:?}");
            }
        }
    }
}

//! Settings that the environment and the config files share: region, endpoints, switches.
//!
//! Invariant: the precedence is that of the AWS SDKs; an empty variable counts as not set.

use super::{loaded::LoadedFiles, sections::DEFAULT, variables::profile_named};

impl LoadedFiles {
    /// The environment's region, else the selected profile's.
    pub(super) fn selected_region(&self) -> Option<String> {
        self.region_of(&self.sections.selected)
    }

    pub(super) fn region_of(&self, profile: &str) -> Option<String> {
        let of_the_environment = self.region_variable().and_then(|name| self.variable(name));
        of_the_environment.or_else(|| self.section(profile)?.setting_owned("region"))
    }

    /// The variable that names the region. The AWS CLI v2 and the SDKs ask for `AWS_REGION` first; boto3 does not know
    /// it.
    pub(super) fn region_variable(&self) -> Option<&'static str> {
        ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find(|name| self.variable(name).is_some())
    }

    /// A switch of the environment, else of the selected profile: `true` or not.
    pub(super) fn selected_switch(&self, variable: &str, key: &str) -> Option<bool> {
        let value = self.find_setting(&self.sections.selected, variable, key)?;
        Some(value.eq_ignore_ascii_case("true"))
    }

    /// The configured endpoint of `service` (`S3`, `STS`) for the selected profile, and what named it.
    pub(super) fn selected_endpoint(&self, service: &str) -> Option<(String, String)> {
        self.endpoint_for(&self.sections.selected, service)
    }

    /// In this order: the service's variable, the general variable, the profile's services section, the profile.
    /// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html>
    pub(super) fn endpoint_for(&self, profile: &str, service: &str) -> Option<(String, String)> {
        if self.ignores_endpoints(profile) {
            return None;
        }
        self.endpoint_of_the_environment(service).or_else(|| {
            let section = self.section(profile)?;
            let of_services = section.setting("services").and_then(|services| {
                let url = self.sections.service_setting(services, service, "endpoint_url")?;
                Some((url.to_owned(), format!("[services {services}] of profile {profile}")))
            });
            let of_the_profile =
                || Some((section.setting_owned("endpoint_url")?, format!("profile {profile}, endpoint_url")));
            of_services.or_else(of_the_profile)
        })
    }

    fn ignores_endpoints(&self, profile: &str) -> bool {
        let said = self.find_setting(profile, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");
        said.is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    fn endpoint_of_the_environment(&self, service: &str) -> Option<(String, String)> {
        let variables = [format!("AWS_ENDPOINT_URL_{service}"), "AWS_ENDPOINT_URL".to_owned()];
        variables.into_iter().find_map(|name| Some((self.variable(&name)?, name)))
    }

    /// Whether a profile's services section decides about an endpoint.
    pub(super) fn heeds_services(&self, profile: &str) -> bool {
        !self.ignores_endpoints(profile)
            && ["S3", "STS"].iter().any(|service| self.endpoint_of_the_environment(service).is_none())
    }

    /// Whether the config files set a custom endpoint where no profile is chosen and no variable does: a shell
    /// keeps its `AWS_PROFILE`, and what is started below `exec` has none.
    pub(super) fn files_name_endpoints(&self) -> bool {
        let named = profile_named(&self.env).map(|(name, _)| name);
        let read = [Some(DEFAULT), named.as_deref()];
        read.into_iter().flatten().filter_map(|name| self.section(name)).any(|section| {
            let services = section.setting("services");
            let of_services =
                |service| services.and_then(|name| self.sections.service_setting(name, service, "endpoint_url"));
            section.setting("endpoint_url").or_else(|| of_services("S3")).or_else(|| of_services("STS")).is_some()
        })
    }

    /// The environment's value, else the profile's.
    fn find_setting(&self, profile: &str, variable: &str, key: &str) -> Option<String> {
        self.variable(variable).or_else(|| self.section(profile)?.setting_owned(key))
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
                loaded_from(CONFIG, &env, Some("zoe")).await.unwrap().selected_region().as_deref(),
                Some(region),
                "{env:?}"
            );
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
            let found = loaded_from(CONFIG, &env, None).await.unwrap().selected_endpoint(service);
            assert_eq!(found, Some((url.into(), origin.into())));
        }
        let ignoring = loaded_from(CONFIG, &[("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")], None).await.unwrap();
        assert_eq!(ignoring.selected_endpoint("S3"), None);
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
                let itself = loaded_from(edges, env, Some(&profile.name)).await.unwrap().selected_endpoint("STS");
                assert_eq!(itself.map(|(url, _)| url), url, "{env:?}");
            }
        }
    }
}

//! Settings that environment and config files share: region, endpoints, switches.
//!
//! Invariant: the precedence is that of the AWS SDKs; a variable that is empty is one that is not set.

use std::env::VarError;

use aws_types::os_shim_internal::Env;

use super::{metadata::Variables, profiles::Loaded, route::{WebIdentity, unsendable}, sections::DEFAULT};
use crate::domain::{
    credentials::{Credentials, KeyPart},
    failure::{Failure, FailureKind},
};

/// By what a profile is named, the first one first.
///
/// The AWS CLI v2 goes by this order. boto3 asks them the other way round; where both are set and differ, that is told.
/// <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-envvars.html>
pub(super) const PROFILE_VARIABLES: [&str; 2] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];

const KEY: &str = "AWS_ACCESS_KEY_ID";
const SECRET: &str = "AWS_SECRET_ACCESS_KEY";

/// The old name comes first, as for the AWS CLI and boto3.
const TOKENS: [&str; 2] = ["AWS_SECURITY_TOKEN", "AWS_SESSION_TOKEN"];

/// Variables that decide whose credentials are used, and where they go.
const DECISIVE: [&str; 18] = [
    KEY,
    SECRET,
    TOKENS[0],
    TOKENS[1],
    PROFILE_VARIABLES[0],
    PROFILE_VARIABLES[1],
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_S3",
    "AWS_ENDPOINT_URL_STS",
    "AWS_ENDPOINT_URL_IAM",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_SESSION_NAME",
];

/// A variable that is empty is one that is not set.
pub(super) fn variable(env: &Env, name: &str) -> Option<String> {
    env.get(name).ok().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// Refuses a variable that cannot be read: passed over, it would leave the choice to what comes after it.
pub(super) fn check_variables(env: &Env) -> Result<(), Failure> {
    let odd = DECISIVE.into_iter().find(|name| matches!(env.get(name), Err(VarError::NotUnicode(_))));
    odd.map_or(Ok(()), |name| {
        Err(Failure::local(FailureKind::Invalid, "read the variable", name, "it is not UTF-8")
            .with_hint("set it again, or unset it"))
    })
}

/// The profile that the environment names, and the variable that does.
pub(super) fn profile_named(env: &Env) -> Option<(String, &'static str)> {
    PROFILE_VARIABLES.into_iter().find_map(|name| Some((variable(env, name)?, name)))
}

impl Loaded {
    /// The environment's region, else the selected profile's.
    pub(super) fn region(&self) -> Option<String> {
        self.region_of(&self.sections.selected)
    }

    pub(super) fn region_of(&self, profile: &str) -> Option<String> {
        self.variable("AWS_REGION").or_else(|| self.setting(profile, "AWS_DEFAULT_REGION", "region"))
    }

    /// A switch of the environment, else of the selected profile: `true` or not.
    pub(super) fn switch(&self, variable: &str, key: &str) -> Option<bool> {
        let value = self.setting(&self.sections.selected, variable, key)?;
        Some(value.eq_ignore_ascii_case("true"))
    }

    /// The configured endpoint of `service` (`S3`, `STS`) for the selected profile, and what named it.
    pub(super) fn endpoint(&self, service: &str) -> Option<(String, String)> {
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
            let of_services = section.said("services").and_then(|services| {
                let url = self.sections.service_setting(services, service, "endpoint_url")?;
                Some((url.to_owned(), format!("[services {services}] of profile {profile}")))
            });
            let of_the_profile =
                || Some((section.owned("endpoint_url")?, format!("profile {profile}, endpoint_url")));
            of_services.or_else(of_the_profile)
        })
    }

    fn ignores_endpoints(&self, profile: &str) -> bool {
        let said = self.setting(profile, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "ignore_configured_endpoint_urls");
        said.is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    fn endpoint_of_the_environment(&self, service: &str) -> Option<(String, String)> {
        let variables = [format!("AWS_ENDPOINT_URL_{service}"), "AWS_ENDPOINT_URL".to_owned()];
        variables.into_iter().find_map(|name| Some((self.variable(&name)?, name)))
    }

    /// Whether a profile's services section decides where something is asked.
    pub(super) fn heeds_services(&self, profile: &str) -> bool {
        !self.ignores_endpoints(profile)
            && ["S3", "STS"].iter().any(|service| self.endpoint_of_the_environment(service).is_none())
    }

    /// Whether the config files lead whoever chooses no profile to a custom endpoint, with no variable doing so: a shell
    /// keeps its `AWS_PROFILE`, and what is started below `exec` has none.
    pub(super) fn files_name_endpoints(&self) -> bool {
        let named = profile_named(&self.env).map(|(name, _)| name);
        let read = [Some(DEFAULT), named.as_deref()];
        read.into_iter().flatten().filter_map(|name| self.section(name)).any(|section| {
            let services = section.said("services");
            let of_services = |service| services.and_then(|name| self.sections.service_setting(name, service, "endpoint_url"));
            section.said("endpoint_url").or_else(|| of_services("S3")).or_else(|| of_services("STS")).is_some()
        })
    }

    /// The environment's value, else the profile's.
    fn setting(&self, profile: &str, variable: &str, key: &str) -> Option<String> {
        self.variable(variable).or_else(|| self.section(profile)?.owned(key))
    }

    /// A variable that is empty is one that is not set.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        variable(&self.env, name)
    }

    /// The environment's keys, if it has a key id, or why they cannot be used. Values are taken as they are: whoever set a
    /// blank would otherwise be taken for somebody else.
    pub(super) fn environment_keys(&self) -> Option<Result<Credentials, String>> {
        let raw = |name: &str| self.env.get(name).ok().filter(|value| !value.is_empty());
        let key = raw(KEY)?;
        let Some(secret) = raw(SECRET) else { return Some(Err(format!("{KEY} is set, and {SECRET} is not"))) };
        let token = TOKENS.into_iter().find_map(|name| Some((raw(name)?, name)));
        let name_of = |part| match part {
            KeyPart::KeyId => KEY,
            KeyPart::Secret => SECRET,
            KeyPart::Token => token.as_ref().map_or(TOKENS[1], |(_, name)| name),
        };
        let keys = Credentials {
            access_key_id: key,
            secret_access_key: secret.into(),
            session_token: token.as_ref().map(|(token, _)| token.as_str().into()),
            expiration: None,
        };
        let odd = keys.oddity().map(|(part, why)| format!("{} cannot be used: {why}", name_of(part)));
        Some(odd.map_or(Ok(keys), Err))
    }

    /// Two variables that should say the same and do not, of those the chosen credentials depend on.
    pub(super) fn contradiction(&self) -> Option<String> {
        let differ = |[counts, other]: [&'static str; 2]| {
            let (value, passed_over) = (self.variable(counts)?, self.variable(other)?);
            (value != passed_over).then_some([counts, other])
        };
        let [counts, other] = if self.environment_keys().is_some() { differ(TOKENS) } else { differ(PROFILE_VARIABLES) }?;
        Some(format!("{counts} and {other} differ: {counts} counts, as for the AWS CLI; unset one of them"))
    }

    /// The role and token that the environment names, or what it leaves open. As for the AWS CLI and boto3, what one of its
    /// variables does not say the selected profile may.
    pub(super) fn environment_web_identity(&self) -> Option<Result<WebIdentity, String>> {
        let (role, token) = (self.variable("AWS_ROLE_ARN"), self.variable("AWS_WEB_IDENTITY_TOKEN_FILE"));
        if role.is_none() && token.is_none() {
            return None;
        }
        let of_profile = |key| self.section(&self.sections.selected)?.owned(key);
        let token_file = token.or_else(|| of_profile("web_identity_token_file"))?;
        let session_name = self.variable("AWS_ROLE_SESSION_NAME").or_else(|| of_profile("role_session_name"));
        let role = role.or_else(|| of_profile("role_arn"));
        for (name, text) in [("AWS_ROLE_ARN", &role), ("AWS_ROLE_SESSION_NAME", &session_name)] {
            if let Some(why) = text.as_deref().and_then(unsendable) {
                return Some(Err(format!("{name} cannot be used: {why}")));
            }
        }
        let open = "AWS_WEB_IDENTITY_TOKEN_FILE is set, and AWS_ROLE_ARN is not";
        Some(role.map(|role_arn| WebIdentity { role_arn, token_file, session_name }).ok_or_else(|| open.into()))
    }

    /// What the environment says of metadata services.
    pub(super) fn metadata(&self) -> Variables {
        Variables {
            disabled: self.variable("AWS_EC2_METADATA_DISABLED"),
            instance_endpoint: self.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT"),
            instance_mode: self.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"),
            container_relative: self.variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"),
            container_full: self.variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
            odd_container_token: self.env.get("AWS_CONTAINER_AUTHORIZATION_TOKEN").ok().and_then(|token| unsendable(&token)),
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

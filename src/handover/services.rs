//! The services for exported credentials, as environment variables.
//!
//! Invariant: together with the credentials, these variables are all that a tool needs to reach the same service.
//! Variables that select another service or account are unset.

use std::borrow::Cow;

/// A variable of the environment, to be set, or unset where it has no value.
pub type EnvironmentVariable<'a> = (&'static str, Option<Cow<'a, str>>);

/// Where the credentials are for, as flags, environment and profile said together.
#[derive(Debug, Clone, Copy)]
pub struct Services<'a> {
    /// Where requests are signed for.
    pub region: &'a str,
    /// Whether the region was set; otherwise it is the default.
    pub region_is_named: bool,
    /// The custom endpoint that minted; `None` is AWS.
    pub sts: Option<&'a str>,
    /// The custom endpoint that is browsed; `None` is AWS.
    pub s3: Option<&'a str>,
    /// The custom endpoint of IAM; `None` is AWS.
    pub iam: Option<&'a str>,
    /// Whether the config files name a custom endpoint where no profile is chosen.
    pub files_name_endpoints: bool,
    /// The session's account, where it is known.
    pub account: Option<&'a str>,
}

/// Tools build addresses from it, so that another account's is worse than none.
const ACCOUNT: &str = "AWS_ACCOUNT_ID";

/// Tells tools to go by the endpoints of the environment alone.
const IGNORE: &str = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";

impl<'a> Services<'a> {
    /// For a child, which starts with nothing of its own.
    pub(super) fn of_a_child(self) -> impl Iterator<Item = EnvironmentVariable<'a>> {
        let region = [("AWS_REGION", Some(self.region)), ("AWS_DEFAULT_REGION", Some(self.region))];
        // What was minted at AWS is for AWS alone: the config file's `[default]` must not lead it elsewhere.
        let ignored = (IGNORE, if self.are_custom() { None } else { Some("true") });
        as_variables(region.into_iter().chain(self.service_variables()).chain([ignored]))
    }

    /// For an existing shell: only what was set is exported.
    pub(super) fn of_a_shell(self) -> impl Iterator<Item = EnvironmentVariable<'a>> {
        let region = [("AWS_REGION", Some(self.region)), ("AWS_DEFAULT_REGION", Some(self.region))];
        let region = region.into_iter().filter(move |_| self.region_is_named);
        let ignored = match (self.are_custom(), self.files_name_endpoints) {
            (true, _) => Some((IGNORE, None)),
            (false, true) => Some((IGNORE, Some("true"))),
            // It would make profiles with endpoints of their own go to AWS, for as long as the shell lives.
            (false, false) => None,
        };
        as_variables(region.chain(self.service_variables()).chain(ignored))
    }

    fn are_custom(self) -> bool {
        self.sts.or(self.s3).or(self.iam).is_some()
    }

    fn service_variables(self) -> [(&'static str, Option<&'a str>); 5] {
        let is_one = self.sts == self.s3 && self.sts == self.iam;
        let own = |address: Option<&'a str>| address.filter(|_| !is_one);
        // A service that is not AWS may tell anything.
        let is_account = |account: &&str| account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        [
            (ACCOUNT, self.account.filter(is_account)),
            ("AWS_ENDPOINT_URL", self.s3.filter(|_| is_one)),
            ("AWS_ENDPOINT_URL_STS", own(self.sts)),
            ("AWS_ENDPOINT_URL_S3", own(self.s3)),
            ("AWS_ENDPOINT_URL_IAM", own(self.iam)),
        ]
    }
}

fn as_variables<'a>(
    texts: impl Iterator<Item = (&'static str, Option<&'a str>)>,
) -> impl Iterator<Item = EnvironmentVariable<'a>> {
    texts.map(|(name, value)| (name, value.map(Cow::from)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const AWS: Services<'_> = Services {
        region: "us-west-2",
        region_is_named: false,
        sts: None,
        s3: None,
        iam: None,
        files_name_endpoints: false,
        account: None,
    };

    fn said<'a>(variables: impl Iterator<Item = EnvironmentVariable<'a>>) -> String {
        let short = |name: &str| name.trim_start_matches("AWS_").to_owned();
        let words = variables.map(|(name, value)| match value {
            Some(value) => format!("{}={value}", short(name)),
            None => format!("-{}", short(name)),
        });
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_shell_is_told_what_is_in_force_and_rid_of_what_leads_elsewhere() {
        let gone = "-ENDPOINT_URL -ENDPOINT_URL_STS -ENDPOINT_URL_S3 -ENDPOINT_URL_IAM";
        let all = Some("https://a");
        for (services, expected) in [
            (AWS, format!("-ACCOUNT_ID {gone}")),
            (
                Services { region: "eu-west-1", region_is_named: true, account: Some("111122223333"), ..AWS },
                format!("REGION=eu-west-1 DEFAULT_REGION=eu-west-1 ACCOUNT_ID=111122223333 {gone}"),
            ),
            (Services { account: Some("nobody"), ..AWS }, format!("-ACCOUNT_ID {gone}")),
            (
                Services { files_name_endpoints: true, ..AWS },
                format!("-ACCOUNT_ID {gone} IGNORE_CONFIGURED_ENDPOINT_URLS=true"),
            ),
            (
                Services { sts: all, s3: all, iam: all, files_name_endpoints: true, ..AWS },
                "-ACCOUNT_ID ENDPOINT_URL=https://a -ENDPOINT_URL_STS -ENDPOINT_URL_S3 -ENDPOINT_URL_IAM \
                 -IGNORE_CONFIGURED_ENDPOINT_URLS"
                    .into(),
            ),
            (
                Services { s3: all, ..AWS },
                "-ACCOUNT_ID -ENDPOINT_URL -ENDPOINT_URL_STS ENDPOINT_URL_S3=https://a -ENDPOINT_URL_IAM \
                 -IGNORE_CONFIGURED_ENDPOINT_URLS"
                    .into(),
            ),
        ] {
            assert_eq!(said(services.of_a_shell()), expected);
        }
    }

    #[test]
    fn a_child_is_always_told_the_region_and_kept_from_the_files_endpoints() {
        let told = said(AWS.of_a_child());
        assert_eq!(
            told,
            "REGION=us-west-2 DEFAULT_REGION=us-west-2 -ACCOUNT_ID -ENDPOINT_URL -ENDPOINT_URL_STS -ENDPOINT_URL_S3 \
             -ENDPOINT_URL_IAM IGNORE_CONFIGURED_ENDPOINT_URLS=true"
        );
    }
}

//! Which sessions can sign in to the AWS web console, and the address of the first page.
//!
//! Invariant: an address is made only for partitions whose hosts are known.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html>

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{identity::Identity, location::Location, mint::Mode, object::ObjectAddress};

/// What no bucket's name has.
const OUTSIDE_NAMES: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// What the console shows first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConsolePage {
    /// The list of buckets, or what is at a location.
    Location(Location),
    /// One object, or a version of it.
    Object(ObjectAddress),
}

/// The hosts of one partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Console {
    /// Where a session is exchanged for a sign-in token, and where signing in begins.
    pub sign_in_host: &'static str,
    host: &'static str,
}

const PARTITIONS: &[(&str, Console)] = &[
    ("aws", Console { sign_in_host: "signin.aws.amazon.com", host: "console.aws.amazon.com" }),
    ("aws-cn", Console { sign_in_host: "signin.amazonaws.cn", host: "console.amazonaws.cn" }),
    ("aws-us-gov", Console { sign_in_host: "signin.amazonaws-us-gov.com", host: "console.amazonaws-us-gov.com" }),
];

const NO_CONSOLE: &str = "only role sessions and federated users can sign in to the console";

/// Why no session of a mode may sign in, where the mode alone tells.
pub fn closed_to(mode: Mode) -> Option<&'static str> {
    (mode == Mode::Session).then_some(NO_CONSOLE)
}

impl Console {
    /// The console for this identity, or why it cannot sign in.
    pub fn for_identity(identity: &Identity) -> Result<Self, &'static str> {
        let resource = identity.arn_resource();
        if !resource.starts_with("assumed-role/") && !resource.starts_with("federated-user/") {
            return Err(NO_CONSOLE);
        }
        let partition = identity.arn.split(':').nth(1).unwrap_or_default();
        let known = PARTITIONS.iter().find(|(name, _)| *name == partition);
        known.map(|(_, console)| *console).ok_or("the console's address in this partition is unknown")
    }

    /// The address of a page in the S3 console.
    pub fn page_address(self, page: &ConsolePage, region: &str) -> String {
        let (kind, bucket, prefix, version) = match page {
            ConsolePage::Location(Location { bucket, prefix }) => ("buckets", bucket.as_deref(), prefix.as_str(), None),
            ConsolePage::Object(ObjectAddress { bucket, key, version_id }) => {
                ("object", Some(bucket.as_str()), key.as_str(), version_id.as_deref())
            }
        };
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("region", region);
        if !prefix.is_empty() {
            query.append_pair("prefix", prefix);
        }
        if let Some(version) = version {
            query.append_pair("versionId", version);
        }
        let (host, query) = (self.host, query.finish());
        match bucket {
            Some(bucket) => format!("https://{host}/s3/{kind}/{}?{query}", utf8_percent_encode(bucket, OUTSIDE_NAMES)),
            None => format!("https://{host}/s3/buckets?{query}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(arn: &str) -> Identity {
        Identity { account: "111122223333".into(), arn: arn.into(), user_id: String::new() }
    }

    #[test]
    fn roles_and_federated_users_may_sign_in_and_nobody_else() {
        for (arn, host) in [
            ("arn:aws:sts::111122223333:assumed-role/reader/ana", Some("signin.aws.amazon.com")),
            ("arn:aws:sts::111122223333:federated-user/ana", Some("signin.aws.amazon.com")),
            ("arn:aws-cn:sts::111122223333:federated-user/ana", Some("signin.amazonaws.cn")),
            ("arn:aws-us-gov:sts::111122223333:assumed-role/r/a", Some("signin.amazonaws-us-gov.com")),
            ("arn:aws-iso:sts::111122223333:assumed-role/r/a", None),
            ("arn:aws:iam::111122223333:user/ana", None),
            ("arn:aws:iam::111122223333:root", None),
            ("minio-root", None),
        ] {
            assert_eq!(Console::for_identity(&identity(arn)).ok().map(|console| console.sign_in_host), host, "{arn}");
        }
    }

    #[test]
    fn a_page_names_bucket_region_and_prefix_and_nothing_breaks_out_of_it() {
        let console = PARTITIONS[0].1;
        for (page, address) in [
            (
                ConsolePage::Location(Location::all_buckets()),
                "https://console.aws.amazon.com/s3/buckets?region=eu-west-1",
            ),
            (
                ConsolePage::Location(Location::new("tide-logs", "a b/&region=x/")),
                "https://console.aws.amazon.com/s3/buckets/tide-logs?region=eu-west-1&prefix=a+b%2F%26region%3Dx%2F",
            ),
            (
                ConsolePage::Object(ObjectAddress::new("tide-logs", "a/b&c.txt").in_version(Some("v/1+".into()))),
                "https://console.aws.amazon.com/s3/object/tide-logs?region=eu-west-1&prefix=a%2Fb%26c.txt&versionId=v%2F1%2B",
            ),
        ] {
            assert_eq!(console.page_address(&page, "eu-west-1"), address);
        }
    }
}

//! Whether AWS's limits hold.
//!
//! Invariant: they hold where AWS answers, and nowhere else.

/// Who will judge the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limits {
    /// AWS answers: its limits refuse a draft.
    Enforced,
    /// Another endpoint answers: AWS's limits are advice.
    Advised,
}

impl Limits {
    /// The limits at `endpoint`; `None` is AWS.
    pub fn of_endpoint(endpoint: Option<&str>) -> Self {
        if endpoint.is_none_or(|url| is_aws(host_of(url))) { Self::Enforced } else { Self::Advised }
    }
}

/// The host of a URL. Text that is not a URL has no host of AWS; other checks report it.
fn host_of(url: &str) -> &str {
    let rest = url.trim().split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '\\', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default().trim_end_matches('.')
}

/// Whether a host is under one of AWS's own domains.
/// <https://docs.aws.amazon.com/general/latest/gr/rande.html>
fn is_aws(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    [".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".amazonaws.eu"].iter().any(|domain| host.ends_with(domain))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_hold_where_aws_answers() {
        for endpoint in [
            None,
            Some("https://sts.eu-west-1.amazonaws.com"),
            Some("https://STS.cn-north-1.AmazonAWS.com.cn:443/"),
            Some("https://sts.eu-west-1.api.aws."),
            Some("http://sts.eusc-de-east-1.amazonaws.eu"),
        ] {
            assert_eq!(Limits::of_endpoint(endpoint), Limits::Enforced, "{endpoint:?}");
        }
        for endpoint in [
            "http://127.0.0.1:4566",
            "http://[::1]:4566",
            "https://s3.amazonaws.com.evil.example",
            "https://evilamazonaws.com",
            "https://minio.example/sts.amazonaws.com",
            "https://minio.example?x.amazonaws.com",
            "https://sts.amazonaws.com@minio.example",
            "sts.amazonaws.com",
            "",
        ] {
            assert_eq!(Limits::of_endpoint(Some(endpoint)), Limits::Advised, "{endpoint}");
        }
    }
}

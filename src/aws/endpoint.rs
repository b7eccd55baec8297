//! Which addresses requests may go to. A profile copied from somewhere can name any `endpoint_url`, and what is sent
//! there is signed and carries the session token.
//!
//! Invariant: nothing is sent to a link-local or metadata address, whatever the spelling or the name behind it, nor
//! unencrypted to another machine unless that was asked for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use aws_smithy_runtime_api::client::dns::{DnsFuture, ResolveDns, ResolveDnsError};
use url::{Host, Url};

use crate::domain::{
    failure::{Failure, FailureKind},
    mint::Limits,
};

/// An address that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    /// As it was written.
    pub(super) url: String,
    /// This machine, by an address or name that cannot mean another.
    pub(super) loopback: bool,
    /// `http://`: whoever is in between can read and forge.
    pub(super) plain: bool,
    /// Whether AWS's limits hold there: whether AWS answers.
    pub(super) limits: Limits,
}

/// Checks an address; `origin` is the flag, variable or profile that named it.
pub(super) fn check(text: &str, origin: &str, allow_plain_http: bool) -> Result<Endpoint, Failure> {
    let refuse = |why: &str| refusal(text, origin, why);
    let url = Url::parse(text).map_err(|error| {
        refuse(&format!("not a URL: {error}")).with_hint("write it as https://HOST or http://127.0.0.1:PORT")
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refuse("not an http or https URL").with_hint("write it as https://HOST or http://127.0.0.1:PORT"));
    }
    if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
        return Err(refuse("a user, query or fragment has no place in an endpoint"));
    }
    judge(&url, text, origin, allow_plain_http)
}

/// Checks where a request goes, whoever made its address.
pub(super) fn check_request(uri: &str, allow_plain_http: bool) -> Result<Endpoint, Failure> {
    let origin = "the profile's own settings";
    let url = Url::parse(uri).map_err(|error| refusal("", origin, &format!("not a URL: {error}")))?;
    // Path and query are the request's, not the endpoint's.
    judge(&url, &url.origin().ascii_serialization(), origin, allow_plain_http)
}

fn judge(url: &Url, text: &str, origin: &str, allow_plain_http: bool) -> Result<Endpoint, Failure> {
    let refuse = |why: &str| refusal(text, origin, why);
    // `url` has normalised decimal, octal and hexadecimal forms, case and percent-encoding.
    let host = url.host().ok_or_else(|| refuse("it names no host"))?;
    if is_forbidden(&host) {
        return Err(refuse("link-local and metadata addresses are never asked, for what is sent carries credentials")
            .with_hint(format!("remove it from {origin}")));
    }
    let (loopback, plain) = (is_loopback(&host), url.scheme() == "http");
    if plain && !loopback && !allow_plain_http {
        return Err(refuse("http would send the session token unencrypted to another machine")
            .with_hint("use https, or consent with --allow-plain-http"));
    }
    Ok(Endpoint { url: text.to_owned(), loopback, plain, limits: Limits::at(Some(url.as_str())) })
}

fn refusal(text: &str, origin: &str, why: &str) -> Failure {
    Failure::local(FailureKind::Invalid, "use the endpoint", text, format!("{origin}: {why}"))
}

pub(super) fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            name == "localhost" || name.ends_with(".localhost")
        }
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => canonical(IpAddr::V6(*address)).is_loopback(),
    }
}

fn is_forbidden(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            matches!(name, "metadata.google.internal" | "metadata.goog" | "metadata" | "instance-data")
                || name.ends_with(".ec2.internal") && name.starts_with("instance-data")
        }
        Host::Ipv4(address) => is_metadata_address(IpAddr::V4(*address)),
        Host::Ipv6(address) => is_metadata_address(IpAddr::V6(*address)),
    }
}

/// Link-local, and the addresses at which clouds hand out the credentials of a machine.
fn is_metadata_address(address: IpAddr) -> bool {
    match canonical(address) {
        IpAddr::V4(address) => {
            address.is_link_local()
                || address == Ipv4Addr::new(100, 100, 100, 200)
                || address == Ipv4Addr::new(192, 0, 0, 192)
        }
        IpAddr::V6(address) => {
            address.is_unicast_link_local()
                || address == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254)
                || address == Ipv6Addr::new(0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254)
        }
    }
}

/// `::ffff:169.254.169.254` and `::169.254.169.254` are the address inside.
pub(super) fn canonical(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) if v6 != Ipv6Addr::LOCALHOST && v6 != Ipv6Addr::UNSPECIFIED => {
            v6.to_ipv4().map_or(address, IpAddr::V4)
        }
        _ => address,
    }
}

/// The system's resolver without the addresses that are never asked: a name can point anywhere.
#[derive(Debug, Clone)]
pub(super) struct PublicResolver;

impl ResolveDns for PublicResolver {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::new(async move {
            let found = tokio::net::lookup_host((name, 0)).await.map_err(ResolveDnsError::new)?;
            let found: Vec<IpAddr> = found.map(|address| address.ip()).collect();
            if found.iter().copied().any(is_metadata_address) {
                return Err(ResolveDnsError::new(format!("{name} points to a link-local or metadata address")));
            }
            Ok(found)
        })
    }
}

/// Answers for names that mean this machine, without asking anybody: whoever runs the name service could say that
/// `s3.localhost` is another. <https://www.rfc-editor.org/rfc/rfc6761#section-6.3>
#[derive(Debug, Clone)]
pub(super) struct LoopbackResolver;

impl ResolveDns for LoopbackResolver {
    fn resolve_dns<'a>(&'a self, _: &'a str) -> DnsFuture<'a> {
        DnsFuture::ready(Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]))
    }
}

/// Names of this machine as [`LoopbackResolver`], others as [`PublicResolver`] has them.
#[derive(Debug, Clone)]
pub(super) struct DirectResolver;

impl ResolveDns for DirectResolver {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        if is_loopback(&Host::Domain(name)) {
            LoopbackResolver.resolve_dns(name)
        } else {
            PublicResolver.resolve_dns(name)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ordinary_endpoint_is_told_apart() {
        for (url, loopback, plain, aws) in [
            ("https://s3.eu-west-1.amazonaws.com", false, false, true),
            ("https://sts.cn-north-1.amazonaws.com.cn", false, false, true),
            ("https://minio.example.org:9000", false, false, false),
            ("https://s3.amazonaws.com.evil.example", false, false, false),
            ("http://127.0.0.1:4566", true, true, false),
            ("http://localhost:4566", true, true, false),
            ("http://s3.localhost.:4566/", true, true, false),
            ("http://[::1]:4566", true, true, false),
            ("http://[::ffff:127.0.0.1]:4566", true, true, false),
            ("http://2130706433:80", true, true, false),
        ] {
            let limits = if aws { Limits::Enforced } else { Limits::Advised };
            let expected = Endpoint { url: url.into(), loopback, plain, limits };
            assert_eq!(check(url, "--endpoint-url", false), Ok(expected), "{url}");
        }
    }

    #[test]
    fn an_address_that_cannot_be_right_is_refused_by_the_name_of_what_said_it() {
        for (url, reason) in [
            ("minio", "not a URL"),
            ("localhost:9000", "not an http or https URL"),
            ("ftp://127.0.0.1", "not an http or https URL"),
            ("http://", "not a URL"),
            ("https://key:secret@minio.example.org", "a user, query or fragment"),
            ("https://minio.example.org/?x=1", "a user, query or fragment"),
            ("https://minio.example.org:99999", "not a URL"),
        ] {
            let failure = check(url, "profile edge: endpoint_url", true).unwrap_err();
            assert_eq!(failure.kind, FailureKind::Invalid);
            assert!(failure.message.contains(reason), "{url}: {}", failure.message);
            assert!(failure.message.starts_with("profile edge: endpoint_url: "), "{}", failure.message);
        }
    }

    #[test]
    fn metadata_and_link_local_addresses_are_refused_in_every_form() {
        for host in [
            "169.254.169.254",
            "169.254.170.2",
            "2852039166",
            "0xA9FEA9FE",
            "0251.0376.0251.0376",
            "169.254.43518",
            "[::ffff:169.254.169.254]",
            "[::ffff:a9fe:a9fe]",
            "[::169.254.169.254]",
            "[fd00:ec2::254]",
            "[fd20:ce::254]",
            "[fe80::1]",
            "100.100.100.200",
            "metadata.google.internal",
            "METADATA.google.internal.",
            "instance-data.ec2.internal",
            "%6detadata.google.internal",
        ] {
            for scheme in ["http", "https"] {
                let failure = check(&format!("{scheme}://{host}/"), "--endpoint-url", true).expect_err(host);
                assert!(failure.message.contains("metadata"), "{host}: {}", failure.message);
            }
        }
    }

    #[test]
    fn http_to_another_machine_needs_consent() {
        for url in ["http://10.0.0.1:9000", "http://minio.lan", "http://0.0.0.0:9000", "http://localhost.evil.example"]
        {
            let failure = check(url, "--endpoint-url", false).unwrap_err();
            assert!(failure.advice().contains("--allow-plain-http"), "{}", failure.advice());
            assert!(!check(url, "--endpoint-url", true).unwrap().loopback);
        }
    }
}

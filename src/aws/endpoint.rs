//! Which addresses requests may go to, and which regions, whose names become part of them. A profile copied from somewhere can name any `endpoint_url`, and requests are
//! signed and carry the session token.
//!
//! Invariant: nothing is sent to a link-local or metadata address, whatever its spelling or the name that resolves to
//! it, and nothing unencrypted to another machine without `--allow-plain-http`.

use std::borrow::Cow;

use url::Url;

use super::addresses::{is_forbidden, is_loopback};
use crate::domain::{
    failure::{Failure, FailureKind},
    mint::Limits,
};

/// Characters of the longest address that is taken: longer ones are refused by most servers.
const LONGEST: usize = 2048;

/// What an address looks like, for hints.
const FORM: &str = "write it as https://HOST or http://127.0.0.1:PORT";

/// An address that was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Endpoint {
    /// As it was written.
    pub(super) url: String,
    /// This machine, by an address or name that cannot mean another.
    pub(super) loopback: bool,
    /// `http://`: anyone on the network path can read and forge.
    pub(super) plain: bool,
    /// Whether AWS's limits hold there: whether AWS answers.
    pub(super) limits: Limits,
}

/// A region becomes part of a host name.
pub(super) fn check_region(region: &str) -> Result<(), Failure> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if (1..=63).contains(&region.len()) && region.bytes().all(allowed) && !region.starts_with('-') {
        return Ok(());
    }
    let shown: String = region.chars().take(80).collect();
    Err(Failure::local(FailureKind::Invalid, "use the region", shown, "not a region: use letters, digits and '-'")
        .with_hint("write a region such as --region eu-west-1"))
}

/// Checks an address; `origin` is the flag, variable or profile that named it.
pub(super) fn check(text: &str, origin: &str, allow_plain_http: bool) -> Result<Endpoint, Failure> {
    let refuse = |why: String| Err(refusal(text, origin, &why).with_hint(FORM));
    if let Some(why) = odd_form(text) {
        return refuse(why);
    }
    let url = match Url::parse(text) {
        Ok(url) => url,
        Err(error) => return refuse(format!("not a URL: {}", in_words(error))),
    };
    for (present, what) in [
        (!url.username().is_empty() || url.password().is_some(), "a user name or password"),
        (url.query().is_some(), "a query (after a ?)"),
        (url.fragment().is_some(), "a fragment (after a #)"),
    ] {
        if present {
            return refuse(format!("an endpoint cannot have {what}"));
        }
    }
    if url.port() == Some(0) {
        return refuse("nothing listens on port 0".into());
    }
    judge(&url, text, origin, allow_plain_http)
}

/// What keeps a text from being an address before it is parsed. A browser's parser mends more than a server's name can
/// bear: it drops line breaks, takes `\` for `/`, and finds a host in `http:HOST`.
fn odd_form(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some("it is empty".into());
    }
    if text.len() > LONGEST {
        return Some(format!("it is {} bytes long; the limit is {LONGEST}", text.len()));
    }
    if let Some(at) = text.chars().position(|c| c.is_whitespace() || c.is_control() || c == '\\') {
        return Some(format!("character {} is a space, a control character or a backslash", at + 1));
    }
    let Some((scheme, rest)) = text.split_once("://") else {
        return Some("it does not start with https:// or http://".into());
    };
    if !["http", "https"].iter().any(|known| known.eq_ignore_ascii_case(scheme)) {
        return Some("it does not start with https:// or http://".into());
    }
    if rest.is_empty() || rest.starts_with(['/', ':', '?', '#']) {
        return Some("it has no host".into());
    }
    let odd = rest.chars().find(|c| !c.is_ascii())?;
    let ascii = Url::parse(text).ok().and_then(|url| url.host_str().map(str::to_owned));
    let form = ascii.filter(|host| host.starts_with("xn--") || host.contains(".xn--"));
    let form = form.map(|host| format!(": its host in ASCII is {host}")).unwrap_or_default();
    Some(format!("{odd:?} is not ASCII{form}"))
}

fn in_words(error: url::ParseError) -> String {
    match error {
        url::ParseError::InvalidPort => "its port is not a number from 1 to 65535".into(),
        url::ParseError::EmptyHost => "it has no host".into(),
        url::ParseError::InvalidIpv4Address => "its host is not a valid IPv4 address".into(),
        url::ParseError::InvalidIpv6Address => "the address between [ ] is not an IPv6 address".into(),
        url::ParseError::InvalidDomainCharacter | url::ParseError::IdnaError => {
            "its host has a character that is not allowed in a host name".into()
        }
        other => other.to_string(),
    }
}

/// An address as it may be shown: a user name and password before its host are not.
pub(super) fn without_password(text: &str) -> Cow<'_, str> {
    let is_plain = Url::parse(text).is_ok_and(|url| {
        matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none()
    });
    match text.rsplit_once('@') {
        // What cannot be parsed can hold them anywhere before the last @.
        Some((before, host)) if !is_plain => {
            let scheme = before.split_once("://").map(|(scheme, _)| scheme);
            let scheme = scheme.filter(|scheme| scheme.bytes().all(|byte| byte.is_ascii_alphabetic()));
            Cow::Owned(scheme.map_or_else(|| format!("***@{host}"), |scheme| format!("{scheme}://***@{host}")))
        }
        _ => Cow::Borrowed(text),
    }
}

/// Checks where a request goes, whatever built its address.
pub(super) fn check_request(uri: &str, allow_plain_http: bool) -> Result<Endpoint, Failure> {
    let origin = "the profile's own settings";
    let url = Url::parse(uri).map_err(|error| refusal("", origin, &format!("not a URL: {error}")))?;
    // Path and query are the request's, not the endpoint's.
    judge(&url, &url.origin().ascii_serialization(), origin, allow_plain_http)
}

fn judge(url: &Url, text: &str, origin: &str, allow_plain_http: bool) -> Result<Endpoint, Failure> {
    let refuse = |why: &str| refusal(text, origin, why);
    // `url` has normalised decimal, octal and hexadecimal forms, case and percent-encoding.
    let host = url.host().ok_or_else(|| refuse("it has no host"))?;
    if is_forbidden(&host) {
        return Err(refuse("link-local and metadata addresses are not allowed: requests carry credentials")
            .with_hint(format!("remove it from {origin}")));
    }
    let (loopback, plain) = (is_loopback(&host), url.scheme() == "http");
    if plain && !loopback && !allow_plain_http {
        return Err(refuse("http would send the session token unencrypted to another machine")
            .with_hint("use https, or allow http with --allow-plain-http"));
    }
    Ok(Endpoint { url: text.to_owned(), loopback, plain, limits: Limits::at(Some(url.as_str())) })
}

fn refusal(text: &str, origin: &str, why: &str) -> Failure {
    let shown: String = without_password(text).chars().take(200).collect();
    Failure::local(FailureKind::Invalid, "use the endpoint", shown, format!("{origin}: {why}"))
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
            ("", "it is empty"),
            ("minio", "does not start with https"),
            ("localhost:9000", "does not start with https"),
            ("127.0.0.1:9000", "does not start with https"),
            ("//minio.example.org", "does not start with https"),
            ("http:127.0.0.1", "does not start with https"),
            ("http:/127.0.0.1", "does not start with https"),
            ("ftp://127.0.0.1", "does not start with https"),
            ("htttps://minio.example.org", "does not start with https"),
            ("://minio.example.org", "does not start with https"),
            ("http://", "it has no host"),
            ("http:///minio.example.org", "it has no host"),
            ("http://:9000", "it has no host"),
            ("https://?x", "it has no host"),
            ("https://minio example.org", "character 14 is a space"),
            (" https://minio.example.org", "character 1 is a space"),
            ("https://minio.exa\nmple.org", "a control character"),
            ("https://minio.example.org\u{1}", "a control character"),
            ("https:\\\\minio.example.org", "a backslash"),
            ("https://exämple.org", "its host in ASCII is xn--exmple-cua.org"),
            ("https://minio.example.org/é", "'é' is not ASCII"),
            ("https://minio.example.org/?x=1", "a query"),
            ("https://minio.example.org/#x", "a fragment"),
            ("https://minio.example.org:99999", "its port is not a number"),
            ("https://minio.example.org:http", "its port is not a number"),
            ("https://minio.example.org:-1", "its port is not a number"),
            ("https://minio.example.org:0", "port 0"),
            ("https://[::1", "not an IPv6 address"),
            ("https://1.2.3.4.5", "not a valid IPv4 address"),
            ("https://mi<nio", "not allowed in a host name"),
            (&format!("https://{}", "a".repeat(100_000)), "100008 bytes long"),
            ("https://key:canary@minio.example.org", "a user name or password"),
            ("https://canary@minio.example.org", "a user name or password"),
            ("https://key:canary/@minio.example.org", "its port is not a number"),
            ("key:canary@minio.example.org", "does not start with https"),
            ("https://key:can ary@minio.example.org", "a space"),
        ] {
            let failure = check(url, "profile edge: endpoint_url", true).unwrap_err();
            assert_eq!(failure.kind, FailureKind::Invalid);
            assert!(failure.message.contains(reason), "{url}: {}", failure.message);
            assert!(failure.message.starts_with("profile edge: endpoint_url: "), "{}", failure.message);
            assert!(!format!("{failure:?} {failure}").contains("canary"), "{failure}");
        }
    }

    #[test]
    fn a_password_is_never_shown_and_an_address_without_one_is_shown_as_it_is() {
        for (text, shown) in [
            ("https://minio.example.org/a@b", "https://minio.example.org/a@b"),
            ("not an address", "not an address"),
            ("https://key:canary@minio.example.org/x", "https://***@minio.example.org/x"),
            ("https://key:can@ry@minio.example.org", "https://***@minio.example.org"),
            ("https://key:can/ary@minio.example.org", "https://***@minio.example.org"),
            ("key:canary@minio.example.org", "***@minio.example.org"),
            ("can://ary@minio.example.org", "can://***@minio.example.org"),
            ("https:\\\\key:canary@minio", "***@minio"),
        ] {
            assert_eq!(without_password(text), shown);
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
            "168.63.129.16",
            "[fd00:ec2::23]",
            "[fd00:42::42]",
            "[::ffff:0:a9fe:a9fe]",
            "[64:ff9b::169.254.169.254]",
            "[64:ff9b::a9fe:aa02]",
            "[64:ff9b::100.100.100.200]",
            "[64:ff9b:1:a9fe:a9:fe00::]",
            "[64:ff9b:1:00a9:fe:a9fe::]",
            "[64:ff9b:1:0:a9:fea9:fe00:0]",
            "[64:ff9b:1::169.254.169.254]",
            "[64:ff9b:1:2:3:4:a9fe:a9fe]",
            "[2002:a9fe:a9fe::]",
            "[2002:a9fe:a9fe:1::5]",
            "[2001:0:1:2:3:4:5601:5601]",
            "[2001:0:a9fe:a9fe::]",
            "[2001:db8::5efe:169.254.169.254]",
            "[2001:db8::200:5efe:169.254.169.254]",
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

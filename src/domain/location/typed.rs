//! Parses a location that a person types or pastes: a bucket, an `s3://` location, an ARN, a web address of Amazon S3.
//!
//! Invariant: text that is not a location is refused with what to write instead.

use percent_encoding::percent_decode_str;

use super::{Location, NotALocation, check_bucket_name};
use crate::domain::name_text::text_of;

/// Hosts below these are Amazon S3's; the second in China.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>
const AMAZON: [&str; 2] = [".amazonaws.com", ".amazonaws.com.cn"];
/// Hosts like `s3-us-west-2` that do not serve buckets.
const OTHER_SERVICES: [&str; 4] = ["s3-accesspoint", "s3-control", "s3-object-lambda", "s3-outposts"];

impl Location {
    /// Reads what a person types or pastes: as [`FromStr`], and with `s3://` left out; the ARN of a bucket or of what is
    /// in it; an address of Amazon S3, or of a bucket in its web console.
    ///
    /// # Errors
    /// If it names no location; another scheme is never taken for a bucket's name.
    pub fn typed(text: &str) -> Result<Self, NotALocation> {
        read(text)
    }
}

fn read(text: &str) -> Result<Location, NotALocation> {
    let text = text.trim_start();
    if text.starts_with("arn:") {
        return arn(text);
    }
    let scheme = text.split_once("://").filter(|(scheme, _)| !scheme.contains('/'));
    let Some((scheme, rest)) = scheme else { return format!("s3://{text}").parse() };
    match scheme.to_ascii_lowercase().as_str() {
        "s3" => format!("s3://{rest}").parse(),
        "http" | "https" => web(rest).ok_or(NotALocation::Web)?,
        _ => Err(NotALocation::Scheme),
    }
}

/// `arn:aws:s3:::BUCKET/PREFIX`; a final `*`, as in policies, is not part of the key.
fn arn(text: &str) -> Result<Location, NotALocation> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    let ["arn", _, "s3", "", "", resource] = parts[..] else { return Err(NotALocation::Arn) };
    at(resource.strip_suffix('*').unwrap_or(resource))
}

/// What follows `https://`: a bucket in the host's name or in the path, or the web console's page of one.
fn web(rest: &str) -> Option<Result<Location, NotALocation>> {
    let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = host.to_ascii_lowercase();
    let (path, query) = path.split('#').next()?.split_once('?').unwrap_or((path, ""));
    let path: Vec<u8> = percent_decode_str(path.strip_prefix('/').unwrap_or(path)).collect();
    let path = text_of(&path);
    if host.ends_with("console.aws.amazon.com") {
        let bucket = path.strip_prefix("s3/buckets/").or_else(|| path.strip_prefix("s3/object/"))?;
        let prefix = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "prefix");
        return Some(at(&format!("{bucket}/{}", prefix.map(|(_, prefix)| prefix).unwrap_or_default())));
    }
    let host = AMAZON.iter().find_map(|amazon| host.strip_suffix(amazon))?;
    let labels: Vec<&str> = host.split('.').collect();
    let service = labels.iter().rposition(|label| *label == "s3" || label.starts_with("s3-"))?;
    if OTHER_SERVICES.contains(&labels[service]) {
        return None;
    }
    let bucket = labels[..service].join(".");
    Some(at(&if bucket.is_empty() { path.into_owned() } else { format!("{bucket}/{path}") }))
}

/// `BUCKET/PREFIX`.
fn at(resource: &str) -> Result<Location, NotALocation> {
    let (bucket, prefix) = resource.split_once('/').unwrap_or((resource, ""));
    check_bucket_name(bucket)?;
    Ok(Location::new(bucket, prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_names_a_bucket_leads_there() {
        for (text, uri) in [
            ("", "s3://"),
            ("tide-logs", "s3://tide-logs/"),
            (" tide-logs/a b/", "s3://tide-logs/a b/"),
            (" s3://tide-logs/a", "s3://tide-logs/a"),
            ("S3://tide-logs/A", "s3://tide-logs/A"),
            ("tide-logs/a://b", "s3://tide-logs/a://b"),
            ("arn:aws:s3:::tide-logs", "s3://tide-logs/"),
            ("arn:aws-cn:s3:::tide-logs/a:b/*", "s3://tide-logs/a:b/"),
            ("https://tide-logs.s3.amazonaws.com", "s3://tide-logs/"),
            ("https://tide.logs.s3.eu-west-1.amazonaws.com/a%20b/c+d", "s3://tide.logs/a b/c+d"),
            ("https://tide-logs.s3-us-west-2.amazonaws.com/a?X-Amz-Expires=60#b", "s3://tide-logs/a"),
            ("https://tide-logs.s3.dualstack.us-west-2.amazonaws.com//a", "s3://tide-logs//a"),
            ("https://s3.cn-north-1.amazonaws.com.cn/tide-logs/a/", "s3://tide-logs/a/"),
            ("http://s3.amazonaws.com/tide-logs", "s3://tide-logs/"),
            (
                "https://us-west-2.console.aws.amazon.com/s3/buckets/tide-logs?region=us-west-2&prefix=a%2Fb/",
                "s3://tide-logs/a/b/",
            ),
            ("https://tide-logs.s3.amazonaws.com/a%ff/", "s3://tide-logs/a\u{10feff}/"), // stands for the byte
            ("https://console.aws.amazon.com/s3/object/tide-logs?prefix=a", "s3://tide-logs/a"),
        ] {
            assert_eq!(read(text).map(|location| location.to_string()), Ok(uri.to_owned()), "{text:?}");
        }
    }

    #[test]
    fn what_names_none_is_refused_with_what_to_write() {
        for (text, refusal) in [
            ("https://tide-logs", NotALocation::Web),
            ("https://example.org/tide-logs/", NotALocation::Web),
            ("https://evil-amazonaws.com/tide-logs/", NotALocation::Web),
            ("https://ec2.amazonaws.com/tide-logs/", NotALocation::Web),
            ("https://mine-111122223333.s3-accesspoint.us-west-2.amazonaws.com/", NotALocation::Web),
            ("gs://tide-logs/", NotALocation::Scheme),
            ("arn:aws:s3:us-west-2:111122223333:accesspoint/mine", NotALocation::Arn),
            ("arn:aws:iam::111122223333:user/ana", NotALocation::Arn),
            ("arn:aws:s3:::*", NotALocation::Bucket("use 3 to 63 characters")),
            ("https://s3.amazonaws.com/", NotALocation::Bucket("use 3 to 63 characters")),
        ] {
            assert_eq!(read(text), Err(refusal), "{text:?}");
        }
    }
}

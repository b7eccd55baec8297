//! An object's name in every form that other tools take.
//!
//! Invariant: each form stands for exactly this object, whatever its key holds, or there is none. Foreign text.

use serde_json::{Value, json};

use super::address::ObjectAddress;
use crate::domain::{
    listing::Object,
    mint::CliCommand,
    name_text::{bytes_of, is_not_utf8, percent_encoded, readable_name},
};

/// A form to copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyForm {
    /// `s3://tide-archive/a/b.txt`
    Uri,
    /// `a/b.txt`
    Key,
    /// `b.txt`
    Name,
    /// `arn:aws:s3:::tide-archive/a/b.txt`
    Arn,
    /// `https://tide-archive.s3.us-west-2.amazonaws.com/a/b.txt`
    WebAddress,
    /// Without its quotes.
    Etag,
    /// Of the version that is shown.
    VersionId,
    /// The row as JSON, as `ebbtide ls -o ndjson` prints it.
    Row,
    /// The same call for the AWS CLI.
    AwsCommand,
}

impl CopyForm {
    /// Every form, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::Uri,
        Self::Key,
        Self::Name,
        Self::Arn,
        Self::WebAddress,
        Self::Etag,
        Self::VersionId,
        Self::Row,
        Self::AwsCommand,
    ];
}

/// Where an object is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyTarget<'a> {
    /// The bucket's region.
    pub region: &'a str,
    /// A custom endpoint; `None` is AWS.
    pub endpoint: Option<&'a str>,
    /// Whether the bucket stands in the path of an address.
    pub path_style: bool,
    /// The profile whose credentials a command uses; `None` uses those of the environment.
    pub profile: Option<&'a str>,
}

impl CopyTarget<'_> {
    /// The part of AWS that the region belongs to.
    /// <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
    pub fn partition(&self) -> &'static str {
        match self.region {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            region if region.starts_with("us-isob-") => "aws-iso-b",
            region if region.starts_with("us-iso-") => "aws-iso",
            _ => "aws",
        }
    }

    fn domain(&self) -> &'static str {
        match self.partition() {
            "aws-cn" => "amazonaws.com.cn",
            "aws-iso" => "c2s.ic.gov",
            "aws-iso-b" => "sc2s.sgov.gov",
            _ => "amazonaws.com",
        }
    }
}

/// The text of a form; `None` where there is none for this object. `row` is what a listing told of it.
pub fn copy_text(
    form: CopyForm,
    address: &ObjectAddress,
    row: Option<&Object>,
    target: CopyTarget<'_>,
) -> Option<String> {
    let ObjectAddress { bucket, key, version_id } = address;
    match form {
        CopyForm::Uri => Some(format!("s3://{bucket}/{key}")).filter(|text| !is_not_utf8(text)),
        CopyForm::Key => Some(key.clone()).filter(|text| !is_not_utf8(text)),
        CopyForm::Name => Some(address.name().to_owned()).filter(|text| !is_not_utf8(text)),
        CopyForm::Arn => {
            Some(format!("arn:{}:s3:::{bucket}/{key}", target.partition())).filter(|text| !is_not_utf8(text))
        }
        CopyForm::WebAddress => Some(web_address(address, target)),
        CopyForm::Etag => row?.etag.clone(),
        CopyForm::VersionId => version_id.clone(),
        CopyForm::Row => Some(row_json(row?, version_id.as_deref()).to_string()),
        CopyForm::AwsCommand => aws_command(address, target),
    }
}

/// A bucket whose name has dots has no certificate of its own, so it stands in the path.
/// <https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html>
pub(super) fn web_address(address: &ObjectAddress, target: CopyTarget<'_>) -> String {
    let ObjectAddress { bucket, key, version_id } = address;
    let aws = || format!("https://s3.{}.{}", target.region, target.domain());
    let base = target.endpoint.map_or_else(aws, |url| url.trim_end_matches('/').to_owned());
    let in_path = target.path_style || target.endpoint.is_none() && bucket.contains('.');
    let host = match base.split_once("://") {
        Some((scheme, host)) if !in_path => format!("{scheme}://{bucket}.{host}"),
        _ => format!("{base}/{bucket}"),
    };
    let version = version_id.as_deref().map(|id| format!("?versionId={}", percent_encoded(id).replace('/', "%2F")));
    format!("{host}/{}{}", percent_encoded(key), version.unwrap_or_default())
}

fn row_json(row: &Object, version_id: Option<&str>) -> Value {
    let mut json = json!({ "key": readable_name(&row.key) });
    if is_not_utf8(&row.key) {
        json["key_encoded"] = percent_encoded(&row.key).into();
    }
    json["size"] = row.size.into();
    json["etag"] = row.etag.clone().into();
    json["last_modified"] = json!(row.modified);
    json["storage_class"] = row.storage_class.clone().into();
    if let Some(version_id) = version_id {
        json["version_id"] = version_id.into();
    }
    json
}

/// The AWS CLI takes only names that are UTF-8, and reads a value that begins with `file://` from a file.
fn aws_command(address: &ObjectAddress, target: CopyTarget<'_>) -> Option<String> {
    let ObjectAddress { bucket, key, version_id } = address;
    let is_file = ["file://", "fileb://"].iter().any(|scheme| key.starts_with(scheme));
    if is_file || is_not_utf8(key) || bytes_of(key).contains(&0) {
        return None;
    }
    let mut command = CliCommand::of("s3api get-object");
    command.option("--bucket", bucket);
    command.option("--key", key);
    command.optional("--version-id", version_id.as_deref());
    command.optional("--profile", target.profile);
    command.option("--region", target.region);
    command.optional("--endpoint-url", target.endpoint);
    // A path, so that a name which begins with a dash is no option.
    let file = address.name().trim_end_matches('/');
    command.word(&format!("./{}", if matches!(file, "" | "." | "..") { "object" } else { file }));
    Some(command.into_text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::name_text::text_of;

    const AWS: CopyTarget<'_> = CopyTarget { region: "us-west-2", endpoint: None, path_style: false, profile: None };

    fn copied(form: CopyForm, bucket: &str, key: &str, target: CopyTarget<'_>) -> Option<String> {
        copy_text(form, &ObjectAddress::new(bucket, key), None, target)
    }

    #[test]
    fn addresses_lead_to_the_object_in_every_style() {
        let at = |endpoint, path_style| CopyTarget { endpoint: Some(endpoint), path_style, ..AWS };
        let china = CopyTarget { region: "cn-north-1", ..AWS };
        for (bucket, key, target, address) in [
            ("tide", "a b/ü+%.txt", AWS, "https://tide.s3.us-west-2.amazonaws.com/a%20b/%C3%BC%2B%25.txt"),
            ("tide.logs", "a", AWS, "https://s3.us-west-2.amazonaws.com/tide.logs/a"),
            ("tide", "/a//b", AWS, "https://tide.s3.us-west-2.amazonaws.com//a//b"),
            ("tide", "a?b#c", china, "https://tide.s3.cn-north-1.amazonaws.com.cn/a%3Fb%23c"),
            ("tide", "a", at("http://127.0.0.1:9000/", true), "http://127.0.0.1:9000/tide/a"),
            ("tide", "a", at("https://minio.example", false), "https://tide.minio.example/a"),
        ] {
            assert_eq!(copied(CopyForm::WebAddress, bucket, key, target).as_deref(), Some(address));
        }
        let version = ObjectAddress::new("tide", "a").in_version(Some("v/1+".into()));
        let text = copy_text(CopyForm::WebAddress, &version, None, AWS).unwrap();
        assert!(text.ends_with("/a?versionId=v%2F1%2B"), "{text}");
    }

    #[test]
    fn a_partition_has_its_own_arns() {
        for (region, arn) in [
            ("eu-west-1", "arn:aws:s3:::tide/a"),
            ("cn-north-1", "arn:aws-cn:s3:::tide/a"),
            ("us-gov-west-1", "arn:aws-us-gov:s3:::tide/a"),
        ] {
            let target = CopyTarget { region, ..AWS };
            assert_eq!(copied(CopyForm::Arn, "tide", "a", target).as_deref(), Some(arn));
        }
    }

    #[test]
    fn a_command_is_read_back_by_a_shell() {
        for (key, command) in [
            ("a/b.txt", "aws s3api get-object --bucket tide --key a/b.txt --region us-west-2 ./b.txt"),
            (
                "it's $HOME",
                r"aws s3api get-object --bucket tide --key 'it'\''s $HOME' --region us-west-2 './it'\''s $HOME'",
            ),
            ("-x", "aws s3api get-object --bucket tide --key=-x --region us-west-2 ./-x"),
            ("a/", "aws s3api get-object --bucket tide --key a/ --region us-west-2 ./a"),
            ("..", "aws s3api get-object --bucket tide --key .. --region us-west-2 ./object"),
        ] {
            assert_eq!(copied(CopyForm::AwsCommand, "tide", key, AWS).as_deref(), Some(command));
        }
        for key in ["file://x", "fileb://x", "a\0b"] {
            assert_eq!(copied(CopyForm::AwsCommand, "tide", key, AWS), None, "{key:?}");
        }
    }

    #[test]
    fn a_key_that_is_not_utf_8_has_only_the_forms_that_can_hold_it() {
        let key = text_of(b"a\xff");
        let forms = CopyForm::ALL.map(|form| copied(form, "tide", &key, AWS));
        let web = "https://tide.s3.us-west-2.amazonaws.com/a%FF";
        assert_eq!(forms.iter().flatten().collect::<Vec<_>>(), [web]);
        let row = Object { key: key.into_owned(), size: Some(1), modified: None, storage_class: None, etag: None };
        let json = copy_text(CopyForm::Row, &ObjectAddress::new("tide", &row.key), Some(&row), AWS).unwrap();
        assert!(json.starts_with(r#"{"key":"a\\xff","key_encoded":"a%FF","size":1"#), "{json}");
    }
}

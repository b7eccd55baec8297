//! A bucket's or a prefix's name in every form that other tools take.
//!
//! Invariant: as for an object's name: each form stands for exactly this place, or there is none. Foreign text.

use serde_json::json;

use super::{
    address::ObjectAddress,
    copies::{CopyForm, CopyTarget, web_address},
};
use crate::domain::{
    listing::Entry,
    location::Location,
    mint::CliCommand,
    name_text::{bytes_of, is_not_utf8, percent_encoded, readable_name},
};

/// The text of a form; `None` where there is none for this place. `row` is what a listing told of it.
pub fn copy_place_text(
    form: CopyForm,
    location: &Location,
    row: Option<&Entry>,
    target: CopyTarget<'_>,
) -> Option<String> {
    let Location { bucket, prefix } = location;
    let bucket = bucket.as_deref()?;
    let exact = |text: String| Some(text).filter(|text| !is_not_utf8(text));
    match form {
        CopyForm::Uri => exact(location.to_string()),
        CopyForm::Key => exact(prefix.clone()).filter(|prefix| !prefix.is_empty()),
        CopyForm::Name if prefix.is_empty() => Some(bucket.to_owned()),
        CopyForm::Name => exact(ObjectAddress::new(bucket, prefix).name().to_owned()),
        CopyForm::Arn if prefix.is_empty() => Some(format!("arn:{}:s3:::{bucket}", target.partition())),
        // A prefix is no resource: this stands for every key in it, as policies write that.
        CopyForm::Arn => exact(format!("arn:{}:s3:::{bucket}/{prefix}*", target.partition())),
        CopyForm::WebAddress => Some(web_address(&ObjectAddress::new(bucket, prefix), target)),
        CopyForm::Row => row.and_then(place_json),
        CopyForm::AwsCommand => list_command(bucket, prefix, target),
        CopyForm::Etag | CopyForm::VersionId => None,
    }
}

/// As `ebbtide ls -o ndjson` prints it.
fn place_json(row: &Entry) -> Option<String> {
    let json = match row {
        Entry::Bucket(bucket) => {
            json!({ "name": bucket.name, "region": bucket.region, "creation_date": bucket.created })
        }
        Entry::Prefix(prefix) if is_not_utf8(prefix) => {
            json!({ "prefix": readable_name(prefix), "prefix_encoded": percent_encoded(prefix) })
        }
        Entry::Prefix(prefix) => json!({ "prefix": prefix }),
        Entry::Object(_) => return None,
    };
    Some(json.to_string())
}

/// The AWS CLI takes only names that are UTF-8, and reads a value that begins with `file://` from a file.
fn list_command(bucket: &str, prefix: &str, target: CopyTarget<'_>) -> Option<String> {
    let is_file = ["file://", "fileb://"].iter().any(|scheme| prefix.starts_with(scheme));
    if is_file || is_not_utf8(prefix) || bytes_of(prefix).contains(&0) {
        return None;
    }
    let mut command = CliCommand::of("s3api list-objects-v2");
    command.option("--bucket", bucket);
    command.optional("--prefix", Some(prefix).filter(|prefix| !prefix.is_empty()));
    command.option("--delimiter", "/");
    command.optional("--profile", target.profile);
    command.option("--region", target.region);
    command.optional("--endpoint-url", target.endpoint);
    Some(command.into_text())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{listing::Bucket, name_text::text_of};

    const AWS: CopyTarget<'_> = CopyTarget { region: "us-west-2", endpoint: None, path_style: false, profile: None };

    #[test]
    fn a_bucket_and_a_prefix_have_names_for_every_tool() {
        let forms = [CopyForm::Uri, CopyForm::Key, CopyForm::Name, CopyForm::Arn, CopyForm::WebAddress];
        let copied = |prefix: &str| {
            let location = Location::new("tide", prefix);
            forms.map(|form| copy_place_text(form, &location, None, AWS).unwrap_or_default())
        };
        let web = "https://tide.s3.us-west-2.amazonaws.com/";
        assert_eq!(copied(""), ["s3://tide/", "", "tide", "arn:aws:s3:::tide", web]);
        assert_eq!(
            copied("a/b c/"),
            ["s3://tide/a/b c/", "a/b c/", "b c/", "arn:aws:s3:::tide/a/b c/*", &format!("{web}a/b%20c/")]
        );
        let list = |prefix| copy_place_text(CopyForm::AwsCommand, &Location::new("tide", prefix), None, AWS);
        let command = "aws s3api list-objects-v2 --bucket tide --delimiter / --region us-west-2";
        assert_eq!(list("").as_deref(), Some(command));
        assert!(list("a b/").unwrap().contains("--prefix 'a b/'"));
        assert_eq!(list("file://x/"), None);
        assert_eq!(copy_place_text(CopyForm::Uri, &Location::all_buckets(), None, AWS), None);
    }

    #[test]
    fn a_row_is_json_as_the_command_line_prints_it() {
        let bucket = Entry::Bucket(Bucket { name: "tide".into(), region: Some("eu-west-1".into()), created: None });
        for (row, json) in [
            (bucket, r#"{"creation_date":null,"name":"tide","region":"eu-west-1"}"#),
            (Entry::Prefix("a/".into()), r#"{"prefix":"a/"}"#),
            (Entry::Prefix(text_of(b"\xff/").into_owned()), r#"{"prefix":"\\xff/","prefix_encoded":"%FF/"}"#),
        ] {
            let told = copy_place_text(CopyForm::Row, &Location::new("tide", "a/"), Some(&row), AWS).unwrap();
            let [told, json] =
                [told.as_str(), json].map(|text| serde_json::from_str::<serde_json::Value>(text).unwrap());
            assert_eq!(told, json);
        }
    }
}

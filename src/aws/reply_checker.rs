//! Responses of STS and IAM, the list of buckets and details of objects, read strictly before the SDK reads them.
//!
//! The SDK's parser accepts a response that was cut off inside a secret key or between two buckets, and takes the second
//! of two keys. Here each response is first read to its end.
//!
//! Invariant: a response must be well-formed to its end, with its root closed and each field only once.

use aws_sdk_sts::config::{
    ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeDeserializationInterceptorContextMut,
};
use aws_smithy_runtime_api::box_error::BoxError;
use hyper::body::Bytes;

use super::{
    document::{DocumentFields, DocumentReader},
    read_body::{AfterPiece, BodyReader, read_body_with},
    refusal::Refusal,
    reply_fault::ReplyFault,
    xml::{Scanner, Sink},
};

/// The longest text of an answer. A role's trust policy has up to 4,096 characters, encoded as three times as many
/// bytes; session tokens of services that are not AWS hold whole policies.
const LONGEST_TEXT: usize = 64 * 1024;

/// Fields of one element at most, those of lists not counted.
const MOST_FIELDS: usize = 64;

/// What answers look like.
#[derive(Debug, Clone, Copy)]
struct ReplyShape {
    /// How the name of the root may end.
    roots: &'static [&'static [u8]],
    /// What may be said again and again: the elements of lists.
    listed: &'static [&'static [u8]],
}

/// Reads the answers to requests.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReplyChecker(ReplyShape);

impl ReplyChecker {
    /// Those of services with the Query protocol, STS and IAM.
    /// <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>
    pub(super) fn of_queries() -> Self {
        Self(ReplyShape { roots: &[b"Response"], listed: &[b"member", b"entry"] })
    }

    /// Those of `ListBuckets`. <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html>
    pub(super) fn of_buckets() -> Self {
        Self(ReplyShape { roots: &[b"ListAllMyBucketsResult"], listed: &[b"Bucket"] })
    }

    /// Those about a part of an object's details.
    /// <https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html>
    pub(super) fn of_details() -> Self {
        Self(ReplyShape {
            roots: &[
                b"Tagging",
                b"Retention",
                b"LegalHold",
                b"GetObjectAttributesResponse",
                b"GetObjectAttributesOutput",
                b"GetObjectAttributesResult",
                b"ListObjectAnnotationsOutput",
            ],
            listed: &[b"Tag", b"Part", b"AnnotationEntry", b"ChecksumAlgorithm"],
        })
    }
}

impl Intercept for ReplyChecker {
    fn name(&self) -> &'static str {
        "WholeAnswers"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        read_body_with(context.response_mut(), ReplyReader::for_shape(self.0));
        Ok(())
    }
}

/// Reads one response, which the SDK then reads too.
#[derive(Debug)]
struct ReplyReader(DocumentReader<ReplyFields>);

impl ReplyReader {
    fn for_shape(shape: ReplyShape) -> Self {
        let fields =
            ReplyFields { shape, root: DocumentRoot::Unknown, open: vec![], code: String::new(), message: None };
        Self(DocumentReader::new(Scanner::with_longest(LONGEST_TEXT), fields))
    }
}

impl BodyReader for ReplyReader {
    fn read_piece(&mut self, piece: &[u8]) -> Result<AfterPiece, ReplyFault> {
        self.0.feed(piece).map(|()| AfterPiece::PassOn)
    }

    fn end_body(self) -> Result<Option<Bytes>, ReplyFault> {
        let ReplyFields { root, code, message, .. } = self.0.finish()?;
        match root {
            DocumentRoot::Refusal => Err(ReplyFault::Refused(Refusal { code, message })),
            DocumentRoot::Answer | DocumentRoot::Unknown => Ok(None),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DocumentRoot {
    Unknown,
    Answer,
    Refusal,
}

/// Which fields have come.
#[derive(Debug)]
struct ReplyFields {
    shape: ReplyShape,
    root: DocumentRoot,
    /// For each open element, the names of those in it.
    open: Vec<Vec<Vec<u8>>>,
    /// A refusal's.
    code: String,
    message: Option<String>,
}

impl DocumentFields for ReplyFields {
    fn has_root(&self) -> bool {
        self.root != DocumentRoot::Unknown
    }
}

impl Sink for ReplyFields {
    type Fault = ReplyFault;

    fn on_open(&mut self, depth: usize, name: &[u8]) -> Result<(), ReplyFault> {
        self.open.truncate(depth - 1);
        match self.open.last_mut() {
            None => {
                self.root = match name {
                    b"Error" | b"ErrorResponse" => DocumentRoot::Refusal,
                    _ if self.shape.roots.iter().any(|root| name.ends_with(root)) => DocumentRoot::Answer,
                    _ => return Err(ReplyFault::Xml("another root element")), // said with its first bytes
                }
            }
            Some(_) if self.shape.listed.contains(&name) => {}
            Some(fields) if fields.iter().any(|field| field == name) => {
                return Err(ReplyFault::Twice(String::from_utf8_lossy(name).into_owned()));
            }
            Some(fields) if fields.len() == MOST_FIELDS => {
                return Err(ReplyFault::Xml("an element with too many fields"));
            }
            Some(fields) => fields.push(name.to_vec()),
        }
        self.open.push(vec![]);
        Ok(())
    }

    fn on_close(&mut self, _: usize, name: &[u8], text: &[u8]) -> Result<(), ReplyFault> {
        if self.root == DocumentRoot::Refusal {
            match name {
                b"Code" => self.code = String::from_utf8_lossy(text).into_owned(),
                b"Message" => self.message = Some(String::from_utf8_lossy(text).into_owned()),
                _ => {}
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRANT: &str = "<?xml version=\"1.0\"?>\n<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\
        <AssumeRoleResult><Credentials><Expiration>2026-11-22T13:00:00Z</Expiration><AccessKeyId>ASIAX</AccessKeyId>\
        <SecretAccessKey>a/b+c&amp;d</SecretAccessKey><SessionToken>t==</SessionToken></Credentials>\
        <AssumedRoleUser><Arn>a</Arn><AssumedRoleId>b</AssumedRoleId></AssumedRoleUser></AssumeRoleResult>\
        <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></AssumeRoleResponse>\n";

    fn read(pieces: &[&[u8]]) -> Result<(), ReplyFault> {
        let mut reader = ReplyReader::for_shape(ReplyChecker::of_queries().0);
        for piece in pieces {
            reader.read_piece(piece)?;
        }
        reader.end_body().map(drop)
    }

    #[test]
    fn an_answer_is_whole_wherever_it_is_cut_in_pieces_and_incomplete_wherever_it_stops() {
        let bytes = GRANT.as_bytes();
        let whole = GRANT.trim_end().len();
        for at in 1..bytes.len() {
            let (first, second) = bytes.split_at(at);
            assert_eq!(read(&[first, second]), Ok(()), "cut at {at}");
            if at < whole {
                assert_eq!(read(&[first]), Err(ReplyFault::CutOff), "{}", &GRANT[..at]);
            }
        }
    }

    #[test]
    fn a_field_that_is_said_twice_is_not_believed() {
        for (field, again) in [
            ("SecretAccessKey", "<SecretAccessKey>other</SecretAccessKey>"),
            ("SessionToken", "<SessionToken/>"),
            ("Credentials", "<Credentials></Credentials>"),
            ("AssumeRoleResult", "<AssumeRoleResult><Credentials/></AssumeRoleResult>"),
        ] {
            let end = format!("</{field}>");
            let text = GRANT.replacen(&end, &format!("{end}{again}"), 1);
            assert_eq!(read(&[text.as_bytes()]), Err(ReplyFault::Twice(field.into())), "{text}");
        }
    }

    #[test]
    fn the_elements_of_a_list_are_many() {
        let member = "<member><Arn>a</Arn><Tags><member><Key>k</Key></member></Tags></member>";
        let text = format!("<ListRolesResponse><Roles>{}</Roles></ListRolesResponse>", member.repeat(1000));
        assert_eq!(read(&[text.as_bytes()]), Ok(()));
        let many = (0..100).fold(String::new(), |many, n| many + &format!("<F{n}/>"));
        assert!(read(&[format!("<XResponse>{many}</XResponse>").as_bytes()]).is_err());
    }

    #[test]
    fn what_is_no_answer_is_named_as_what_it_is() {
        for (text, told) in [
            ("", "it is empty"),
            ("\n", "it is empty"),
            ("<!DOCTYPE html><html><title>Hello</title>", "a web page with the title \"Hello\""),
            ("<html><title>Hello</title></html>", "a web page with the title \"Hello\""),
            ("{\"message\":\"no\"}", "it is JSON with the message \"no\""),
            ("<ListAllMyBucketsResult/>", "it is XML with the root <ListAllMyBucketsResult>"),
            ("<GetSessionTokenResult/>", "it is XML with the root <GetSessionTokenResult>"),
            ("\u{1f}\u{8b}", "it is binary"),
        ] {
            let fault = read(&[text.as_bytes()]).unwrap_err();
            assert!(fault.to_string().contains(told), "{text}: {fault}");
        }
    }

    #[test]
    fn a_refusal_with_the_status_of_a_success_is_a_refusal() {
        let error = "<Error><Type>Sender</Type><Code>Throttling</Code><Message>slower</Message></Error>";
        for text in [error.to_owned(), format!("<ErrorResponse>{error}<RequestId>1</RequestId></ErrorResponse>")] {
            let refusal = Refusal { code: "Throttling".into(), message: Some("slower".into()) };
            assert_eq!(read(&[text.as_bytes()]), Err(ReplyFault::Refused(refusal)));
        }
    }

    #[test]
    fn a_long_token_is_read() {
        let text = GRANT.replace("t==", &"t".repeat(60_000));
        assert_eq!(read(&[text.as_bytes()]), Ok(()));
        assert!(read(&[GRANT.replace("t==", &"t".repeat(70_000)).as_bytes()]).is_err());
    }
}

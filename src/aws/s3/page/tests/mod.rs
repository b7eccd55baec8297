//! Pages as bytes of the wire.

mod pieces;

use super::{asked::PageRequest, early::EarlyToken, reader::PageReader};
use crate::{
    aws::{refusal::Refusal, reply_fault::ReplyFault},
    domain::listing::{ContinuationToken, Entry, Object, Page, PageFault},
};

/// What was asked of the pages here.
fn asked() -> PageRequest {
    PageRequest { prefix: b"logs/".to_vec(), most: 1000, ..PageRequest::default() }
}

/// What is read of an answer that comes in pieces.
fn read<'a>(asked: &PageRequest, pieces: impl IntoIterator<Item = &'a [u8]>) -> Result<Page, ReplyFault> {
    let mut reader = PageReader::new(asked.clone(), EarlyToken::default());
    for piece in pieces {
        reader.feed(piece)?;
    }
    reader.finish()
}

fn whole(text: &str) -> Result<Page, ReplyFault> {
    read(&asked(), [text.as_bytes()])
}

fn byte_by_byte(text: &str) -> Result<Page, ReplyFault> {
    read(&asked(), text.as_bytes().chunks(1))
}

fn listing(inside: &str) -> String {
    format!("<ListBucketResult>{inside}</ListBucketResult>")
}

fn object(key: &str) -> String {
    format!("<Contents><Key>{key}</Key><Size>3</Size></Contents>")
}

fn common(prefix: &str) -> String {
    format!("<CommonPrefixes><Prefix>{prefix}</Prefix></CommonPrefixes>")
}

const URL: &str = "<EncodingType>url</EncodingType>";
const LAST: &str = "<IsTruncated>false</IsTruncated>";
const MORE: &str = "<IsTruncated>true</IsTruncated><NextContinuationToken>t1</NextContinuationToken>";

fn names(page: &Page) -> Vec<String> {
    page.rows.names().map(|name| String::from_utf8_lossy(&name).into_owned()).collect()
}

const OF_AWS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>tide-logs</Name><Prefix>logs/</Prefix><NextContinuationToken>1a/b=</NextContinuationToken><KeyCount>3</KeyCount><MaxKeys>1000</MaxKeys><Delimiter>/</Delimiter><EncodingType>url</EncodingType><IsTruncated>true</IsTruncated><Contents><Key>logs/b+c%2Bd.txt</Key><LastModified>2026-11-22T10:00:00.000Z</LastModified><ETag>&quot;d41d8cd98f00b204e9800998ecf8427e&quot;</ETag><ChecksumAlgorithm>CRC64NVME</ChecksumAlgorithm><Size>434234</Size><Owner><ID>1</ID><DisplayName>d</DisplayName></Owner><StorageClass>STANDARD</StorageClass></Contents><Contents><Key>logs/c</Key><LastModified>2026-11-22T10:00:01.500Z</LastModified><ETag>"d41d8cd98f00b204e9800998ecf8427e-3"</ETag><Size>0</Size><StorageClass>GLACIER</StorageClass></Contents><CommonPrefixes><Prefix>logs/a/</Prefix></CommonPrefixes></ListBucketResult>"#;

#[test]
fn a_page_is_read_as_aws_writes_it() {
    let page = whole(OF_AWS).unwrap();
    let object = |key: &str, size, modified: &str, class: &str, etag: &str| {
        Entry::Object(Object {
            key: key.into(),
            size: Some(size),
            modified: Some(modified.parse().unwrap()),
            storage_class: Some(class.into()),
            etag: Some(etag.into()),
        })
    };
    let md5 = "d41d8cd98f00b204e9800998ecf8427e";
    assert_eq!(
        page.rows.iter().collect::<Vec<_>>(),
        [
            Entry::Prefix("logs/a/".into()),
            object("logs/b c+d.txt", 434_234, "2026-11-22T10:00:00Z", "STANDARD", md5),
            object("logs/c", 0, "2026-11-22T10:00:01.5Z", "GLACIER", &format!("{md5}-3")),
        ]
    );
    assert_eq!(page.next, Some(ContinuationToken("1a/b=".into())));
}

#[test]
fn a_page_is_the_same_wherever_it_is_cut() {
    let page = whole(OF_AWS);
    assert_eq!(byte_by_byte(OF_AWS), page);
    for at in 0..OF_AWS.len() {
        let (first, second) = OF_AWS.as_bytes().split_at(at);
        assert_eq!(read(&asked(), [first, second]), page, "cut at {at}");
    }
}

#[test]
fn a_page_that_stops_anywhere_is_incomplete() {
    for end in 1..OF_AWS.len() {
        assert_eq!(read(&asked(), [&OF_AWS.as_bytes()[..end]]), Err(ReplyFault::CutOff), "{}", &OF_AWS[..end]);
    }
}

#[test]
fn other_ways_to_write_the_same_page_are_read_the_same() {
    let expected = whole(&listing(&format!("{URL}{LAST}{}{}", object("logs/a%26b"), common("logs/z/")))).unwrap();
    for text in [
        // another order, the encoding and the end after the rows
        listing(&format!("{}{}{LAST}{URL}", common("logs/z/"), object("logs/a%26b"))),
        // pretty-printed
        "<?xml version='1.0'?>\n<ListBucketResult>\n\t<EncodingType>url</EncodingType>\r\n  <IsTruncated> false </IsTruncated>\n  \
         <Contents>\n    <Key>logs/a%26b</Key>\n    <Size> 3 </Size>\n  </Contents>\n  <CommonPrefixes>\n    \
         <Prefix>logs/z/</Prefix>\n  </CommonPrefixes>\n</ListBucketResult>\n"
            .into(),
        // not encoded, so that XML has to
        listing(&format!("{LAST}{}{}", object("logs/a&amp;b"), common("logs/z/"))),
        listing(&format!("{LAST}{}{}", object("logs/a&#38;b"), common("logs&#x2f;z/"))),
        listing(&format!("{LAST}{}{}", object("<![CDATA[logs/a&b]]>"), common("logs/<!-- <b> & -->z/"))),
        // what nobody asked about
        format!(
            "\u{feff}<!-- - -> --><ListBucketResult xmlns:x='a>b' x:y = \"/\" >{LAST}<X/><Y z='1'/><Owner><ID>&lt;</ID></Owner>\
             <Contents ><Key>logs/a&amp;b</Key ><Deep><Key>no</Key></Deep><Size>3</Size></Contents>{}</ListBucketResult >",
            common("logs/z/")
        ),
        // several in one
        listing(&format!("{LAST}<CommonPrefixes/>{}<KeyCount>2</KeyCount>{}", object("logs/a&amp;b"), common("logs/z/"))),
    ] {
        assert_eq!(whole(&text), Ok(expected.clone()), "{text}");
        assert_eq!(byte_by_byte(&text), Ok(expected.clone()), "{text}");
    }
}

#[test]
fn keys_are_decoded_where_the_answer_says_that_they_are_encoded() {
    let rows = [object("logs/a%20b"), object("logs/a+c"), object("logs/plain")].concat();
    let decoded = ["logs/a b", "logs/a c", "logs/plain"];
    let verbatim = ["logs/a%20b", "logs/a+c", "logs/plain"];
    for (text, expected) in [
        (listing(&format!("{URL}{LAST}{rows}")), decoded),
        (listing(&format!("{LAST}{rows}{URL}")), decoded),
        (listing(&format!("{LAST}{rows}")), verbatim),
        (listing(&format!("{LAST}{rows}<EncodingType></EncodingType>")), verbatim),
        (listing(&format!("<EncodingType>none</EncodingType>{LAST}{rows}")), verbatim),
    ] {
        assert_eq!(whole(&text).map(|page| names(&page)), Ok(expected.map(str::to_owned).to_vec()), "{text}");
    }
}

#[test]
fn rows_ascend_as_they_are_read_not_as_they_are_written() {
    // é sorts after z, %C3%A9 before it; and a space before %, + after it
    let encoded = [object("logs/z"), object("logs/%C3%A9")].concat();
    let plain = [object("logs/%C3%A9"), object("logs/z")].concat();
    for (text, is_page) in [
        (listing(&format!("{LAST}{encoded}{URL}")), true),
        (listing(&format!("{LAST}{encoded}")), false),
        (listing(&format!("{LAST}{plain}")), true),
        (listing(&format!("{LAST}{plain}{URL}")), false),
        (listing(&format!("{URL}{LAST}{plain}")), false),
    ] {
        let expected = if is_page { Ok(2) } else { Err(PageFault::Order.into()) };
        assert_eq!(whole(&text).map(|page| page.rows.len()), expected, "{text}");
    }
}

#[test]
fn an_object_without_a_size_is_a_row_without_one() {
    for size in ["", "<Size></Size>", "<Size/>"] {
        let page = whole(&listing(&format!("{LAST}<Contents><Key>logs/b</Key>{size}</Contents>"))).unwrap();
        assert_eq!((page.rows.len(), page.rows.size(0)), (1, None), "{size}");
    }
}

#[test]
fn a_page_that_breaks_its_promises_is_no_page() {
    let rows = object("logs/b");
    let objects = |keys: &[&str]| keys.iter().map(|key| object(key)).collect::<String>();
    for (inside, fault) in [
        (format!("{LAST}{rows}<KeyCount>2</KeyCount>"), PageFault::KeyCount),
        (format!("{LAST}{rows}<KeyCount>0</KeyCount>"), PageFault::KeyCount),
        (format!("{LAST}{rows}<KeyCount>-1</KeyCount>"), PageFault::KeyCount),
        (format!("{LAST}<KeyCount></KeyCount>"), PageFault::KeyCount),
        (rows.clone(), PageFault::NoEnd),
        (format!("{rows}<IsTruncated>maybe</IsTruncated>"), PageFault::NoEnd),
        (format!("{rows}<NextContinuationToken>t</NextContinuationToken>"), PageFault::NoEnd),
        (format!("{rows}<IsTruncated>true</IsTruncated>"), PageFault::NoEnd),
        (format!("{rows}<IsTruncated>true</IsTruncated><NextContinuationToken/>"), PageFault::NoEnd),
        (format!("{LAST}{}", object("elsewhere")), PageFault::OutsidePrefix),
        (format!("{LAST}{}", common("log/")), PageFault::OutsidePrefix),
        (format!("{LAST}{}", objects(&["logs/b", "logs/b"])), PageFault::Order),
        (format!("{LAST}{}", objects(&["logs/b", "logs/a"])), PageFault::Order),
        (format!("{LAST}{}{}", common("logs/b/"), common("logs/A/")), PageFault::Order),
        (format!("{LAST}{}{}", object("logs/b/"), common("logs/b/")), PageFault::Order),
        (format!("{LAST}<Contents><Key>logs/b</Key><Size>-1</Size></Contents>"), PageFault::NegativeSize),
        (format!("{LAST}<Contents><Key>logs/b</Key><Size>big</Size></Contents>"), PageFault::SizeNoNumber),
        (format!("{LAST}<Contents><Key>logs/b</Key><Size>1.5</Size></Contents>"), PageFault::SizeNoNumber),
        (format!("{LAST}<Contents><Key>logs/b</Key><Size>--1</Size></Contents>"), PageFault::SizeNoNumber),
        (format!("{LAST}<Contents><Key>logs/b</Key><Size>18446744073709551616</Size></Contents>"), PageFault::HugeSize),
    ] {
        assert_eq!(whole(&listing(&inside)), Err(fault.into()), "{inside}");
    }
}

#[test]
fn a_page_begins_behind_where_the_one_before_ended() {
    let page = |rows: String| listing(&format!("{LAST}{rows}"));
    for (by_name, behind, rows, is_page) in [
        (false, "logs/b", object("logs/c"), true),
        (false, "logs/b", object("logs/b"), false),
        (false, "logs/b", object("logs/a"), false),
        (false, "logs/b/", common("logs/b/"), false),
        (false, "logs/b/", common("logs/c/"), true),
        (true, "logs/b", object("logs/b"), false),
        (true, "logs/b", object("logs/b1"), true),
        (true, "logs/b/5", common("logs/b/"), true),
        (true, "logs/b/\u{10ffff}", common("logs/a/"), false),
    ] {
        let asked = PageRequest { by_name, behind: Some(behind.into()), ..asked() };
        let read = read(&asked, [page(rows.clone()).as_bytes()]);
        let expected = if is_page { Ok(1) } else { Err(PageFault::NotBehind.into()) };
        assert_eq!(read.map(|page| page.rows.len()), expected, "{by_name} {behind} {rows}");
    }
}

#[test]
fn a_token_that_was_used_for_the_page_leads_nowhere() {
    let asked = PageRequest { token: Some(ContinuationToken("t1".into())), ..asked() };
    assert_eq!(read(&asked, [listing(MORE).as_bytes()]), Err(PageFault::RepeatedToken.into()));
    assert!(whole(&listing(MORE)).is_ok());
}

#[test]
fn more_rows_than_were_asked_for_are_no_page() {
    for (most, given, expected) in
        [(1000, 1000, Ok(1000)), (1000, 1001, Err(PageFault::TooMany)), (2, 2, Ok(2)), (2, 3, Err(PageFault::TooMany))]
    {
        let rows: String = (0..given).map(|n| object(&format!("logs/{n:04}"))).collect();
        let page = read(&PageRequest { most, ..asked() }, [listing(&format!("{LAST}{rows}")).as_bytes()]);
        assert_eq!(page.map(|page| page.rows.len()), expected.map_err(ReplyFault::from), "{most} {given}");
    }
}

#[test]
fn keys_that_are_not_utf_8_come_in_the_order_of_their_bytes() {
    let page = whole(&listing(&format!("{URL}{LAST}{}{}", object("logs/z"), object("logs/%FF")))).unwrap();
    assert_eq!(page.rows.name(1), b"logs/\xff");
}

#[test]
fn what_is_not_well_formed_is_no_page() {
    let deep = |depth| format!("{}{}", "<d>".repeat(depth), "</d>".repeat(depth));
    for (inside, is_page) in [
        (String::new(), true),
        (deep(15), true),
        (deep(16), false),
        (format!("<a>{}</a>", "x".repeat(8192)), true),
        (format!("<a>{}</a>", "x".repeat(8193)), false),
        (format!("<!--{}-->", "x".repeat(8185)), true),
        (format!("<!--{}-->", "x".repeat(8186)), false),
        (format!("<a b='{}'/>", "x".repeat(8183)), true),
        (format!("<a b='{}'/>", "x".repeat(8184)), false),
        ("<a></b>".into(), false),
        ("<a><b></a></b>".into(), false),
        ("</a>".into(), false),
        ("text".into(), false),
        ("<a>text<b/></a>".into(), false),
        ("<a><b/>text</a>".into(), false),
        ("<a><b/><![CDATA[text]]></a>".into(), false),
        ("<a>&nbsp;</a>".into(), false),
        ("<a>&amp</a>".into(), false),
        ("<a>& b</a>".into(), false),
        ("<a b/>".into(), false),
        ("<a b=c/>".into(), false),
        ("<a b='1'c='2'/>".into(), false),
        ("<a b='<'/>".into(), false),
        ("<a<b/>".into(), false),
        ("< a/>".into(), false),
        ("<1/>".into(), false),
        ("<>".into(), false),
        ("<!ENTITY a 'b'>".into(), false),
        ("<!DOCTYPE a>".into(), false),
        ("<Contents><Size>1</Size></Contents>".into(), false),
        ("<Contents><Key>logs/a</Key><Key>logs/b</Key><Size>1</Size></Contents>".into(), false),
        (common(""), false),
        ("<IsTruncated>true</IsTruncated>".into(), false),
        ("<KeyCount>0</KeyCount><KeyCount>0</KeyCount>".into(), false),
    ] {
        let text = listing(&format!("{LAST}{inside}"));
        let shown = &text[..text.len().min(120)];
        for read in [whole(&text), byte_by_byte(&text)] {
            assert!(read.is_ok() == is_page && !matches!(read, Err(ReplyFault::CutOff)), "{shown}: {read:?}");
        }
    }
}

#[test]
fn nothing_follows_a_page() {
    let page = listing(LAST);
    for (behind, is_page) in
        [("\n \r\n", true), ("x", false), ("<a/>", false), ("<!-- -->", false), ("<", false), (&page, false)]
    {
        let text = format!("{page}{behind}");
        assert_eq!((whole(&text).is_ok(), byte_by_byte(&text).is_ok()), (is_page, is_page), "{text}");
    }
}

#[test]
fn what_is_no_answer_of_s3_is_shown_by_its_beginning() {
    for (text, said) in [
        ("", "it is empty"),
        (" \n", "it is empty"),
        (
            "<!DOCTYPE html><html><body>Welcome</body></html>",
            "it is a web page that starts with <!DOCTYPE html><html><body>Welcome</body…",
        ),
        ("<html><title>Welcome</title></html>", "it is a web page with the title \"Welcome\""),
        ("<ListAllMyBucketsResult/>", "it is XML with the root <ListAllMyBucketsResult>"),
        ("{\"a\":1}", "it is JSON that starts with {\"a\":1}"),
        ("\u{1b}]0;owned\u{7}", "it is binary"),
        ("\u{1f8b}", "it starts with \u{1f8b}"),
        ("<s3:ListBucketResult/>", "it is XML with the root <s3:ListBucketResult>"),
    ] {
        assert_eq!(whole(text), Err(ReplyFault::Foreign(said.into())), "{text}");
        let fault = byte_by_byte(text).unwrap_err();
        assert!(matches!(&fault, ReplyFault::Foreign(_)), "{text}: {fault}");
    }
}

#[test]
fn a_refusal_with_the_status_of_a_success_is_a_refusal() {
    let text = "<?xml version=\"1.0\"?>\n<Error><Code>SlowDown</Code><Message>a &amp; b</Message><Token-0>canary</Token-0></Error>";
    let refusal = Refusal { code: "SlowDown".into(), message: Some("a & b".into()) };
    assert_eq!(whole(text), Err(ReplyFault::Refused(refusal)));
    assert_eq!(whole(&text[..60]), Err(ReplyFault::CutOff));
}

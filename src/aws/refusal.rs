//! Error responses in forms that the SDK does not read: other services answer STS and IAM calls in the form of S3, of
//! other protocols, or in JSON.
//!
//! Invariant: only code and message are taken from a response, from where these forms have them. Nothing else is kept:
//! it may be a session token.

use serde_json::Value;

/// A reply longer than this is no refusal.
const LONGEST: usize = 65_536;

/// What a reply says was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: String,
    pub(super) message: Option<String>,
}

/// The code and message of a reply, if it has a code.
pub(super) fn parse_refusal(body: &[u8]) -> Option<Refusal> {
    let text = std::str::from_utf8(body).ok().filter(|text| text.len() <= LONGEST)?.trim_start();
    if text.starts_with('{') { in_json(text) } else { in_xml(text) }
}

fn in_json(text: &str) -> Option<Refusal> {
    let reply: Value = serde_json::from_str(text).ok()?;
    let inner = ["Error", "error"].into_iter().map(|name| &reply[name]).find(|inner| inner.is_object());
    let named = |names: [&str; 3]| {
        let of = inner.unwrap_or(&reply);
        names.into_iter().find_map(|name| of[name].as_str()).map(str::to_owned)
    };
    let code = named(["__type", "Code", "code"])?;
    // `com.amazon.coral.service#UnknownOperationException`
    let code = code.rsplit('#').next().unwrap_or_default().to_owned();
    is_code(&code).then(|| Refusal { code, message: named(["message", "Message", "msg"]) })
}

fn in_xml(text: &str) -> Option<Refusal> {
    let (_, error) = text.split_once("<Error>")?;
    let code = element_text(error, "Code").filter(|code| is_code(code))?;
    Some(Refusal { code, message: element_text(error, "Message") })
}

fn element_text(text: &str, name: &str) -> Option<String> {
    let (_, rest) = text.split_once(&format!("<{name}>"))?;
    let (inside, _) = rest.split_once('<')?;
    let plain = inside.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&apos;", "'");
    Some(plain.replace("&amp;", "&").trim().to_owned())
}

/// A code is a word; whatever else stands in its place is not taken for one.
fn is_code(text: &str) -> bool {
    (1..=128).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_and_a_message_are_taken_from_where_they_stand_and_nothing_else() {
        for (body, expected) in [
            ("<Error><Code>AccessDenied</Code><Token-0>canary</Token-0></Error>", Some(("AccessDenied", None))),
            ("<?xml?>\n<Error><Message>a &amp; b</Message><Code>X</Code></Error>", Some(("X", Some("a & b")))),
            ("<R><Errors><Error><Code>X</Code></Error></Errors></R>", Some(("X", None))),
            (r#"{"__type":"a.b#X","message":"m"}"#, Some(("X", Some("m")))),
            (r#"{"error":{"code":"X","message":"m"}}"#, Some(("X", Some("m")))),
            (r#"{"Code":"two words"}"#, None),
            ("<Error><Code></Code></Error>", None),
            ("<Error><Code>X", None),
            ("<html></html>", None),
            ("{", None),
            ("", None),
        ] {
            let found = parse_refusal(body.as_bytes());
            let found = found.as_ref().map(|found| (found.code.as_str(), found.message.as_deref()));
            assert_eq!(found, expected, "{body}");
        }
    }

    #[test]
    fn what_is_no_text_or_too_long_is_no_refusal() {
        let long = format!("<Error><Code>X</Code></Error>{}", " ".repeat(LONGEST));
        assert_eq!((parse_refusal(b"\xff<Error><Code>X</Code></Error>"), parse_refusal(long.as_bytes())), (None, None));
    }
}

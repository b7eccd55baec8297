//! Recognizes and describes a response that no AWS service sends: a web page with its title, JSON, something compressed.
//!
//! Invariant: only a title, the name of a root, a message or the first characters are shown. They are foreign text.

use serde_json::Value;

/// Characters shown of a response that is none of these.
const SHOWN: usize = 40;

/// Characters shown of a title or message.
const LONGEST_TITLE: usize = 80;

/// What it is, as a clause; `first` is the response or its beginning.
pub(super) fn looks_like(first: &[u8]) -> String {
    if let Some(by) = compressed_by(first) {
        return format!("it is compressed with {by}, which was not requested");
    }
    let whole = String::from_utf8_lossy(first);
    let text = whole.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    if text.is_empty() {
        return "it is empty".into();
    }
    if text.chars().take(SHOWN).any(|c| c == char::REPLACEMENT_CHARACTER || c.is_control() && !c.is_whitespace()) {
        return "it is binary".into();
    }
    if is_web_page(text) {
        return html_title(text).map_or_else(
            || format!("it is a web page that starts with {}", reply_beginning(text)),
            |title| format!("it is a web page with the title \"{title}\""),
        );
    }
    if text.starts_with(['{', '[']) {
        return message_in(text).map_or_else(
            || format!("it is JSON that starts with {}", reply_beginning(text)),
            |message| format!("it is JSON with the message \"{message}\""),
        );
    }
    match root_element(text) {
        Some(root) => format!("it is XML with the root <{root}>"),
        None => format!("it starts with {}", reply_beginning(text)),
    }
}

/// Whether the body of an error response cannot be from the service: it is neither empty nor XML with the root of an
/// error. Forms with a code are recognized before, by [`parse_refusal`](super::refusal::parse_refusal).
pub(super) fn is_foreign_error(body: &[u8]) -> bool {
    let whole = String::from_utf8_lossy(body);
    let text = whole.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    !text.is_empty() && !root_element(text).is_some_and(|root| ["Error", "ErrorResponse", "Response"].contains(&root))
}

/// Recognized by their first bytes. <https://www.rfc-editor.org/rfc/rfc1952#section-2.3>,
/// <https://www.rfc-editor.org/rfc/rfc8878#section-3.1>
fn compressed_by(first: &[u8]) -> Option<&'static str> {
    match first {
        [0x1f, 0x8b, ..] => Some("gzip"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("zstd"),
        _ => None,
    }
}

fn is_web_page(text: &str) -> bool {
    let start: String = text.chars().take(256).collect::<String>().to_ascii_lowercase();
    ["<!doctype html", "<html", "<head", "<body", "<title"].iter().any(|tag| start.contains(tag))
}

fn html_title(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let open = lower.find("<title")?;
    let from = open + lower[open..].find('>')? + 1;
    let inside = &text[from..from + lower[from..].find("</title")?];
    let plain = inside.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
    shorten_line(&plain)
}

/// The message of gateways and proxies: `{"message": "Forbidden"}`.
fn message_in(text: &str) -> Option<String> {
    let reply: Value = serde_json::from_str(text).ok()?;
    let said = ["message", "Message", "error", "detail"].into_iter().find_map(|name| reply.get(name)?.as_str())?;
    shorten_line(said)
}

/// On one line, cut where it is too long; `None` if nothing is left.
fn shorten_line(text: &str) -> Option<String> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = line.chars().take(LONGEST_TITLE).collect();
    let more = if shown.len() < line.len() { "…" } else { "" };
    (!line.is_empty()).then(|| format!("{shown}{more}"))
}

fn reply_beginning(text: &str) -> String {
    let shown: String = text.chars().take(SHOWN).collect();
    let more = if shown.len() < text.len() { "…" } else { "" };
    format!("{shown}{more}")
}

/// The name of the first element, after declarations and comments.
fn root_element(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.trim_start().strip_prefix('<')?;
        let end = match rest {
            _ if rest.starts_with('?') => "?>",
            _ if rest.starts_with("!--") => "-->",
            _ => break,
        };
        rest = rest.split_once(end)?.1;
    }
    let name = rest.split(|c: char| !(c.is_alphanumeric() || "_-.:".contains(c))).next().unwrap_or_default();
    (1..=LONGEST_TITLE).contains(&name.len()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_of_something_else_is_named_as_what_it_is() {
        for (body, told) in [
            (&b""[..], "it is empty"),
            (b" \r\n\xef\xbb\xbf", "it is empty"),
            (
                b"<!DOCTYPE html><html><head><title>\n Sign in &amp; go\n</title>",
                "a web page with the title \"Sign in & go\"",
            ),
            (b"<HTML><HEAD lang=x><TITLE dir=ltr>502 Bad Gateway</TITLE>", "with the title \"502 Bad Gateway\""),
            (
                b"<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html xmlns='y'><title/>",
                "it is a web page that starts with",
            ),
            (b"<html><title></title>", "it is a web page that starts with <html>"),
            (b"<html><title>never closed", "it is a web page that starts with"),
            (b"{\"message\": \"Forbidden\"}", "it is JSON with the message \"Forbidden\""),
            (b"{\"ok\": true}", "it is JSON that starts with {\"ok\": true}"),
            (b"[1, 2", "it is JSON that starts with [1, 2"),
            (b"\x1f\x8b\x08\0\0\0", "compressed with gzip"),
            (b"\x28\xb5\x2f\xfd\x04", "compressed with zstd"),
            (
                b"<?xml version=\"1.0\"?>\n<!-- x --><ListAllMyBucketsResult xmlns='a'>",
                "the root <ListAllMyBucketsResult>",
            ),
            (b"<a/>", "the root <a>"),
            (b"\x16\x03\x01\0\xa5", "it is binary"),
            (b"PK\x03\x04", "it is binary"),
            (b"upstream connect error or disconnect/reset before headers", "it starts with upstream connect error"),
            (b"< what", "it starts with < what"),
        ] {
            let said = looks_like(body);
            assert!(said.contains(told), "{:?}: {said}", String::from_utf8_lossy(body));
        }
    }

    #[test]
    fn no_more_is_told_than_a_line() {
        for body in [
            format!("<html><title>{}</title>", "x ".repeat(5000)),
            format!("{{\"message\": \"{}\"}}", "é".repeat(5000)),
            "z".repeat(5000),
            format!("<{}>", "r".repeat(5000)),
        ] {
            assert!(looks_like(body.as_bytes()).chars().count() < 160, "{body}");
        }
    }
}

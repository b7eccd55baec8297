//! Sends names that are not UTF-8 to S3.
//!
//! The SDK takes names as text and encodes that text for the query. Where a character [stands for a byte](name_text),
//! the byte is put in its place before the request is signed.
//!
//! Invariant: the name is sent byte for byte. A query without such a character is not changed.

use aws_sdk_s3::config::{ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeTransmitInterceptorContextMut};
use aws_smithy_runtime_api::box_error::BoxError;
use percent_encoding::percent_decode_str;

use crate::domain::name_text;

/// How every character that stands for a byte begins in a query: U+10FE80 to U+10FEFF.
const BEGINNING: &str = "%F4%8F%B";

/// A character of four bytes, each as `%XX`.
const LENGTH: usize = 12;

/// Sends names by their bytes.
#[derive(Debug, Clone, Copy)]
pub(super) struct RawByteNames;

impl Intercept for RawByteNames {
    fn name(&self) -> &'static str {
        "NamesByTheirBytes"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        if let Some(uri) = by_bytes(request.uri()) {
            request.set_uri(uri)?;
        }
        Ok(())
    }
}

/// The same address with bytes in the place of characters; `None` if none of them stands for one.
fn by_bytes(uri: &str) -> Option<String> {
    let (mut written, mut rest, mut found) = (String::new(), uri, false);
    while let Some(at) = rest.find(BEGINNING) {
        let (before, here) = rest.split_at(at);
        written.push_str(before);
        let character = here.get(..LENGTH).and_then(|encoded| percent_decode_str(encoded).decode_utf8().ok());
        let byte = character.and_then(|character| name_text::byte_of(character.chars().next()?));
        let length = if byte.is_some() { LENGTH } else { BEGINNING.len() };
        match byte {
            Some(byte) => written.extend(["%", &hex::encode_upper([byte])]),
            None => written.push_str(&here[..length]),
        }
        found |= byte.is_some();
        rest = &here[length..];
    }
    written.push_str(rest);
    found.then_some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_holds_the_bytes_of_a_name() {
        for (name, query) in [
            (&b"a\xff/"[..], Some("?prefix=a%FF%2F&x=1")),
            (b"\x80\xc3\xc3", Some("?prefix=%80%C3%C3&x=1")),
            ("plain/é\u{10f000}".as_bytes(), None),
            ("\u{10feff}".as_bytes(), Some("?prefix=%F4%8F%BB%BF&x=1")),
        ] {
            let text = name_text::text_of(name);
            let encoded: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
            assert_eq!(by_bytes(&format!("?prefix={encoded}&x=1")).as_deref(), query, "{name:?}");
        }
        assert_eq!(by_bytes("?prefix=%F4%8F%B"), None);
    }
}

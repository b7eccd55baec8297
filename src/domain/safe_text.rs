//! stub
use std::borrow::Cow;
/// stub
pub fn printable(text: &str) -> Cow<'_, str> {
    Cow::Owned(text.escape_default().to_string())
}

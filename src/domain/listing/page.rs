//! One answer of a listing call, checked.
//!
//! Invariant: rows ascend and lie below the prefix that was asked for; a page that breaks a promise of the protocol
//! does not exist.

use super::Entry;

/// Opaque; continues a listing where the last page ended. Not tied to the credentials that got it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ContinuationToken(pub String);

/// Rows that arrived together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Page {
    /// In ascending order of UTF-8 bytes.
    pub entries: Vec<Entry>,
    /// `None`: the service said that this is all.
    pub next: Option<ContinuationToken>,
    /// Where the bucket lives, if it is not where it was looked for.
    pub elsewhere: Option<String>,
}

/// How an answer broke the protocol's promises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PageFault {
    /// `IsTruncated` without a token to go on with, or not said at all.
    #[error("the page does not say whether it is the last")]
    NoEnd,
    /// `KeyCount` differs from the rows that came.
    #[error("the page does not hold as many keys as it says")]
    KeyCount,
    /// A key outside the prefix that was asked for.
    #[error("the page holds a key outside the prefix")]
    OutsidePrefix,
    /// The token was given before: following it would go round in circles.
    #[error("the service gave the same continuation token twice")]
    RepeatedToken,
    /// More rows than were asked for.
    #[error("the page holds more rows than were asked for")]
    TooMany,
    /// An object whose size is missing or negative.
    #[error("the page holds an object without a size")]
    Size,
    /// Rows that do not ascend.
    #[error("the page's keys are not in ascending order")]
    Order,
}

impl Page {
    /// A page of rows below `prefix`, brought into one order: the wire has objects and common prefixes apart, each
    /// ascending, which only whoever reads the wire can check.
    ///
    /// # Errors
    /// If a row lies elsewhere or comes twice: such an answer is not taken for a listing.
    pub fn checked(mut entries: Vec<Entry>, next: Option<ContinuationToken>, prefix: &str) -> Result<Self, PageFault> {
        if entries.iter().any(|entry| !entry.name().starts_with(prefix)) {
            return Err(PageFault::OutsidePrefix);
        }
        entries.sort_by(|a, b| a.name().cmp(b.name()));
        if entries.windows(2).any(|pair| pair[0].name() == pair[1].name()) {
            return Err(PageFault::Order);
        }
        Ok(Self { entries, next, elsewhere: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefix(name: &str) -> Entry {
        Entry::Prefix(name.into())
    }

    #[test]
    fn objects_and_common_prefixes_are_merged_in_byte_order() {
        let page =
            Page::checked(vec![prefix("a/b"), prefix("a/\u{e9}"), prefix("a/Z"), prefix("a/c")], None, "a/").unwrap();
        let names: Vec<&str> = page.entries.iter().map(Entry::name).collect();
        assert_eq!(names, ["a/Z", "a/b", "a/c", "a/\u{e9}"]);
    }

    #[test]
    fn a_page_with_foreign_or_repeated_keys_is_no_listing() {
        assert_eq!(Page::checked(vec![prefix("b/")], None, "a/"), Err(PageFault::OutsidePrefix));
        assert_eq!(Page::checked(vec![prefix("a/b"), prefix("a/b")], None, "a/"), Err(PageFault::Order));
    }
}

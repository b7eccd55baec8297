//! Pages of a bucket's keys, rolled up at a delimiter, whichever call asks for them.
//!
//! Invariant: the items of a listing (keys, and common prefixes for the keys they stand for) come in the order of their
//! bytes, each once; a page is the first items that sort strictly after a position, and the position of the next page is
//! the last item of this one. So a token needs no memory here, and no key below a common prefix is ever looked at twice.
//! Where all versions are listed, a key is as many items as it has versions, newest first.

use std::{
    collections::BTreeMap,
    ops::Bound::{self, Excluded, Included, Unbounded},
};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use crate::sandbox::{
    error_response::ErrorResponse,
    world::{KeyHistory, KeyVersion},
};

/// Bytes of a continuation token that prove it is one of ours.
const PROOF: usize = 6;

/// What is listed.
pub(super) struct ListQuery<'a> {
    pub(super) prefix: &'a str,
    pub(super) delimiter: &'a str,
    /// Only items that sort after it.
    pub(super) after: Option<&'a str>,
    /// Of the key that `after` is, also the versions that are older than this one.
    pub(super) after_version: Option<&'a str>,
    pub(super) most: usize,
    /// All versions and delete markers, not only the current objects.
    pub(super) all_versions: bool,
}

/// A key, or a version of it.
pub(super) struct ListedVersion<'a> {
    pub(super) key: &'a str,
    pub(super) version: &'a KeyVersion,
    pub(super) is_latest: bool,
}

/// The last item of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ListEnd<'a> {
    pub(super) text: &'a str,
    /// Which version of a key; a common prefix has none.
    pub(super) version: Option<&'a str>,
}

/// One page.
pub(super) struct ListPage<'a> {
    pub(super) keys: Vec<ListedVersion<'a>>,
    pub(super) common_prefixes: Vec<&'a str>,
    /// The last item, where there are more.
    pub(super) more_after: Option<ListEnd<'a>>,
}

impl ListPage<'_> {
    fn is_full(&self, most: usize) -> bool {
        self.keys.len() + self.common_prefixes.len() >= most
    }
}

impl ListQuery<'_> {
    /// The page that it begins with.
    pub(super) fn first_page<'a>(&self, objects: &'a BTreeMap<String, KeyHistory>) -> ListPage<'a> {
        let mut page = ListPage { keys: vec![], common_prefixes: vec![], more_after: None };
        let mut last = None;
        let mut rest =
            self.first_bound().map(|start| objects.range::<str, _>((start.as_ref().map(String::as_str), Unbounded)));
        while let Some((key, history)) = rest.as_mut().and_then(Iterator::next) {
            if !key.starts_with(self.prefix) {
                break;
            }
            let mut versions = self.listed_versions(key, history).peekable();
            if versions.peek().is_none() {
                continue;
            }
            if let Some(common) = self.common_prefix(key) {
                if page.is_full(self.most) {
                    page.more_after = last;
                    break;
                }
                page.common_prefixes.push(common);
                last = Some(ListEnd { text: common, version: None });
                rest =
                    prefix_successor(common).map(|next| objects.range::<str, _>((Included(next.as_str()), Unbounded)));
                continue;
            }
            for listed in versions {
                if page.is_full(self.most) {
                    page.more_after = last;
                    return page;
                }
                last = Some(ListEnd { text: key, version: Some(listed.version.id()) });
                page.keys.push(listed);
            }
        }
        page
    }

    /// The items that a key is.
    fn listed_versions<'a>(
        &self,
        key: &'a str,
        history: &'a KeyHistory,
    ) -> impl Iterator<Item = ListedVersion<'a>> + use<'a> {
        let counted = match (self.all_versions, history.current()) {
            (true, _) => usize::MAX,
            (false, current) => usize::from(current.is_some()),
        };
        let skipped = self.after_version.filter(|_| self.after == Some(key));
        // Unknown ids were refused before.
        let skipped = skipped.and_then(|id| history.versions().position(|version| version.id() == id));
        let versions = history.versions().take(counted).enumerate();
        let listed = versions.map(move |(age, version)| ListedVersion { key, version, is_latest: age == 0 });
        listed.skip(skipped.map_or(0, |place| place + 1))
    }

    /// Where the first item can stand; `None` where nothing can.
    fn first_bound(&self) -> Option<Bound<String>> {
        let Some(after) = self.after.filter(|after| *after >= self.prefix) else {
            return Some(Included(self.prefix.to_owned()));
        };
        // A position on or below a common prefix is after that prefix, and so after all it stands for.
        match self.common_prefix(after) {
            Some(common) => prefix_successor(common).map(Included),
            // Its older versions may be left.
            None if self.after_version.is_some() => Some(Included(after.to_owned())),
            None => Some(Excluded(after.to_owned())),
        }
    }

    /// What `key` is rolled up to: everything up to the first delimiter after the prefix.
    fn common_prefix<'a>(&self, key: &'a str) -> Option<&'a str> {
        let rest = key.strip_prefix(self.prefix).filter(|_| !self.delimiter.is_empty())?;
        let end = rest.find(self.delimiter)? + self.delimiter.len();
        Some(&key[..self.prefix.len() + end])
    }
}

/// The least text that sorts after everything that begins with `prefix`: its last character made the next one.
fn prefix_successor(prefix: &str) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        // Characters sort as their UTF-8 does; the range steps over the surrogates, which no text holds.
        if let Some(next) = (last..=char::MAX).nth(1) {
            text.push(next);
            return Some(text);
        }
    }
    None
}

/// The continuation token for what comes after `position`.
pub(super) fn token_of(position: &str) -> String {
    let mut bytes = token_checksum(position);
    bytes.extend_from_slice(position.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(bytes)
}

/// The position a continuation token stands for, if it is one.
pub(super) fn position_of(token: &str) -> Result<String, ErrorResponse> {
    let position = BASE64_URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| {
        let (found, position) = bytes.split_at_checked(PROOF)?;
        let position = std::str::from_utf8(position).ok()?;
        (found == token_checksum(position)).then(|| position.to_owned())
    });
    let message = "The continuation token provided is incorrect";
    position.ok_or_else(|| ErrorResponse::invalid_argument("continuation-token", token, message))
}

fn token_checksum(position: &str) -> Vec<u8> {
    Sha256::digest(position)[..PROOF].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_follows_a_prefix_is_the_least_text_that_does() {
        for (prefix, next) in [("a/", Some("a0")), ("é", Some("ê")), ("a\u{10ffff}", Some("b")), ("\u{10ffff}", None)]
        {
            assert_eq!(prefix_successor(prefix).as_deref(), next);
        }
        assert_eq!(prefix_successor("\u{d7ff}").as_deref(), Some("\u{e000}"));
    }

    #[test]
    fn a_token_that_was_changed_is_none_of_ours() {
        let token = token_of("readings/é");
        assert_eq!(position_of(&token).unwrap(), "readings/é");
        for forged in ["", "x", "forged", &token[1..], &format!("{token}A"), &token.replacen('c', "d", 1)] {
            assert!(position_of(forged).is_err(), "{forged}");
        }
    }
}

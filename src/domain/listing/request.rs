//! The parameters of a page request.
//!
//! Invariant: a token is enough to continue; without one, the request continues after the last row.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use super::ContinuationToken;
use crate::domain::{
    failure::{Failure, FailureKind},
    location::Location,
    name_text::bytes_of,
};

/// One page to ask for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListRequest {
    /// Where; without a bucket, the list of buckets.
    pub location: Location,
    /// Whether to roll keys up to the next `/`.
    pub delimited: bool,
    /// Where the last page ended.
    pub after: Option<ContinuationToken>,
    /// The last row that came: where to go on if the token is refused, as by a service that has forgotten it.
    pub last: Option<String>,
    /// Rows at most; S3 gives 1000 at most.
    pub max_keys: Option<u32>,
}

/// Counts the requests of a listing as they are sent, retries included. Clones share the count.
#[derive(Debug, Clone, Default)]
pub struct RequestCounter(Arc<AtomicU64>);

impl RequestCounter {
    /// Counts one request.
    pub fn count_request(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Requests so far.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Whether a failure may mean that the token which the page was requested with is refused: a request that is wrong,
/// which it was not before. Services have many codes for it; those for ended sessions, regions and the like have kinds
/// of their own.
pub fn may_refuse_the_token(failure: &Failure) -> bool {
    failure.status == Some(400) && matches!(failure.kind, FailureKind::Invalid | FailureKind::Other)
}

/// Bytes that a key has at most. <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>
const LONGEST_KEY: usize = 1024;

impl ListRequest {
    /// The name after which the page is to begin, where no token says it. After a common prefix that is after every
    /// key that it can stand for, or it would come again.
    pub fn start_after(&self) -> Option<String> {
        let mut last = self.last.clone().filter(|_| self.after.is_none())?;
        if self.delimited && last.ends_with('/') && last != self.location.prefix {
            let room = LONGEST_KEY.saturating_sub(bytes_of(&last).len()) / char::MAX.len_utf8();
            last.extend(std::iter::repeat_n(char::MAX, room));
        }
        Some(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_token_a_listing_goes_on_behind_its_last_row_and_all_that_it_stands_for() {
        for (delimited, last, rolled_up) in
            [(true, "logs/a.txt", false), (true, "logs/a/", true), (true, "logs/", false), (false, "logs/a/", false)]
        {
            let location = Location::new("tide-logs", "logs/");
            let request = ListRequest { location, delimited, last: Some(last.into()), ..ListRequest::default() };
            let start = request.start_after().unwrap();
            let longest = format!("{last}{}", "\u{10ffff}".repeat((1024 - last.len()) / 4));
            assert_eq!(start, if rolled_up { longest } else { last.to_owned() }, "{delimited} {last}");
            let with_token = ListRequest { after: Some(ContinuationToken("t".into())), ..request };
            assert_eq!(with_token.start_after(), None);
        }
        assert_eq!(ListRequest::default().start_after(), None);
    }
}

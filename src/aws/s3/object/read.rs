//! Content by ranges: at most so many bytes, whatever the service sends.
//!
//! Invariant: no more than what was asked for is read, also from a service that ignores ranges: then the connection is
//! dropped. What is returned is what was asked for, or less where the object ends; never other bytes.

use hyper::body::Bytes;

use crate::{
    aws::s3::S3,
    domain::{
        failure::{Failure, FailureKind},
        object::{ByteRange, ObjectAddress, ObjectHead, ReadCost, ServedRange},
    },
};

/// Bytes of an object to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadRequest {
    /// Of which object.
    pub address: ObjectAddress,
    /// Which bytes.
    pub range: ByteRange,
    /// The `ETag` without quotes that the object must still have.
    pub if_match: Option<String>,
}

impl ReadRequest {
    /// These bytes of an object, whatever it is now.
    pub fn new(address: ObjectAddress, range: ByteRange) -> Self {
        Self { address, range, if_match: None }
    }

    /// The same, if the object still has this `ETag`.
    #[must_use]
    pub fn if_unchanged(self, etag: Option<String>) -> Self {
        Self { if_match: etag, ..self }
    }
}

/// Bytes that came.
#[derive(Debug, Clone)]
pub struct ReadBytes {
    /// The bytes.
    pub bytes: Bytes,
    /// The position of the first in the object.
    pub first: u64,
    /// The size of the object, where the service says so.
    pub total: Option<u64>,
    /// What came of the object besides.
    pub head: ObjectHead,
    /// Whether the service ignored the range.
    pub range_ignored: bool,
    /// What it cost.
    pub cost: ReadCost,
}

impl ReadBytes {
    /// The position behind the last byte.
    pub fn end(&self) -> u64 {
        self.first + self.bytes.len() as u64
    }

    /// Whether these are the last bytes of the object.
    pub fn reaches_end(&self) -> bool {
        self.total == Some(self.end())
    }
}

impl S3 {
    /// Reads bytes of an object, at most so many.
    ///
    /// An object that is empty has no bytes, whichever are asked for.
    ///
    /// # Errors
    /// Whatever S3 says; `Malformed` where the service sends fewer or more bytes than it says, or ignores the range so
    /// that the bytes would come only behind all those before them; `Other` if the object has changed.
    pub async fn read_bytes(&self, request: &ReadRequest, most: u64) -> Result<ReadBytes, Failure> {
        let mut stream = self.open_object(request).await?;
        let subject = request.address.to_string();
        let attempt = self.attempt("read", &subject);
        let served = stream.served();
        let skip = if stream.range_ignored() { skipped_bytes(request.range, served, most) } else { Some(0) };
        let skip = skip.ok_or_else(|| attempt.malformed_reply(IGNORED_RANGE).with_hint(WITHOUT_RANGES))?;
        let wanted = request.range.length().map_or(most, |length| length.min(most)).saturating_add(skip);
        // Not by what a header says: only what has come takes memory.
        let mut bytes = vec![];
        while (bytes.len() as u64) < wanted
            && let Some(chunk) = stream.next_chunk().await?
        {
            let room = usize::try_from(wanted - bytes.len() as u64).unwrap_or(usize::MAX);
            bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        }
        let skipped = usize::try_from(skip).unwrap_or(usize::MAX).min(bytes.len());
        Ok(ReadBytes {
            bytes: Bytes::from(bytes).slice(skipped..),
            first: served.first + skip,
            // The end may have shown only where nothing was left.
            total: stream.served().total,
            range_ignored: stream.range_ignored(),
            cost: stream.cost(),
            head: stream.into_head(),
        })
    }
}

const IGNORED_RANGE: &str = "the service ignores ranges, so these bytes would come only behind all those before them";
const WITHOUT_RANGES: &str = "read the object from its beginning";

/// How many bytes come before those that were asked for, from a service that ignores the range and sends everything;
/// `None` where they do not all fit.
fn skipped_bytes(asked: ByteRange, served: ServedRange, most: u64) -> Option<u64> {
    let before = match asked {
        ByteRange::Whole => 0,
        ByteRange::From(first) | ByteRange::Between(first, _) => first,
        ByteRange::Last(count) => served.total?.saturating_sub(count),
    };
    (before < most || before == 0).then_some(before)
}

/// The refusal of a range that the object does not have.
pub(super) fn no_such_range(failure: Failure, size: Option<u64>) -> Failure {
    let message = match size {
        Some(size) => format!("the object has only {size} bytes"),
        None => "the object does not have these bytes".into(),
    };
    Failure { kind: FailureKind::Invalid, message, ..failure }
}

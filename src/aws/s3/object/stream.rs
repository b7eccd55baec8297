//! The content of an object as it arrives, of any size.
//!
//! Where a connection breaks, or a service sends a part of the range alone, the rest is asked for, on the condition that
//! the object is still the same.
//!
//! Invariant: the bytes that are handed out are those that were asked for, in order and without a gap, or the stream ends
//! in a failure. It is never taken for complete before the last byte that was promised. What is held in memory is what
//! the connection has brought last.

use std::time::Duration;

use aws_sdk_s3::{Client, operation::get_object::GetObjectError};
use aws_smithy_types::byte_stream::ByteStream;
use hyper::body::Bytes;

use super::{
    as_condition,
    collector::HeaderCollector,
    explain_absence,
    headers::ObjectHeaders,
    read::{ReadRequest, no_such_range},
};
use crate::{
    aws::{
        calls::{CallError, RetryMode},
        s3::{
            S3,
            bucket_call::{reply_header, with_message},
            names::RawByteNames,
        },
    },
    domain::{
        failure::{Failure, FailureKind},
        object::{ByteRange, ObjectHead, ReadCost, ServedRange},
    },
};

/// How often in a row the rest is asked for, unless there is [`PROGRESS`] between.
const MOST_BREAKS: u32 = 4;

/// Bytes after which a connection that breaks is no longer the same trouble.
const PROGRESS: u64 = 1024 * 1024;

/// What is waited before the rest is asked for; twice as long each time.
const SHORTEST_PAUSE: Duration = Duration::from_millis(250);

/// Content that arrives. Dropping it closes the connection.
#[derive(Debug)]
pub struct ObjectStream {
    s3: S3,
    request: ReadRequest,
    head: ObjectHead,
    served: ServedRange,
    range_ignored: bool,
    body: Option<ByteStream>,
    /// Of the next byte.
    position: u64,
    /// Whether the response that is being read is a part of the object.
    is_part: bool,
    /// Behind the last byte of the response that is being read, where the service says so.
    part_end: Option<u64>,
    /// Behind the last byte that is wanted, where that is known.
    end: Option<u64>,
    cost: ReadCost,
    breaks: u32,
    /// Where the connection broke last.
    broke_at: u64,
}

/// A response whose body has not been read.
struct OpenedReply {
    headers: ObjectHeaders,
    /// `None`: the object has no bytes there.
    body: Option<ByteStream>,
    served: ServedRange,
    /// How many it took.
    requests: u32,
}

impl S3 {
    /// Asks for content, and returns once the service has begun to send it. An object that is empty has none, whichever
    /// bytes are asked for.
    ///
    /// # Errors
    /// Whatever S3 says; `Other` if the object no longer has the `ETag` of the request.
    pub async fn open_object(&self, request: &ReadRequest) -> Result<ObjectStream, Failure> {
        let OpenedReply { headers, body, served, requests } = self.send_get(request).await?;
        let is_part = headers.is_partial();
        let mut stream = ObjectStream {
            s3: self.clone(),
            request: request.clone(),
            head: headers.read_head(),
            served,
            range_ignored: request.range != ByteRange::Whole && body.is_some() && !is_part,
            body,
            position: served.first,
            is_part,
            part_end: served.end(),
            end: if is_part { served.end_of(request.range) } else { served.end() },
            cost: ReadCost { requests, bytes: 0 },
            breaks: 0,
            broke_at: 0,
        };
        stream.check_unchanged(&headers, request.if_match.as_deref())?;
        Ok(stream)
    }

    async fn send_get(&self, request: &ReadRequest) -> Result<OpenedReply, Failure> {
        let (headers, body) = match self.call_get(request, "read").await {
            Ok(reply) => reply,
            Err(refused) if refused.failure.status == Some(416) => {
                let size = reply_header(&refused, "content-range").and_then(ServedRange::parse_unsatisfied);
                return Box::pin(self.nothing_there(request, size, refused.failure)).await;
            }
            Err(refused) => return Err(explain_get(*refused)),
        };
        let subject = request.address.to_string();
        let attempt = self.attempt("read", &subject);
        let served = headers
            .served_range()
            .ok_or_else(|| attempt.malformed_reply("the response does not say which bytes of the object it has"))?;
        if headers.is_partial() && !served.is_within(request.range) {
            return Err(attempt.malformed_reply("the service sent other bytes than were requested"));
        }
        Ok(OpenedReply { headers, body: Some(body), served, requests: 1 })
    }

    /// `GetObject`, with the refusal as it came.
    pub(super) async fn call_get(
        &self,
        request: &ReadRequest,
        action: &str,
    ) -> Result<(ObjectHeaders, ByteStream), Box<CallError<GetObjectError>>> {
        let address = &request.address;
        let subject = address.to_string();
        let collector = HeaderCollector::of_stream();
        let send = |client: &Client| {
            let get = client.get_object().bucket(&address.bucket).key(&address.key);
            get.set_version_id(address.version_id.clone())
                .set_range(request.range.header())
                .set_if_match(request.if_match.as_deref().and_then(as_condition))
                .customize()
                .interceptor(collector.clone())
                .interceptor(RawByteNames)
                .send()
        };
        let attempt = self.attempt(action, &subject);
        let output = self.call_bucket(&address.bucket, attempt, RetryMode::Patiently, send).await?;
        Ok((collector.take_headers(), output.body))
    }

    /// A range that the object does not have. That is no failure where the object ends just before it, as an empty one
    /// does before every range. Some services do not tell the size: then the object is looked at.
    async fn nothing_there(
        &self,
        request: &ReadRequest,
        told: Option<u64>,
        refused: Failure,
    ) -> Result<OpenedReply, Failure> {
        let (size, requests) = match told {
            Some(size) => (Some(size), 1),
            None => (self.head_object(&request.address).await?.size, 2),
        };
        let first = match request.range {
            ByteRange::Whole | ByteRange::Last(_) => 0,
            ByteRange::From(first) | ByteRange::Between(first, _) => first,
        };
        match size {
            Some(size) if size == first => {
                let served = ServedRange { first, length: Some(0), total: Some(size) };
                Ok(OpenedReply { headers: ObjectHeaders::default(), body: None, served, requests })
            }
            Some(size) if size > first => {
                let message = format!("the service refused the range, though the object has {size} bytes");
                Err(with_message(refused, FailureKind::Malformed, message))
            }
            size => Err(no_such_range(refused, size)),
        }
    }
}

fn explain_get(refused: CallError<GetObjectError>) -> Failure {
    if refused.failure.status == Some(412) {
        return with_message(refused.failure, FailureKind::Other, CHANGED).with_hint(READ_AGAIN);
    }
    if refused.failure.code.as_deref() == Some("InvalidObjectState") {
        return refused.failure.with_hint(RESTORE_FIRST);
    }
    let is_delete_marker = reply_header(&refused, "x-amz-delete-marker") == Some("true");
    explain_absence(refused.failure, is_delete_marker)
}

const CHANGED: &str = "the object has changed since it was looked at: it has another ETag or size";
const RESTORE_FIRST: &str = "the object is archived: restore it, then read it";
const READ_AGAIN: &str = "read it again from the beginning";

impl ObjectStream {
    /// What came of the object besides its content.
    pub fn head(&self) -> &ObjectHead {
        &self.head
    }

    /// The same, once the content is not wanted any more: the connection is closed.
    pub fn into_head(self) -> ObjectHead {
        self.head
    }

    /// Which bytes the service said that it sends.
    pub fn served(&self) -> ServedRange {
        self.served
    }

    /// Whether the service ignored the range and sends everything.
    pub fn range_ignored(&self) -> bool {
        self.range_ignored
    }

    /// What it has cost so far.
    pub fn cost(&self) -> ReadCost {
        self.cost
    }

    /// The next piece; `None` at the end.
    ///
    /// # Errors
    /// If the connection breaks again and again, the object changes, or the service sends another number of bytes than
    /// it says.
    pub async fn next_chunk(&mut self) -> Result<Option<Bytes>, Failure> {
        loop {
            let Some(body) = &mut self.body else { return Ok(None) };
            match body.next().await {
                Some(Ok(chunk)) if chunk.is_empty() => {}
                Some(Ok(chunk)) => return self.take_chunk(chunk).map(Some),
                // How a connection ends that has brought all it was to bring does not matter.
                ended if self.part_end.map_or(ended.is_none(), |end| self.position >= end) => {
                    self.go_on_behind_part().await?;
                }
                None => {
                    let missing = self.bytes_missing();
                    self.try_again(format!("the service sent fewer bytes than it said: {missing}")).await?;
                }
                Some(Err(error)) => {
                    let trouble = format!("the connection broke: {}; {}", innermost(&error), self.bytes_missing());
                    self.try_again(trouble).await?;
                }
            }
        }
    }

    fn take_chunk(&mut self, chunk: Bytes) -> Result<Bytes, Failure> {
        self.position = self.position.saturating_add(chunk.len() as u64);
        self.cost.bytes = self.cost.bytes.saturating_add(chunk.len() as u64);
        if self.part_end.is_some_and(|end| self.position > end) {
            self.body = None;
            return Err(self.failure(FailureKind::Malformed, "the service sent more bytes than it said"));
        }
        Ok(chunk)
    }

    /// A service may send a part of the range that was asked for.
    /// <https://www.rfc-editor.org/rfc/rfc9110#section-15.3.7>
    async fn go_on_behind_part(&mut self) -> Result<(), Failure> {
        if !self.is_part || self.end.is_some_and(|end| self.position >= end) {
            self.body = None;
            return Ok(());
        }
        let short = format!("the service sent fewer bytes than were requested: {}", self.bytes_missing());
        self.ask_for_the_rest(self.failure(FailureKind::Network, short)).await
    }

    /// Goes on where the connection broke.
    async fn try_again(&mut self, trouble: String) -> Result<(), Failure> {
        self.body = None;
        if self.position.saturating_sub(self.broke_at) >= PROGRESS {
            self.breaks = 0;
        }
        (self.breaks, self.broke_at) = (self.breaks + 1, self.position);
        let broken = self.failure(FailureKind::Network, trouble);
        if self.breaks > MOST_BREAKS || !self.may_go_on() {
            return Err(broken);
        }
        tracing::info!(%broken, position = self.position, "asking for the rest");
        let pause = SHORTEST_PAUSE.saturating_mul(2_u32.saturating_pow(self.breaks - 1));
        self.s3.calls.waits.sit_out(&self.s3.calls.clock, pause, &broken, self.breaks + 1).await;
        self.ask_for_the_rest(broken).await
    }

    /// Whether the rest can be asked for on the condition that the object is the same.
    fn may_go_on(&self) -> bool {
        self.head.etag.as_deref().and_then(as_condition).is_some() && !self.range_ignored
    }

    /// Asks for what is still missing; `without` is the failure if that cannot be.
    async fn ask_for_the_rest(&mut self, without: Failure) -> Result<(), Failure> {
        self.body = None;
        if !self.may_go_on() {
            return Err(without);
        }
        let range = match self.end {
            Some(end) => ByteRange::Between(self.position, end - 1),
            None => ByteRange::From(self.position),
        };
        let request = ReadRequest { range, if_match: self.head.etag.clone(), ..self.request.clone() };
        let OpenedReply { headers, body, served, requests } = self.s3.send_get(&request).await?;
        self.cost.requests += requests;
        let has_changed = match (self.served.total, served.total) {
            (Some(total), Some(now)) => total != now,
            // Only of an object that is longer do the last bytes begin behind its first.
            (None, Some(_)) => {
                body.is_none() && self.served.first > 0 && matches!(self.request.range, ByteRange::Last(_))
            }
            (_, None) => false,
        };
        if has_changed {
            return Err(self.failure(FailureKind::Other, CHANGED).with_hint(READ_AGAIN));
        }
        if body.is_some() && !headers.is_partial() {
            return Err(Failure { message: format!("{}; the service ignores ranges", without.message), ..without });
        }
        self.check_unchanged(&headers, request.if_match.as_deref())?;
        self.served.total = self.served.total.or(served.total);
        (self.is_part, self.part_end, self.end) = (true, served.end(), served.end_of(range).or(self.end));
        self.body = body;
        Ok(())
    }

    /// Some services ignore the condition.
    fn check_unchanged(&mut self, headers: &ObjectHeaders, expected: Option<&str>) -> Result<(), Failure> {
        match (headers.etag(), expected) {
            (Some(etag), Some(expected)) if etag != expected => {
                self.body = None;
                Err(self.failure(FailureKind::Other, CHANGED).with_hint(READ_AGAIN))
            }
            _ => Ok(()),
        }
    }

    fn bytes_missing(&self) -> String {
        match self.end {
            Some(end) => format!("{} of {} bytes came", self.position - self.served.first, end - self.served.first),
            None => format!("{} bytes came", self.position - self.served.first),
        }
    }

    fn failure(&self, kind: FailureKind, message: impl Into<String>) -> Failure {
        let subject = self.request.address.to_string();
        with_message(self.s3.attempt("read", &subject).malformed_reply(""), kind, message)
    }
}

/// The innermost reason of an error of a body.
fn innermost(error: &(dyn std::error::Error + 'static)) -> String {
    crate::aws::errors::root_cause(error)
}

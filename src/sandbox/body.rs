//! The body of a reply, handed out a chunk at a time.
//!
//! Invariant: it is as long as it says before its first chunk, and no more of it is in memory than its source holds.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};

use super::world::ContentReader;

/// The body of a reply.
pub struct ReplyBody(ContentReader);

impl From<Bytes> for ReplyBody {
    fn from(bytes: Bytes) -> Self {
        Self(ContentReader::of_bytes(bytes))
    }
}

impl From<ContentReader> for ReplyBody {
    fn from(content: ContentReader) -> Self {
        Self(content)
    }
}

impl Body for ReplyBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.next().map(|chunk| Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.remaining() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.remaining())
    }
}

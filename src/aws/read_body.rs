//! The body of a response, which a reader reads on its way to the SDK.
//!
//! Invariant: a body ends in an error unless its reader accepts it to its end. The SDK still watches its length and
//! whether it stalls, on the way to the reader.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use aws_smithy_runtime_api::{box_error::BoxError, client::orchestrator::HttpResponse};
use aws_smithy_types::body::SdkBody;
use hyper::body::{Body, Bytes, Frame};

use super::reply_fault::ReplyFault;

/// Bytes read at a time. A piece with a continuation token is known after so many bytes, not after all that have arrived.
const AT_ONCE: usize = 16 * 1024;

/// Reads the body of one response.
pub(super) trait BodyReader: Send + Sync + Unpin + 'static {
    /// Reads on.
    fn read_piece(&mut self, piece: &[u8]) -> Result<AfterPiece, ReplyFault>;

    /// The body has ended. Returns what the SDK gets of it besides the pieces that were passed on.
    fn end_body(self) -> Result<Option<Bytes>, ReplyFault>;
}

/// What follows a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum AfterPiece {
    /// The SDK gets it too.
    PassOn,
    /// The SDK does not get it.
    KeepBack,
    /// The same; and other tasks run before the next piece is read.
    GiveWay,
}

/// Lets `reader` read the body of a response with a success status.
pub(super) fn read_body_with(response: &mut HttpResponse, reader: impl BodyReader) {
    if response.status().is_success() {
        let body = ReadBody { whole: response.take_body(), arrived: Bytes::new(), reader: Some(reader) };
        *response.body_mut() = SdkBody::from_body_1_x(body);
    }
}

struct ReadBody<R> {
    whole: SdkBody,
    /// What has arrived and was not read.
    arrived: Bytes,
    /// `None` once the body has ended.
    reader: Option<R>,
}

impl<R: BodyReader> Body for ReadBody<R> {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let Some(mut reader) = this.reader.take() else { return Poll::Ready(None) };
        let end = loop {
            if this.arrived.is_empty() {
                match Pin::new(&mut this.whole).poll_frame(cx) {
                    Poll::Pending => {
                        this.reader = Some(reader);
                        return Poll::Pending;
                    }
                    Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                    Poll::Ready(None) => break reader.end_body(),
                    Poll::Ready(Some(Ok(frame))) => this.arrived = frame.into_data().unwrap_or_default(),
                }
                continue;
            }
            let piece = this.arrived.split_to(this.arrived.len().min(AT_ONCE));
            match reader.read_piece(&piece) {
                Ok(AfterPiece::KeepBack) => {}
                Ok(AfterPiece::PassOn) => {
                    this.reader = Some(reader);
                    return Poll::Ready(Some(Ok(Frame::data(piece))));
                }
                Ok(AfterPiece::GiveWay) => {
                    this.reader = Some(reader);
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Err(fault) => break Err(fault),
            }
        };
        // The rest of a faulty response is not waited for.
        this.whole = SdkBody::taken();
        Poll::Ready(end.map_err(BoxError::from).map(|last| last.map(Frame::data)).transpose())
    }
}

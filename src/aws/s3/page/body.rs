//! Puts the reader between the connection and the SDK: the body of a response goes through the reader as it arrives, and
//! the SDK gets an empty envelope.
//!
//! Invariant: only responses with a success status are read, each from its beginning. A fault ends the body with an
//! error, which the SDK's error then holds. The SDK still watches the length of the body and whether it stalls, on the
//! way to this reader.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
};

use aws_sdk_s3::config::{
    ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeDeserializationInterceptorContextMut,
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_types::body::SdkBody;
use hyper::body::{Body, Bytes, Frame};

use super::{asked::Asked, early::Early, reader::PageReader};
use crate::{aws::answer_fault::AnswerFault, domain::listing::Page};

/// What the SDK reads instead of the answer.
const ENVELOPE: &[u8] = b"<ListBucketResult></ListBucketResult>";

/// Takes the page out of the answers to one request.
#[derive(Debug, Clone)]
pub(in crate::aws::s3) struct PageTaker {
    asked: Asked,
    early: Early,
    read: Arc<Mutex<Option<Page>>>,
}

impl PageTaker {
    pub(in crate::aws::s3) fn new(asked: Asked, early: Early) -> Self {
        Self { asked, early, read: Arc::default() }
    }

    /// The page, once the SDK has taken the answer for one.
    pub(in crate::aws::s3) fn page(&self) -> Option<Page> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Intercept for PageTaker {
    fn name(&self) -> &'static str {
        "PageTaker"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        if response.status().is_success() {
            let whole = response.take_body();
            let reader = PageReader::new(self.asked.clone(), self.early.clone());
            let body = PageBody { whole, arrived: Bytes::new(), reader: Some(reader), read: self.read.clone() };
            *response.body_mut() = SdkBody::from_body_1_x(body);
        }
        Ok(())
    }
}

/// Bytes read in one go: a token among them is told behind so many, not behind all that has arrived.
const AT_ONCE: usize = 16 * 1024;

/// The body of a response, read when the SDK asks for the envelope.
struct PageBody {
    whole: SdkBody,
    /// What has arrived of it and was not read.
    arrived: Bytes,
    /// `None` once the answer was read.
    reader: Option<PageReader>,
    read: Arc<Mutex<Option<Page>>>,
}

impl Body for PageBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let Some(mut reader) = this.reader.take() else { return Poll::Ready(None) };
        let read: Result<Page, AnswerFault> = loop {
            if !this.arrived.is_empty() {
                let piece = this.arrived.split_to(this.arrived.len().min(AT_ONCE));
                if let Err(fault) = reader.feed(&piece) {
                    break Err(fault);
                }
                if reader.has_just_told() {
                    // Whoever was told asks for the next page first; the rest of this one is here already.
                    this.reader = Some(reader);
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                continue;
            }
            match Pin::new(&mut this.whole).poll_frame(cx) {
                Poll::Pending => {
                    this.reader = Some(reader);
                    return Poll::Pending;
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => break reader.finish(),
                Poll::Ready(Some(Ok(frame))) => this.arrived = frame.into_data().unwrap_or_default(),
            }
        };
        // What is left of a faulty answer is not waited for.
        this.whole = SdkBody::taken();
        Poll::Ready(Some(read.map_err(BoxError::from).map(|page| {
            *this.read.lock().unwrap_or_else(PoisonError::into_inner) = Some(page);
            Frame::data(Bytes::from_static(ENVELOPE))
        })))
    }
}

//! Puts the reader between the connection and the SDK, which gets an empty envelope.
//!
//! Invariant: only responses with a success status are read, each from its beginning; a fault ends the body with an
//! error, which the SDK's error then holds.

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

use super::reader::VersionsReader;
use crate::domain::object::VersionsPage;

/// What the SDK reads instead of the answer.
const ENVELOPE: &[u8] = b"<ListVersionsResult></ListVersionsResult>";

/// Takes the page out of the responses to one request.
#[derive(Debug, Clone, Default)]
pub(super) struct VersionsCollector(Arc<Mutex<Option<VersionsPage>>>);

impl VersionsCollector {
    /// The page, once the SDK has taken the response for one.
    pub(super) fn take_page(&self) -> Option<VersionsPage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Intercept for VersionsCollector {
    fn name(&self) -> &'static str {
        "VersionsCollector"
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
            let body = VersionsBody { whole, reader: Some(VersionsReader::default()), read: self.clone() };
            *response.body_mut() = SdkBody::from_body_1_x(body);
        }
        Ok(())
    }
}

/// The body of a response, read when the SDK asks for the envelope.
struct VersionsBody {
    whole: SdkBody,
    /// `None` once the response was read.
    reader: Option<VersionsReader>,
    read: VersionsCollector,
}

impl Body for VersionsBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = self.get_mut();
        let Some(mut reader) = this.reader.take() else { return Poll::Ready(None) };
        let read = loop {
            match Pin::new(&mut this.whole).poll_frame(cx) {
                Poll::Pending => {
                    this.reader = Some(reader);
                    return Poll::Pending;
                }
                Poll::Ready(Some(Err(error))) => return Poll::Ready(Some(Err(error))),
                Poll::Ready(None) => break reader.finish(),
                Poll::Ready(Some(Ok(frame))) => {
                    if let Err(fault) = reader.feed(&frame.into_data().unwrap_or_default()) {
                        break Err(fault);
                    }
                }
            }
        };
        // What is left of a faulty response is not waited for.
        this.whole = SdkBody::taken();
        Poll::Ready(Some(read.map_err(BoxError::from).map(|page| {
            *this.read.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(page);
            Frame::data(Bytes::from_static(ENVELOPE))
        })))
    }
}

//! Takes the headers of a response past the SDK.
//!
//! The SDK drops a whole response where one header has not the form that its model says: a date that is none, a number
//! with a letter. So it gets to see none of them; here each is read by itself.
//!
//! Invariant: only the headers of responses with a success status are taken.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_s3::config::{
    ConfigBag, Intercept, RuntimeComponents,
    interceptors::{BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextMut},
};
use aws_smithy_runtime_api::box_error::BoxError;

use super::headers::ObjectHeaders;
use crate::aws::guard::StreamedReply;

/// Takes the headers of the responses to one request.
#[derive(Debug, Clone, Default)]
pub(super) struct HeaderCollector {
    taken: Arc<Mutex<Option<ObjectHeaders>>>,
    /// Whether the body is read piece by piece, so that its length has no limit.
    is_streamed: bool,
}

impl HeaderCollector {
    /// For a response whose body is read piece by piece.
    pub(super) fn of_stream() -> Self {
        Self { is_streamed: true, ..Self::default() }
    }

    /// The headers, once the SDK has taken the response for a success.
    pub(super) fn take_headers(&self) -> ObjectHeaders {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }
}

impl Intercept for HeaderCollector {
    fn name(&self) -> &'static str {
        "HeaderCollector"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if self.is_streamed {
            context.request_mut().add_extension(StreamedReply);
        }
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response_mut();
        if response.status().is_success() {
            let status = response.status().as_u16();
            let headers = ObjectHeaders::from_pairs(status, response.headers().iter_bytes());
            let names: Vec<String> = response.headers().iter_bytes().map(|(name, _)| name.to_owned()).collect();
            for name in names {
                response.headers_mut().remove(name);
            }
            *self.taken.lock().unwrap_or_else(PoisonError::into_inner) = Some(headers);
        }
        Ok(())
    }
}

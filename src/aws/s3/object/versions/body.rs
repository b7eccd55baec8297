//! Puts the reader between the connection and the SDK, which gets an empty envelope.
//!
//! Invariant: only responses with a success status are read, each from its beginning; a fault ends the body with an
//! error, which the SDK's error then holds.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_s3::config::{
    ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeDeserializationInterceptorContextMut,
};
use aws_smithy_runtime_api::box_error::BoxError;
use hyper::body::Bytes;

use super::reader::VersionsReader;
use crate::{
    aws::{
        read_body::{AfterPiece, BodyReader, read_body_with},
        reply_fault::ReplyFault,
    },
    domain::object::VersionsPage,
};

/// What the SDK reads instead of the response.
const ENVELOPE: &[u8] = b"<ListVersionsResult></ListVersionsResult>";

/// Takes the page out of the responses to one request.
#[derive(Debug, Clone, Default)]
pub(super) struct VersionsCollector(Arc<Mutex<Option<VersionsPage>>>);

impl VersionsCollector {
    /// The page, once the SDK has accepted the response.
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
        let reader = VersionsReader::new();
        read_body_with(context.response_mut(), VersionsEnvelope { reader, read: self.clone() });
        Ok(())
    }
}

/// Reads a page, and gives the SDK the envelope instead.
struct VersionsEnvelope {
    reader: VersionsReader,
    read: VersionsCollector,
}

impl BodyReader for VersionsEnvelope {
    fn read_piece(&mut self, piece: &[u8]) -> Result<AfterPiece, ReplyFault> {
        self.reader.feed(piece).map(|()| AfterPiece::KeepBack)
    }

    fn end_body(self) -> Result<Option<Bytes>, ReplyFault> {
        let page = self.reader.finish()?;
        *self.read.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(page);
        Ok(Some(Bytes::from_static(ENVELOPE)))
    }
}

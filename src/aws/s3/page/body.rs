//! Puts the reader between the connection and the SDK: the body of a response goes through the reader as it arrives, and
//! the SDK gets an empty envelope.
//!
//! Invariant: only responses with a success status are read, each from its beginning. A fault ends the body with an
//! error, which the SDK's error then holds.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_s3::config::{
    ConfigBag, Intercept, RuntimeComponents, interceptors::BeforeDeserializationInterceptorContextMut,
};
use aws_smithy_runtime_api::box_error::BoxError;
use hyper::body::Bytes;

use super::{asked::PageRequest, early::EarlyToken, reader::PageReader};
use crate::{
    aws::{
        read_body::{AfterPiece, BodyReader, read_body_with},
        reply_fault::ReplyFault,
    },
    domain::listing::Page,
};

/// What the SDK reads instead of the response.
const ENVELOPE: &[u8] = b"<ListBucketResult></ListBucketResult>";

/// Takes the page out of the responses to one request.
#[derive(Debug, Clone)]
pub(in crate::aws::s3) struct PageCollector {
    asked: PageRequest,
    early: EarlyToken,
    read: Arc<Mutex<Option<Page>>>,
}

impl PageCollector {
    pub(in crate::aws::s3) fn new(asked: PageRequest, early: EarlyToken) -> Self {
        Self { asked, early, read: Arc::default() }
    }

    /// The page, once the SDK has accepted the response.
    pub(in crate::aws::s3) fn take_page(&self) -> Option<Page> {
        self.read.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Intercept for PageCollector {
    fn name(&self) -> &'static str {
        "PageCollector"
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let reader = PageReader::new(self.asked.clone(), self.early.clone());
        read_body_with(context.response_mut(), EnvelopeReader { reader, read: self.read.clone() });
        Ok(())
    }
}

/// Reads a page, and gives the SDK the envelope instead.
struct EnvelopeReader {
    reader: PageReader,
    read: Arc<Mutex<Option<Page>>>,
}

impl BodyReader for EnvelopeReader {
    fn read_piece(&mut self, piece: &[u8]) -> Result<AfterPiece, ReplyFault> {
        self.reader.feed(piece)?;
        // The next page is requested first; the rest of this one has arrived already.
        Ok(if self.reader.take_new_token() { AfterPiece::GiveWay } else { AfterPiece::KeepBack })
    }

    fn end_body(self) -> Result<Option<Bytes>, ReplyFault> {
        let page = self.reader.finish()?;
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = Some(page);
        Ok(Some(Bytes::from_static(ENVELOPE)))
    }
}

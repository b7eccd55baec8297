//! Reads a response that is one XML document, in pieces, as it arrives.
//!
//! Invariant: a document must be well-formed to its end, with its root closed. A response without the expected root is
//! not from the service, and is described by its first bytes.

use super::{
    reply_fault::{ReplyFault, ReplyHead},
    xml::{Scanner, Sink},
};

/// What is kept of a document.
pub(super) trait DocumentFields: Sink<Fault = ReplyFault> {
    /// Whether an expected root has been read.
    fn has_root(&self) -> bool;
}

/// Reads one document into its fields.
#[derive(Debug)]
pub(super) struct DocumentReader<F> {
    scanner: Scanner,
    fields: F,
    head: ReplyHead,
}

impl<F: DocumentFields> DocumentReader<F> {
    pub(super) fn new(scanner: Scanner, fields: F) -> Self {
        Self { scanner, fields, head: ReplyHead::default() }
    }

    /// Reads on.
    pub(super) fn feed(&mut self, chunk: &[u8]) -> Result<(), ReplyFault> {
        self.head.append_chunk(chunk);
        let read = self.scanner.feed(chunk, &mut self.fields);
        read.map_err(|fault| if self.fields.has_root() { fault } else { self.head.not_the_service() })
    }

    /// What has been read so far.
    pub(super) fn fields_mut(&mut self) -> &mut F {
        &mut self.fields
    }

    /// What was read, once the response has ended.
    pub(super) fn finish(self) -> Result<F, ReplyFault> {
        if self.head.is_blank() {
            return Err(self.head.not_the_service());
        }
        self.scanner.finish()?;
        Ok(self.fields)
    }
}

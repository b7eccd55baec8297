//! The rows of a page while they arrive.
//!
//! Requests ask for URL-encoded keys, and a response says whether it encoded them; some services say so after the keys,
//! some never. Until that is known, rows whose names would differ are kept both ways.
//!
//! Invariant: rows lie inside the prefix, come after the start of the page, and are at most as many as requested.

use super::asked::Asked;
use crate::{
    aws::keys,
    domain::listing::{Block, BlockBuilder, PageFault, RawRow},
};

/// Rows, and the buffer that their names are decoded in.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// With names decoded.
    decoded: Reading,
    /// With names as they came, once that makes a difference.
    verbatim: Option<Reading>,
    len: usize,
    buffer: Vec<u8>,
}

/// One way to read the names.
#[derive(Debug, Clone, Default)]
struct Reading {
    rows: BlockBuilder,
    fault: Option<PageFault>,
}

impl Reading {
    fn push(&mut self, row: RawRow<'_>, asked: &Asked) {
        if self.fault.is_none() {
            self.fault = asked.admits(row).and_then(|()| self.rows.push(row)).err();
        }
    }
}

impl Rows {
    /// For a page of so many rows at most.
    pub(super) fn with_room(most: usize) -> Self {
        let decoded = Reading { rows: BlockBuilder::with_room(most), fault: None };
        Self { decoded, ..Self::default() }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// Adds a row whose name is as it came over the wire. `encoded` is what the answer said of names so far.
    pub(super) fn push(&mut self, row: RawRow<'_>, encoded: Option<bool>, asked: &Asked) -> Result<(), PageFault> {
        if self.len == asked.most {
            return Err(PageFault::TooMany);
        }
        self.len += 1;
        if encoded == Some(true) {
            self.verbatim = None;
        }
        let differs = keys::is_encoded(row.name);
        if differs && encoded != Some(true) && self.verbatim.is_none() {
            self.verbatim = Some(self.decoded.clone());
        }
        if let Some(verbatim) = &mut self.verbatim {
            verbatim.push(row, asked);
        }
        let name = if differs { keys::decode(row.name, &mut self.buffer) } else { row.name };
        self.decoded.push(RawRow { name, ..row }, asked);
        match (&self.verbatim, self.decoded.fault) {
            (None, Some(fault)) => Err(fault),
            _ => Ok(()),
        }
    }

    /// All rows, read as the answer says.
    pub(super) fn finish(self, encoded: bool) -> Result<Block, PageFault> {
        let reading = self.verbatim.filter(|_| !encoded).unwrap_or(self.decoded);
        reading.fault.map_or_else(|| reading.rows.finish(), Err)
    }
}

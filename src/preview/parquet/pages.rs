//! Page headers.

use super::thrift::{ThriftReader, ThriftType};

/// Bytes that a page header may have: it may quote the smallest and the largest value.
pub(super) const LONGEST_HEADER: usize = 64 * 1024;

/// Bytes that a page may have unpacked: more is taken for an attack.
const LARGEST_PAGE: i64 = 1 << 31;

/// A page's header.
#[derive(Debug, Default)]
pub(super) struct PageHeader {
    pub(super) kind: PageKind,
    pub(super) packed: usize,
    pub(super) values: usize,
    pub(super) encoding: i32,
    level_encoding: i32,
    /// Of the second version: bytes of both kinds of levels, and whether the values are packed.
    pub(super) repetition_length: usize,
    pub(super) definition_length: usize,
    pub(super) values_packed: bool,
    /// Bytes of the header itself.
    pub(super) length: usize,
}

impl PageHeader {
    /// Bytes of levels that stand unpacked before the values.
    pub(super) fn levels_length(&self) -> usize {
        self.repetition_length.saturating_add(self.definition_length)
    }
}

/// What a page holds.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageKind {
    Data,
    DataV2,
    Dictionary,
    #[default]
    Other,
}

/// The header at the beginning of `bytes`.
pub(super) fn read_page_header(bytes: &[u8]) -> Option<PageHeader> {
    let mut header = PageHeader { values_packed: true, level_encoding: 3, ..PageHeader::default() };
    let mut reader = ThriftReader::of(&bytes[..bytes.len().min(LONGEST_HEADER)]);
    let (mut unpacked, mut packed) = (-1, -1);
    reader.read_struct(|reader, field| {
        match (field.id, field.kind) {
            (1, ThriftType::Integer) => {
                header.kind = match reader.integer()? {
                    0 => PageKind::Data,
                    2 => PageKind::Dictionary,
                    3 => PageKind::DataV2,
                    _ => PageKind::Other,
                }
            }
            (2, ThriftType::Integer) => unpacked = reader.integer()?,
            (3, ThriftType::Integer) => packed = reader.integer()?,
            (5 | 7 | 8, ThriftType::Struct) => read_details(reader, field.id, &mut header)?,
            _ => return Some(false),
        }
        Some(true)
    })?;
    header.length = reader.position();
    header.packed = usize::try_from(packed).ok()?;
    let sensible = (0..LARGEST_PAGE).contains(&unpacked) && (0..LARGEST_PAGE).contains(&packed);
    (sensible && header.level_encoding == 3).then_some(header)
}

fn read_details(reader: &mut ThriftReader<'_>, of: i16, header: &mut PageHeader) -> Option<()> {
    let encoding_field = if of == 8 { 4 } else { 2 };
    reader.read_struct(|reader, field| {
        let number = |reader: &mut ThriftReader<'_>| Some(usize::try_from(reader.integer()?).ok());
        match (of, field.id, field.kind) {
            (_, 1, ThriftType::Integer) => header.values = number(reader)??,
            (_, id, ThriftType::Integer) if id == encoding_field => header.encoding = reader.small_integer()?,
            (5, 3, ThriftType::Integer) => header.level_encoding = reader.small_integer()?,
            (8, 5, ThriftType::Integer) => header.definition_length = number(reader)??,
            (8, 6, ThriftType::Integer) => header.repetition_length = number(reader)??,
            (8, 7, kind) => {
                header.values_packed = kind != ThriftType::False;
                return Some(false);
            }
            _ => return Some(false),
        }
        Some(true)
    })
}

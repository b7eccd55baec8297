//! The footer: what a file holds and where.

use super::{
    schema::{SchemaElement, read_element},
    thrift::{ThriftReader, ThriftType},
};

/// Elements of a schema, and chunks of all row groups, that are kept.
const MOST_ELEMENTS: usize = 20_000;
const MOST_CHUNKS: usize = 150_000;

/// Row groups that are kept.
const MOST_GROUPS: usize = 50_000;

/// A file's footer.
#[derive(Debug, Default)]
pub(super) struct ParquetFooter<'a> {
    pub(super) schema: Vec<SchemaElement<'a>>,
    pub(super) rows: i64,
    pub(super) groups: Vec<ParquetGroup<'a>>,
    pub(super) created_by: &'a [u8],
}

/// A row group.
#[derive(Debug, Default)]
pub(super) struct ParquetGroup<'a> {
    pub(super) rows: i64,
    pub(super) bytes: i64,
    pub(super) chunks: Vec<ColumnChunk<'a>>,
}

/// A column of a row group.
#[derive(Debug, Default, Clone)]
pub(super) struct ColumnChunk<'a> {
    /// Whether it says where its pages are: one that is encrypted does not.
    pub(super) readable: bool,
    pub(super) codec: i32,
    pub(super) values: i64,
    pub(super) unpacked: i64,
    pub(super) packed: i64,
    pub(super) data_offset: i64,
    pub(super) dictionary_offset: Option<i64>,
    pub(super) nulls: Option<i64>,
    pub(super) smallest: Option<&'a [u8]>,
    pub(super) largest: Option<&'a [u8]>,
}

/// Reads a footer. One with more parts than are kept is none.
pub(super) fn read_footer(bytes: &[u8]) -> Option<ParquetFooter<'_>> {
    let mut footer = ParquetFooter::default();
    let mut chunks = 0;
    ThriftReader::of(bytes).read_struct(|reader, field| {
        match (field.id, field.kind) {
            (2, ThriftType::List) => reader.read_list(ThriftType::Struct, |reader| {
                footer.schema.push(read_element(reader)?);
                (footer.schema.len() <= MOST_ELEMENTS).then_some(())
            })?,
            (3, ThriftType::Integer) => footer.rows = reader.integer()?,
            (4, ThriftType::List) => reader.read_list(ThriftType::Struct, |reader| {
                footer.groups.push(read_group(reader, &mut chunks)?);
                (footer.groups.len() <= MOST_GROUPS).then_some(())
            })?,
            (6, ThriftType::Binary) => footer.created_by = reader.binary()?,
            _ => return Some(false),
        }
        Some(true)
    })?;
    (!footer.schema.is_empty()).then_some(footer)
}

fn read_group<'a>(reader: &mut ThriftReader<'a>, chunks: &mut usize) -> Option<ParquetGroup<'a>> {
    let mut group = ParquetGroup::default();
    reader.read_struct(|reader, field| {
        match (field.id, field.kind) {
            (1, ThriftType::List) => reader.read_list(ThriftType::Struct, |reader| {
                group.chunks.push(read_chunk(reader)?);
                *chunks += 1;
                (*chunks <= MOST_CHUNKS).then_some(())
            })?,
            (2, ThriftType::Integer) => group.bytes = reader.integer()?,
            (3, ThriftType::Integer) => group.rows = reader.integer()?,
            _ => return Some(false),
        }
        Some(true)
    })?;
    Some(group)
}

fn read_chunk<'a>(reader: &mut ThriftReader<'a>) -> Option<ColumnChunk<'a>> {
    let mut chunk = ColumnChunk::default();
    let (mut encrypted, mut elsewhere) = (false, false);
    reader.read_struct(|reader, field| {
        match (field.id, field.kind) {
            (1, ThriftType::Binary) => elsewhere = !reader.binary()?.is_empty(),
            (3, ThriftType::Struct) => read_chunk_data(reader, &mut chunk)?,
            (8, _) => {
                encrypted = true;
                return Some(false);
            }
            _ => return Some(false),
        }
        Some(true)
    })?;
    chunk.readable &= !encrypted && !elsewhere;
    Some(chunk)
}

fn read_chunk_data<'a>(reader: &mut ThriftReader<'a>, chunk: &mut ColumnChunk<'a>) -> Option<()> {
    chunk.readable = true;
    reader.read_struct(|reader, field| {
        match (field.id, field.kind) {
            (4, ThriftType::Integer) => chunk.codec = reader.small_integer()?,
            (5, ThriftType::Integer) => chunk.values = reader.integer()?,
            (6, ThriftType::Integer) => chunk.unpacked = reader.integer()?,
            (7, ThriftType::Integer) => chunk.packed = reader.integer()?,
            (9, ThriftType::Integer) => chunk.data_offset = reader.integer()?,
            (11, ThriftType::Integer) => chunk.dictionary_offset = Some(reader.integer()?),
            (12, ThriftType::Struct) => read_statistics(reader, chunk)?,
            _ => return Some(false),
        }
        Some(true)
    })
}

fn read_statistics<'a>(reader: &mut ThriftReader<'a>, chunk: &mut ColumnChunk<'a>) -> Option<()> {
    reader.read_struct(|reader, field| {
        match (field.id, field.kind) {
            (3, ThriftType::Integer) => chunk.nulls = Some(reader.integer()?),
            (5, ThriftType::Binary) => chunk.largest = Some(reader.binary()?),
            (6, ThriftType::Binary) => chunk.smallest = Some(reader.binary()?),
            // The older fields, 1 and 2, compare bytes by no stated order.
            _ => return Some(false),
        }
        Some(true)
    })
}

/// What codecs are called.
pub(super) fn codec_name(codec: i32) -> &'static str {
    match codec {
        0 => "uncompressed",
        1 => "snappy",
        2 => "gzip",
        3 => "LZO",
        4 => "Brotli",
        5 => "LZ4 (Hadoop)",
        6 => "zstd",
        7 => "LZ4",
        _ => "an unknown codec",
    }
}

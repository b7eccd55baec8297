//! The first values of a column, out of what was read of it, and what else has to be read.

use super::{
    footer::{ColumnChunk, codec_name},
    format::{null_cell, value_cell},
    levels::{HybridNumbers, bits_of},
    pages::{LONGEST_HEADER, PageHeader, PageKind, read_page_header},
    pieces::ObjectPieces,
    schema::{LeafColumn, PhysicalType, SchemaElement},
    unpack::{is_known_codec, unpack_page},
    values::{
        BYTE_STREAMS, DELTA_BINARY, DICTIONARY, PLAIN, PLAIN_DICTIONARY, RUN_LENGTHS, StoredValue, encoding_label,
        join_streams, read_deltas, read_places, read_plain, read_runs,
    },
};
use crate::preview::{packed::first_block_end, reply::TextSpan, request::ByteSpan};

/// Values of a dictionary that are kept: the first rows name the first of them.
const MOST_DICTIONARY: usize = 65_536;

/// Pages of a column that are looked at.
const MOST_PAGES: usize = 64;

/// Bytes that are read further where it is not known how many are missing.
const STEP: u64 = 16 * 1024;

/// What is wanted of a column.
pub(super) struct ColumnTask<'a> {
    pub(super) leaf: &'a LeafColumn,
    pub(super) element: &'a SchemaElement<'a>,
    pub(super) chunk: &'a ColumnChunk<'a>,
    /// How many rows.
    pub(super) rows: usize,
    /// Bytes to read of the dictionary and of the first page before anything is known of them.
    pub(super) guess: u64,
    /// The end of what can be pages: where the footer begins.
    pub(super) limit: u64,
}

/// What was found of a column.
#[derive(Debug, Default)]
pub(super) struct ColumnRead {
    /// Its first values.
    pub(super) cells: Vec<TextSpan>,
    /// What to read for more.
    pub(super) needs: Vec<ByteSpan>,
    /// Why there are no more.
    pub(super) why: Option<String>,
}

/// Why a column is not read further.
enum ColumnStop {
    Needs(ByteSpan),
    Refused(String),
}

/// The codec whose blocks are only any use whole.
const ZSTD: i32 = 6;

/// Bytes with which a page of it begins: its header and that of its first block.
const ZSTD_GUESS: u64 = 1024;

const DAMAGED: &str = "is encrypted or damaged";

/// Reads a column as far as it goes.
pub(super) fn read_column(task: &ColumnTask<'_>, pieces: &ObjectPieces) -> ColumnRead {
    let mut read = ColumnRead::default();
    match read_pages(task, pieces, &mut read) {
        Ok(()) => {}
        Err(ColumnStop::Needs(span)) => read.needs.push(span),
        Err(ColumnStop::Refused(why)) => read.why = Some(why),
    }
    read
}

fn refused<T>(why: &str) -> Result<T, ColumnStop> {
    Err(ColumnStop::Refused(why.to_owned()))
}

fn read_pages(task: &ColumnTask<'_>, pieces: &ObjectPieces, read: &mut ColumnRead) -> Result<(), ColumnStop> {
    let chunk = task.chunk;
    let Some(kind) = task.element.physical() else { return refused("has a type that is not known") };
    if !chunk.readable {
        return refused("is encrypted or lies in another file");
    }
    if task.leaf.most_repetition > 0 {
        return refused("holds lists, which are not shown");
    }
    if !is_known_codec(chunk.codec) {
        return refused(&format!("is packed with {}, which is not unpacked", codec_name(chunk.codec)));
    }
    let place = |offset: i64| u64::try_from(offset).ok().filter(|offset| *offset < task.limit);
    let Some(data) = place(chunk.data_offset) else { return refused(DAMAGED) };
    let first = chunk.dictionary_offset.filter(|offset| *offset > 0).and_then(place).filter(|first| *first < data);
    let start = first.unwrap_or(data);
    let packed = u64::try_from(chunk.packed).unwrap_or(0);
    let end = start.saturating_add(packed).min(task.limit);
    let wanted = task.rows.min(usize::try_from(chunk.values).unwrap_or(0));
    // Of zstd only whole blocks are any use; how long the first is stands at its beginning.
    let guess = if chunk.codec == ZSTD { task.guess.min(ZSTD_GUESS) } else { task.guess };
    let mut reader = PageReading { guess, task, pieces, kind, end, dictionary: vec![] };
    if let Some(first) = first
        && pieces.from(data).is_empty()
        && pieces.from(first).is_empty()
    {
        // Nothing is known yet: the page is asked for together with the dictionary.
        read.needs.push(ByteSpan { offset: data, length: guess.min(end.saturating_sub(data)).max(1) });
    }
    if let Some(first) = first
        && let Err(stop) = reader.read_page(first, data, wanted, read)
    {
        // What the first page will need is asked for in the same request.
        read.needs.extend(reader.rest_of_block(data));
        return Err(stop);
    }
    let mut at = data;
    for _ in 0..MOST_PAGES {
        if read.cells.len() >= wanted || at >= end {
            return Ok(());
        }
        at = reader.read_page(at, end, wanted, read)?;
    }
    Ok(())
}

/// What to read next, up to what is `left`.
fn need(offset: u64, length: u64, left: usize) -> ColumnStop {
    ColumnStop::Needs(ByteSpan { offset, length: length.min(left as u64).max(1) })
}

/// Reading the pages of one column.
struct PageReading<'a> {
    guess: u64,
    task: &'a ColumnTask<'a>,
    pieces: &'a ObjectPieces,
    kind: PhysicalType,
    end: u64,
    /// The unpacked dictionary.
    dictionary: Vec<u8>,
}

impl PageReading<'_> {
    /// Reads the page at `at`, which ends before `end`: where the next begins.
    fn read_page(&mut self, at: u64, end: u64, wanted: usize, read: &mut ColumnRead) -> Result<u64, ColumnStop> {
        let left = usize::try_from(end.min(self.end) - at).unwrap_or(usize::MAX);
        let bytes = self.pieces.from(at);
        let bytes = &bytes[..bytes.len().min(left)];
        if bytes.is_empty() {
            return Err(need(at, self.guess, left));
        }
        let Some(header) = read_page_header(bytes) else {
            let may_be_cut = bytes.len() < left.min(LONGEST_HEADER);
            return if may_be_cut {
                Err(need(at + bytes.len() as u64, STEP, left - bytes.len()))
            } else {
                refused(DAMAGED)
            };
        };
        let page = header.length.saturating_add(header.packed);
        if page > left {
            return refused(DAMAGED);
        }
        let body = &bytes[header.length..bytes.len().min(page)];
        let is_whole = bytes.len() >= page;
        let next = at + page as u64;
        match header.kind {
            PageKind::Other => return Ok(next),
            PageKind::Dictionary => self.dictionary = unpack_page(self.task.chunk.codec, body).unwrap_or_default(),
            PageKind::Data | PageKind::DataV2 => {
                let most = wanted - read.cells.len();
                let found = self.read_values(&header, body, is_whole, most)?;
                let complete = found.len() >= most.min(header.values);
                read.cells.extend(found);
                if complete {
                    return Ok(next);
                }
            }
        }
        if is_whole && header.kind != PageKind::Dictionary {
            return refused(DAMAGED);
        }
        if self.dictionary.is_empty() || header.kind != PageKind::Dictionary {
            let missing = self.missing_bytes(&header, body).min((page - bytes.len()) as u64).max(1);
            return Err(ColumnStop::Needs(ByteSpan { offset: at + bytes.len() as u64, length: missing }));
        }
        Ok(next)
    }

    /// What is missing of the first block of a zstd page whose beginning was read.
    fn rest_of_block(&self, at: u64) -> Option<ByteSpan> {
        let bytes = self.pieces.from(at);
        let header = read_page_header(bytes)?;
        let body = bytes.get(header.length..).filter(|_| self.task.chunk.codec == ZSTD)?;
        let levels = header.levels_length();
        let end = first_block_end(body.get(levels..)?)?.saturating_add(levels).min(header.packed);
        let more = end.checked_sub(body.len()).filter(|more| *more > 0)?;
        Some(ByteSpan { offset: at + bytes.len() as u64, length: more as u64 })
    }

    /// How many more bytes of a page are worth reading: zstd gives nothing of a block that is not whole.
    fn missing_bytes(&self, header: &PageHeader, body: &[u8]) -> u64 {
        let packed = body.get(header.levels_length()..).filter(|_| self.task.chunk.codec == ZSTD);
        let missing = packed.and_then(|packed| first_block_end(packed)?.checked_sub(packed.len()));
        missing.filter(|more| *more > 0).map_or(STEP, |more| more as u64)
    }

    /// The first values of a data page; fewer than `most` if it was not read far enough.
    fn read_values(
        &self,
        header: &PageHeader,
        body: &[u8],
        whole: bool,
        most: usize,
    ) -> Result<Vec<TextSpan>, ColumnStop> {
        let codec = self.task.chunk.codec;
        let most = most.min(header.values);
        let optional = self.task.leaf.most_definition > 0;
        let (levels, values) = if header.kind == PageKind::DataV2 {
            let start = header.repetition_length;
            let end = start.saturating_add(header.definition_length);
            let Some(levels) = body.get(start..end) else { return Ok(vec![]) };
            let codec = if header.values_packed { codec } else { 0 };
            (levels.to_vec(), unpack_page(codec, &body[end..]).unwrap_or_default())
        } else {
            let page = unpack_page(codec, body).unwrap_or_default();
            let length = if optional {
                page.first_chunk().map(|length| u32::from_le_bytes(*length) as usize + 4)
            } else {
                Some(0)
            };
            let Some((levels, values)) = length.and_then(|length| page.split_at_checked(length)) else {
                return Ok(vec![]);
            };
            (levels.get(4..).unwrap_or_default().to_vec(), values.to_vec())
        };
        let Some(numbers) = HybridNumbers::of(&levels, bits_of(self.task.leaf.most_definition)) else {
            return refused(DAMAGED);
        };
        let there: Vec<bool> = if optional {
            numbers.take(most).map(|level| level == self.task.leaf.most_definition).collect()
        } else {
            vec![true; most]
        };
        let count = there.iter().filter(|there| **there).count();
        let cells = self.decode(header, &values, whole, count)?;
        let mut cells = cells.into_iter();
        // Up to the first value that was not read.
        Ok(there.into_iter().map_while(|there| if there { cells.next() } else { Some(null_cell()) }).collect())
    }

    fn decode(
        &self,
        header: &PageHeader,
        values: &[u8],
        whole: bool,
        count: usize,
    ) -> Result<Vec<TextSpan>, ColumnStop> {
        let element = self.task.element;
        let as_cells = |values: Vec<StoredValue<'_>>| values.iter().map(|value| value_cell(value, element)).collect();
        Ok(match header.encoding {
            PLAIN => as_cells(read_plain(values, self.kind, count)),
            RUN_LENGTHS if self.kind == PhysicalType::Boolean => as_cells(read_runs(values, count).unwrap_or_default()),
            PLAIN_DICTIONARY | DICTIONARY => {
                let dictionary = read_plain(&self.dictionary, self.kind, MOST_DICTIONARY);
                let places = read_places(values, count).unwrap_or_default();
                let found = places.into_iter().map_while(|place| dictionary.get(place as usize));
                found.map(|value| value_cell(value, element)).collect()
            }
            DELTA_BINARY => {
                let numbers = read_deltas(values, count).unwrap_or_default().into_iter();
                match self.kind {
                    #[allow(clippy::cast_possible_truncation, reason = "differences of 32 bits wrap")]
                    PhysicalType::Int32 => as_cells(numbers.map(|number| StoredValue::Int32(number as i32)).collect()),
                    PhysicalType::Int64 => as_cells(numbers.map(StoredValue::Int64).collect()),
                    _ => return refused(DAMAGED),
                }
            }
            BYTE_STREAMS if whole => {
                // Of missing values none is stored.
                let width = match self.kind {
                    PhysicalType::Int32 | PhysicalType::Float => 4,
                    PhysicalType::Int64 | PhysicalType::Double => 8,
                    PhysicalType::Fixed(length) => length,
                    _ => return refused(DAMAGED),
                };
                let joined = join_streams(values, self.kind, values.len() / width, count).unwrap_or_default();
                as_cells(read_plain(&joined, self.kind, count))
            }
            BYTE_STREAMS => vec![],
            other => return refused(&format!("has an encoding ({}) that is not shown", encoding_label(other))),
        })
    }
}

//! A file's views: first rows, schema, row groups.

use super::{
    columns::{ColumnRead, ColumnTask, read_column},
    footer::{ParquetFooter, codec_name, read_footer},
    format::statistic_cell,
    pieces::ObjectPieces,
    schema::{LeafColumn, PhysicalType, Repetition, SchemaElement, find_leaves},
};
use crate::{
    domain::numbers::{format_bytes, group_digits},
    preview::{
        note::ContentNote,
        plain::lines_as_preview,
        reply::{
            MoreContent, Preview, PreviewBody, PreviewReply, PreviewTable, RowNumbering, SpanRole, TableColumn,
            TextSpan,
        },
        request::{ByteSpan, LARGEST_BUDGET, LARGEST_FOOTER, PreviewRequest, PreviewView, USUAL_BUDGET, last_range},
        rows::{LineBuilder, RowBuilder, cell},
    },
};

/// Bytes of a footer that is read without being asked for.
const LONGEST_FOOTER: u64 = 768 * 1024;

/// Bytes at the end: the footer's length and the magic.
const TRAILER: u64 = 8;

/// Rows that are shown.
const SHOWN_ROWS: usize = 50;

/// Columns that are read for the usual budget.
const USUAL_COLUMNS: u64 = 12;

/// Columns that are told to be left out, by name.
const NAMED_LEFT_OUT: usize = 6;

/// Bytes between two ranges that are read with them rather than asked for apart.
const LARGEST_GAP: u64 = 4096;

/// Ranges asked for at once.
const MOST_RANGES: usize = 32;

/// Shows a Parquet file.
pub(crate) fn show_parquet(request: &PreviewRequest) -> PreviewReply {
    let pieces = ObjectPieces::of(request);
    let (span, encrypted) = match find_footer(request, &pieces) {
        Ok(found) => found,
        Err(reply) => return reply,
    };
    if encrypted {
        return PreviewReply::Shown(without_rows(&ContentNote::EncryptedFooter(span.length)));
    }
    if span.length > LARGEST_FOOTER {
        return PreviewReply::Shown(without_rows(&ContentNote::FooterTooLong(span.length)));
    }
    if span.length > LONGEST_FOOTER && !request.long_footer {
        return long_footer(&ContentNote::LongFooter(span.length), span.length);
    }
    let length = usize::try_from(span.length).unwrap_or(usize::MAX);
    let Some(bytes) = pieces.from(span.offset).get(..length) else {
        return read_footer_first(request, &pieces, span);
    };
    let Some(footer) = read_footer(bytes) else { return bad_footer("its footer is damaged") };
    let file = ParquetFile::of(footer, span.offset);
    match request.view {
        PreviewView::Schema => PreviewReply::Shown(file.show_schema()),
        PreviewView::RowGroups => PreviewReply::Shown(file.show_groups()),
        _ => file.show_rows(request, &pieces),
    }
}

fn bad_footer(why: &'static str) -> PreviewReply {
    PreviewReply::Shown(without_rows(&ContentNote::BadFooter(why)))
}

/// A footer that is read only if that is asked for.
fn long_footer(note: &ContentNote, length: u64) -> PreviewReply {
    PreviewReply::Shown(Preview { more: MoreContent::LongFooter(length), ..without_rows(note) })
}

fn without_rows(note: &ContentNote) -> Preview {
    Preview {
        kind: "Parquet".to_owned(),
        view: PreviewView::Table,
        views: vec![PreviewView::Table, PreviewView::Hex],
        notes: vec![note.line()],
        ..Preview::default()
    }
}

/// Where the footer lies, and whether it is encrypted.
fn find_footer(request: &PreviewRequest, pieces: &ObjectPieces) -> Result<(ByteSpan, bool), PreviewReply> {
    let Some(size) = request.size else { return Err(bad_footer("the object's size is not known")) };
    if size < TRAILER + 4 {
        return Err(bad_footer("it is too short"));
    }
    let trailer = pieces.from(size - TRAILER);
    let (Some(length), Some(magic)) = (trailer.first_chunk::<4>(), trailer.get(4..8)) else {
        return match last_range(size).filter(|tail| request.trips > 0 && tail.length <= request.budget) {
            Some(tail) => Err(PreviewReply::Needs(vec![tail])),
            None => Err(bad_footer("its end was not read")),
        };
    };
    let length = u64::from(u32::from_le_bytes(*length));
    let encrypted = magic == b"PARE";
    if !encrypted && magic != b"PAR1" {
        return Err(bad_footer("it does not end as Parquet does"));
    }
    if length == 0 || length > size - TRAILER - 4 {
        return Err(bad_footer("its footer's length cannot be right"));
    }
    Ok((ByteSpan { offset: size - TRAILER - length, length }, encrypted))
}

/// Asks for the part of the footer that was not read.
fn read_footer_first(request: &PreviewRequest, pieces: &ObjectPieces, span: ByteSpan) -> PreviewReply {
    let known = (0..=span.length).step_by(1024).find(|at| !pieces.from(span.offset + at).is_empty());
    let missing = ByteSpan { offset: span.offset, length: known.unwrap_or(span.length).clamp(1, span.length) };
    if request.trips > 0 && missing.length <= request.budget {
        PreviewReply::Needs(vec![missing])
    } else {
        long_footer(&ContentNote::FooterOverBudget(span.length), span.length)
    }
}

/// A file whose footer was read.
struct ParquetFile<'a> {
    footer: ParquetFooter<'a>,
    leaves: Vec<LeafColumn>,
    depths: Vec<usize>,
    /// Where the footer begins.
    limit: u64,
}

impl<'a> ParquetFile<'a> {
    fn of(footer: ParquetFooter<'a>, limit: u64) -> Self {
        let (leaves, depths) = find_leaves(&footer.schema);
        Self { footer, leaves, depths, limit }
    }

    fn preview(&self, view: PreviewView) -> Preview {
        let count = |number: u64, one: &str, many: &str| {
            format!("{} {}", group_digits(number), if number == 1 { one } else { many })
        };
        let chunk = self.footer.groups.iter().find_map(|group| group.chunks.first());
        let mut parts = vec![
            "Parquet".to_owned(),
            count(u64::try_from(self.footer.rows).unwrap_or(0), "row", "rows"),
            count(self.footer.groups.len() as u64, "row group", "row groups"),
            count(self.leaves.len() as u64, "column", "columns"),
        ];
        parts.extend(chunk.filter(|chunk| chunk.readable).map(|chunk| codec_name(chunk.codec).to_owned()));
        let writer = String::from_utf8_lossy(self.footer.created_by);
        if !writer.is_empty() {
            parts.push(format!("written by {}", &writer[..writer.floor_char_boundary(100)]));
        }
        Preview {
            kind: parts.join(" · "),
            view,
            views: vec![PreviewView::Table, PreviewView::Schema, PreviewView::RowGroups, PreviewView::Hex],
            ..Preview::default()
        }
    }

    fn show_schema(&self) -> Preview {
        let mut rows = LineBuilder::default();
        for (element, depth) in self.footer.schema.iter().zip(&self.depths).skip(1) {
            rows.begin_line(None);
            rows.push(&"  ".repeat(depth.saturating_sub(1).min(32)), SpanRole::Plain);
            rows.push(&String::from_utf8_lossy(element.name), SpanRole::Key);
            rows.push("  ", SpanRole::Plain);
            rows.push(&element.type_name(), SpanRole::Keyword);
            match element.repetition {
                Repetition::Required => rows.push("  not null", SpanRole::Muted),
                Repetition::Optional => {}
                Repetition::Repeated => rows.push("  repeated", SpanRole::Muted),
            }
            rows.end_line();
        }
        let elements = self.footer.schema.len() - 1;
        Preview {
            notes: vec![],
            ..merge(self.preview(PreviewView::Schema), lines_as_preview(rows, elements, RowNumbering::None))
        }
    }

    fn show_groups(&self) -> Preview {
        let names = ["Group", "Rows", "Column", "Codec", "Packed", "Unpacked", "Nulls", "Smallest", "Largest"];
        let right = |name: &str| ["Group", "Rows", "Packed", "Unpacked", "Nulls"].contains(&name);
        let columns = names.iter().map(|name| TableColumn { name: (*name).to_owned(), right: right(name) }).collect();
        let mut rows = RowBuilder::default();
        let all: usize = self.footer.groups.iter().map(|group| group.chunks.len()).sum();
        let mut shown = 0;
        'groups: for (at, group) in self.footer.groups.iter().enumerate() {
            for (chunk, leaf) in group.chunks.iter().zip(&self.leaves) {
                let element = &self.footer.schema[leaf.element];
                let number = |number: i64| cell(&number.to_string(), SpanRole::Number);
                let statistic = |bytes: Option<&[u8]>| {
                    bytes.map_or_else(|| cell("", SpanRole::Plain), |bytes| statistic_cell(bytes, element))
                };
                let cells = vec![
                    number(i64::try_from(at).unwrap_or(i64::MAX)),
                    number(group.rows),
                    cell(&leaf.path, SpanRole::Key),
                    cell(if chunk.readable { codec_name(chunk.codec) } else { "encrypted" }, SpanRole::Plain),
                    cell(&format_bytes(u64::try_from(chunk.packed).unwrap_or(0)), SpanRole::Number),
                    cell(&format_bytes(u64::try_from(chunk.unpacked).unwrap_or(0)), SpanRole::Number),
                    chunk.nulls.map_or_else(|| cell("", SpanRole::Plain), number),
                    statistic(chunk.smallest),
                    statistic(chunk.largest),
                ];
                if !rows.push(None, cells) {
                    break 'groups;
                }
                shown += 1;
            }
        }
        let mut preview = self.preview(PreviewView::RowGroups);
        preview.body = PreviewBody::Table(PreviewTable { columns, rows: rows.finish() });
        if shown < all {
            preview.notes.push(ContentNote::TooManyRows(shown).line());
        }
        preview
    }

    /// The first rows of the first columns, or what has to be read for them.
    fn show_rows(&self, request: &PreviewRequest, pieces: &ObjectPieces) -> PreviewReply {
        let Some(group) = self.footer.groups.iter().find(|group| group.rows > 0) else {
            let preview = self.preview(PreviewView::Table);
            return PreviewReply::Shown(self.fill_table(preview, vec![], 0));
        };
        let budget = pieces.total().saturating_add(request.budget);
        let columns = (USUAL_COLUMNS * budget.div_ceil(USUAL_BUDGET)).min(48);
        let columns = usize::try_from(columns).unwrap_or(48).min(self.leaves.len());
        // A dictionary and a page for each column; a third is kept for what turns out to be missing.
        let guess = (request.budget * 2 / 3 / (2 * columns as u64).max(1)).clamp(2048, 64 * 1024);
        let reads: Vec<(&LeafColumn, ColumnRead)> = self
            .leaves
            .iter()
            .zip(&group.chunks)
            .take(columns)
            .map(|(leaf, chunk)| {
                let element = &self.footer.schema[leaf.element];
                let task = ColumnTask { leaf, element, chunk, rows: SHOWN_ROWS, guess, limit: self.limit };
                (leaf, read_column(&task, pieces))
            })
            .collect();
        if request.trips > 0 {
            let wanted = affordable(reads.iter().map(|(_, read)| read.needs.as_slice()).collect(), request.budget);
            if !wanted.is_empty() {
                return PreviewReply::Needs(wanted);
            }
        }
        let mut preview = self.preview(PreviewView::Table);
        let unread = reads.iter().any(|(_, read)| !read.needs.is_empty()) || self.leaves.len() > columns;
        if unread && pieces.total() < LARGEST_BUDGET {
            preview.more = MoreContent::ReadOn;
        }
        PreviewReply::Shown(self.fill_table(preview, reads, columns))
    }

    fn fill_table(&self, mut preview: Preview, reads: Vec<(&LeafColumn, ColumnRead)>, columns: usize) -> Preview {
        let (shown, left_out): (Vec<_>, Vec<_>) = reads.into_iter().partition(|(_, read)| !read.cells.is_empty());
        for (leaf, read) in left_out.iter().take(NAMED_LEFT_OUT) {
            let missing: u64 = read.needs.iter().map(|span| span.length).sum();
            let why = read.why.clone().unwrap_or_else(|| match missing {
                0 => "has no values".to_owned(),
                missing => format!("is not read: {} more are needed", format_bytes(missing)),
            });
            preview.notes.push(ContentNote::ColumnLeftOut(leaf.path.clone(), why).line());
        }
        let unnamed = left_out.len().saturating_sub(NAMED_LEFT_OUT) + self.leaves.len().saturating_sub(columns);
        if unnamed > 0 && columns > 0 {
            preview.notes.push(ContentNote::ColumnsLeftOut(unnamed).line());
        }
        let names = shown.iter().map(|(leaf, _)| self.column_of(leaf));
        let columns = names.collect();
        let count = shown.iter().map(|(_, read)| read.cells.len()).max().unwrap_or(0);
        let mut rows = RowBuilder::default();
        for row in 0..count {
            let at = |read: &ColumnRead| read.cells.get(row).cloned().unwrap_or_else(unread_cell);
            if !rows.push(Some(row as u64 + 1), shown.iter().map(|(_, read)| at(read)).collect()) {
                break;
            }
        }
        preview.body = PreviewBody::Table(PreviewTable { columns, rows: rows.finish() });
        preview.numbering = RowNumbering::Rows;
        preview
    }

    fn column_of(&self, leaf: &LeafColumn) -> TableColumn {
        let element: &SchemaElement<'_> = &self.footer.schema[leaf.element];
        let text =
            matches!(element.physical(), Some(PhysicalType::Bytes | PhysicalType::Fixed(_) | PhysicalType::Boolean));
        TableColumn { name: leaf.path.clone(), right: !text }
    }
}

fn unread_cell() -> TextSpan {
    cell("…", SpanRole::Muted)
}

fn merge(head: Preview, body: Preview) -> Preview {
    Preview { body: body.body, numbering: body.numbering, notes: body.notes, ..head }
}

/// The ranges that fit the budget, those of the cheapest columns first, neighbours joined.
fn affordable(mut columns: Vec<&[ByteSpan]>, budget: u64) -> Vec<ByteSpan> {
    let cost = |column: &&[ByteSpan]| column.iter().map(|span| span.length).sum::<u64>();
    columns.sort_by_key(cost);
    let mut left = budget;
    columns.retain(|column| left.checked_sub(cost(column)).inspect(|rest| left = *rest).is_some());
    let mut needs = columns.concat();
    needs.sort_unstable();
    let mut joined: Vec<ByteSpan> = vec![];
    for span in needs {
        match joined.last_mut() {
            Some(last) if span.offset <= last.end() => last.length = span.end().max(last.end()) - last.offset,
            Some(last) if span.offset - last.end() <= LARGEST_GAP.min(left) => {
                left -= span.offset - last.end();
                last.length = span.end() - last.offset;
            }
            _ => joined.push(span),
        }
    }
    joined.truncate(MOST_RANGES);
    joined
}

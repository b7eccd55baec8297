//! A table as rows of cells.

use std::collections::HashSet;

use super::parse::{MOST_LINES, TableDialect, TableReader, TableRecord};
use crate::preview::{
    json::is_number,
    note::ContentNote,
    reply::{MOST_COLUMNS, Preview, PreviewBody, PreviewTable, RowNumbering, SpanRole, TableColumn},
    rows::{RowBuilder, cell},
};

/// What was read of a table.
pub(crate) struct ShownTable {
    /// The rows, without kind, views and encoding.
    pub(crate) preview: Preview,
    /// `CSV with a header`
    pub(crate) kind: String,
    /// Where the last record begins that may not be whole.
    pub(crate) cut_at: Option<usize>,
}

/// The records of `text`. `beginning` says that its first record is the first of the object, `whole` that nothing follows.
pub(crate) fn show_table(text: &str, dialect: TableDialect, beginning: bool, whole: bool) -> ShownTable {
    let records: Vec<TableRecord> = TableReader::of(text, dialect).take(MOST_RECORDS).collect();
    let runs_away = |record: &TableRecord| record.lines > MOST_LINES || whole && record.open_quote;
    if dialect.quote.is_some() && records.iter().any(runs_away) {
        let mut shown = show_table(text, TableDialect { quote: None, ..dialect }, beginning, whole);
        shown.preview.notes.insert(0, ContentNote::WithoutQuoting.line());
        return shown;
    }
    let has_header = beginning && is_header(&records);
    let widest = records.iter().map(|record| record.count).max().unwrap_or(0);
    let mut notes = vec![];
    if widest > MOST_COLUMNS {
        notes.push(ContentNote::TooManyColumns(widest).line());
    }
    let (header, rows) = records.split_at(usize::from(has_header));
    let columns = name_columns(header.first(), rows, widest.min(MOST_COLUMNS));
    let shown = build_rows(rows, beginning);
    if shown.len() < rows.len() || records.len() == MOST_RECORDS {
        notes.push(ContentNote::TooManyRows(shown.len()).line());
    }
    let name = match dialect.delimiter {
        ',' => "CSV".to_owned(),
        '\t' => "TSV".to_owned(),
        ';' => "CSV with semicolons".to_owned(),
        '|' => "table with |".to_owned(),
        other => format!("table with {other}"),
    };
    let kind = match (has_header, beginning) {
        (true, _) => format!("{name}{} a header", if name.contains(" with ") { " and" } else { " with" }),
        (false, true) => format!("{name} without a header"),
        (false, false) => name,
    };
    let cut_at = records.last().filter(|record| !record.ended && !whole).map(|record| record.start);
    let numbering = if beginning { RowNumbering::Rows } else { RowNumbering::None };
    let body = PreviewBody::Table(PreviewTable { columns, rows: shown });
    ShownTable { preview: Preview { body, numbering, notes, ..Preview::default() }, kind, cut_at }
}

/// Records that are kept while reading: a little more than can be shown.
const MOST_RECORDS: usize = crate::preview::reply::MOST_ROWS + 2;

fn build_rows(rows: &[TableRecord], numbered: bool) -> Vec<crate::preview::reply::TableRow> {
    let mut builder = RowBuilder::default();
    for (at, record) in rows.iter().enumerate() {
        let cells = record.fields.iter().map(|field| {
            let role = if is_number(field.trim()) { SpanRole::Number } else { SpanRole::Plain };
            cell(field, role)
        });
        if !builder.push(numbered.then_some(at as u64 + 1), cells.collect()) {
            break;
        }
    }
    builder.finish()
}

fn name_columns(header: Option<&TableRecord>, rows: &[TableRecord], count: usize) -> Vec<TableColumn> {
    let name = |at: usize| match header {
        Some(header) => header.fields.get(at).map_or(String::new(), |name| cell(name, SpanRole::Heading).text),
        None => (at + 1).to_string(),
    };
    (0..count).map(|at| TableColumn { name: name(at), right: is_numeric(rows, at) }).collect()
}

/// Rows that are looked at to tell what a column holds.
const LOOKED_AT: usize = 100;

/// Whether a column holds numbers alone.
fn is_numeric(rows: &[TableRecord], column: usize) -> bool {
    let cells = rows.iter().take(LOOKED_AT).filter_map(|row| row.fields.get(column));
    let mut cells = cells.map(|cell| cell.trim()).filter(|cell| !cell.is_empty()).peekable();
    cells.peek().is_some() && cells.all(is_number)
}

/// Whether the first record names the columns: its fields are different, no numbers, and unlike what stands below them.
fn is_header(records: &[TableRecord]) -> bool {
    let Some((first, rows)) = records.split_first() else { return false };
    let is_name = |field: &str| !field.trim().is_empty() && field.len() <= 100 && !is_number(field.trim());
    let distinct: HashSet<&str> = first.fields.iter().map(|field| field.trim()).collect();
    if distinct.len() != first.fields.len() || !first.fields.iter().all(|field| is_name(field)) {
        return false;
    }
    if rows.is_empty() {
        return first.count > 1;
    }
    let rows = &rows[..rows.len().min(LOOKED_AT)];
    let some_numbers = (0..first.fields.len()).any(|column| is_numeric(rows, column));
    let starts_with_digit = |field: &str| field.trim().starts_with(|c: char| c.is_ascii_digit());
    let repeats = |(column, name): (usize, &std::borrow::Cow<str>)| {
        rows.iter().any(|row| row.fields.get(column).is_some_and(|field| field == name))
    };
    some_numbers
        || !first.fields.iter().any(|field| starts_with_digit(field)) && !first.fields.iter().enumerate().any(repeats)
}

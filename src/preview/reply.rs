//! What a decoder answers: rows of text with a meaning, or the ranges that it still needs.
//!
//! Invariants: every text in a reply is foreign text, whatever field it stands in: it is escaped where it is drawn or
//! printed (`domain::safe_text`). No reply is larger than the limits below, which both sides check.

use serde::{Deserialize, Serialize};

use super::request::{ByteSpan, PreviewView};
use crate::domain::numbers::group_digits;

/// Lines or rows of a reply.
pub const MOST_ROWS: usize = 40_000;

/// Columns of a table.
pub const MOST_COLUMNS: usize = 1024;

/// Bytes of text in one line, and in one cell.
pub const LONGEST_LINE: usize = 16 * 1024;

/// Notes, and ranges asked for.
pub(super) const MOST_NOTES: usize = 32;

/// What a decoder answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum PreviewReply {
    /// This is to be shown.
    Shown(Preview),
    /// These ranges are needed first: read them, add them to the windows, ask again with what is left of the budget.
    Needs(Vec<ByteSpan>),
}

/// A content as rows of text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Preview {
    /// What it is: `CSV with a header in gzip · utf-8`.
    pub kind: String,
    /// How it is shown; never [`PreviewView::Auto`].
    pub view: PreviewView,
    /// The views that this content has, with the one shown.
    pub views: Vec<PreviewView>,
    /// The encoding that its text was read with, by its WHATWG name.
    pub encoding: Option<String>,
    /// The rows.
    pub body: PreviewBody,
    /// What the numbers of the rows count.
    pub numbering: RowNumbering,
    /// What has to be known about what is shown: damaged, cut, refused.
    pub notes: Vec<PreviewNote>,
    /// Whether reading more of the object would show more.
    pub more: MoreContent,
    /// Where the next window should begin so that no row is split, in bytes of the object, and the number of its first
    /// line. None if a window cannot begin there: what is packed can only be read from its beginning.
    pub next: Option<NextWindow>,
    /// How many bytes came out of what is packed.
    pub unpacked: Option<u64>,
}

/// The rows of a preview.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum PreviewBody {
    /// Lines of text.
    Lines(Vec<PreviewLine>),
    /// Rows of cells.
    Table(PreviewTable),
}

impl Default for PreviewBody {
    fn default() -> Self {
        Self::Lines(vec![])
    }
}

/// A line of text.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewLine {
    /// Its number, by [`RowNumbering`].
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Its text, in pieces of one meaning each; without the line's end.
    #[serde(rename = "s")]
    pub spans: Vec<TextSpan>,
    /// Bytes of the line that are not shown because it is too long.
    #[serde(rename = "m", default, skip_serializing_if = "is_zero")]
    pub more: u64,
}

impl PreviewLine {
    /// The text of the line without its meaning.
    pub fn text(&self) -> String {
        self.spans.iter().map(|span| span.text.as_str()).collect()
    }

    /// What stands behind a line that is cut: ` … 23,616 more bytes`.
    pub fn cut_mark(&self) -> Option<String> {
        (self.more > 0).then(|| format!(" … {} more bytes", group_digits(self.more)))
    }
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextSpan {
    /// Foreign text.
    #[serde(rename = "t")]
    pub text: String,
    /// What it means.
    #[serde(rename = "r", default, skip_serializing_if = "SpanRole::is_plain")]
    pub role: SpanRole,
}

/// What a piece of text means; the interface gives it a colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpanRole {
    /// Nothing in particular.
    #[default]
    Plain,
    /// The name of a value: a key of JSON, a tag of XML.
    Key,
    /// A value that is text.
    String,
    /// A number, or a time.
    Number,
    /// A word of the language: `true`, `null`.
    Keyword,
    /// A comment.
    Comment,
    /// Brackets, commas, colons.
    Punctuation,
    /// A level that tells of a failure.
    Error,
    /// A level that warns.
    Warning,
    /// A level that informs.
    Info,
    /// Less important: a missing value, a debug line.
    Muted,
    /// A heading, a section.
    Heading,
    /// A line that the later of two contents alone has.
    Added,
    /// A line that the earlier of two contents alone has.
    Removed,
    /// What cannot stand there: damaged.
    Invalid,
}

impl SpanRole {
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
    fn is_plain(&self) -> bool {
        *self == Self::Plain
    }
}

/// A table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewTable {
    /// The columns. Without a header they have numbers for names.
    pub columns: Vec<TableColumn>,
    /// The rows. One may have fewer cells than there are columns, never more.
    pub rows: Vec<TableRow>,
}

/// A column of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableColumn {
    /// Its heading.
    pub name: String,
    /// Whether its cells are numbers, which stand at the right.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub right: bool,
}

/// A row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRow {
    /// Its number, by [`RowNumbering`].
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub number: Option<u64>,
    /// Its cells.
    #[serde(rename = "c")]
    pub cells: Vec<TextSpan>,
}

/// What the numbers of rows count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RowNumbering {
    /// There are none.
    #[default]
    None,
    /// Lines of the text, from 1.
    Lines,
    /// Rows of the table, from 1.
    Rows,
    /// Offsets in bytes, usually shown in hexadecimal.
    Offsets,
}

/// Whether reading on would show more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum MoreContent {
    /// All of it is shown, or no more can be.
    #[default]
    Nothing,
    /// The next bytes, or a larger budget for Parquet, show more.
    ReadOn,
    /// Only this many bytes of footer, read by request, show anything.
    LongFooter(u64),
}

/// Where the next window begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NextWindow {
    /// Its first byte.
    pub offset: u64,
    /// The number of its first line, if known.
    pub line: Option<u64>,
}

/// Something to be known about what is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewNote {
    /// How much it matters.
    pub level: NoteLevel,
    /// One line.
    pub text: String,
}

/// How much a note matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoteLevel {
    /// Good to know.
    Info,
    /// Not everything is shown as it is.
    Warning,
    /// It cannot be shown.
    Error,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

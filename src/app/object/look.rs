//! The content of an object: asked for, arrived, refused.
//!
//! Invariant: content that is on screen stays until other content takes its place; a failure is told beside it.

use jiff::Timestamp;

use super::{ContentScroll, Finding, LookRefusal};
use crate::{
    app::{
        effect::Generation,
        object_calls::{LookPart, LookReply, LookTarget},
    },
    domain::{failure::Failure, safe_text::content_width},
    preview::{MoreContent, Preview, PreviewBody, PreviewLine, PreviewTable, PreviewView, RowNumbering},
};

/// Cells of a table's column at most.
const WIDEST_COLUMN: usize = 40;

/// How far asking for content has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LookState {
    /// Nobody has asked.
    #[default]
    NotAsked,
    /// Nothing is requested, and why.
    Refused(LookRefusal),
    /// It was asked for, and the answer has not come.
    Asked {
        /// Of the question.
        generation: Generation,
        /// When it was asked.
        since: Timestamp,
    },
    /// The answer is on screen.
    Answered,
    /// It was refused, or the answer could not be used.
    Failed(Box<Failure>),
}

/// Content that is on screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownLook {
    /// What came.
    pub reply: LookReply,
    /// Which part of the object it is.
    pub part: LookPart,
    /// Cells of the rows' numbers.
    pub number_cells: usize,
    /// Cells of each column of a table.
    pub column_cells: Vec<usize>,
    /// Cells of each line, with what is said of the bytes that are cut off.
    pub line_cells: Vec<usize>,
    /// Cells of the widest row.
    pub widest: usize,
}

/// What of an object's content is looked at, and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// How far it is.
    pub state: LookState,
    /// What is on screen.
    pub shown: Option<Box<ShownLook>>,
    /// What of the object.
    pub target: LookTarget,
    /// How it is to be shown.
    pub view: PreviewView,
    /// The encoding that was chosen.
    pub encoding: Option<&'static str>,
    /// Which bytes.
    pub part: LookPart,
    /// How often more was asked for.
    pub steps: u32,
    /// Bytes of a footer that the person allowed to be read.
    pub long_footer: Option<u64>,
    /// Which rows are on screen.
    pub scroll: ContentScroll,
    /// What is found in them.
    pub finding: Finding,
    /// What the map costs, once that has been told: the key reads it now.
    pub confirms_map: Option<String>,
    /// Whether it is read anew.
    pub(super) fresh: bool,
    /// Whether it is asked for whatever is known against it.
    pub(super) forced: bool,
}

/// Encodings to read text with, in turn, by their WHATWG labels.
/// <https://encoding.spec.whatwg.org/#names-and-labels>
const ENCODINGS: [&str; 12] = [
    "utf-8",
    "windows-1252",
    "iso-8859-15",
    "utf-16le",
    "utf-16be",
    "windows-1251",
    "koi8-r",
    "shift_jis",
    "euc-jp",
    "gbk",
    "big5",
    "euc-kr",
];

impl Look {
    /// Nothing of another object yet; how long lines are shown stays.
    pub(super) fn of_another_object(&self) -> Self {
        Self { scroll: ContentScroll { wrap: self.scroll.wrap, ..ContentScroll::default() }, ..Self::default() }
    }

    /// Asks for what is on screen once more, as it is now.
    pub(super) fn ask_anew(&mut self, forced: bool) {
        (self.state, self.fresh, self.forced, self.confirms_map) = (LookState::NotAsked, true, forced, None);
        if self.part == LookPart::Map {
            (self.part, self.view) = (LookPart::Beginning, PreviewView::Auto);
        }
    }

    /// Asks for something else of the same object.
    pub(super) fn ask_otherwise(&mut self) {
        (self.state, self.confirms_map) = (LookState::NotAsked, None);
    }

    pub(super) fn abandon(&mut self) {
        if let LookState::Asked { .. } = self.state {
            self.state = if self.shown.is_some() { LookState::Answered } else { LookState::NotAsked };
        }
    }

    /// The content is here.
    pub(super) fn take_reply(&mut self, reply: LookReply) {
        self.state = LookState::Answered;
        if reply.size == Some(0) {
            (self.state, self.shown) = (LookState::Refused(LookRefusal::Empty), None);
            return;
        }
        let goes_on = self.shown.as_ref().is_some_and(|shown| {
            shown.part == self.part && shown.reply.preview.view == reply.preview.view && self.part != LookPart::Map
        });
        if !goes_on {
            self.scroll = ContentScroll { wrap: self.scroll.wrap, ..ContentScroll::default() };
        }
        let shown = ShownLook::new(reply, self.part);
        if self.part == LookPart::End && !goes_on {
            self.scroll.top = usize::MAX;
        }
        self.finding.find_in(&shown.reply.preview);
        self.shown = Some(Box::new(shown));
    }

    /// The next view among those that the content has.
    pub(super) fn choose_next_view(&mut self) -> bool {
        let Some(shown) = &self.shown else { return false };
        let Preview { view, views, .. } = &shown.reply.preview;
        let at = views.iter().position(|one| one == view).unwrap_or(0);
        match views.get((at + 1) % views.len().max(1)) {
            Some(next) if next != view => {
                self.view = *next;
                if self.part == LookPart::Map {
                    self.part = LookPart::Beginning;
                }
                true
            }
            _ => false,
        }
    }

    /// The next encoding; after the last one the guess again.
    pub(super) fn choose_next_encoding(&mut self) {
        let next = self.encoding.and_then(|now| ENCODINGS.iter().position(|one| *one == now)).map_or(0, |at| at + 1);
        self.encoding = ENCODINGS.get(next).copied();
    }

    /// What more of the content there is to read.
    pub fn more(&self) -> MoreContent {
        self.shown.as_ref().map_or(MoreContent::Nothing, |shown| shown.reply.preview.more)
    }

    /// Whether what is packed is shown, which can be read from its beginning alone.
    pub(super) fn is_packed(&self) -> bool {
        self.shown.as_ref().is_some_and(|shown| shown.reply.preview.unpacked.is_some())
    }
}

impl ShownLook {
    fn new(reply: LookReply, part: LookPart) -> Self {
        let preview = &reply.preview;
        let (rows, column_cells, line_cells, widest) = match &preview.body {
            PreviewBody::Lines(lines) => {
                let cells: Vec<usize> = lines.iter().map(line_width).collect();
                let widest = cells.iter().copied().max().unwrap_or(0);
                (lines.last().and_then(|line| line.number), vec![], cells, widest)
            }
            PreviewBody::Table(table) => {
                let cells = column_cells(table);
                let widest = cells.iter().map(|cells| cells + 2).sum();
                (table.rows.last().and_then(|row| row.number), cells, vec![], widest)
            }
        };
        let number_cells = match (preview.numbering, rows) {
            (RowNumbering::None, _) | (_, None) => 0,
            (RowNumbering::Offsets, Some(last)) => format!("{last:x}").len().max(8),
            (RowNumbering::Lines | RowNumbering::Rows, Some(last)) => last.to_string().len().max(3),
        };
        Self { reply, part, number_cells, column_cells, line_cells, widest }
    }

    /// How many rows there are.
    pub fn rows(&self) -> usize {
        match &self.reply.preview.body {
            PreviewBody::Lines(lines) => lines.len(),
            PreviewBody::Table(table) => table.rows.len(),
        }
    }

    /// Whether it is a table, which scrolls sideways by columns.
    pub const fn is_table(&self) -> bool {
        matches!(self.reply.preview.body, PreviewBody::Table(_))
    }

    /// Whether this is everything that there is.
    pub fn is_all(&self) -> bool {
        let preview = &self.reply.preview;
        // Of a Parquet file the first rows are shown, however little of it that leaves to be read.
        let is_parquet = preview.views.contains(&PreviewView::RowGroups);
        let begins = self.part == LookPart::Beginning && self.reply.begins == 0;
        preview.more == MoreContent::Nothing && begins && !is_parquet
    }

    /// Whether bytes are shown that begin behind the first one although the beginning was wanted: the end, where that was read
    /// first.
    pub fn is_end(&self) -> bool {
        let is_plain = matches!(self.reply.preview.view, PreviewView::Text | PreviewView::Hex);
        self.part == LookPart::End || self.part == LookPart::Beginning && self.reply.begins > 0 && is_plain
    }

    /// Lines at the bottom for what has to be known besides the first note, which stands in the status line.
    pub fn note_rows(&self) -> usize {
        self.reply.preview.notes.len().saturating_sub(1).min(MOST_NOTES)
    }
}

/// Notes that are shown below the content at most.
const MOST_NOTES: usize = 3;

fn line_width(line: &PreviewLine) -> usize {
    let text = line.spans.iter().fold(0, |cells, span| cells + content_width(&span.text, cells));
    text + line.cut_mark().map_or(0, |mark| content_width(&mark, text))
}

fn column_cells(table: &PreviewTable) -> Vec<usize> {
    let mut cells: Vec<usize> = table.columns.iter().map(|column| content_width(&column.name, 0)).collect();
    for row in &table.rows {
        for (widest, cell) in cells.iter_mut().zip(&row.cells) {
            // What is longer than a column can be is not measured to its end.
            if *widest < WIDEST_COLUMN {
                let end = cell.text.floor_char_boundary(4 * WIDEST_COLUMN);
                *widest = (*widest).max(content_width(&cell.text[..end], 0));
            }
        }
    }
    cells.iter().map(|cells| (*cells).clamp(1, WIDEST_COLUMN)).collect()
}

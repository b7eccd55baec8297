//! What is asked of a decoder: which bytes of an object, what is known about it, and what is to be shown.
//!
//! Invariant: a request carries no credentials, no address and no path on this machine.

use serde::{Deserialize, Serialize};

/// The bytes that the first request of a preview asks for.
pub const FIRST_WINDOW: u64 = 64 * 1024;

/// The bytes that a preview moves until the person asks for more.
pub const USUAL_BUDGET: u64 = 256 * 1024;

/// The bytes that a preview moves at most, however often more is asked for.
pub const LARGEST_BUDGET: u64 = 1024 * 1024;

/// The bytes of a Parquet footer that are read at most, also if the person asks for it: with what a look reads besides, they
/// fit the memory for what was read.
pub const LARGEST_FOOTER: u64 = 5 * 1024 * 1024;

/// The requests that a preview makes for one view.
pub const MOST_TRIPS: u8 = 3;

/// What a child is to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecodeTask {
    /// Shows one content.
    Show(PreviewRequest),
    /// Shows how the lines of two contents differ.
    Compare {
        /// The earlier content.
        old: PreviewRequest,
        /// The later content.
        new: PreviewRequest,
    },
}

/// A content to be shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PreviewRequest {
    /// The object's key: its ending hints at the kind.
    pub name: String,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The `Content-Encoding` header.
    pub content_encoding: Option<String>,
    /// The object's size in bytes, if known.
    pub size: Option<u64>,
    /// The bytes that were read, in the order of their offsets.
    #[serde(skip)]
    pub windows: Vec<ContentWindow>,
    /// What is to be shown.
    pub view: PreviewView,
    /// The text encoding to use instead of a guess, by its WHATWG label.
    pub encoding: Option<String>,
    /// The delimiter to use instead of a guess.
    pub delimiter: Option<char>,
    /// The number of the first line in the first window, where that is known. At offset 0 it is 1.
    pub first_line: Option<u64>,
    /// How many more bytes the parent will read if asked; it holds to that itself.
    pub budget: u64,
    /// How many more times the parent will read.
    pub trips: u8,
    /// Whether a Parquet footer of more than 768 KiB is to be read.
    pub long_footer: bool,
}

impl PreviewRequest {
    /// A request for whatever view fits the first bytes of an object.
    pub fn of_beginning(name: &str, size: Option<u64>, bytes: Vec<u8>) -> Self {
        Self {
            name: name.to_owned(),
            size,
            windows: vec![ContentWindow { offset: 0, bytes }],
            budget: USUAL_BUDGET,
            trips: MOST_TRIPS,
            ..Self::default()
        }
    }

    /// The window that begins first: the one that is shown.
    fn first_window(&self) -> Option<&ContentWindow> {
        self.windows.iter().min_by_key(|window| window.offset)
    }

    /// The bytes of the first window.
    pub(super) fn first_bytes(&self) -> &[u8] {
        self.first_window().map_or(&[], |window| &window.bytes)
    }

    /// The offset of the first window.
    pub(super) fn first_offset(&self) -> u64 {
        self.first_window().map_or(0, |window| window.offset)
    }

    /// The offset behind the last byte of the first window.
    pub(super) fn first_end(&self) -> u64 {
        self.first_window().map_or(0, ContentWindow::end)
    }

    /// The beginning of the object, empty if it was not read.
    pub(super) fn head_bytes(&self) -> &[u8] {
        if self.first_offset() == 0 { self.first_bytes() } else { &[] }
    }

    /// Whether the first window holds the object's last byte.
    pub(super) fn reaches_end(&self) -> bool {
        self.size.is_some_and(|size| self.first_end() >= size)
    }

    /// The bytes of `range`, if one window holds all of them.
    pub(super) fn bytes_of(&self, range: ByteSpan) -> Option<&[u8]> {
        self.windows.iter().find_map(|window| {
            let start = usize::try_from(range.offset.checked_sub(window.offset)?).ok()?;
            window.bytes.get(start..start.checked_add(usize::try_from(range.length).ok()?)?)
        })
    }

    /// The ending of the key in lower case, without the dot.
    pub(super) fn ending(&self) -> String {
        let name = self.name.rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase())
    }
}

/// Some bytes of an object and where they lie.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContentWindow {
    /// The offset of the first byte.
    pub offset: u64,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl ContentWindow {
    /// The offset behind the last byte.
    pub fn end(&self) -> u64 {
        self.offset.saturating_add(self.bytes.len() as u64)
    }
}

/// A range of an object's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ByteSpan {
    /// The offset of the first byte.
    pub offset: u64,
    /// How many bytes, at least one.
    pub length: u64,
}

impl ByteSpan {
    /// The offset behind the last byte.
    pub fn end(self) -> u64 {
        self.offset.saturating_add(self.length)
    }
}

/// How a content may be shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PreviewView {
    /// What fits the kind best; a reply names one of the others.
    #[default]
    Auto,
    /// Text as it is, coloured where its kind is known.
    Text,
    /// JSON laid out anew.
    Pretty,
    /// Rows and columns.
    Table,
    /// The columns of a Parquet file and their types.
    Schema,
    /// The row groups of a Parquet file and the statistics of its columns.
    RowGroups,
    /// The members of an archive.
    Listing,
    /// Bytes as hexadecimal numbers.
    Hex,
    /// The map of entropy.
    Entropy,
}

impl PreviewView {
    /// What the view is called on screen and on the command line.
    pub fn label(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Text => "text",
            Self::Pretty => "pretty",
            Self::Table => "table",
            Self::Schema => "schema",
            Self::RowGroups => "row groups",
            Self::Listing => "listing",
            Self::Hex => "hex",
            Self::Entropy => "entropy",
        }
    }
}

/// The range that the first request of a preview asks for: the end of a Parquet file, the beginning of anything else.
/// A size of 0 has none.
pub fn first_range(name: &str, size: u64) -> Option<ByteSpan> {
    let length = size.min(FIRST_WINDOW);
    let at_end = name.to_ascii_lowercase().ends_with(".parquet");
    (length > 0).then_some(ByteSpan { offset: if at_end { size - length } else { 0 }, length })
}

/// The last bytes of an object, as many as the first request asks for.
pub fn last_range(size: u64) -> Option<ByteSpan> {
    let length = size.min(FIRST_WINDOW);
    (length > 0).then_some(ByteSpan { offset: size - length, length })
}

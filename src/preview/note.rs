//! What a preview says beside or instead of content, in one line each.

use std::fmt::{self, Display, Formatter};

use super::{
    reply::{MOST_COLUMNS, NoteLevel, PreviewNote},
    request::LARGEST_FOOTER,
};
use crate::domain::numbers::{format_bytes, group_digits};

/// Levels of nesting that JSON is indented by at most.
pub(super) const MOST_INDENT: usize = 32;

/// Something that the content made necessary to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentNote {
    /// Text that goes on behind the window.
    GoesOn,
    /// The reply is full before the content was.
    TooManyRows(usize),
    /// A packed content that goes on behind the window.
    PackedGoesOn {
        /// The format: `gzip`.
        format: &'static str,
        /// What came out.
        unpacked: u64,
        /// What was read of it.
        read: u64,
    },
    /// A packed content that is damaged.
    PackedDamaged {
        /// The format.
        format: &'static str,
        /// What came out before that.
        unpacked: u64,
    },
    /// A packed content whose last part is missing.
    PackedCut {
        /// The format.
        format: &'static str,
        /// What came out before that.
        unpacked: u64,
    },
    /// bzip2 of which no block is whole yet.
    NoBlockYet(u64),
    /// A zstd window that is too large to unpack.
    WindowTooLarge(u64),
    /// zstd that needs a dictionary.
    NeedsDictionary(u32),
    /// Unpacking stopped at the limit of bytes.
    StoppedAtLimit(u64),
    /// Unpacking stopped because so little became so much.
    Bomb {
        /// What came out.
        unpacked: u64,
        /// What it came out of.
        read: u64,
    },
    /// Bytes that are not valid in the text's encoding.
    InvalidBytes(&'static str),
    /// A quote that is not closed: the table was read without quoting.
    WithoutQuoting,
    /// A table with more columns than are shown.
    TooManyColumns(usize),
    /// JSON that is not valid from this line on.
    InvalidJson(u64),
    /// JSON nested deeper than the indent shows.
    DeepJson(usize),
    /// A Parquet footer that is too long.
    LongFooter(u64),
    /// A Parquet footer that does not fit into what may be read for a preview.
    FooterOverBudget(u64),
    /// A Parquet footer that is longer than any that is read.
    FooterTooLong(u64),
    /// A Parquet footer that is encrypted, and its length.
    EncryptedFooter(u64),
    /// A Parquet file whose footer cannot be read, and why.
    BadFooter(&'static str),
    /// A column of a Parquet file that is not shown, and why.
    ColumnLeftOut(String, String),
    /// More columns are not shown.
    ColumnsLeftOut(usize),
    /// An archive that cannot be listed further.
    ArchiveDamaged(&'static str),
    /// The list of members of an archive goes on behind the window.
    ArchiveGoesOn(&'static str),
    /// It cannot be shown as was asked.
    NoSuchView(&'static str),
    /// A name that no encoding has.
    UnknownEncoding(String),
    /// The decoder failed.
    DecoderEnded(String),
    /// The contents were cut before they were compared.
    ComparedInPart,
    /// What was compared is not text.
    NotText,
    /// The contents are equal.
    Equal,
}

impl ContentNote {
    /// The note as a line with a level.
    pub fn line(&self) -> PreviewNote {
        PreviewNote { level: self.level(), text: self.to_string() }
    }

    fn level(&self) -> NoteLevel {
        match self {
            Self::GoesOn
            | Self::PackedGoesOn { .. }
            | Self::ArchiveGoesOn(_)
            | Self::ColumnsLeftOut(_)
            | Self::DeepJson(_)
            | Self::Equal => NoteLevel::Info,
            Self::EncryptedFooter(_)
            | Self::FooterTooLong(_)
            | Self::BadFooter(_)
            | Self::UnknownEncoding(_)
            | Self::NotText => NoteLevel::Error,
            _ => NoteLevel::Warning,
        }
    }
}

impl Display for ContentNote {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::GoesOn => write!(f, "it goes on"),
            Self::TooManyRows(rows) => {
                write!(f, "only the first {} rows of what was read are shown", group_digits(rows))
            }
            Self::InvalidBytes(encoding) => write!(f, "some bytes are not valid {encoding}: each shows as \u{fffd}"),
            Self::WithoutQuoting => write!(f, "a quote is never closed: quotes are shown as they are"),
            Self::TooManyColumns(columns) => {
                write!(f, "the first {MOST_COLUMNS} of {} columns are shown", group_digits(columns))
            }
            Self::InvalidJson(line) => {
                write!(f, "not valid JSON from line {} on: the rest is shown as it is", group_digits(line))
            }
            Self::DeepJson(depth) => {
                write!(f, "nested {} deep: the indent stops at {MOST_INDENT} levels", group_digits(depth))
            }
            Self::ArchiveDamaged(format) => write!(f, "{format}: damaged · the members before that are shown"),
            Self::ArchiveGoesOn(format) => write!(f, "{format}: the list of members goes on behind what was read"),
            Self::NoSuchView(view) => write!(f, "it has no {view} view"),
            Self::UnknownEncoding(name) => write!(f, "no text encoding is called {name}"),
            Self::DecoderEnded(how) => write!(f, "the decoder {how} · shown as text · nothing else was affected"),
            Self::ComparedInPart => write!(f, "the contents go on: only what was read is compared"),
            Self::NotText => write!(f, "not text: only text is compared line by line"),
            Self::Equal => write!(f, "no difference"),
            _ => self.describe_format(f),
        }
    }
}

impl ContentNote {
    fn describe_format(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::PackedGoesOn { format, unpacked, read } => write!(
                f,
                "{format} goes on: {} bytes came out of the first {}",
                group_digits(unpacked),
                format_bytes(*read)
            ),
            Self::PackedDamaged { format, unpacked } => {
                write!(f, "{format}: damaged after {} bytes · what came out is shown", group_digits(unpacked))
            }
            Self::PackedCut { format, unpacked } => {
                write!(f, "{format}: its end is missing · {} bytes came out", group_digits(unpacked))
            }
            Self::NoBlockYet(read) => {
                write!(f, "bzip2: its first block needs up to 900 KB · {} read, nothing out yet", format_bytes(*read))
            }
            Self::WindowTooLarge(window) => {
                write!(f, "zstd: its window of {} is more than 128 MiB · not unpacked", format_bytes(*window))
            }
            Self::NeedsDictionary(id) => write!(f, "zstd: it needs dictionary {id} · not unpacked"),
            Self::StoppedAtLimit(unpacked) => write!(f, "unpacked {} · stopped there", format_bytes(*unpacked)),
            Self::Bomb { unpacked, read } => write!(
                f,
                "unpacked {} of {} bytes at {}:1 · stopped, it may be a bomb",
                format_bytes(*unpacked),
                group_digits(read),
                unpacked / (*read).max(1)
            ),
            Self::LongFooter(length) => {
                write!(f, "Parquet: footer of {}, more than 768 KiB", format_bytes(*length))
            }
            Self::FooterOverBudget(length) => {
                write!(f, "Parquet: footer of {}, more than is left to read", format_bytes(*length))
            }
            Self::FooterTooLong(length) => write!(
                f,
                "Parquet: footer of {}, more than {} · none so long is read",
                format_bytes(*length),
                format_bytes(LARGEST_FOOTER)
            ),
            Self::EncryptedFooter(length) => {
                write!(f, "Parquet: footer encrypted · only its length can be told: {} bytes", group_digits(length))
            }
            Self::BadFooter(why) => write!(f, "Parquet: {why}"),
            Self::ColumnLeftOut(column, why) => write!(f, "Parquet: column {column} {why}"),
            Self::ColumnsLeftOut(columns) => write!(f, "Parquet: {} more columns are not read", group_digits(columns)),
            // Those above are told by `Display`.
            _ => Ok(()),
        }
    }
}

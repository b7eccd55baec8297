//! The preview: bytes of an object in, rows of text with a meaning out.
//!
//! Runs in a child process without credentials or environment, which `decoder` starts: what an object contains is parsed
//! nowhere else. Only [`show_plainly`] and the functions on ranges and frames run in the parent.
//!
//! Invariants: a function of its input alone: no SDK, no terminal, no clock, no file, no thread. Nothing is allocated by a
//! length that the content claims. Nothing recurses as deep as the content nests. Cut-off input is normal: it is shown as
//! far as it goes, and said. Every text in a reply is foreign text, which is escaped where it is drawn.
//!
//! | file | what it does |
//! |---|---|
//! | `request`, `reply`, `wire` | what is asked, what is answered, and both as bytes |
//! | `note` | the sentences beside content or instead of it |
//! | `rows` | collects rows up to the limits of a reply |
//! | `plain` | raw text and hexadecimal rows |
//! | `encoding`, `kind` | text or bytes, which encoding, which kind |
//! | `show` | from a request to the decoder that fits |
//! | `text`, `colours` | text as it is |
//! | `json` | JSON laid out anew, JSON lines |
//! | `table` | CSV and its kin |
//! | `packed`, `unpacked` | gzip, zstd, bzip2: what they hold |
//! | `stream` | the same without a limit on length, for `cat` |
//! | `archive` | the members of tar and zip |
//! | `parquet` | schema, row groups, first rows |
//! | `entropy` | the map of entropy |
//! | `compare` | two contents line by line |

mod archive;
mod colours;
mod compare;
mod encoding;
mod entropy;
mod json;
mod kind;
mod note;
mod packed;
mod parquet;
mod plain;
mod reply;
mod request;
mod rows;
mod show;
mod stream;
mod table;
mod text;
mod unpacked;
mod wire;

pub use entropy::{MAP_SAMPLE_BYTES, MAP_SAMPLES, map_ranges};
pub use note::ContentNote;
pub use plain::show_plainly;
pub use reply::{
    LONGEST_LINE, MOST_COLUMNS, MOST_ROWS, MoreContent, NextWindow, NoteLevel, Preview, PreviewBody, PreviewLine,
    PreviewNote, PreviewReply, PreviewTable, RowNumbering, SpanRole, TableColumn, TableRow, TextSpan,
};
pub use request::{
    ByteSpan, ContentWindow, DecodeTask, FIRST_WINDOW, LARGEST_BUDGET, LARGEST_FOOTER, MOST_TRIPS, PreviewRequest,
    PreviewView, USUAL_BUDGET, first_range, last_range,
};
pub use stream::{StreamFault, packed_format, unpack_stream};
pub use wire::{LARGEST_REPLY, parse_reply, read_task, write_reply, write_task};

/// Carries out a task: to be called in the child alone.
pub fn decode_content(task: &DecodeTask) -> PreviewReply {
    match task {
        DecodeTask::Show(request) => show::show_content(request),
        DecodeTask::Compare { old, new } => compare::compare_contents(old, new),
    }
}

//! A packed content shown as what it holds.

use super::{
    kind::ContentFormat,
    note::ContentNote,
    packed::{UnpackEnd, Unpacked, unpack},
    reply::{MoreContent, NoteLevel, Preview, PreviewBody, PreviewNote},
    request::{ContentWindow, PreviewRequest, PreviewView},
};

/// The name of a packed format.
pub(super) fn packed_name(format: ContentFormat) -> Option<&'static str> {
    match format {
        ContentFormat::Gzip => Some("gzip"),
        ContentFormat::Zstd => Some("zstd"),
        ContentFormat::Bzip2 => Some("bzip2"),
        _ => None,
    }
}

/// What a request for packed content holds, as a request of its own, and how unpacking ended.
pub(super) struct UnpackedContent {
    /// The request for what came out.
    pub(super) inner: PreviewRequest,
    /// How it was packed.
    pub(super) name: &'static str,
    unpacked: u64,
    read: u64,
    end: UnpackEnd,
    at_end: bool,
}

/// Unpacks the first window.
pub(super) fn unpack_content(request: &PreviewRequest, format: ContentFormat, name: &'static str) -> UnpackedContent {
    let input = request.head_bytes();
    let Unpacked { bytes, read, end } = unpack(format, input);
    let at_end = request.size.is_some_and(|size| input.len() as u64 >= size);
    let whole = end == UnpackEnd::Whole && at_end;
    let unpacked = bytes.len() as u64;
    let inner = PreviewRequest {
        name: inner_name(&request.name),
        content_type: request.content_type.clone(),
        size: whole.then_some(unpacked),
        windows: vec![ContentWindow { offset: 0, bytes }],
        view: request.view,
        encoding: request.encoding.clone(),
        delimiter: request.delimiter,
        ..PreviewRequest::default()
    };
    // What a decoder has buffered when the input ends counts as read.
    let read = if end == UnpackEnd::Cut { input.len() } else { read } as u64;
    UnpackedContent { inner, name, unpacked, read, end, at_end }
}

/// The key without the ending of its packing: `a.csv.gz` → `a.csv`, `a.tgz` → `a.tar`.
fn inner_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, "tgz" | "tbz2" | "tzst")) => format!("{stem}.tar"),
        Some((stem, ending)) if ["gz", "zst", "zstd", "bz2", "gzip", "bz"].contains(&ending) => stem.to_owned(),
        _ => name.to_owned(),
    }
}

impl UnpackedContent {
    /// A preview of what came out, told as what it came out of.
    pub(super) fn wrap(&self, mut preview: Preview) -> Preview {
        preview.kind = match preview.kind.split_once(" · ") {
            Some((what, rest)) => format!("{what} in {} · {rest}", self.name),
            None => format!("{} in {}", preview.kind, self.name),
        };
        preview.next = None;
        preview.unpacked = Some(self.unpacked);
        let goes_on = ContentNote::GoesOn.line();
        preview.notes.retain(|note| *note != goes_on);
        preview.more = MoreContent::Nothing;
        if let Some(note) = self.note() {
            preview.notes.push(note.line());
        }
        if !self.at_end && matches!(self.end, UnpackEnd::Cut | UnpackEnd::Whole) {
            preview.more = MoreContent::ReadOn;
        }
        preview
    }

    /// What is said if nothing came out.
    pub(super) fn nothing_out(&self) -> Option<Preview> {
        let empty = self.unpacked == 0;
        let preview = Preview {
            kind: format!("{}, {}", self.name, if self.end == UnpackEnd::Whole { "empty" } else { "nothing unpacked" }),
            view: PreviewView::Text,
            views: vec![PreviewView::Text, PreviewView::Hex],
            body: PreviewBody::Lines(vec![]),
            unpacked: Some(0),
            ..Preview::default()
        };
        empty.then(|| {
            let more = self.end == UnpackEnd::Cut && !self.at_end;
            let notes = self.note().map(|note| PreviewNote { level: NoteLevel::Warning, ..note.line() });
            Preview {
                notes: notes.into_iter().collect(),
                more: if more { MoreContent::ReadOn } else { MoreContent::Nothing },
                ..preview
            }
        })
    }

    fn note(&self) -> Option<ContentNote> {
        let (format, unpacked, read) = (self.name, self.unpacked, self.read);
        Some(match self.end {
            UnpackEnd::Whole if self.at_end => return None,
            UnpackEnd::Cut if self.unpacked == 0 && self.name == "bzip2" && !self.at_end => {
                ContentNote::NoBlockYet(read)
            }
            UnpackEnd::Cut if self.at_end => ContentNote::PackedCut { format, unpacked },
            UnpackEnd::Whole | UnpackEnd::Cut => ContentNote::PackedGoesOn { format, unpacked, read },
            UnpackEnd::Damaged => ContentNote::PackedDamaged { format, unpacked },
            UnpackEnd::Limit => ContentNote::StoppedAtLimit(unpacked),
            UnpackEnd::Bomb => ContentNote::Bomb { unpacked, read },
            UnpackEnd::WindowTooLarge(window) => ContentNote::WindowTooLarge(window),
            UnpackEnd::NeedsDictionary(id) => ContentNote::NeedsDictionary(id),
        })
    }
}

//! From a request to what is shown: which decoder, which view.

use super::{
    archive::{ZipStep, list_tar, list_zip},
    entropy::show_map,
    kind::{ContentFormat, describe_bytes, recognise_format},
    note::ContentNote,
    parquet::show_parquet,
    plain::{show_hex, show_plainly},
    reply::{Preview, PreviewReply},
    request::{ByteSpan, FIRST_WINDOW, PreviewRequest, PreviewView},
    text::show_text,
    unpacked::{packed_name, unpack_content},
};

/// Layers of packing that are taken off: an archive in gzip, a gzip in gzip.
const MOST_LAYERS: usize = 2;

/// Shows one content.
pub(super) fn show_content(request: &PreviewRequest) -> PreviewReply {
    let mut reply = show_layer(request, MOST_LAYERS);
    if let PreviewReply::Shown(preview) = &mut reply {
        let unknown =
            request.encoding.as_deref().filter(|label| encoding_rs::Encoding::for_label(label.as_bytes()).is_none());
        if let Some(label) = unknown {
            let label = label.chars().take(100).collect();
            preview.notes.insert(0, ContentNote::UnknownEncoding(label).line());
        }
        if request.view != PreviewView::Auto && request.view != preview.view {
            preview.notes.insert(0, ContentNote::NoSuchView(request.view.label()).line());
        }
    }
    reply
}

fn show_layer(request: &PreviewRequest, layers: usize) -> PreviewReply {
    if request.view == PreviewView::Hex {
        return PreviewReply::Shown(show_hex(request, describe_bytes(request)));
    }
    if request.view == PreviewView::Entropy {
        return PreviewReply::Shown(show_map(request, &describe_bytes(request)));
    }
    let format = recognise_format(request);
    PreviewReply::Shown(match format {
        ContentFormat::Gzip | ContentFormat::Zstd | ContentFormat::Bzip2 => {
            return show_packed(request, format, layers);
        }
        ContentFormat::Tar => list_tar(request.head_bytes(), request.reaches_end()),
        ContentFormat::Zip => match list_zip(request) {
            ZipStep::Listed(preview) => preview,
            ZipStep::Needs(span) => return PreviewReply::Needs(vec![span]),
            ZipStep::NotListed => show_bytes(request),
        },
        ContentFormat::Parquet => return show_parquet(request),
        ContentFormat::Other if missing_head(request).is_some() => {
            return PreviewReply::Needs(missing_head(request).into_iter().collect());
        }
        ContentFormat::Other => show_text(request).unwrap_or_else(|| show_bytes(request)),
    })
}

/// The beginning of what is called Parquet and does not end as that does: its end was read first.
fn missing_head(request: &PreviewRequest) -> Option<ByteSpan> {
    let length = FIRST_WINDOW.min(request.first_offset());
    let may_read = request.trips > 0 && length <= request.budget;
    (request.ending() == "parquet" && length > 0 && may_read).then_some(ByteSpan { offset: 0, length })
}

/// What has no other view: hexadecimal numbers, or text where that was asked for.
fn show_bytes(request: &PreviewRequest) -> Preview {
    if request.view == PreviewView::Text {
        return Preview { kind: describe_bytes(request), ..show_plainly(request) };
    }
    show_hex(request, describe_bytes(request))
}

fn show_packed(request: &PreviewRequest, format: ContentFormat, layers: usize) -> PreviewReply {
    let Some(name) = packed_name(format).filter(|_| layers > 0) else {
        return PreviewReply::Shown(show_bytes(request));
    };
    let unpacked = unpack_content(request, format, name);
    if let Some(nothing) = unpacked.nothing_out() {
        return PreviewReply::Shown(nothing);
    }
    PreviewReply::Shown(match show_layer(&unpacked.inner, layers - 1) {
        PreviewReply::Shown(preview) => unpacked.wrap(preview),
        // What is packed cannot be read further in parts.
        PreviewReply::Needs(_) => unpacked.wrap(show_bytes(&unpacked.inner)),
    })
}

//! Text as it is.

use encoding_rs::Encoding;

use super::{
    encoding::{decode_as, decode_text, encoding_name},
    note::ContentNote,
    plain::{PLAIN_VIEWS, finish_window, first_line, lay_out_lines},
    reply::{Preview, SpanRole},
    request::{PreviewRequest, PreviewView},
};

/// The first window as lines, if it is text.
pub(super) fn show_text(request: &PreviewRequest) -> Option<Preview> {
    let bytes = request.windows.first().map_or(&[][..], |window| &window.bytes);
    let asked = request.encoding.as_deref().map(|label| Encoding::for_label(label.as_bytes()));
    let decoded = match asked.flatten() {
        Some(encoding) => decode_as(encoding, bytes, request.reaches_end()),
        None => decode_text(bytes, request.reaches_end())?,
    };
    let mut preview = lay_out_lines(&decoded.text, first_line(request), |line, rows| rows.push(line, SpanRole::Plain));
    preview.kind = format!("text · {}", encoding_name(decoded.encoding));
    preview.view = PreviewView::Text;
    preview.views = PLAIN_VIEWS.to_vec();
    preview.encoding = Some(encoding_name(decoded.encoding));
    if decoded.invalid {
        preview.notes.push(ContentNote::InvalidBytes(decoded.encoding.name()).line());
    }
    finish_window(&mut preview, request, bytes);
    Some(preview)
}

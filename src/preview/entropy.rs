//! The map of entropy: how packed or how plain an object is, from samples all over it.

use super::{
    note::ContentNote,
    reply::{Preview, PreviewBody, RowNumbering, SpanRole},
    request::{ByteSpan, ContentWindow, PreviewRequest, PreviewView},
    rows::LineBuilder,
};

/// Samples of a map: one request each.
pub const MAP_SAMPLES: u64 = 48;

/// Bytes of a sample.
pub const MAP_SAMPLE_BYTES: u64 = 4096;

/// Cells of a bar.
const BAR: u8 = 24;

/// The ranges that a map is made from: evenly over the object, or all of it if it is small.
pub fn map_ranges(size: u64) -> Vec<ByteSpan> {
    if size <= MAP_SAMPLES * MAP_SAMPLE_BYTES {
        let starts = (0..size.div_ceil(MAP_SAMPLE_BYTES)).map(|sample| sample * MAP_SAMPLE_BYTES);
        return starts.map(|offset| ByteSpan { offset, length: MAP_SAMPLE_BYTES.min(size - offset) }).collect();
    }
    let last = u128::from(size - MAP_SAMPLE_BYTES);
    let offset = |sample: u64| u64::try_from(last * u128::from(sample) / u128::from(MAP_SAMPLES - 1)).unwrap_or(0);
    (0..MAP_SAMPLES).map(|sample| ByteSpan { offset: offset(sample), length: MAP_SAMPLE_BYTES }).collect()
}

/// A row for each window.
pub(super) fn show_map(request: &PreviewRequest, kind: &str) -> Preview {
    let mut rows = LineBuilder::default();
    for window in &request.windows {
        rows.begin_line(Some(window.offset));
        draw_sample(window, &mut rows);
        rows.end_line();
    }
    let (lines, full) = rows.finish();
    let notes = full.then(|| ContentNote::TooManyRows(lines.len()).line()).into_iter().collect();
    Preview {
        kind: format!("map of entropy · {kind}"),
        view: PreviewView::Entropy,
        views: vec![PreviewView::Entropy, PreviewView::Hex],
        body: PreviewBody::Lines(lines),
        numbering: RowNumbering::Offsets,
        notes,
        ..Preview::default()
    }
}

fn draw_sample(window: &ContentWindow, rows: &mut LineBuilder) {
    let bits = entropy(&window.bytes);
    let (looks, role) = describe_sample(&window.bytes, bits);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 24")]
    let filled = ((bits / 8.0 * f64::from(BAR)).round() as usize).min(usize::from(BAR));
    rows.push(&"█".repeat(filled), role);
    rows.push(&"░".repeat(usize::from(BAR) - filled), SpanRole::Muted);
    rows.push(&format!("  {bits:.2} bits a byte"), SpanRole::Number);
    rows.push(&format!("  {looks}"), SpanRole::Plain);
}

/// Shannon's entropy of single bytes.
#[allow(clippy::cast_precision_loss, reason = "counts of a sample")]
fn entropy(bytes: &[u8]) -> f64 {
    let mut counts = [0_u32; 256];
    for byte in bytes {
        counts[usize::from(*byte)] += 1;
    }
    let total = bytes.len().max(1) as f64;
    let parts = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / total);
    parts.map(|part| -part * part.log2()).sum::<f64>().abs()
}

fn describe_sample(bytes: &[u8], bits: f64) -> (&'static str, SpanRole) {
    let share = |of: fn(&u8) -> bool| bytes.iter().filter(|byte| of(byte)).count() * 100 / bytes.len().max(1);
    let text = share(|byte| (0x20..0x7f).contains(byte) || matches!(byte, b'\n' | b'\r' | b'\t'));
    if bytes.is_empty() {
        ("not read", SpanRole::Muted)
    } else if bytes.iter().all(|byte| *byte == bytes[0]) {
        (if bytes[0] == 0 { "zeros" } else { "one byte repeated" }, SpanRole::Muted)
    } else if text > 95 {
        ("text", SpanRole::String)
    } else if bits > 7.8 || bits > 7.2 && bytes.len() < 1024 {
        ("packed or encrypted", SpanRole::Warning)
    } else if share(|byte| *byte == 0) > 50 {
        ("mostly zeros", SpanRole::Muted)
    } else {
        ("structured bytes", SpanRole::Info)
    }
}

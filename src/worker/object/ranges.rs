//! Which bytes a look reads, and reading them.
//!
//! Invariant: every range is asked for on the condition that the object is still the same, and no more bytes are taken than
//! were asked for.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::content::ReadContent;
use crate::{
    app::{LookPart, LookRequest, STEP},
    aws::{ReadBytes, ReadRequest, S3},
    domain::{
        failure::Failure,
        object::{ByteRange, ObjectAddress},
    },
    preview::{ByteSpan, ContentWindow, FIRST_WINDOW, PreviewView, first_range},
};

/// Ranges that are asked for at the same time.
const AT_ONCE: usize = 8;

/// The bytes that are shown; `None` where the object has none there.
pub(super) fn shown_span(request: &LookRequest, content: &ReadContent) -> Option<ByteSpan> {
    let from = |offset: u64, length: u64| {
        let rest = content.size.map_or(u64::MAX, |size| size.saturating_sub(offset));
        let length = length.min(rest);
        (length > 0).then_some(ByteSpan { offset, length })
    };
    match (request.part, content.size) {
        (LookPart::Beginning | LookPart::Map, Some(size)) if !is_read_from_start(request) => {
            let first = first_range(&content.address.key, size)?;
            // A decoder that says what it needs gets that, and not more of the beginning.
            if first.offset > 0 || content.is_ranged { Some(first) } else { from(0, request.window()) }
        }
        (LookPart::Beginning | LookPart::Map, _) => from(0, request.window()),
        (LookPart::Onward(next), _) => from(next.offset, STEP),
        (LookPart::End, Some(size)) => from(size.saturating_sub(FIRST_WINDOW), FIRST_WINDOW),
        // Where the end is is not known: it is what came last.
        (LookPart::End, None) => {
            let last = content.windows().last()?;
            from(last.offset, last.end() - last.offset)
        }
    }
}

/// Whether bytes are shown one after the other from the first on, of whatever kind the content is.
pub(super) fn is_read_from_start(request: &LookRequest) -> bool {
    matches!(request.view, PreviewView::Hex | PreviewView::Text)
}

/// The same for the first request of an object whose size is not known.
pub(super) fn first_request(request: &LookRequest) -> ByteRange {
    let is_parquet = request.source.address.key.to_ascii_lowercase().ends_with(".parquet");
    let ends_first = is_parquet && !is_read_from_start(request);
    match request.part {
        LookPart::End => ByteRange::Last(FIRST_WINDOW),
        LookPart::Beginning if ends_first => ByteRange::Last(FIRST_WINDOW),
        LookPart::Beginning => ByteRange::first(request.window()),
        LookPart::Map => ByteRange::first(FIRST_WINDOW),
        LookPart::Onward(next) => ByteRange::Between(next.offset, next.offset.saturating_add(STEP - 1)),
    }
}

/// The same bytes in as few requests as they take: spans that touch are one.
pub(super) fn join_spans(spans: &[ByteSpan]) -> Vec<ByteSpan> {
    let mut joined: Vec<ByteSpan> = vec![];
    for span in spans {
        match joined.last_mut() {
            Some(last) if last.end() == span.offset => last.length += span.length,
            _ => joined.push(*span),
        }
    }
    joined
}

/// Reads what is missing of these spans, several at a time.
pub(super) async fn read_spans(s3: &S3, content: &mut ReadContent, spans: &[ByteSpan]) -> Result<(), Failure> {
    let missing: Vec<ByteSpan> = spans.iter().filter_map(|span| content.missing(*span)).collect();
    let (address, etag) = (content.address.clone(), content.etag.clone());
    let reads = missing.into_iter().map(|span| read_range(s3, &address, etag.as_ref(), range_of(span)));
    let read: Vec<ReadRange> = stream::iter(reads).buffer_unordered(AT_ONCE).try_collect().await?;
    for read in read {
        take_bytes(content, read);
    }
    Ok(())
}

/// Reads one range and learns from the response what was not known of the object.
pub(super) async fn read_first(s3: &S3, content: &mut ReadContent, range: ByteRange) -> Result<(), Failure> {
    let read = read_range(s3, &content.address, content.etag.as_ref(), range).await?;
    take_bytes(content, read);
    Ok(())
}

/// A range that was asked for, and what came.
struct ReadRange {
    asked: ByteRange,
    read: ReadBytes,
}

async fn read_range(
    s3: &S3,
    address: &ObjectAddress,
    etag: Option<&String>,
    range: ByteRange,
) -> Result<ReadRange, Failure> {
    let request = ReadRequest::new(address.clone(), range).if_unchanged(etag.cloned());
    let most = range.length().unwrap_or(FIRST_WINDOW);
    let read = s3.read_bytes(&request, most).await?;
    Ok(ReadRange { asked: range, read })
}

fn range_of(span: ByteSpan) -> ByteRange {
    ByteRange::Between(span.offset, span.end().saturating_sub(1))
}

fn take_bytes(content: &mut ReadContent, ReadRange { asked, read }: ReadRange) {
    content.cost = content.cost.plus(read.cost);
    content.size = read.total.or(content.size).or_else(|| end_of_object(asked, &read));
    content.etag = read.head.etag.clone().or(content.etag.take());
    content.content_type = read.head.content.content_type.clone().or(content.content_type.take());
    content.content_encoding = read.head.content.encoding.clone().or(content.content_encoding.take());
    content.add(ContentWindow { offset: read.first, bytes: read.bytes.to_vec() });
}

/// Where the object ends, without a total: behind its last bytes, or where bytes end before they were due. A range that came
/// in full tells nothing of what is behind it.
fn end_of_object(asked: ByteRange, read: &ReadBytes) -> Option<u64> {
    let is_last = matches!(asked, ByteRange::Last(_));
    let is_short = asked.length().is_some_and(|length| (read.bytes.len() as u64) < length);
    (is_last || is_short).then(|| read.end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::{LookSource, LookTarget},
        domain::{
            credentials::SessionId,
            object::{ObjectHead, ReadCost},
        },
        preview::{MAP_SAMPLE_BYTES, MAP_SAMPLES, map_ranges},
    };

    fn look_at(key: &str, size: Option<u64>, view: PreviewView) -> (LookRequest, ReadContent) {
        let source = LookSource { address: ObjectAddress::new("b", key), etag: None, size };
        let content = ReadContent::new(SessionId(1), &source);
        let request = LookRequest {
            source,
            target: LookTarget::Content,
            part: LookPart::Beginning,
            steps: 0,
            view,
            encoding: None,
            long_footer: None,
            fresh: false,
            offline: false,
            asked_at: jiff::Timestamp::UNIX_EPOCH,
        };
        (request, content)
    }

    #[test]
    fn bytes_and_text_of_any_kind_are_read_from_the_first_byte_on() {
        for (key, view, first) in [
            ("a.parquet", PreviewView::Auto, 1_000_000 - FIRST_WINDOW),
            ("a.parquet", PreviewView::Hex, 0),
            ("a.parquet", PreviewView::Text, 0),
            ("a.txt", PreviewView::Auto, 0),
        ] {
            let (request, content) = look_at(key, Some(1_000_000), view);
            let span = shown_span(&request, &content).unwrap();
            assert_eq!((span.offset, span.length), (first, FIRST_WINDOW), "{key} {view:?}");
            let (request, content) = look_at(key, None, view);
            let ends_first = first > 0;
            let asked = if ends_first { ByteRange::Last(FIRST_WINDOW) } else { ByteRange::first(FIRST_WINDOW) };
            assert_eq!(first_request(&request), asked, "{key} {view:?}");
            assert_eq!(shown_span(&request, &content), Some(ByteSpan { offset: 0, length: FIRST_WINDOW }));
        }
        let (request, mut content) = look_at("a.parquet", Some(1_000_000), PreviewView::Hex);
        content.is_ranged = true;
        let further = LookRequest { steps: 1, ..request };
        assert_eq!(shown_span(&further, &content).unwrap().length, further.window(), "m reads on in a ranged content");
    }

    #[test]
    fn without_a_total_the_object_ends_only_where_bytes_came_short() {
        let read = |asked: ByteRange, first: u64, length: usize| {
            let (_, mut content) = look_at("a", None, PreviewView::Auto);
            let read = ReadBytes {
                bytes: vec![b'x'; length].into(),
                first,
                total: None,
                head: ObjectHead::default(),
                range_ignored: false,
                cost: ReadCost { requests: 1, bytes: length as u64 },
            };
            take_bytes(&mut content, ReadRange { asked, read });
            content.size
        };
        for (asked, first, length, size) in [
            (ByteRange::first(65_536), 0, 65_536, None),
            (ByteRange::first(65_536), 0, 65_535, Some(65_535)),
            (ByteRange::Between(100, 199), 100, 100, None),
            (ByteRange::Between(100, 199), 100, 7, Some(107)),
            (ByteRange::Last(50), 950, 50, Some(1000)),
        ] {
            assert_eq!(read(asked, first, length), size, "{asked}");
        }
    }

    #[test]
    fn a_map_has_forty_eight_samples_up_to_the_last_byte() {
        for (size, requests) in [(1, 1), (4096, 1), (196_608, 1), (196_609, 1), (200_000, 47), (5 << 30, 48)] {
            let samples = map_ranges(size);
            let bytes: u64 = samples.iter().map(|sample| sample.length).sum();
            assert!(bytes <= MAP_SAMPLES * MAP_SAMPLE_BYTES, "{size}");
            assert!(samples.windows(2).all(|pair| pair[0].end() <= pair[1].offset), "{size}");
            assert_eq!(samples.last().unwrap().end(), size);
            let joined = join_spans(&samples);
            assert_eq!(joined.iter().map(|span| span.length).sum::<u64>(), bytes);
            assert!(joined.len() <= requests.max(48), "{size}");
            assert!(size > 196_608 || joined.len() == requests, "{size}: {}", joined.len());
        }
    }
}

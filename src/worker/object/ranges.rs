//! Which bytes a look reads, and reading them.
//!
//! Invariant: every range is asked for on the condition that the object is still the same, and no more bytes are taken than
//! were asked for.

use futures_util::{StreamExt, TryStreamExt, stream};

use super::content::ReadContent;
use crate::{
    app::{LookPart, LookRequest, MAP_SAMPLE, MAP_SAMPLES, STEP},
    aws::{ReadBytes, ReadRequest, S3},
    domain::{
        failure::Failure,
        object::{ByteRange, ObjectAddress},
    },
    preview::{ByteSpan, ContentWindow, FIRST_WINDOW, first_range},
};

/// Ranges that are asked for at the same time.
const AT_ONCE: usize = 8;

/// The bytes that are shown, where the object's size is known; `None` where it has none there.
pub(super) fn shown_span(request: &LookRequest, content: &ReadContent, size: u64) -> Option<ByteSpan> {
    let from = |offset: u64, length: u64| {
        let length = length.min(size.saturating_sub(offset));
        (length > 0).then_some(ByteSpan { offset, length })
    };
    match request.part {
        LookPart::Beginning | LookPart::Map => {
            let first = first_range(&content.address.key, size)?;
            // A decoder that says what it needs gets that, and not more of the beginning.
            if first.offset > 0 || content.is_ranged { Some(first) } else { from(0, request.window()) }
        }
        LookPart::Onward(next) => from(next.offset, STEP),
        LookPart::End => from(size.saturating_sub(FIRST_WINDOW), FIRST_WINDOW),
    }
}

/// The same for the first request of an object whose size is not known.
pub(super) fn first_request(request: &LookRequest) -> ByteRange {
    let ends_first = request.source.address.key.to_ascii_lowercase().ends_with(".parquet");
    match request.part {
        LookPart::End => ByteRange::Last(FIRST_WINDOW),
        LookPart::Beginning if ends_first => ByteRange::Last(FIRST_WINDOW),
        LookPart::Beginning | LookPart::Map => ByteRange::first(FIRST_WINDOW),
        LookPart::Onward(next) => ByteRange::Between(next.offset, next.offset.saturating_add(STEP - 1)),
    }
}

/// The samples that a map is made of: from all over the object, or all of a small one.
pub(super) fn samples(size: u64) -> Vec<ByteSpan> {
    if size <= MAP_SAMPLES * MAP_SAMPLE {
        return vec![ByteSpan { offset: 0, length: size }];
    }
    let step = (size - MAP_SAMPLE) / (MAP_SAMPLES - 1);
    (0..MAP_SAMPLES).map(|number| ByteSpan { offset: number * step, length: MAP_SAMPLE }).collect()
}

/// Reads what is missing of these spans, several at a time.
pub(super) async fn read_spans(s3: &S3, content: &mut ReadContent, spans: &[ByteSpan]) -> Result<(), Failure> {
    let missing: Vec<ByteSpan> = spans.iter().filter_map(|span| content.missing(*span)).collect();
    let (address, etag) = (content.address.clone(), content.etag.clone());
    let reads = missing.into_iter().map(|span| read_range(s3, &address, etag.as_ref(), range_of(span)));
    let read: Vec<ReadBytes> = stream::iter(reads).buffer_unordered(AT_ONCE).try_collect().await?;
    for bytes in read {
        take_bytes(content, &bytes);
    }
    Ok(())
}

/// Reads one range and learns from the response what was not known of the object.
pub(super) async fn read_first(s3: &S3, content: &mut ReadContent, range: ByteRange) -> Result<(), Failure> {
    let bytes = read_range(s3, &content.address, content.etag.as_ref(), range).await?;
    take_bytes(content, &bytes);
    Ok(())
}

async fn read_range(
    s3: &S3,
    address: &ObjectAddress,
    etag: Option<&String>,
    range: ByteRange,
) -> Result<ReadBytes, Failure> {
    let request = ReadRequest::new(address.clone(), range).if_unchanged(etag.cloned());
    let most = range.length().unwrap_or(FIRST_WINDOW);
    s3.read_bytes(&request, most).await
}

fn range_of(span: ByteSpan) -> ByteRange {
    ByteRange::Between(span.offset, span.end().saturating_sub(1))
}

fn take_bytes(content: &mut ReadContent, read: &ReadBytes) {
    content.cost = content.cost.plus(read.cost);
    // Without a total, bytes that end before they were due end with the object.
    content.size = read.total.or(content.size).or(Some(read.end()));
    content.etag = read.head.etag.clone().or(content.etag.take());
    content.content_type = read.head.content.content_type.clone().or(content.content_type.take());
    content.content_encoding = read.head.content.encoding.clone().or(content.content_encoding.take());
    content.add(ContentWindow { offset: read.first, bytes: read.bytes.to_vec() });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_has_forty_eight_samples_up_to_the_last_byte() {
        for size in [1, 4096, 196_608, 196_609, 5 << 30] {
            let samples = samples(size);
            let bytes: u64 = samples.iter().map(|sample| sample.length).sum();
            assert!(bytes <= 196_608 && samples.iter().all(|sample| sample.end() <= size), "{size}");
            assert!(samples.last().unwrap().end() + 48 > size, "{size}");
        }
    }
}

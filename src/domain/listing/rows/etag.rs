//! `ETags` in sixteen bytes.
//!
//! Invariant: an `ETag` is returned as it came, whatever its form.

use std::io::Write;

use bytes::Bytes;

use super::packed_numbers::PackedNumbers;

/// An `ETag` taken apart. Most are an MD5 in lower-case hexadecimal, with `-N` after it for an object that was uploaded
/// in N parts. <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum EtagParts {
    None,
    Digest([u8; 16], Option<u64>),
    Other,
}

/// What [`PackedNumbers`] keeps of a shape: 0 none, 1 another text, 2 a digest alone, above that the parts and 2.
const NONE: u64 = 0;
const OTHER: u64 = 1;
const DIGEST: u64 = 2;

/// Digits of a digest.
const DIGITS: usize = 32;

/// Room for a digest, and for `-` and the parts.
#[derive(Debug, Clone)]
pub(super) struct EtagBuffer([u8; DIGITS + 1 + 20]);

impl Default for EtagBuffer {
    fn default() -> Self {
        Self([0; DIGITS + 21])
    }
}

/// The column while rows are added.
#[derive(Debug, Clone, Default)]
pub(super) struct EtagBuilder {
    shapes: Vec<u64>,
    digests: Vec<[u8; 16]>,
    others: Vec<(u32, Box<str>)>,
}

/// The column. Digests have their row's position, so that none is searched for; a block without any keeps none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Etags {
    shapes: PackedNumbers,
    /// Sixteen bytes each.
    digests: Bytes,
    /// Rows of another shape, ascending.
    others: Box<[(u32, Box<str>)]>,
}

impl EtagBuilder {
    pub(super) fn push(&mut self, etag: Option<&str>) {
        let (shape, digest) = match etag.map_or(EtagParts::None, parse_parts) {
            EtagParts::None => (NONE, [0; 16]),
            EtagParts::Digest(digest, parts) => (DIGEST + parts.unwrap_or_default(), digest),
            EtagParts::Other => {
                let row = u32::try_from(self.shapes.len()).unwrap_or(u32::MAX);
                self.others.push((row, etag.unwrap_or_default().into()));
                (OTHER, [0; 16])
            }
        };
        self.shapes.push(shape);
        self.digests.push(digest);
    }

    pub(super) fn finish(self) -> Etags {
        let has_digests = self.shapes.iter().any(|shape| *shape >= DIGEST);
        Etags {
            shapes: PackedNumbers::pack_numbers(&self.shapes),
            digests: if has_digests { self.digests.into_flattened().into() } else { Bytes::new() },
            others: self.others.into(),
        }
    }
}

impl Etags {
    /// An `ETag`, read into a buffer that is used again.
    pub(super) fn read_etag<'a>(&'a self, at: usize, into: &'a mut EtagBuffer) -> Option<&'a str> {
        let shape = self.shapes.get(at);
        match shape {
            NONE => None,
            OTHER => {
                let row = u32::try_from(at).ok()?;
                let found = self.others.binary_search_by_key(&row, |other| other.0).ok()?;
                Some(&*self.others[found].1)
            }
            _ => {
                hex::encode_to_slice(self.digest_at(at)?, &mut into.0[..DIGITS]).ok()?;
                let mut end = DIGITS;
                if shape > DIGEST {
                    let mut rest = &mut into.0[DIGITS..];
                    write!(rest, "-{}", shape - DIGEST).ok()?;
                    let left = rest.len();
                    end = into.0.len() - left;
                }
                std::str::from_utf8(&into.0[..end]).ok()
            }
        }
    }

    fn digest_at(&self, at: usize) -> Option<&[u8; 16]> {
        self.digests.get(at * 16..)?.first_chunk()
    }

    /// What they are kept in.
    pub(super) fn bytes(&self) -> [&Bytes; 2] {
        [self.shapes.bytes(), &self.digests]
    }

    /// The same, to be kept elsewhere.
    pub(super) fn bytes_mut(&mut self) -> [&mut Bytes; 2] {
        [self.shapes.bytes_mut(), &mut self.digests]
    }

    /// Bytes that texts of another shape take.
    pub(super) fn other_bytes(&self) -> usize {
        self.others.iter().map(|other| size_of_val(other) + other.1.len()).sum()
    }
}

fn parse_parts(etag: &str) -> EtagParts {
    parse_digest(etag).map_or(EtagParts::Other, |(digest, parts)| EtagParts::Digest(digest, parts))
}

/// Nothing but what is written back the same: no capitals, no zero before the parts.
fn parse_digest(etag: &str) -> Option<([u8; 16], Option<u64>)> {
    let (digits, rest) = etag.as_bytes().split_first_chunk::<32>()?;
    let digest = decode_hex(digits)?;
    let Some((b'-', parts)) = rest.split_first() else { return rest.is_empty().then_some((digest, None)) };
    let plain = parts.first().is_some_and(|first| (b'1'..=b'9').contains(first)) && parts.len() <= 9;
    let parts = std::str::from_utf8(parts).ok().filter(|_| plain)?.parse().ok()?;
    Some((digest, Some(parts)))
}

/// What is not a digit in lower case.
const NO_DIGIT: u8 = 0xff;

/// The value of every byte as a digit, for listings decode millions of them.
const VALUES: [u8; 256] = {
    let mut values = [NO_DIGIT; 256];
    let mut value = 0;
    while value < 16 {
        values[b"0123456789abcdef"[value as usize] as usize] = value;
        value += 1;
    }
    values
};

fn decode_hex(digits: &[u8; 32]) -> Option<[u8; 16]> {
    let mut all = 0;
    let digest = std::array::from_fn(|at| {
        let [high, low] = [digits[2 * at], digits[2 * at + 1]].map(|digit| VALUES[usize::from(digit)]);
        all |= high | low;
        high << 4 | low
    });
    (all < 16).then_some(digest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_etag_of_any_shape_reads_back_as_it_came() {
        let md5 = "d41d8cd98f00b204e9800998ecf8427e";
        let etags = [
            Some(md5.to_owned()),
            None,
            Some(format!("{md5}-1")),
            Some(format!("{md5}-10000")),
            Some(format!("{md5}-0")),
            Some(format!("{md5}-007")),
            Some(format!("{md5}-+7")),
            Some(format!("{md5}-")),
            Some(format!("{md5}7")),
            Some(md5.to_uppercase()),
            Some(String::new()),
            Some("é of another making".to_owned()),
            Some(format!("{md5}-{}", u64::MAX)),
        ];
        let mut builder = EtagBuilder::default();
        for etag in &etags {
            builder.push(etag.as_deref());
        }
        let column = builder.finish();
        let mut buffer = EtagBuffer::default();
        let read: Vec<_> = (0..etags.len()).map(|at| column.read_etag(at, &mut buffer).map(str::to_owned)).collect();
        assert_eq!(read, etags);
    }

    #[test]
    fn a_block_without_etags_keeps_none() {
        let mut builder = EtagBuilder::default();
        for _ in 0..1000 {
            builder.push(None);
        }
        assert!(builder.finish().bytes().iter().all(|bytes| bytes.is_empty()));
    }
}

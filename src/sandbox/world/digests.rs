//! Checksums and `ETag`s of objects, as S3 stores them: over the whole object, or over the digests of its parts.
//!
//! Invariant: every digest is that of the bytes that a read gives.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html>

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use crc_fast::CrcAlgorithm;
use md5::Md5;
use serde::Deserialize;
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// How a checksum is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum ChecksumKind {
    /// What S3 adds to whatever is sent without one.
    #[default]
    Crc64Nvme,
    Crc32,
    Crc32C,
    Sha1,
    Sha256,
}

impl ChecksumKind {
    /// As S3 names the algorithm.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Crc64Nvme => "CRC64NVME",
            Self::Crc32 => "CRC32",
            Self::Crc32C => "CRC32C",
            Self::Sha1 => "SHA1",
            Self::Sha256 => "SHA256",
        }
    }

    /// The header that holds it.
    pub(crate) const fn header(self) -> &'static str {
        match self {
            Self::Crc64Nvme => "x-amz-checksum-crc64nvme",
            Self::Crc32 => "x-amz-checksum-crc32",
            Self::Crc32C => "x-amz-checksum-crc32c",
            Self::Sha1 => "x-amz-checksum-sha1",
            Self::Sha256 => "x-amz-checksum-sha256",
        }
    }

    /// The element that holds it.
    pub(crate) const fn element(self) -> &'static str {
        match self {
            Self::Crc64Nvme => "ChecksumCRC64NVME",
            Self::Crc32 => "ChecksumCRC32",
            Self::Crc32C => "ChecksumCRC32C",
            Self::Sha1 => "ChecksumSHA1",
            Self::Sha256 => "ChecksumSHA256",
        }
    }

    /// The algorithm, and how many bytes it makes, where parts can be combined.
    const fn crc(self) -> Option<(CrcAlgorithm, usize)> {
        match self {
            Self::Crc64Nvme => Some((CrcAlgorithm::Crc64Nvme, 8)),
            Self::Crc32 => Some((CrcAlgorithm::Crc32IsoHdlc, 4)),
            Self::Crc32C => Some((CrcAlgorithm::Crc32Iscsi, 4)),
            Self::Sha1 | Self::Sha256 => None,
        }
    }

    /// Whether the parts of an upload make one checksum of the whole.
    pub(crate) const fn is_combinable(self) -> bool {
        self.crc().is_some()
    }

    /// The checksum of these bytes.
    pub(crate) fn digest(self, chunks: impl Iterator<Item = Bytes>) -> Vec<u8> {
        match (self, self.crc()) {
            (_, Some((algorithm, width))) => {
                let mut digest = crc_fast::Digest::new(algorithm);
                chunks.for_each(|chunk| digest.update(&chunk));
                crc_bytes(digest.finalize(), width)
            }
            (Self::Sha1, _) => hash::<Sha1>(chunks),
            _ => hash::<Sha256>(chunks),
        }
    }

    /// The checksum of all, from those of its parts and their sizes, in order; `None` where it cannot be combined.
    pub(crate) fn combine(self, parts: impl Iterator<Item = (Vec<u8>, u64)>) -> Option<Vec<u8>> {
        let (algorithm, width) = self.crc()?;
        let whole = parts.map(|(digest, size)| (crc_value(&digest), size)).reduce(|(first, length), (second, size)| {
            (crc_fast::checksum_combine(algorithm, first, second, size), length + size)
        });
        whole.map(|(value, _)| crc_bytes(value, width))
    }
}

/// The MD5 of these bytes.
pub(crate) fn md5_of(chunks: impl Iterator<Item = Bytes>) -> Vec<u8> {
    hash::<Md5>(chunks)
}

/// As checksums are written.
pub(crate) fn to_base64(digest: &[u8]) -> String {
    BASE64_STANDARD.encode(digest)
}

fn hash<D: Digest>(chunks: impl Iterator<Item = Bytes>) -> Vec<u8> {
    let mut digest = D::new();
    chunks.for_each(|chunk| digest.update(&chunk));
    digest.finalize().to_vec()
}

/// A value of `width` bytes, the greatest first.
fn crc_bytes(value: u64, width: usize) -> Vec<u8> {
    value.to_be_bytes()[8 - width..].to_vec()
}

fn crc_value(digest: &[u8]) -> u64 {
    digest.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// Digests of the parts of an object that would take too long to make: a file of `objects/`, whose first line is the
/// checksum of all, and each other line the MD5 and the checksum of one part.
#[derive(Clone, Copy)]
pub(crate) struct KnownDigests(pub(super) &'static str);

impl KnownDigests {
    /// The checksum of all.
    pub(crate) fn whole(self) -> Option<&'static str> {
        self.0.lines().next()
    }

    /// MD5 and checksum of a part, numbered from 1 on.
    pub(crate) fn part(self, number: u32) -> Option<(Vec<u8>, &'static str)> {
        let (md5, checksum) = self.0.lines().nth(usize::try_from(number).ok()?)?.split_once(' ')?;
        Some((hex::decode(md5).ok()?, checksum))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of the CRC catalogue, RFC 3174 and FIPS 180-4.
    #[test]
    fn checksums_are_the_published_ones() {
        let text = || [Bytes::from_static(b"1234"), Bytes::from_static(b"56789")].into_iter();
        for (kind, expected) in [
            (ChecksumKind::Crc32, "cbf43926"),
            (ChecksumKind::Crc32C, "e3069283"),
            (ChecksumKind::Crc64Nvme, "ae8b14860a799888"),
            (ChecksumKind::Sha1, "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
            (ChecksumKind::Sha256, "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"),
        ] {
            assert_eq!(hex::encode(kind.digest(text())), expected, "{kind:?}");
            let parts = text().map(|part| (kind.digest([part.clone()].into_iter()), part.len() as u64));
            let combined = kind.combine(parts).map(hex::encode);
            assert_eq!(combined, kind.is_combinable().then(|| expected.to_owned()), "{kind:?}");
        }
        assert_eq!(hex::encode(md5_of(text())), "25f9e794323b453885f5181f1b624d0b");
    }
}

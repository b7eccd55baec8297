//! Checksums that were stored with an object.
//!
//! Invariant: a checksum of parts is never taken for one of the whole object.
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html>

/// What checksums are computed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChecksumScope {
    /// All of the content.
    WholeObject,
    /// The checksums of the parts.
    Composite,
}

/// One checksum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredChecksum {
    /// In lower case, as it stands in the name of the header: `crc64nvme`, `sha256`.
    pub algorithm: String,
    /// In base64, without the `-N` of a checksum of parts. Foreign text.
    pub value: String,
    /// How many parts, where the value says so.
    pub parts: Option<u32>,
}

impl StoredChecksum {
    /// Reads a value as a header has it; `-N` behind it is the number of parts.
    pub fn from_header(algorithm: &str, value: &str) -> Self {
        let split = value.rsplit_once('-').and_then(|(digest, parts)| Some((digest, parts.parse().ok()?)));
        let (digest, parts) = split.map_or((value, None), |(digest, parts)| (digest, Some(parts)));
        Self { algorithm: algorithm.to_ascii_lowercase(), value: digest.to_owned(), parts }
    }

    /// The value as the service writes it.
    pub fn as_written(&self) -> String {
        self.parts.map_or_else(|| self.value.clone(), |parts| format!("{}-{parts}", self.value))
    }
}

impl ChecksumScope {
    /// Reads `FULL_OBJECT` and `COMPOSITE`.
    pub fn parse_type(text: &str) -> Option<Self> {
        match text {
            "FULL_OBJECT" => Some(Self::WholeObject),
            "COMPOSITE" => Some(Self::Composite),
            _ => None,
        }
    }

    /// As the service writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::WholeObject => "FULL_OBJECT",
            Self::Composite => "COMPOSITE",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checksum_is_written_as_it_was_read() {
        for (value, digest, parts) in [
            ("8lq3Z0m1c2A=", "8lq3Z0m1c2A=", None),
            ("AAAAAA==-17", "AAAAAA==", Some(17)),
            ("a-b", "a-b", None),
            ("", "", None),
        ] {
            let checksum = StoredChecksum::from_header("CRC32C", value);
            assert_eq!((checksum.value.as_str(), checksum.parts), (digest, parts), "{value}");
            assert_eq!((checksum.as_written().as_str(), checksum.algorithm.as_str()), (value, "crc32c"));
        }
    }
}

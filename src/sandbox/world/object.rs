//! Objects: what a listing says of them, and their content, which for most is made when it is read.
//!
//! Invariant: `size` is the length of `content()`, and the same object has the same content and `ETag` every time.

use std::{borrow::Cow, fmt::Write as _, sync::OnceLock};

use jiff::{SignedDuration, Timestamp};
use md5::{Digest, Md5};

use super::{
    configured::{ConfiguredObject, ConfiguredSeries, StorageClass},
    files::WorldFiles,
};

/// More than this is not generated: it would have to be held in memory.
const MOST_GENERATED: u64 = 16 << 20;
/// The part size from which the `ETag` of a large object is computed, as an uploader that sends 8 MiB parts leaves it.
const PART: u64 = 8 << 20;
const HEADING: &str = "time,height_m,flag\n";

/// One object.
pub(crate) struct SandboxObject {
    /// Bytes.
    pub(crate) size: u64,
    pub(crate) modified: Timestamp,
    class: StorageClass,
    content: Content,
    /// Hashing 12,000 objects would delay the start; a page hashes its own when it is first requested.
    etag: OnceLock<String>,
}

enum Content {
    Text(&'static str),
    /// Readings of a tide gauge, different for each number.
    Readings(u32),
}

impl SandboxObject {
    /// Reads a single object.
    pub(crate) fn from_config(config: ConfiguredObject, files: WorldFiles) -> Result<(String, Self), String> {
        let content = match &config.file {
            Some(file) => Content::Text(files.read_text(file, "world.toml").map_err(|error| error.what)?),
            None => Content::Readings(1),
        };
        let size = match content {
            Content::Text(text) => text.len() as u64,
            Content::Readings(_) => config.bytes,
        };
        let object = Self { size, modified: config.modified, class: config.class, content, etag: OnceLock::new() };
        if config.file.is_none() && size > MOST_GENERATED && !object.is_archived() {
            return Err(format!("{:?}: only an archived object can be larger than {MOST_GENERATED} bytes", config.key));
        }
        Ok((config.key, object))
    }

    /// Reads a series, in the order of its numbers.
    pub(crate) fn read_series(config: &ConfiguredSeries) -> impl Iterator<Item = Result<(String, Self), String>> {
        let [least, most] = config.bytes;
        let checked = if !config.key.contains("{n}") {
            Err(format!("series {:?} has no {{n}}", config.key))
        } else if least > most || most > MOST_GENERATED {
            Err(format!("series {:?}: bytes must be [LEAST, MOST] up to {MOST_GENERATED}", config.key))
        } else {
            Ok(())
        };
        let (before, after) = config.key.split_once("{n}").unwrap_or_default();
        let (class, digits, modified) = (config.class, config.digits, config.modified);
        let every = SignedDuration::from_secs(config.every.as_secs().into());
        let count = if checked.is_ok() { config.count } else { 0 };
        let objects = (1..=count).map(move |number| {
            // A prime step visits every size of the span in an order that looks like chance.
            let size = least + u64::from(number) * 7919 % (most - least + 1);
            let modified = i32::try_from(number - 1)
                .ok()
                .and_then(|steps| every.checked_mul(steps))
                .and_then(|since| modified.checked_add(since).ok())
                .ok_or("a series that runs out of time")?;
            let content = Content::Readings(number);
            Ok((
                format!("{before}{number:0digits$}{after}"),
                Self { size, modified, class, content, etag: OnceLock::new() },
            ))
        });
        checked.err().into_iter().map(Err).chain(objects)
    }

    /// Whether it would have to be restored before it can be read.
    pub(crate) fn is_archived(&self) -> bool {
        matches!(self.class, StorageClass::Glacier | StorageClass::DeepArchive)
    }

    /// As S3 writes it.
    pub(crate) const fn storage_class(&self) -> &'static str {
        self.class.name()
    }

    /// The `ETag` with its quotes: the MD5 of the content; for an archived object, which has none here, a digest in the
    /// form that a multipart upload leaves.
    pub(crate) fn etag(&self) -> &str {
        self.etag.get_or_init(|| {
            if self.is_archived() {
                let digest = Md5::digest(format!("{} {}", self.size, self.modified));
                return format!("\"{}-{}\"", hex::encode(digest), self.size.div_ceil(PART).max(1));
            }
            format!("\"{}\"", hex::encode(Md5::digest(self.content().as_ref())))
        })
    }

    /// Every byte of it. Not for an archived object, which may be larger than memory.
    pub(crate) fn content(&self) -> Cow<'static, [u8]> {
        match self.content {
            Content::Text(text) => Cow::Borrowed(text.as_bytes()),
            Content::Readings(number) => Cow::Owned(gauge_readings(number, self.size)),
        }
    }
}

/// `size` bytes of readings: a heading, a row for each ten minutes, the last row cut where `size` ends.
fn gauge_readings(number: u32, size: u64) -> Vec<u8> {
    // It was checked that it is at most 16 MiB.
    let size = usize::try_from(size).unwrap_or(usize::MAX);
    let mut text = String::with_capacity(size + 32);
    text.push_str(HEADING);
    let mut state = number.wrapping_mul(2_654_435_761);
    let mut minute = 0;
    while text.len() < size {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let height = state >> 20;
        let (hour, past) = (minute / 60 % 24, minute % 60);
        let _infallible = writeln!(text, "{hour:02}:{past:02},{}.{:03},ok", height / 1000, height % 1000);
        minute += 10;
    }
    text.truncate(size);
    text.into_bytes()
}

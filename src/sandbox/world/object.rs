//! Objects: what a listing says of them, their content, and the digests that are stored with it.
//!
//! Invariant: `size` is the length of what a read gives, and the same object has the same content, `ETag` and checksum
//! every time.

use std::{ops::Range, sync::OnceLock};

use jiff::{SignedDuration, Timestamp};

use super::{
    configured::{ConfiguredObject, ConfiguredSeries, StorageClass},
    content::{Content, ContentReader, MOST_GENERATED},
    digests::{ChecksumKind, KnownDigests, md5_of, to_base64},
    files::WorldFiles,
    properties::{ObjectProperties, RestoreState},
};

/// The size of the parts in which the large archived objects were sent.
const ARCHIVED_PART: u64 = 8 << 20;

/// One object, or one version of it.
pub(crate) struct SandboxObject {
    /// Bytes.
    pub(crate) size: u64,
    pub(crate) modified: Timestamp,
    class: StorageClass,
    content: Content,
    /// The size of its parts, where it was sent in parts.
    part_size: Option<u64>,
    known: Option<KnownDigests>,
    checksum: Option<ObjectChecksum>,
    properties: Option<Box<ObjectProperties>>,
    /// Hashing 12,000 objects would delay the start; a page hashes its own when it is first requested.
    etag: OnceLock<String>,
}

/// Which checksum is stored, and over what.
pub(crate) struct ObjectChecksum {
    pub(crate) kind: ChecksumKind,
    /// Over the checksums of the parts.
    pub(crate) is_composite: bool,
    value: OnceLock<String>,
}

impl ObjectChecksum {
    fn of(kind: ChecksumKind, is_composite: bool) -> Self {
        Self { kind, is_composite, value: OnceLock::new() }
    }

    /// As S3 names what it is over.
    pub(crate) const fn type_name(&self) -> &'static str {
        if self.is_composite { "COMPOSITE" } else { "FULL_OBJECT" }
    }
}

impl SandboxObject {
    /// Reads a single object, or a version of one.
    pub(crate) fn from_config(mut config: ConfiguredObject, files: WorldFiles) -> Result<Self, String> {
        let wrong = |what: &str| Err(format!("{:?}: {what}", config.key));
        let is_archive = config.class.is_archive();
        let content = match (&config.file, config.bytes) {
            (Some(file), _) => Content::File(files.read_bytes(file, "world.toml").map_err(|error| error.what)?),
            (None, bytes) if config.lines => Content::Lines(bytes),
            (None, bytes) if is_archive && config.restore.is_none() => Content::Archived(bytes),
            (None, bytes) if bytes > MOST_GENERATED => {
                return wrong(&format!("only numbered lines can be more than {MOST_GENERATED} bytes"));
            }
            (None, bytes) => Content::Readings(1, bytes),
        };
        if config.restore.is_some() && !is_archive {
            return wrong("only what is archived is restored");
        }
        if config.part_bytes == Some(0) || (config.composite && config.part_bytes.is_none()) {
            return wrong("a composite checksum is over parts, of part_bytes each");
        }
        let kind = config.checksum.filter(|_| !matches!(content, Content::Archived(_)));
        if kind.is_some_and(|kind| !config.composite && config.part_bytes.is_some() && !kind.is_combinable()) {
            return wrong("the parts of this checksum cannot be combined: it must be composite");
        }
        let known = config.part_digests.as_deref().map(|file| files.read_text(file, "world.toml")).transpose();
        Ok(Self {
            size: content.size(),
            modified: config.modified,
            class: config.class,
            part_size: config.part_bytes.or(matches!(content, Content::Archived(_)).then_some(ARCHIVED_PART)),
            content,
            known: known.map_err(|error| error.what)?.map(KnownDigests),
            checksum: kind.map(|kind| ObjectChecksum::of(kind, config.composite)),
            properties: ObjectProperties::from_config(&mut config, files)?,
            etag: OnceLock::new(),
        })
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
            Ok((format!("{before}{number:0digits$}{after}"), Self::of_series(number, size, modified, class)))
        });
        checked.err().into_iter().map(Err).chain(objects)
    }

    fn of_series(number: u32, size: u64, modified: Timestamp, class: StorageClass) -> Self {
        Self {
            size,
            modified,
            class,
            content: Content::Readings(number, size),
            part_size: None,
            known: None,
            checksum: Some(ObjectChecksum::of(ChecksumKind::default(), false)),
            properties: None,
            etag: OnceLock::new(),
        }
    }

    /// What it has besides its content.
    pub(crate) fn properties(&self) -> &ObjectProperties {
        self.properties.as_deref().unwrap_or_else(|| ObjectProperties::none())
    }

    /// Whether it would have to be restored before it can be read.
    pub(crate) fn is_archived(&self, started: Timestamp, now: Timestamp) -> bool {
        let restored = self.properties().restore_state(started, now);
        self.class.is_archive() && !matches!(restored, Some(RestoreState::Until(_)))
    }

    /// As S3 writes it.
    pub(crate) const fn storage_class(&self) -> &'static str {
        self.class.name()
    }

    /// Reads a part that lies within it.
    pub(crate) fn read(&self, part: Range<u64>) -> ContentReader {
        self.content.read(part)
    }

    /// How many parts it was sent in, where it was sent in parts.
    pub(crate) fn part_count(&self) -> Option<u32> {
        let count = self.size.div_ceil(self.part_size?).max(1);
        // S3 takes 10,000 parts at most.
        Some(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// The bytes of a part, numbered from 1 on; an object that was sent whole has one.
    pub(crate) fn part(&self, number: u32) -> Option<Range<u64>> {
        if !(1..=self.part_count().unwrap_or(1)).contains(&number) {
            return None;
        }
        let size = self.part_size.unwrap_or(self.size);
        let start = u64::from(number - 1) * size;
        Some(start..self.size.min(start + size))
    }

    /// The `ETag` with its quotes: the MD5 of the content, or of the MD5s of its parts and their number. What is archived
    /// has no bytes here, so its digest is of what is known of it.
    pub(crate) fn etag(&self) -> &str {
        self.etag.get_or_init(|| {
            let whole = |digest: Vec<u8>| format!("\"{}\"", hex::encode(digest));
            let of_text = |text: Vec<u8>| md5_of(std::iter::once(text.into()));
            let Some(count) = self.part_count() else { return whole(md5_of(self.read(0..self.size))) };
            let digest = match self.content {
                Content::Archived(_) => of_text(format!("{} {}", self.size, self.modified).into_bytes()),
                _ => of_text((1..=count).flat_map(|number| self.part_md5(number)).collect()),
            };
            format!("\"{}-{count}\"", hex::encode(digest))
        })
    }

    /// The stored checksum, where there is one.
    pub(crate) fn checksum(&self) -> Option<&ObjectChecksum> {
        self.checksum.as_ref()
    }

    /// Its value, in base 64; a composite one ends with the number of parts.
    pub(crate) fn checksum_value<'a>(&'a self, checksum: &'a ObjectChecksum) -> &'a str {
        checksum.value.get_or_init(|| {
            let kind = checksum.kind;
            let Some(count) = self.part_count() else { return to_base64(&kind.digest(self.read(0..self.size))) };
            if checksum.is_composite {
                let parts = (1..=count).flat_map(|number| self.part_digest(kind, number)).collect::<Vec<_>>();
                return format!("{}-{count}", to_base64(&kind.digest(std::iter::once(parts.into()))));
            }
            if let Some(whole) = self.known.and_then(KnownDigests::whole) {
                return whole.to_owned();
            }
            let size = |number| self.part(number).map_or(0, |part| part.end - part.start);
            let parts = (1..=count).map(|number| (self.part_digest(kind, number), size(number)));
            to_base64(&kind.combine(parts).unwrap_or_default())
        })
    }

    /// The checksum of one part, in base 64.
    pub(crate) fn part_checksum(&self, kind: ChecksumKind, number: u32) -> String {
        match self.known.and_then(|known| known.part(number)) {
            Some((_, checksum)) => checksum.to_owned(),
            None => to_base64(&self.part_digest(kind, number)),
        }
    }

    fn part_digest(&self, kind: ChecksumKind, number: u32) -> Vec<u8> {
        kind.digest(self.read(self.part(number).unwrap_or_default()))
    }

    fn part_md5(&self, number: u32) -> Vec<u8> {
        match self.known.and_then(|known| known.part(number)) {
            Some((md5, _)) => md5,
            None => md5_of(self.read(self.part(number).unwrap_or_default())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::world::World;

    #[test]
    fn digests_that_are_written_down_are_those_of_the_bytes() {
        let world = World::read_embedded().unwrap();
        let objects = world.buckets.values().flat_map(|bucket| bucket.objects.values());
        let known: Vec<_> = objects.filter_map(|keys| keys.current()).filter(|object| object.known.is_some()).collect();
        assert_eq!(known.len(), 1, "nothing was looked at");
        for object in known {
            let kind = object.checksum().unwrap().kind;
            let count = object.part_count().unwrap();
            let digests = object.known.unwrap();
            for number in [1, count] {
                let (md5, checksum) = digests.part(number).unwrap();
                assert_eq!(md5, md5_of(object.read(object.part(number).unwrap())), "part {number}");
                assert_eq!(checksum, to_base64(&object.part_digest(kind, number)), "part {number}");
            }
            assert!(digests.part(count + 1).is_none());
        }
    }

    #[test]
    #[ignore = "it reads 5 GiB; with --release, half a minute"]
    fn all_digests_that_are_written_down_are_those_of_the_bytes() {
        let world = World::read_embedded().unwrap();
        let object = world.buckets["tide-objects"].objects["large/numbered-lines.log"].current().unwrap();
        let kind = object.checksum().unwrap().kind;
        let (mut digests, mut lines) = (vec![], vec![]);
        for number in 1..=object.part_count().unwrap() {
            let part = object.part(number).unwrap();
            let digest = object.part_digest(kind, number);
            let md5 = hex::encode(md5_of(object.read(part.clone())));
            lines.push(format!("{md5} {}\n", to_base64(&digest)));
            digests.push((digest, part.end - part.start));
        }
        let whole = to_base64(&kind.combine(digests.into_iter()).unwrap());
        let text = format!("{whole}\n{}", lines.concat());
        assert!(object.known.unwrap().0 == text, "the file must be:\n{text}");
    }
}

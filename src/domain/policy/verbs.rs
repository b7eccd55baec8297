//! What a session may do with the keys of its scope.
//!
//! Invariant: [`Verbs`] parse from what they print. `list`, `read` and `write` are the presets of the command line, each
//! with the ones before it; every other word adds one verb.

use std::{fmt, str::FromStr};

/// One thing to do with keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verb {
    /// See which keys there are.
    List,
    /// Read objects, each in its newest version.
    Get,
    /// Read any version of an object, and see which there are.
    GetVersion,
    /// Put objects, in parts too.
    Put,
    /// Delete objects. On a bucket with versions that hides them.
    Delete,
    /// Read, set and remove the tags of objects.
    Tags,
}

impl Verb {
    /// Every verb, in the order in which they are offered.
    pub const ALL: [Self; 6] = [Self::List, Self::Get, Self::GetVersion, Self::Put, Self::Delete, Self::Tags];

    /// The word for it alone, on the command line and in scopes.
    pub const fn name(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Get => "get",
            Self::GetVersion => "get-version",
            Self::Put => "put",
            Self::Delete => "delete",
            Self::Tags => "tags",
        }
    }

    /// The word for it in sentences: `may list and read …`.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Get => "read",
            Self::GetVersion => "read old versions",
            Self::Put => "write",
            Self::Delete => "delete",
            Self::Tags => "change tags",
        }
    }

    /// The S3 actions on objects that it takes.
    /// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>
    pub(super) const fn object_actions(self) -> &'static [&'static str] {
        match self {
            Self::List => &[],
            Self::Get => &["s3:GetObject"],
            Self::GetVersion => &["s3:GetObjectVersion"],
            Self::Put => &["s3:PutObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
            Self::Delete => &["s3:DeleteObject"],
            Self::Tags => &["s3:GetObjectTagging", "s3:PutObjectTagging", "s3:DeleteObjectTagging"],
        }
    }

    /// The S3 action on the bucket that it takes, which a condition holds to the prefix.
    pub(super) const fn bucket_action(self) -> Option<&'static str> {
        match self {
            Self::List => Some("s3:ListBucket"),
            Self::GetVersion => Some("s3:ListBucketVersions"),
            Self::Get | Self::Put | Self::Delete | Self::Tags => None,
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// A set of verbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Verbs(u8);

impl Verbs {
    /// Nothing.
    pub const NONE: Self = Self(0);
    /// See which keys there are.
    pub const LIST: Self = Self(Verb::List.bit());
    /// List, and read objects.
    pub const READ: Self = Self(Self::LIST.0 | Verb::Get.bit());
    /// List and read, put and delete objects.
    pub const WRITE: Self = Self(Self::READ.0 | Verb::Put.bit() | Verb::Delete.bit());
    /// What one word asks for, from the least to the most.
    pub const PRESETS: [Self; 3] = [Self::LIST, Self::READ, Self::WRITE];

    /// Whether `verb` is among them.
    pub const fn contains(self, verb: Verb) -> bool {
        self.0 & verb.bit() != 0
    }

    /// Whether there is none.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The same with `verb` where it was not, and without it where it was.
    #[must_use]
    pub const fn toggled(self, verb: Verb) -> Self {
        Self(self.0 ^ verb.bit())
    }

    /// The verbs in the order of [`Verb::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Verb> {
        Verb::ALL.into_iter().filter(move |verb| self.contains(*verb))
    }

    /// `list, read and write`.
    pub fn in_words(self) -> String {
        super::listed::listed(&self.iter().map(Verb::in_words).collect::<Vec<_>>(), "and")
    }

    const fn covers(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

impl From<Verb> for Verbs {
    fn from(verb: Verb) -> Self {
        Self(verb.bit())
    }
}

impl FromIterator<Verb> for Verbs {
    fn from_iter<I: IntoIterator<Item = Verb>>(verbs: I) -> Self {
        Self(verbs.into_iter().fold(0, |set, verb| set | verb.bit()))
    }
}

impl fmt::Display for Verbs {
    /// The largest preset among them, then what it lacks: `read`, `read,tags`, `put`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (preset, name) = [(Self::WRITE, "write"), (Self::READ, "read")]
            .into_iter()
            .find(|(preset, _)| self.covers(*preset))
            .unwrap_or((Self::NONE, ""));
        let rest = Self(self.0 & !preset.0);
        let names: Vec<&str> =
            Some(name).filter(|name| !name.is_empty()).into_iter().chain(rest.iter().map(Verb::name)).collect();
        f.pad(&names.join(","))
    }
}

impl FromStr for Verbs {
    type Err = String;

    /// Words and commas; each adds what it stands for.
    fn from_str(text: &str) -> Result<Self, String> {
        let of = |word: &str| match word.trim() {
            "read" => Some(Self::READ),
            "write" => Some(Self::WRITE),
            word => Verb::ALL.into_iter().find(|verb| verb.name() == word).map(Self::from),
        };
        let add = |Self(all), word| of(word).map(|Self(more)| Self(all | more));
        text.split(',').try_fold(Self::NONE, add).ok_or_else(|| {
            "not a scope: write list, read or write, or a comma-separated list of list, get, get-version, put, delete, tags"
                .into()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preset_is_one_word_and_the_rest_adds_to_it() {
        for (text, verbs, canonical) in [
            ("list", Verbs::LIST, "list"),
            ("read", Verbs::READ, "read"),
            ("write", Verbs::WRITE, "write"),
            ("list,get", Verbs::READ, "read"),
            ("list, tags", Verbs::from_iter([Verb::List, Verb::Tags]), "list,tags"),
            ("put", Verb::Put.into(), "put"),
            ("get-version,read", Verbs::READ.toggled(Verb::GetVersion), "read,get-version"),
            ("tags,write,read", Verbs::WRITE.toggled(Verb::Tags), "write,tags"),
        ] {
            assert_eq!(text.parse(), Ok(verbs), "{text}");
            assert_eq!(verbs.to_string(), canonical);
        }
        for text in ["", "all", "read,", "Read", "list tags", "none"] {
            assert!(text.parse::<Verbs>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn every_set_reads_back_from_how_it_is_written() {
        for set in 1..=u8::MAX >> 2 {
            let verbs = Verbs(set);
            assert_eq!(verbs.to_string().parse(), Ok(verbs));
            assert_eq!(verbs.iter().collect::<Verbs>(), verbs);
        }
    }
}

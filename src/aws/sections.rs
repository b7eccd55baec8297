//! The sections of the two shared config files, each file by itself.
//!
//! Invariant: a setting is what the credentials file says, else what the config file says, and an empty one is not set;
//! keys are taken from one file whole, never a half from each. Nothing is read or asked.

use std::{borrow::Cow, collections::BTreeSet};

use aws_config::profile::{Profile as FileSection, ProfileSet};
use aws_runtime::env_config::{file::EnvConfigFileKind, property::PropertiesKey, section::SsoSession};

/// What is used where nothing names a profile.
pub(super) const DEFAULT: &str = "default";

/// Both files, with one profile selected.
#[derive(Debug, Clone)]
pub(super) struct Sections {
    pub(super) config: ProfileSet,
    pub(super) credentials: ProfileSet,
    /// The profile that is meant where a choice names none. It need not exist.
    pub(super) selected: String,
}

/// What both files say of one profile. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Section<'a> {
    name: &'a str,
    config: Option<&'a FileSection>,
    credentials: Option<&'a FileSection>,
}

impl Sections {
    /// Every profile, by name.
    pub(super) fn names(&self) -> BTreeSet<&str> {
        self.config.profiles().chain(self.credentials.profiles()).collect()
    }

    pub(super) fn profile(&self, name: &str) -> Option<Section<'_>> {
        let (config, credentials) = (self.config.get_profile(name), self.credentials.get_profile(name));
        let name = config.or(credentials)?.name();
        Some(Section { name, config, credentials })
    }

    pub(super) fn sso_session(&self, name: &str) -> Option<&SsoSession> {
        self.config.sso_session(name)
    }

    /// What `[services NAME]` says about one service.
    pub(super) fn service_setting(&self, name: &str, service: &str, key: &str) -> Option<&str> {
        let key = PropertiesKey::builder()
            .section_key("services")
            .section_name(name)
            .property_name(service.to_ascii_lowercase())
            .sub_property_name(key)
            .build();
        let value = self.config.other_sections().get(&key.ok()?)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }
}

impl<'a> Section<'a> {
    pub(super) fn name(&self) -> &'a str {
        self.name
    }

    /// A setting, unless it is empty.
    pub(super) fn said(&self, key: &str) -> Option<&'a str> {
        self.said_in(EnvConfigFileKind::Credentials, key).or_else(|| self.said_in(EnvConfigFileKind::Config, key))
    }

    pub(super) fn owned(&self, key: &str) -> Option<String> {
        self.said(key).map(str::to_owned)
    }

    /// What one file says.
    pub(super) fn said_in(&self, file: EnvConfigFileKind, key: &str) -> Option<&'a str> {
        let section = match file {
            EnvConfigFileKind::Config => self.config,
            EnvConfigFileKind::Credentials => self.credentials,
        };
        section?.get(key).filter(|value| !value.is_empty())
    }
}

/// Of two sections for the default profile, the lines of the one that is left out and of the one that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TwoDefaults {
    pub(super) left_out: usize,
    pub(super) counts: usize,
}

/// A config file's text without the default profile that does not count: of `[default]` and `[profile default]`, whichever
/// stands last replaces the other for the AWS CLI and boto3, and for the SDK's parser the second always. Lines keep their
/// numbers.
pub(super) fn with_one_default(text: &str) -> (Cow<'_, str>, Option<TwoDefaults>) {
    let line_of = |prefixed: bool| text.lines().position(|line| default_head(line) == Some(prefixed));
    let (Some(bare), Some(prefixed)) = (line_of(false), line_of(true)) else { return (Cow::Borrowed(text), None) };
    let bare_counts = bare > prefixed;
    let mut is_left_out = false;
    let kept = text.lines().map(|line| {
        if line.starts_with('[') {
            is_left_out = default_head(line) == Some(bare_counts);
        }
        if is_left_out { "" } else { line }
    });
    let kept = kept.collect::<Vec<_>>().join("\n");
    let (left_out, counts) = if bare_counts { (prefixed, bare) } else { (bare, prefixed) };
    (Cow::Owned(kept), Some(TwoDefaults { left_out: left_out + 1, counts: counts + 1 }))
}

/// Whether a line is the head of the default profile, and then whether with the prefix.
fn default_head(line: &str) -> Option<bool> {
    let head = line.strip_prefix('[')?.split(['#', ';', ']']).next()?;
    match head.split_ascii_whitespace().collect::<Vec<_>>().as_slice() {
        [DEFAULT] => Some(false),
        ["profile", DEFAULT] => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_default_profiles_the_last_one_counts() {
        for (text, kept, lines) in [
            ("[default]\na = 1\n", "[default]\na = 1\n", None),
            ("[profile default]\na = 1\n[x]", "[profile default]\na = 1\n[x]", None),
            ("[default]\na = 1\n[profile  default ] # x\nb = 2\n", "\n\n[profile  default ] # x\nb = 2", Some((1, 3))),
            (
                "[profile default]\na = 1\n  b = 2\n[default]\nc = 3\n[profile x]",
                "\n\n\n[default]\nc = 3\n[profile x]",
                Some((1, 4)),
            ),
            ("[profile defaults]\n[default]\n", "[profile defaults]\n[default]\n", None),
        ] {
            let (text, told) = with_one_default(text);
            let told = told.map(|told| (told.left_out, told.counts));
            assert_eq!((&*text, told), (kept, lines));
        }
    }
}

//! The sections of the two AWS config files, each file by itself.
//!
//! Invariant: a setting comes from the credentials file, else from the config file; an empty one counts as not set. Keys
//! come as a whole from one file. Nothing is read and no request is sent.

use std::{borrow::Cow, collections::BTreeSet};

use aws_config::profile::{Profile as FileSection, ProfileSet};
use aws_runtime::env_config::{file::EnvConfigFileKind, property::PropertiesKey, section::SsoSession};

/// What the file format takes for a blank.
const WHITESPACE: [char; 2] = [' ', '\t'];

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

    pub(super) fn find_profile(&self, name: &str) -> Option<Section<'_>> {
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
    pub(super) fn setting(&self, key: &str) -> Option<&'a str> {
        self.said_in(EnvConfigFileKind::Credentials, key).or_else(|| self.said_in(EnvConfigFileKind::Config, key))
    }

    pub(super) fn setting_owned(&self, key: &str) -> Option<String> {
        self.setting(key).map(str::to_owned)
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

/// A file's text with the head of every section in one spelling: the parser takes `[profile  a]` for another section
/// than `[profile a]` and joins the two in no certain order, so that which keys count would change from run to run.
pub(super) fn with_plain_heads(text: &str) -> String {
    let plain = |line: &str| -> Option<String> {
        let head = line.strip_prefix('[')?.split(['#', ';']).next()?.trim_matches(WHITESPACE).strip_suffix(']')?;
        let head = head.trim_matches(WHITESPACE);
        Some(match head.split_once(WHITESPACE) {
            Some((prefix, name)) => format!("[{prefix} {}]", name.trim_matches(WHITESPACE)),
            None => format!("[{head}]"),
        })
    };
    text.lines().map(|line| plain(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
}

/// Of two sections for the default profile, the lines of the one that is left out and of the one that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TwoDefaults {
    pub(super) left_out: usize,
    pub(super) counts: usize,
}

/// A config file's text, [its heads plain](with_plain_heads), without the default profile that does not count: of
/// `[default]` and `[profile default]`, whichever stands last replaces the other for the AWS CLI and boto3, and for the
/// parser the second always. Lines keep their numbers.
pub(super) fn with_one_default(text: &str) -> (Cow<'_, str>, Option<TwoDefaults>) {
    const HEADS: [&str; 2] = ["[default]", "[profile default]"];
    let [bare, prefixed] = HEADS.map(|head| text.lines().position(|line| line == head));
    let (Some(bare), Some(prefixed)) = (bare, prefixed) else { return (Cow::Borrowed(text), None) };
    let (left_out, counts) = (bare.min(prefixed), bare.max(prefixed));
    let head = HEADS[usize::from(left_out == prefixed)];
    let mut is_left_out = false;
    let kept = text.lines().map(|line| {
        if line.starts_with('[') {
            is_left_out = line == head;
        }
        if is_left_out { "\n".to_owned() } else { format!("{line}\n") }
    });
    (Cow::Owned(kept.collect()), Some(TwoDefaults { left_out: left_out + 1, counts: counts + 1 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_default_profiles_the_last_one_counts() {
        for (text, kept, lines) in [
            ("[default]\na = 1\n", "[default]\na = 1\n", None),
            ("[profile default]\na = 1\n[x]\n", "[profile default]\na = 1\n[x]\n", None),
            ("[default]\na = 1\n[profile default]\nb = 2\n", "\n\n[profile default]\nb = 2\n", Some((1, 3))),
            (
                "[profile default]\na = 1\n  b = 2\n[default]\nc = 3\n[profile x]\n",
                "\n\n\n[default]\nc = 3\n[profile x]\n",
                Some((1, 4)),
            ),
            ("[profile defaults]\n[default]\n", "[profile defaults]\n[default]\n", None),
        ] {
            let (text, told) = with_one_default(text);
            let told = told.map(|told| (told.left_out, told.counts));
            assert_eq!((&*text, told), (kept, lines));
        }
    }

    #[test]
    fn a_head_has_one_spelling_and_every_line_its_number() {
        for (text, plain) in [
            ("[default]\n[ default ]\n", "[default]\n[default]\n"),
            ("[profile  work]\r\na = 1", "[profile work]\na = 1\n"),
            ("[\tprofile\twork\t] # mine\n", "[profile work]\n"),
            ("[profile a  b];x\n", "[profile a  b]\n"),
            ("[profile work\n", "[profile work\n"),
            ("  [x]\na = [ b ]\n", "  [x]\na = [ b ]\n"),
            ("[]\n", "[]\n"),
        ] {
            assert_eq!(with_plain_heads(text), plain, "{text}");
        }
    }
}

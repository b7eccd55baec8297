//! The sections of the two shared config files, each file by itself.
//!
//! Invariant: a setting is what the credentials file says, else what the config file says, and an empty one is not set;
//! keys are taken from one file whole, never a half from each. Nothing is read or asked.

use std::collections::BTreeSet;

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

/// A config file's text without the `[default]` that does not count: the section that stands last, of `[default]` and
/// `[profile default]`, replaces the other, for the AWS CLI and boto3 (for this SDK `[profile default]` always would).
/// Lines keep their numbers. With it, the line of the section that was left out and of the one that counts.
pub(super) fn with_one_default(text: &str) -> (String, Option<(usize, usize)>) {
    let heads: Vec<(usize, bool)> =
        text.lines().enumerate().filter_map(|(at, line)| Some((at, default_head(line)?))).collect();
    let first = |prefixed: bool| heads.iter().find(|(_, is)| *is == prefixed).map(|(at, _)| *at);
    let (Some(bare), Some(prefixed)) = (first(false), first(true)) else { return (text.to_owned(), None) };
    let loser = bare > prefixed;
    let mut skipping = false;
    let keep = |line: &'_ str| {
        if line.starts_with('[') {
            skipping = default_head(line) == Some(loser);
        }
        !skipping
    };
    let mut keep = keep;
    let kept: Vec<&str> = text.lines().map(|line| if keep(line) { line } else { "" }).collect();
    let (lost, counts) = if loser { (prefixed, bare) } else { (bare, prefixed) };
    (kept.join("\n"), Some((lost + 1, counts + 1)))
}

/// Whether a line is the head of the default profile, and then whether it has the prefix.
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
            assert_eq!((text.as_str(), told), (kept, lines));
        }
    }
}

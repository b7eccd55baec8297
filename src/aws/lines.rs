//! The lines of sections and settings in the AWS config files: aws-config's parser keeps no lines.
//!
//! Invariant: this module does not parse what the parser already parses, and never looks at a text that the parser has
//! refused. Sections that the parser silently ignores are reported, with the reason.

use std::collections::HashMap;

use aws_runtime::env_config::file::EnvConfigFileKind;

use crate::domain::profile::{FileLine, ProfileProblem};

const WHITESPACE: [char; 2] = [' ', '\t'];

/// Sections of the AWS CLI that are no profiles and have no prefix.
const OF_THE_CLI: [&str; 2] = ["plugins", "preview"];

/// A kind of section.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum SectionKind {
    Profile,
    SsoSession,
    Services,
}

/// The lines of every section, by kind and name.
#[derive(Debug, Clone, Default)]
pub(super) struct Lines {
    sections: HashMap<(SectionKind, String), SectionLines>,
    /// What the parser leaves out, by the name that was meant.
    ignored: Vec<(String, ProfileProblem)>,
}

/// One section, which may stand in both files and more than once.
#[derive(Debug, Clone)]
struct SectionLines {
    first: FileLine,
    keys: HashMap<String, FileLine>,
}

impl Lines {
    /// Adds one file; the one that is added later has the last word on a key, as for the parser.
    pub(super) fn add_file(&mut self, file: &str, kind: EnvConfigFileKind, text: &str) {
        let mut current: Option<(SectionKind, String)> = None;
        for (number, line) in text.lines().enumerate() {
            let place = || FileLine { file: file.to_owned(), line: number + 1 };
            if let Some(header) = line.strip_prefix('[') {
                let header = header.split(['#', ';']).next().unwrap_or_default();
                let header = header.trim_matches(WHITESPACE).trim_end_matches(']').trim_matches(WHITESPACE);
                current = self.enter_section(header, kind, place());
            } else if !line.starts_with(['#', ';', ' ', '\t'])
                && let (Some(section), Some((key, value))) = (&current, line.split_once('='))
                && let Some(section) = self.sections.get_mut(section)
            {
                let key = key.trim_matches(WHITESPACE).to_ascii_lowercase();
                // An empty setting is not set: it takes no other one's place.
                if value.trim_matches(WHITESPACE).is_empty() {
                    section.keys.entry(key).or_insert_with(place);
                } else {
                    section.keys.insert(key, place());
                }
            }
        }
    }

    /// The section's line of a key, or else of its head.
    pub(super) fn line_of(&self, kind: SectionKind, name: &str, key: Option<&str>) -> Option<FileLine> {
        let section = self.sections.get(&(kind, name.to_owned()))?;
        Some(key.and_then(|key| section.keys.get(key)).unwrap_or(&section.first).clone())
    }

    /// Adds a section that was found not to count, by the name that was meant.
    pub(super) fn add_ignored(&mut self, name: &str, place: FileLine, text: String) {
        self.ignored.push((name.to_owned(), ProfileProblem { text, place: Some(place), blocks: true }));
    }

    /// Sections that look like profiles, but are ignored.
    pub(super) fn ignored_sections(&self) -> &[(String, ProfileProblem)] {
        &self.ignored
    }

    fn enter_section(
        &mut self,
        header: &str,
        file: EnvConfigFileKind,
        place: FileLine,
    ) -> Option<(SectionKind, String)> {
        match parse_heading(header, file) {
            Ok(Some((kind, name))) => {
                let section = SectionLines { first: place, keys: HashMap::new() };
                let at = (kind, name.to_owned());
                self.sections.entry(at.clone()).or_insert(section);
                Some(at)
            }
            Ok(None) => None,
            Err((name, text)) => {
                self.add_ignored(name, place, text);
                None
            }
        }
    }
}

type SectionHeading<'a> = Result<Option<(SectionKind, &'a str)>, (&'a str, String)>;

/// What a section header means, or why the parser ignores it; `None` for sections that do not matter here.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>
fn parse_heading(header: &str, file: EnvConfigFileKind) -> SectionHeading<'_> {
    let (prefix, name) = match header.split_once(WHITESPACE) {
        Some((prefix, name)) => (Some(prefix), name.trim()),
        None => (None, header),
    };
    let named = |kind| if is_identifier(name) { Ok(Some((kind, name))) } else { Err((name, odd_name(name))) };
    match (file, prefix) {
        (EnvConfigFileKind::Config, Some("profile")) | (EnvConfigFileKind::Credentials, None) => {
            named(SectionKind::Profile)
        }
        (EnvConfigFileKind::Config, Some("sso-session")) => {
            Ok(is_identifier(name).then_some((SectionKind::SsoSession, name)))
        }
        (EnvConfigFileKind::Config, Some("services")) => {
            Ok(is_identifier(name).then_some((SectionKind::Services, name)))
        }
        (EnvConfigFileKind::Config, Some(prefix)) if prefix.eq_ignore_ascii_case("profile") => {
            Err((name, format!("[{prefix} {name}] is ignored: write [profile {name}], in lower case")))
        }
        (EnvConfigFileKind::Config, None) if name == "default" => Ok(Some((SectionKind::Profile, name))),
        (EnvConfigFileKind::Config, None) if !OF_THE_CLI.contains(&name) => {
            Err((name, format!("[{name}] is ignored here: write [profile {name}]")))
        }
        (EnvConfigFileKind::Credentials, Some("profile")) => {
            Err((name, format!("[profile {name}] is ignored in this file: write [{name}]")))
        }
        _ => Ok(None),
    }
}

fn odd_name(name: &str) -> String {
    match name.chars().find(|c| !is_of_an_identifier(*c)) {
        Some(odd) => {
            format!("this profile is ignored: its name has {odd:?}; use letters, digits and _-/.%@:+")
        }
        None => "a profile needs a name".into(),
    }
}

fn is_identifier(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_of_an_identifier)
}

fn is_of_an_identifier(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-/.%@:+".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines() -> Lines {
        let mut lines = Lines::default();
        lines.add_file(
            "config",
            EnvConfigFileKind::Config,
            "# c\n[default]\nregion = x\n[profile ana] ; mine\nRegion=y\n  nested = 1\n[sso-session corp]\nsso_region = z\n\
             [bob]\n[Profile cyd]\n[profile a b]\n[services edge]\n[preview]\n[profile é]\n",
        );
        lines.add_file(
            "credentials",
            EnvConfigFileKind::Credentials,
            "[ana]\nregion = w\n[profile dan]\n[sso-session x]\n",
        );
        lines
    }

    #[test]
    fn keys_and_sections_have_their_lines() {
        let lines = lines();
        for (kind, name, key, place) in [
            (SectionKind::Profile, "default", Some("region"), Some("config, line 3")),
            (SectionKind::Profile, "default", Some("role_arn"), Some("config, line 2")),
            (SectionKind::Profile, "ana", None, Some("config, line 4")),
            (SectionKind::Profile, "ana", Some("region"), Some("credentials, line 2")),
            (SectionKind::Profile, "ana", Some("nested"), Some("config, line 4")),
            (SectionKind::SsoSession, "corp", Some("sso_region"), Some("config, line 8")),
            (SectionKind::Profile, "corp", None, None),
            (SectionKind::Profile, "bob", None, None),
        ] {
            let found = lines.line_of(kind, name, key).map(|place| place.to_string());
            assert_eq!(found.as_deref(), place, "{name} {key:?}");
        }
    }

    #[test]
    fn what_the_parser_leaves_out_is_told_with_the_reason() {
        let told: Vec<String> = lines().ignored_sections().iter().map(|(name, why)| format!("{name}: {why}")).collect();
        assert_eq!(
            told,
            [
                "bob: config, line 9: [bob] is ignored here: write [profile bob]",
                "cyd: config, line 10: [Profile cyd] is ignored: write [profile cyd], in lower case",
                "a b: config, line 11: this profile is ignored: its name has ' '; use letters, digits and _-/.%@:+",
                "é: config, line 14: this profile is ignored: its name has 'é'; use letters, digits and _-/.%@:+",
                "dan: credentials, line 3: [profile dan] is ignored in this file: write [dan]",
            ]
        );
    }
}

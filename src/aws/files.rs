//! The AWS config files, read as a whole.
//!
//! Invariant: a file that exists but cannot be read or parsed is an error with its name and line; only a file that does
//! not exist counts as empty. Each file is read once, so that everything made from it agrees. It is read off the threads
//! that draw: a disk can be slow, and a named pipe silent.

use std::{
    borrow::Cow,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};

use super::{sections::DEFAULT, variables};
use crate::domain::failure::{Failure, FailureKind};

/// Either file, with the variable that names another and where it is otherwise.
/// <https://docs.aws.amazon.com/sdkref/latest/guide/file-location.html>
const PLACES: [(EnvConfigFileKind, &str, &str); 2] = [
    (EnvConfigFileKind::Config, "AWS_CONFIG_FILE", "~/.aws/config"),
    (EnvConfigFileKind::Credentials, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
];

/// Where profiles and settings come from.
#[derive(Debug, Clone)]
pub enum Setting {
    /// This process's environment and the shared config files it points to, by aws-config's own rules.
    Process,
    /// Only this text, in the form of `~/.aws/config`: no file, no environment variable, no proxy, no TLS. The demo's.
    Fixed {
        /// The text.
        shared_config: String,
    },
}

/// Which files to read, and the environment beside them.
#[derive(Debug, Clone)]
pub(super) struct ConfigFiles {
    /// Instead of any file.
    pub(super) fixed: Option<String>,
    pub(super) env: Env,
}

/// One of the two files as it was read.
#[derive(Debug, Clone)]
pub(super) struct ConfigFile {
    pub(super) kind: EnvConfigFileKind,
    /// Where, and what named the place; nowhere for a fixed text.
    pub(super) place: Option<FilePlace>,
    pub(super) text: String,
}

/// Where a file is looked for.
#[derive(Debug, Clone)]
pub(super) struct FilePlace {
    pub(super) path: PathBuf,
    /// The variable that names it; `None` for the usual place.
    pub(super) variable: Option<&'static str>,
    pub(super) is_there: bool,
}

impl FilePlace {
    /// The path, with what named it and whether anything is there.
    pub(super) fn in_words(&self) -> String {
        let path = self.path.display();
        match (self.variable, self.is_there) {
            (Some(variable), true) => format!("{variable} is {path}"),
            (Some(variable), false) => format!("{variable} is {path}, which does not exist"),
            (None, true) => path.to_string(),
            (None, false) => format!("{path} does not exist"),
        }
    }
}

impl ConfigFiles {
    pub(super) fn new(setting: Setting) -> Self {
        match setting {
            Setting::Process => Self { fixed: None, env: Env::real() },
            Setting::Fixed { shared_config } => Self { fixed: Some(shared_config), env: Env::from_slice(&[]) },
        }
    }

    /// The config file, then the credentials file.
    pub(super) async fn read_both(&self) -> Result<[ConfigFile; 2], Failure> {
        let [config, credentials] = PLACES;
        Ok([self.read_one(config).await?, self.read_one(credentials).await?])
    }

    async fn read_one(
        &self,
        (kind, variable, usual): (EnvConfigFileKind, &'static str, &str),
    ) -> Result<ConfigFile, Failure> {
        if let Some(text) = &self.fixed {
            let text = if matches!(kind, EnvConfigFileKind::Config) { text.clone() } else { String::new() };
            return Ok(ConfigFile { kind, place: None, text });
        }
        let named = variables::env_variable(&self.env, variable);
        let path = self.at_home(named.as_deref().unwrap_or(usual));
        let text = read_file(&path, variable).await?;
        let place = FilePlace { path, variable: named.map(|_| variable), is_there: text.is_some() };
        Ok(ConfigFile { kind, place: Some(place), text: text.unwrap_or_default() })
    }

    /// The home directory, where the environment names one.
    pub(super) fn home_directory(&self) -> Option<PathBuf> {
        variables::env_variable(&self.env, "HOME").map(PathBuf::from)
    }

    /// A path with its variables filled in, as by the AWS CLI and boto3, and with the home directory for a `~` that is
    /// alone or before a slash. What is not set stays as it is written.
    fn at_home(&self, path: &str) -> PathBuf {
        let path = self.filled_in(path);
        match (Path::new(&path).strip_prefix("~"), self.home_directory()) {
            (Ok(below), Some(home)) => home.join(below),
            _ => path.into(),
        }
    }

    /// `$NAME` and `${NAME}`: not every program that sets a variable has a shell do it.
    fn filled_in(&self, path: &str) -> String {
        let mut pieces = path.split('$');
        let mut filled = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let braced = piece.strip_prefix('{').and_then(|inside| inside.split_once('}'));
            let end = piece.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(piece.len());
            let (name, rest) = braced.unwrap_or_else(|| piece.split_at(end));
            match self.env.get(name) {
                Ok(value) => filled.extend([value.as_str(), rest]),
                Err(_) => filled.extend(["$", piece]),
            }
        }
        filled
    }
}

/// The text of a file, `None` if it does not exist; `variable` could name another file.
async fn read_file(path: &Path, variable: &str) -> Result<Option<String>, Failure> {
    let shown = path.display();
    let refuse = |subject: String, why: String| Failure::local(FailureKind::Invalid, "read", subject, why);
    let bytes = match tokio::fs::read(path).await {
        Ok(bytes) => bytes,
        // `HOME=/dev/null` is how some say that there is no home.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => return Ok(None),
        Err(error) => {
            return Err(refuse(shown.to_string(), error.to_string())
                .with_hint(format!("make the file readable, or name another one with {variable}")));
        }
    };
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let (before, rest) = error.as_bytes().split_at(valid);
        let line = before.split(|byte| *byte == b'\n').count();
        let byte = rest.first().copied().unwrap_or_default();
        refuse(format!("{shown}, line {line}"), format!("byte 0x{byte:02x} is not UTF-8"))
            .with_hint("save the file as UTF-8")
    })
}

/// What aws-config makes of one file. Each is parsed by itself: joined, a key of one file would be paired with a secret
/// or a session token of the other.
pub(super) async fn parse_profiles(file: &ConfigFile, env: &Env) -> Result<ProfileSet, Failure> {
    let source = EnvConfigFiles::builder().with_contents(file.kind, file.text.as_str()).build();
    // Named, so that the parser does not look for `AWS_PROFILE` by rules of its own.
    aws_config::profile::load(&Fs::real(), env, &source, Some(Cow::Borrowed(DEFAULT))).await.map_err(|error| {
        let text = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        malformed_file(file.place.as_ref(), &text)
    })
}

/// What a file is called.
pub(super) fn in_words(place: Option<&FilePlace>) -> String {
    place.map_or_else(|| "the AWS config".into(), |place| place.path.display().to_string())
}

/// The parser says `error parsing FILE on line 3:` and the reason on a line of its own.
fn malformed_file(place: Option<&FilePlace>, text: &str) -> Failure {
    let file = in_words(place);
    let located = text.split_once(" on line ").and_then(|(_, rest)| rest.split_once(':'));
    let (subject, reason) = match located {
        Some((line, reason)) => (format!("{file}, line {line}"), reason.trim()),
        None => (file, text),
    };
    Failure::local(FailureKind::Invalid, "read", subject, reason).with_hint(
        "correct this line; for the format see https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html",
    )
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    /// What becomes of a config file with these bytes, beside credentials with those; `HOME` is the folder.
    async fn failure_of(config: &[u8], credentials: &[u8]) -> (TempDir, Failure) {
        let home = TempDir::new().unwrap();
        let folder = home.path().join(".aws");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("config"), config).unwrap();
        std::fs::write(folder.join("credentials"), credentials).unwrap();
        let env = Env::from_slice(&[("HOME", home.path().to_str().unwrap())]);
        let files = ConfigFiles { fixed: None, env };
        (home, files.load_files(None).await.unwrap_err())
    }

    #[tokio::test]
    async fn a_line_that_cannot_be_understood_is_told_by_its_file_and_number() {
        for (config, credentials, name, line, reason) in [
            (&b"[default]\nregion = x\nnonsense\n"[..], &b""[..], "config", 3, "Expected an '=' sign"),
            (b"[default]\n", b"\n[default\n", "credentials", 2, "must end with ']'"),
            (b"[default]\nregion = \xff\n", b"", "config", 2, "byte 0xff is not UTF-8"),
            (b"[default]\n", b"caf\xe9", "credentials", 1, "byte 0xe9 is not UTF-8"),
        ] {
            let (home, failure) = failure_of(config, credentials).await;
            let path = home.path().join(".aws").join(name);
            assert_eq!(failure.kind, FailureKind::Invalid);
            assert_eq!(failure.subject, format!("{}, line {line}", path.display()));
            assert!(failure.message.contains(reason) && !failure.message.contains('\n'), "{failure}");
        }
    }

    #[test]
    fn a_path_is_filled_in_from_the_environment() {
        let env = Env::from_slice(&[("HOME", "/home/ana"), ("TIDE", "low")]);
        let files = ConfigFiles { fixed: None, env };
        for (path, found) in [
            ("~/x", "/home/ana/x"),
            ("~", "/home/ana"),
            ("~ana/x", "~ana/x"),
            ("$HOME/x", "/home/ana/x"),
            ("/x/${TIDE}er/$TIDE", "/x/lower/low"),
            ("$HOME$TIDE.$TIDE", "/home/analow.low"),
            ("$NONE/x-$-${", "$NONE/x-$-${"),
            ("/a$$b", "/a$$b"),
        ] {
            assert_eq!(files.at_home(path), Path::new(found), "{path}");
        }
    }

    #[tokio::test]
    async fn only_a_file_that_is_not_there_counts_as_empty() {
        let home = TempDir::new().unwrap();
        let home = home.path().to_str().unwrap();
        let nowhere = format!("{home}/none");
        for (env, error) in [
            (vec![("HOME", home)], None),
            (vec![("HOME", "/dev/null")], None),
            (vec![], None),
            (vec![("AWS_CONFIG_FILE", nowhere.as_str()), ("HOME", home)], None),
            (vec![("AWS_CONFIG_FILE", "/dev/null"), ("HOME", home)], None),
            (vec![("AWS_CONFIG_FILE", ""), ("AWS_SHARED_CREDENTIALS_FILE", " "), ("HOME", home)], None),
            (vec![("AWS_CONFIG_FILE", "~"), ("HOME", home)], Some("Is a directory")),
            (vec![("AWS_SHARED_CREDENTIALS_FILE", home), ("HOME", home)], Some("Is a directory")),
        ] {
            let read = ConfigFiles { fixed: None, env: Env::from_slice(&env) }.read_both().await;
            match (read, error) {
                (Ok(_), None) => {}
                (Err(failure), Some(error)) => {
                    assert_eq!(
                        (failure.kind, failure.subject.trim_end_matches('/')),
                        (FailureKind::Invalid, home),
                        "{env:?}"
                    );
                    assert!(failure.message.contains(error), "{failure}");
                }
                (read, _) => panic!("{env:?}: {read:?}"),
            }
        }
    }
}

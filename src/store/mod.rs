//! What outlives the program, in the person's data directory: recent requests, and a log of what was minted.
//!
//! Invariant: no secret is written here, and no key id but its last four characters. Files are readable by their owner
//! alone; a file that cannot be read is left as it is; two instances at once lose nothing of each other's.

mod mint_log;
mod recents;

pub use mint_log::{Logged, LoggedMint};

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use directories::ProjectDirs;

use crate::domain::failure::{Failure, FailureKind};

/// Switches the mint log off when it is `off`.
const SWITCH: &str = "EBBTIDE_MINT_LOG";

/// How long another instance is waited for. It holds the lock for one small file.
const LONGEST_WAIT: Duration = Duration::from_secs(1);
const WAIT_STEP: Duration = Duration::from_millis(20);

/// A directory of such files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    directory: PathBuf,
    logs_mints: bool,
}

impl Store {
    /// The person's own, unless there is no home directory. Mints are logged unless `EBBTIDE_MINT_LOG` is `off`.
    pub fn of_person() -> Option<Self> {
        let directories = ProjectDirs::from("", "", "ebbtide")?;
        let off = std::env::var_os(SWITCH).is_some_and(|value| value.eq_ignore_ascii_case("off"));
        Some(Self { directory: directories.data_local_dir().to_owned(), logs_mints: !off })
    }

    /// One in this directory, which need not exist.
    pub fn at(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into(), logs_mints: true }
    }

    /// The same, without a log of what is minted.
    #[must_use]
    pub fn without_mint_log(self) -> Self {
        Self { logs_mints: false, ..self }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Runs `work` while no other instance runs its own.
    fn locked<T>(&self, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
        let path = self.path("lock");
        let told = |error: &io::Error| trouble("lock", &path, error);
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.directory).map_err(|error| told(&error))?;
        let lock = private().write(true).create(true).truncate(false).open(&path).map_err(|error| told(&error))?;
        wait_for(&lock).map_err(|error| told(&error))?;
        work()
    }
}

/// Takes the lock. `File::lock` would wait as long as another instance holds it, be it suspended or on a disk that hangs.
fn wait_for(lock: &File) -> io::Result<()> {
    let mut waited = Duration::ZERO;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if waited >= LONGEST_WAIT => {
                return Err(io::Error::new(ErrorKind::WouldBlock, "another instance holds it"));
            }
            Err(TryLockError::WouldBlock) => {
                thread::sleep(WAIT_STEP);
                waited += WAIT_STEP;
            }
        }
    }
}

/// For files that their owner alone may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.mode(0o600);
    options
}

/// The whole file, or nothing where there is none.
fn read(path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(trouble("read", path, &error)),
    }
}

/// Replaces a file in one step: whoever reads it meanwhile reads the old one or the new one.
fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let new = path.with_extension("new");
    let write = || {
        let mut file: File = private().write(true).create(true).truncate(true).open(&new)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        fs::rename(&new, path)
    };
    write().map_err(|error| trouble("write", path, &error))
}

fn trouble(action: &'static str, path: &Path, error: &io::Error) -> Failure {
    Failure::local(FailureKind::Other, action, path.to_string_lossy(), error.to_string())
        .with_hint("see its permissions, and whether the disk is full; nothing else depends on it")
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_lock_that_is_held_costs_a_second_and_is_told() {
        let home = tempfile::tempdir().unwrap();
        let held = File::create(home.path().join("lock")).unwrap();
        held.lock().unwrap();
        let failure = Store::at(home.path()).locked(|| Ok(())).unwrap_err();
        assert!(failure.to_string().contains("another instance holds it"), "{failure}");
        held.unlock().unwrap();
        assert_eq!(Store::at(home.path()).locked(|| Ok(())), Ok(()));
    }

    #[test]
    fn files_are_their_owners_alone() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::at(home.path().join("data"));
        store.locked(|| replace(&store.path("recents.json"), "[]")).unwrap();
        for (name, mode) in [("data", 0o700), ("data/recents.json", 0o600), ("data/lock", 0o600)] {
            let found = fs::metadata(home.path().join(name)).unwrap().permissions().mode();
            assert_eq!(found & 0o777, mode, "{name}");
        }
    }
}

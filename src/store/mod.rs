//! The files in the person's data directory: recent requests, and the mint log.
//!
//! Invariant: no secret is written, and only the last four characters of an access key ID. Files are
//! [private](crate::private). A file that cannot be read is not changed. Two instances at the same time lose nothing of
//! each other's.

mod mint_log;
mod recents;

pub use mint_log::{Logged, LoggedMint};

use std::{
    fs::{File, TryLockError},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use directories::ProjectDirs;

use crate::{
    domain::failure::{Failure, FailureKind},
    private::PrivateDirectory,
};

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
    pub fn in_directory(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into(), logs_mints: true }
    }

    /// The same, without a log of what is minted.
    #[must_use]
    pub fn without_mint_log(self) -> Self {
        Self { logs_mints: false, ..self }
    }

    fn file_path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Runs `work` while no other instance runs its own.
    fn with_lock<T>(&self, work: impl FnOnce(&PrivateDirectory) -> Result<T, Failure>) -> Result<T, Failure> {
        let path = self.file_path("lock");
        let to_failure = |error: io::Error| store_failure("lock", &path, &error);
        let directory = PrivateDirectory::create(&self.directory).map_err(to_failure)?;
        let lock = directory.lock_file("lock").map_err(to_failure)?;
        wait_for(&lock).map_err(to_failure)?;
        work(&directory)
    }

    /// The whole file, or nothing where there is none.
    fn read_file(&self, name: &str) -> Result<Option<String>, Failure> {
        let read = || PrivateDirectory::open(&self.directory)?.map_or(Ok(None), |directory| directory.read_text(name));
        read().map_err(|error| store_failure("read", &self.file_path(name), &error))
    }
}

/// Takes the lock. `File::lock` would wait as long as another instance holds it, be it suspended or on a disk that
/// hangs.
fn wait_for(lock: &File) -> io::Result<()> {
    let mut waited = Duration::ZERO;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if waited >= LONGEST_WAIT => {
                return Err(io::Error::new(ErrorKind::WouldBlock, "another ebbtide has locked it"));
            }
            Err(TryLockError::WouldBlock) => {
                thread::sleep(WAIT_STEP);
                waited += WAIT_STEP;
            }
        }
    }
}

fn store_failure(action: &'static str, path: &Path, error: &io::Error) -> Failure {
    Failure::local(FailureKind::Other, action, path.to_string_lossy(), error.to_string())
        .with_hint("check its owner, its permissions, and whether the disk is full; everything else works without it")
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use super::*;

    #[test]
    fn a_lock_that_is_held_costs_a_second_and_is_told() {
        let home = tempfile::tempdir().unwrap();
        let held = File::create(home.path().join("lock")).unwrap();
        held.lock().unwrap();
        let failure = Store::in_directory(home.path()).with_lock(|_| Ok(())).unwrap_err();
        assert!(failure.to_string().contains("another ebbtide has locked it"), "{failure}");
        held.unlock().unwrap();
        assert_eq!(Store::in_directory(home.path()).with_lock(|_| Ok(())), Ok(()));
    }

    #[test]
    fn files_are_their_owners_alone() {
        let home = tempfile::tempdir().unwrap();
        let store = Store::in_directory(home.path().join("data"));
        let replaced = store.with_lock(|directory| {
            directory.replace_file("recents.json", "[]").map_err(|error| store_failure("write", home.path(), &error))
        });
        replaced.unwrap();
        for (name, mode) in [("data", 0o700), ("data/recents.json", 0o600), ("data/lock", 0o600)] {
            let found = fs::metadata(home.path().join(name)).unwrap().permissions().mode();
            assert_eq!(found & 0o777, mode, "{name}");
        }
    }
}

//! Directories and files that only their owner can read.
//!
//! Invariant: no symbolic link is followed for the last part of the directory or for a file in it. What belongs to
//! another user, or is not a regular file, is refused. Permissions that let others in are removed before anything is
//! read or written. Files are opened relative to the directory that was checked, even if its path leads elsewhere by
//! then.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Read, Write},
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt},
    path::Path,
};

use rustix::{
    fd::OwnedFd,
    fs::{AtFlags, CWD, Mode, OFlags, openat, renameat, unlinkat},
    io::Errno,
    process::geteuid,
};

const OF_DIRECTORIES: u32 = 0o700;
const OF_FILES: u32 = 0o600;
/// What others may.
const OTHERS: u32 = 0o077;

/// A directory, open.
#[derive(Debug)]
pub struct PrivateDirectory(OwnedFd);

impl PrivateDirectory {
    /// The one at `path`, created if it is missing, with those above it.
    pub fn create(path: &Path) -> io::Result<Self> {
        fs::DirBuilder::new().recursive(true).mode(OF_DIRECTORIES).create(path).or_else(|error| {
            // A link that leads nowhere is there as well; what it is, is said below.
            if error.kind() == ErrorKind::AlreadyExists { Ok(()) } else { Err(error) }
        })?;
        Self::open_directory(path)
    }

    /// The one at `path`, if there is one.
    pub fn open(path: &Path) -> io::Result<Option<Self>> {
        absent_as_none(Self::open_directory(path))
    }

    fn open_directory(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let opened = openat(CWD, path, flags, Mode::empty()).map_err(|error| {
            let is_link = fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink());
            if is_link { a_link() } else { error.into() }
        });
        let directory = File::from(opened?);
        keep_private(&directory, OF_DIRECTORIES).map_err(|error| error_within(path, &error))?;
        Ok(Self(directory.into()))
    }

    /// All of a file; `None` where there is none.
    pub fn read_text(&self, name: &str) -> io::Result<Option<String>> {
        let Some(mut file) = absent_as_none(self.open_file(name, OFlags::RDONLY))? else { return Ok(None) };
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        Ok(Some(text))
    }

    /// A file to be written at its end; created if it is missing.
    pub fn append(&self, name: &str) -> io::Result<File> {
        self.open_file(name, OFlags::WRONLY | OFlags::APPEND | OFlags::CREATE)
    }

    /// A file that is only there to be locked; created if it is missing.
    pub fn lock_file(&self, name: &str) -> io::Result<File> {
        self.open_file(name, OFlags::RDWR | OFlags::CREATE)
    }

    /// Replaces a file in one step: a concurrent reader gets the old or the new file. One at a time: `name.new` is
    /// used only here.
    pub fn replace_file(&self, name: &str, text: &str) -> io::Result<()> {
        let new = format!("{name}.new");
        // One that a run left which was ended midway.
        match unlinkat(&self.0, &new, AtFlags::empty()) {
            Err(error) if error != Errno::NOENT => return Err(error.into()),
            _ => {}
        }
        let mut file = self.open_file(&new, OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        self.rename(&new, name)
    }

    /// Gives a file another name, whatever had that before.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(renameat(&self.0, from, &self.0, to)?)
    }

    fn open_file(&self, name: &str, flags: OFlags) -> io::Result<File> {
        // Without waiting: a pipe would be waited for until somebody writes to it.
        let flags = flags | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY;
        let opened = openat(&self.0, name, flags, Mode::from_raw_mode(OF_FILES)).map_err(|error| match error {
            Errno::LOOP => a_link(),
            error => error.into(),
        });
        let file = File::from(opened?);
        if !file.metadata()?.is_file() {
            return Err(io::Error::other("it is not a regular file"));
        }
        keep_private(&file, OF_FILES)?;
        Ok(file)
    }
}

/// Refuses what is another's, and takes from others what they may.
fn keep_private(file: &File, mode: u32) -> io::Result<()> {
    let found = file.metadata()?;
    if found.uid() != geteuid().as_raw() {
        return Err(io::Error::other("it belongs to another user"));
    }
    if found.mode() & OTHERS != 0 {
        file.set_permissions(fs::Permissions::from_mode(mode)).map_err(|error| {
            io::Error::other(format!("others can read it, and its permissions cannot be changed: {error}"))
        })?;
    }
    Ok(())
}

fn a_link() -> io::Error {
    io::Error::other("it is a symbolic link, which ebbtide does not follow here")
}

fn error_within(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

fn absent_as_none<T>(opened: io::Result<T>) -> io::Result<Option<T>> {
    match opened {
        Ok(opened) => Ok(Some(opened)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use rustix::fs::{FileType, mknodat};

    use super::*;

    /// Every way to a file.
    const WAYS: [fn(&PrivateDirectory) -> io::Result<()>; 4] = [
        |directory| directory.read_text("file").map(drop),
        |directory| directory.append("file")?.write_all(b"more"),
        |directory| directory.lock_file("file").map(drop),
        |directory| directory.replace_file("file", "new"),
    ];

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn what_is_created_is_its_owners_alone_and_what_was_open_to_others_becomes_so() {
        for way in WAYS {
            let home = tempfile::tempdir().unwrap();
            let (path, file) = (home.path().join("a/data"), home.path().join("a/data/file"));
            let directory = PrivateDirectory::create(&path).unwrap();
            way(&directory).unwrap();
            assert!(!file.exists() || mode(&file) == 0o600, "{:o}", mode(&file));
            fs::write(&file, "old").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o777)).unwrap();
            way(&PrivateDirectory::open(&path).unwrap().unwrap()).unwrap();
            assert_eq!((mode(&path), mode(&file)), (0o700, 0o600));
        }
    }

    #[test]
    fn a_link_is_not_followed_wherever_it_stands() {
        for way in WAYS {
            let home = tempfile::tempdir().unwrap();
            let target = home.path().join("target");
            fs::write(&target, "theirs").unwrap();
            let directory = PrivateDirectory::create(&home.path().join("data")).unwrap();
            for (name, leads_to) in
                [("file", target.clone()), ("file.new", target.clone()), ("file", home.path().join("nowhere"))]
            {
                let link = home.path().join("data").join(name);
                let _ = fs::remove_file(&link);
                symlink(&leads_to, &link).unwrap();
                let refused = way(&directory).is_err_and(|error| error.to_string().contains("symbolic link"));
                // A link in place of what is replaced goes; what it led to stays.
                assert!(refused || !link.is_symlink() || name == "file.new", "{name}");
                assert_eq!(fs::read_to_string(&target).unwrap(), "theirs");
                assert!(!home.path().join("nowhere").exists());
            }
        }
    }

    #[test]
    fn a_directory_that_is_a_link_is_refused_with_a_word() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("target")).unwrap();
        for leads_to in ["target", "nowhere"] {
            let link = home.path().join("data");
            let _ = fs::remove_file(&link);
            symlink(home.path().join(leads_to), &link).unwrap();
            for opened in [PrivateDirectory::create(&link).map(Some), PrivateDirectory::open(&link)] {
                let error = opened.unwrap_err().to_string();
                assert!(error.contains("symbolic link"), "{error}");
            }
        }
        assert_eq!(fs::read_dir(home.path().join("target")).unwrap().count(), 0);
    }

    #[test]
    fn what_is_no_file_is_refused_without_waiting_for_it() {
        for way in &WAYS[..3] {
            let home = tempfile::tempdir().unwrap();
            let directory = PrivateDirectory::create(home.path()).unwrap();
            mknodat(CWD, home.path().join("file"), FileType::Fifo, Mode::RWXU, 0).unwrap();
            assert!(way(&directory).is_err());
            fs::remove_file(home.path().join("file")).unwrap();
            fs::create_dir(home.path().join("file")).unwrap();
            assert!(way(&directory).is_err());
        }
    }

    #[test]
    fn what_belongs_to_another_user_is_refused() {
        // Only the system's own are another's for sure; whoever runs this as root owns those.
        let refused = PrivateDirectory::open(Path::new("/proc/1/task"));
        if geteuid().is_root() {
            let home = tempfile::tempdir().unwrap();
            let theirs = home.path().join("data");
            fs::create_dir(&theirs).unwrap();
            std::os::unix::fs::chown(&theirs, Some(65534), None).unwrap();
            let error = PrivateDirectory::create(&theirs).unwrap_err().to_string();
            assert!(error.contains("another user"), "{error}");
        } else {
            assert!(refused.is_err_and(|error| error.to_string().contains("another user")));
        }
    }

    #[test]
    fn what_is_not_there_is_not_made_by_looking() {
        let home = tempfile::tempdir().unwrap();
        assert!(PrivateDirectory::open(&home.path().join("data")).unwrap().is_none());
        assert_eq!(PrivateDirectory::create(home.path()).unwrap().read_text("file").unwrap(), None);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 0);
    }
}

//! The log file of `--debug`.
//!
//! Invariant: the log never goes to the screen, is [private](crate::private), and holds no secrets: whatever `RUST_LOG`
//! says, the SDK and the connections below it log nothing under `WARN`, because at `DEBUG` they print requests and
//! replies (with `LOG_SENSITIVE_BODIES`, whole bodies). Together with the previous log it takes at most 10 MiB.

use std::{
    io::{self, Write},
    path::PathBuf,
    sync::Mutex,
};

use directories::ProjectDirs;
use tracing::{Level, Metadata};
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, filter_fn},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::private::PrivateDirectory;

/// What carries requests: their targets begin so.
const CARRIERS: [&str; 6] = ["aws_", "hyper", "h2", "rustls", "tower", "reqwest"];

/// What the file is called.
const NAME: &str = "ebbtide.log";
/// And the one before it.
const OLD: &str = "ebbtide.log.old";

/// The most that is written to one file, in bytes.
const MOST: u64 = 5 << 20;
/// Stands where the log ends early.
const FULL: &[u8] = b"the log is full; the next run starts a new one\n";

/// Begins to log to a file, whose name is returned.
pub(super) fn start_logging() -> io::Result<PathBuf> {
    let path = log_directory()?;
    let directory = PrivateDirectory::create(&path)?;
    let mut file = directory.append(NAME)?;
    if file.metadata()?.len() >= MOST {
        directory.rename(NAME, OLD)?;
        file = directory.append(NAME)?;
    }
    let left = MOST.saturating_sub(file.metadata()?.len());
    let file = CappedFile { file, left };
    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("ebbtide=debug,warn"));
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Mutex::new(file));
    tracing_subscriber::registry()
        .with(layer.with_filter(wanted.and(filter_fn(may_be_logged))))
        .try_init()
        .map_err(io::Error::other)?;
    Ok(path.join(NAME))
}

/// A file that takes so many bytes more; what does not fit is dropped, and everything after it. An event is written at
/// once, so none is cut.
struct CappedFile<W> {
    file: W,
    left: u64,
}

impl<W: Write> Write for CappedFile<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let length = event.len() as u64;
        if length <= self.left {
            self.file.write_all(event)?;
            self.left -= length;
        } else if self.left > 0 {
            self.file.write_all(FULL)?;
            self.left = 0;
        }
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn may_be_logged(event: &Metadata<'_>) -> bool {
    let carries_requests = CARRIERS.iter().any(|carrier| event.target().starts_with(carrier));
    !carries_requests || *event.level() <= Level::WARN
}

/// Of the directory.
fn log_directory() -> io::Result<PathBuf> {
    let directories = ProjectDirs::from("", "", "ebbtide").ok_or_else(|| io::Error::other("no home directory"))?;
    Ok(directories.state_dir().unwrap_or_else(|| directories.data_local_dir()).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_log_says_so_once_and_grows_no_more() {
        let mut log = CappedFile { file: vec![], left: 12 };
        for event in ["first\n", "too long\n", "late\n"] {
            log.write_all(event.as_bytes()).unwrap();
        }
        assert_eq!(log.file, [b"first\n", FULL].concat());
    }
}

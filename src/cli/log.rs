//! The log file of `--debug`.
//!
//! Invariant: never on the screen, readable by its owner alone, and free of secrets: whatever `RUST_LOG` asks for, the
//! SDK and the connections below it say nothing under `WARN`, because at `DEBUG` they print requests and replies
//! (with `LOG_SENSITIVE_BODIES`, whole bodies).

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
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

/// What carries requests: their targets begin so.
const CARRIERS: [&str; 6] = ["aws_", "hyper", "h2", "rustls", "tower", "reqwest"];

/// Begins to log to a file, whose name is returned.
pub(super) fn start() -> io::Result<PathBuf> {
    let path = directory()?.join("ebbtide.log");
    let file = open_private(&path)?;
    let wanted = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("ebbtide=debug,warn"));
    let layer = tracing_subscriber::fmt::layer().with_ansi(false).with_writer(Mutex::new(file));
    tracing_subscriber::registry()
        .with(layer.with_filter(wanted.and(filter_fn(may_be_logged))))
        .try_init()
        .map_err(io::Error::other)?;
    Ok(path)
}

fn may_be_logged(event: &Metadata<'_>) -> bool {
    let carries_requests = CARRIERS.iter().any(|carrier| event.target().starts_with(carrier));
    !carries_requests || *event.level() <= Level::WARN
}

fn directory() -> io::Result<PathBuf> {
    let directories = ProjectDirs::from("", "", "ebbtide").ok_or_else(|| io::Error::other("no home directory"))?;
    let directory = directories.state_dir().unwrap_or_else(|| directories.data_local_dir()).to_owned();
    fs::DirBuilder::new().recursive(true).mode(0o700).create(&directory)?;
    Ok(directory)
}

fn open_private(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    // One that was there before may have had other permissions.
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

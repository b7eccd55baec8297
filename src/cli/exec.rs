//! `ebbtide exec`: mint, and become another program that has these credentials and no others.
//!
//! Invariant: arguments arrive as they were typed, none of them and no file carries a secret, and nothing stays behind: the
//! process is replaced, so signals and the exit code are the command's own. What the environment said of other credentials, or
//! of where to send them, is gone.

use std::{
    convert::Infallible,
    ffi::{OsStr, OsString},
    fs,
    io::{self, ErrorKind, IsTerminal},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::Command,
};

use clap::Args;

use super::{
    clock_doubt,
    exit::Exit,
    mint::{expires, granted_instead},
    problem::{self, Problem},
    session,
    session_args::SessionArgs,
};
use crate::handover::child;

/// Where programs are looked for if nothing says so.
const DEFAULT_PATH: &str = "/bin:/usr/bin";

/// Mint a session, then run a command that has its credentials and no others.
#[derive(Debug, Clone, Args)]
pub struct ExecArgs {
    #[command(flatten)]
    session: SessionArgs,

    /// The command and its arguments, behind --
    #[arg(last = true, required = true, value_name = "COMMAND", help_heading = "Arguments")]
    command: Vec<OsString>,
}

impl ExecArgs {
    pub(super) fn session(&self) -> &SessionArgs {
        &self.session
    }
}

/// Returns only if the command could not be started.
pub(super) async fn run(args: &ExecArgs) -> Result<Infallible, Problem> {
    let (name, arguments) = args.command.split_first().expect("clap requires a command");
    let path = std::env::var_os("PATH").unwrap_or_else(|| DEFAULT_PATH.into());
    let program = find(name, &path)?;
    let opened = session::open(&args.session).await?;
    opened.note_lasting_keys();
    if io::stderr().is_terminal() && opened.minted.credentials.are_temporary() {
        let instead = granted_instead(&opened).map(|text| format!(" ({text})")).unwrap_or_default();
        problem::note(&format!("the credentials expire: {}{instead}", expires(&opened.minted, opened.source.moment())));
    }
    clock_doubt::tell();
    let mut command = Command::new(program);
    command.arg0(name).args(arguments);
    let account = opened.account();
    child::give(&mut command, &opened.minted.credentials, opened.source.services(account.as_deref()));
    Err(not_run(name, &command.exec()))
}

/// The file that a shell would run, looked for before anything is minted.
fn find(name: &OsStr, path: &OsStr) -> Result<PathBuf, Problem> {
    let candidates: Vec<PathBuf> = if name.as_encoded_bytes().contains(&b'/') {
        vec![name.into()]
    } else if name.is_empty() {
        vec![]
    } else {
        // An empty entry is the current directory.
        let here = |directory: PathBuf| if directory.as_os_str().is_empty() { ".".into() } else { directory };
        std::env::split_paths(path).map(|directory| here(directory).join(name)).collect()
    };
    if let Some(found) = candidates.iter().find(|file| is_executable(file)) {
        return Ok(found.clone());
    }
    let there = candidates.iter().any(|file| file.exists());
    Err(not_run(name, &if there { ErrorKind::PermissionDenied } else { ErrorKind::NotFound }.into()))
}

fn is_executable(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

fn not_run(name: &OsStr, error: &io::Error) -> Problem {
    let name = name.to_string_lossy();
    match error.kind() {
        ErrorKind::NotFound => Problem::NotRun {
            reason: format!("{name}: no such command"),
            hint: "check its name and PATH; a file in this directory is ./NAME, a script's interpreter must exist too",
            exit: Exit::NoCommand,
        },
        ErrorKind::PermissionDenied => Problem::NotRun {
            reason: format!("{name}: may not be executed"),
            hint: "it must be a file that is executable by you: chmod +x makes it so",
            exit: Exit::NotExecutable,
        },
        _ => Problem::NotRun {
            reason: format!("{name}: could not be executed: {error}"),
            hint: "see whether it runs without `ebbtide exec --` before it",
            exit: Exit::NotExecutable,
        },
    }
}

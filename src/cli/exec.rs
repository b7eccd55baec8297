//! `ebbtide exec`: mint, then replace this process with a command that has these credentials and no others.
//!
//! Invariant: arguments arrive as they were typed; no argument and no file holds a secret. The process is replaced, so
//! signals and the exit code are the command's own. Variables that select other credentials or another endpoint are
//! removed.

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
    mint::{expiration_text, granted_instead},
    problem::{self, Problem},
    session,
    session_args::SessionArgs,
};
use crate::handover::child;

/// Where programs are searched if PATH is not set.
const DEFAULT_PATH: &str = "/bin:/usr/bin";

/// Mint a session, then run a command with its credentials only
#[derive(Debug, Clone, Args)]
pub struct ExecArgs {
    #[command(flatten)]
    session: SessionArgs,

    /// The command and its arguments, after --
    #[arg(last = true, required = true, value_name = "COMMAND", help_heading = "Arguments")]
    command: Vec<OsString>,
}

impl ExecArgs {
    pub(super) fn session(&self) -> &SessionArgs {
        &self.session
    }
}

/// Returns only if the command could not be started.
pub(super) async fn run_exec(args: &ExecArgs) -> Result<Infallible, Problem> {
    let (name, arguments) = args.command.split_first().expect("clap requires a command");
    let path = std::env::var_os("PATH").unwrap_or_else(|| DEFAULT_PATH.into());
    let program = find_program(name, &path)?;
    let opened = session::open_session(&args.session).await?;
    opened.note_lasting_keys();
    if io::stderr().is_terminal() && opened.minted.credentials.are_temporary() {
        let instead = granted_instead(&opened).map(|text| format!(" ({text})")).unwrap_or_default();
        problem::write_note(&format!(
            "the credentials expire: {}{instead}",
            expiration_text(&opened.minted, opened.source.moment())
        ));
    }
    clock_doubt::report_doubt();
    let mut command = Command::new(program);
    command.arg0(name).args(arguments);
    let account = opened.known_account();
    child::set_environment(&mut command, &opened.minted.credentials, opened.source.services(account.as_deref()));
    Err(not_run(name, &command.exec()))
}

/// The file that a shell would run, looked for before anything is minted.
fn find_program(name: &OsStr, path: &OsStr) -> Result<PathBuf, Problem> {
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
            reason: format!("{name}: command not found"),
            hint: "check the name and PATH; write ./NAME for a file in this directory; for a script, check that its interpreter exists",
            exit: Exit::NoCommand,
        },
        ErrorKind::PermissionDenied => Problem::NotRun {
            reason: format!("{name}: permission denied"),
            hint: "it must be a file that you can execute: chmod +x NAME",
            exit: Exit::NotExecutable,
        },
        _ => Problem::NotRun {
            reason: format!("{name}: could not be executed: {error}"),
            hint: "check whether it runs without `ebbtide exec --`",
            exit: Exit::NotExecutable,
        },
    }
}

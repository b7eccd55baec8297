//! Protects this process: its memory, which holds secrets, and the text of panics.
//!
//! Invariant: this happens before anything secret or foreign is read. A crash leaves no core file, and other processes
//! of the same user can neither trace this one nor read its memory. `EBBTIDE_ALLOW_CORE=1` turns that off, for debugging
//! ebbtide. A panic prints only its place in the code: its text may quote what a service sent.

pub mod command;

use std::{
    io::{Write, stderr},
    panic::{self, PanicHookInfo},
};

pub use command::end_commands;
use rustix::process::{Resource, Rlimit, setrlimit};

/// By what credentials come in through the environment. Commands that a config file names do without them: what such a
/// command is for, it brings along.
pub const CREDENTIAL_VARIABLES: [&str; 4] =
    ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"];

/// Lets a debugger and core files through, if set.
const OPT_OUT: &str = "EBBTIDE_ALLOW_CORE";

/// Forbids core files and, on Linux, tracing. A system that refuses is left as it is: the program works without.
pub fn keep_memory_private() {
    if std::env::var_os(OPT_OUT).is_some() {
        return;
    }
    let nothing = Rlimit { current: Some(0), maximum: Some(0) };
    let _ = setrlimit(Resource::Core, nothing);
    #[cfg(target_os = "linux")]
    let _ = rustix::process::set_dumpable_behavior(rustix::process::DumpableBehavior::NotDumpable);
}

/// Reports a panic on standard error and in the log by its place in the code, without its message.
pub fn report_faults_by_place() {
    panic::set_hook(Box::new(|info| {
        log_fault(info);
        let place = panic_place(info);
        let _ = writeln!(stderr().lock(), "ebbtide: a bug in ebbtide at {place}: please report it");
    }));
}

/// Reports a panic in the log only, by its place in the code.
pub fn log_fault(info: &PanicHookInfo<'_>) {
    tracing::error!(place = panic_place(info), "a bug in ebbtide");
}

/// `src/run.rs:71:9`
fn panic_place(info: &PanicHookInfo<'_>) -> String {
    info.location().map_or_else(|| "an unknown location".to_owned(), ToString::to_string)
}

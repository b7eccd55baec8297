//! `ebbtide`: protect the process, read the command line, do what it says, tell how it went.

use std::process::ExitCode;

use ebbtide::{cli, process};

fn main() -> ExitCode {
    process::keep_memory_private();
    process::report_faults_by_place();
    cli::run(std::env::args_os().collect())
}

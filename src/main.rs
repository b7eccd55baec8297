//! Runs the one command there is so far.

use std::process::ExitCode;

use clap::Parser;
use ebbtide::cli::sandbox::{SandboxArgs, run};

#[derive(Parser)]
enum Command {
    Sandbox(SandboxArgs),
}

#[tokio::main]
async fn main() -> ExitCode {
    let Command::Sandbox(args) = Command::parse();
    match run(args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            use std::io::Write as _;
            let _unwritable = writeln!(std::io::stderr(), "error: {failure}");
            ExitCode::FAILURE
        }
    }
}

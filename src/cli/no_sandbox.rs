//! What stands for `ebbtide sandbox` and `ebbtide demo` in a build without the feature `sandbox`.
//!
//! Invariant: either command is one plain error, whatever its arguments.

use std::{ffi::OsString, process::ExitCode};

use super::{interface::ScreenArgs, problem::Problem};

/// Whatever is typed after `ebbtide sandbox`.
#[derive(Debug, Clone, clap::Args)]
#[command(disable_help_flag = true)]
pub(super) struct AnyArgs {
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
    ignored: Vec<OsString>,
}

#[expect(clippy::unused_async, reason = "called as the sandbox's own is")]
pub(super) async fn run_sandbox(_: AnyArgs) -> Result<ExitCode, Problem> {
    Err(left_out())
}

#[expect(clippy::unused_async, reason = "called as the sandbox's own is")]
pub(super) async fn demo(_: &ScreenArgs) -> Result<ExitCode, Problem> {
    Err(left_out())
}

fn left_out() -> Problem {
    Problem::typed("this build of ebbtide has no sandbox", "build it with `cargo build --release --features sandbox`")
}

//! `ebbtide`: protects the process, then runs the command line.

use std::{alloc::System, process::ExitCode};

use ebbtide::{cli, process};
use zeroizing_alloc::ZeroAlloc;

/// Memory that is freed is overwritten, whatever used it: secrets pass through the buffers of connections and parsers
/// too.
#[global_allocator]
static HEAP: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    process::keep_memory_private();
    process::report_faults_by_place();
    cli::run_command_line(std::env::args_os().collect())
}

//! `ebbtide`: protects the process, then runs the command line, or decodes for another `ebbtide`.

use std::{alloc::System, process::ExitCode};

use ebbtide::{cli, decoder, process};
use zeroizing_alloc::ZeroAlloc;

/// Memory that is freed is overwritten, whatever used it: secrets pass through the buffers of connections and parsers
/// too.
#[global_allocator]
static HEAP: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    process::keep_memory_private();
    process::report_faults_by_place();
    let arguments: Vec<_> = std::env::args_os().collect();
    match decoder::child_work(&arguments) {
        Some(work) => decoder::run_child(work),
        None => cli::run_command_line(arguments),
    }
}

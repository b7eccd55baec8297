//! The child: sets its own limits, reads one task from standard input, writes one reply to standard output, ends. Or it
//! unpacks a stream from standard input to standard output.
//!
//! Invariant: the limits are set before anything is read. Nothing is opened. What is said on standard error is one line
//! without a word of the content.

use std::{
    ffi::OsString,
    io::{BufWriter, ErrorKind, Write, stderr, stdin, stdout},
    process::ExitCode,
};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::preview::{StreamFault, decode_content, read_task, unpack_stream, write_reply};

/// The argument by which this program is started as a decoder. No command has this name.
pub(super) const DECODE_ARGUMENT: &str = "__preview";

/// The argument by which this program is started to unpack a stream.
pub(super) const UNPACK_ARGUMENT: &str = "__inflate";

/// Memory that a child may have, in bytes of address space.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;

/// The same for a stream, which zstd may have a window of 128 MiB for.
const MOST_STREAM_MEMORY: u64 = 512 * 1024 * 1024;

/// Bytes of a stream that are written at once.
const OUTPUT_STEP: usize = 64 * 1024;

/// Seconds of processor time for a preview.
const MOST_SECONDS: u64 = 2;

/// Open files: the three pipes, and what the runtime opens for a moment.
const MOST_FILES: u64 = 8;

/// What a child was started for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChildWork {
    /// Decodes one preview.
    Preview,
    /// Unpacks a stream of any length.
    Unpack,
}

/// What this process was started for, if as a child.
pub fn child_work(arguments: &[OsString]) -> Option<ChildWork> {
    match arguments.get(1)?.to_str()? {
        DECODE_ARGUMENT => Some(ChildWork::Preview),
        UNPACK_ARGUMENT => Some(ChildWork::Unpack),
        _ => None,
    }
}

/// Does the work and ends. A task that cannot be read is an error without a word: the parent knows.
pub fn run_child(work: ChildWork) -> ExitCode {
    set_limits(work);
    match work {
        ChildWork::Preview => preview_once().map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS),
        ChildWork::Unpack => unpack_all(),
    }
}

fn unpack_all() -> ExitCode {
    let mut out = BufWriter::with_capacity(OUTPUT_STEP, stdout().lock());
    let unpacked = unpack_stream(stdin().lock(), &mut out);
    // What came out is right, whatever came after it.
    let flushed = out.flush().map_err(StreamFault::Io);
    match unpacked.and(flushed) {
        Ok(()) => ExitCode::SUCCESS,
        // Nobody reads any more: there is nobody to tell.
        Err(StreamFault::Io(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::FAILURE,
        Err(fault) => {
            let _ = writeln!(stderr(), "{fault}");
            ExitCode::FAILURE
        }
    }
}

fn preview_once() -> std::io::Result<()> {
    let task = read_task(&mut stdin().lock())?;
    let mut out = stdout().lock();
    write_reply(&decode_content(&task), &mut out)?;
    out.flush()
}

/// A system that refuses a limit leaves the child with the checks of its decoders.
fn set_limits(work: ChildWork) {
    let limit = |resource, most| {
        let _ = setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) });
    };
    limit(Resource::Core, 0);
    limit(Resource::Nproc, 0);
    limit(Resource::Nofile, MOST_FILES);
    if work == ChildWork::Preview {
        limit(Resource::Fsize, 0);
        limit(Resource::Cpu, MOST_SECONDS);
    }
    limit(Resource::As, if work == ChildWork::Preview { MOST_MEMORY } else { MOST_STREAM_MEMORY });
}

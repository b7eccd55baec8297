//! What this process keeps the operating system from doing with its memory, where secrets stand.
//!
//! Invariant: set before anything secret is read. A crash leaves no core file, and other processes of the same user can
//! neither trace this one nor read its memory. `EBBTIDE_ALLOW_CORE=1` in the environment leaves everything as it was, for
//! debugging ebbtide itself.

use rustix::process::{Resource, Rlimit, setrlimit};

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

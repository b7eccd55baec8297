//! The terminal while a child process uses it: ebbtide does not read it, and its keys signal only the child.
//!
//! Invariant: whatever happens to the child, ebbtide has the terminal back when the child has ended. A shell with job
//! control gives the terminal to a process group of its own, and gives it back only if it can: a killed shell cannot. A
//! signal that asks ebbtide to end reaches the child first, as the hangup of its terminal.
//!
//! The child stays in our process group, as with `system(3)`.

use std::{
    io::{self, stdin},
    os::unix::process::ExitStatusExt,
    process::{Child, Command, ExitStatus},
    sync::atomic::{AtomicBool, AtomicI32, Ordering},
    thread,
    time::Duration,
};

use nix::sys::signal::{SigSet, Signal as Blocked};
use rustix::{
    io::Errno,
    process::{Pid, Signal, WaitId, WaitIdOptions, getpgid, getpgrp, getpid, kill_process, kill_process_group, waitid},
    termios::{tcgetpgrp, tcsetpgrp},
};
use tokio::signal::unix::SignalKind;

static LENT: AtomicBool = AtomicBool::new(false);
/// 0 where there is none.
static CHILD: AtomicI32 = AtomicI32::new(0);

/// A signal of the keyboard reaches us and the child at once; ours may be handled when the child is gone already.
const LATE_SIGNALS: Duration = Duration::from_millis(50);

/// Runs a command at the terminal until it ends.
pub(super) fn run_child(command: &mut Command) -> io::Result<ExitStatus> {
    LENT.store(true, Ordering::SeqCst);
    let ended = command.spawn().and_then(|mut child| {
        CHILD.store(i32::try_from(child.id()).unwrap_or_default(), Ordering::SeqCst);
        wait_for_child(&mut child)
    });
    CHILD.store(0, Ordering::SeqCst);
    take_back(ended.as_ref().is_ok_and(|status| status.signal().is_some()));
    thread::sleep(LATE_SIGNALS);
    LENT.store(false, Ordering::SeqCst);
    ended
}

/// Waits for the child's end. While the child is stopped we are, so that the process that started ebbtide has the terminal.
fn wait_for_child(child: &mut Child) -> io::Result<ExitStatus> {
    let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) else { return child.wait() };
    loop {
        // Left to be waited for again: by whom the code is read, the end must be too.
        let options = WaitIdOptions::EXITED | WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT;
        match waitid(WaitId::Pid(pid), options) {
            Ok(Some(status)) if status.stopped() => {
                let _ = waitid(WaitId::Pid(pid), WaitIdOptions::STOPPED | WaitIdOptions::NOHANG);
                child_stopped(pid, status.stopping_signal());
            }
            Err(Errno::INTR) => {}
            _ => return child.wait(),
        }
    }
}

/// The child was stopped. One of our own group was by a key, which [`stop_too`] answers; others stop by themselves, as
/// `suspend` does, and are continued when we are.
fn child_stopped(child: Pid, signal: Option<i32>) {
    let group = getpgid(Some(child)).unwrap_or_else(|_| getpgrp());
    let ours = group == getpgrp();
    if ours && signal == Some(Signal::TSTP.as_raw()) {
        return;
    }
    give_terminal_to(getpgrp());
    stop_too();
    if ours {
        let _ = kill_process(child, Signal::CONT);
    } else {
        give_terminal_to(group);
        let _ = kill_process_group(group, Signal::CONT);
    }
}

/// Takes the terminal from whatever group has it. What a shell ran that was killed loses it, as if it were closed.
fn take_back(killed: bool) {
    match tcgetpgrp(stdin()) {
        Ok(group) if group == getpgrp() => {}
        Ok(group) => {
            give_terminal_to(getpgrp());
            if killed {
                let _ = kill_process_group(group, Signal::HUP);
                let _ = kill_process_group(group, Signal::CONT);
            }
        }
        Err(_) => give_terminal_to(getpgrp()),
    }
}

/// Makes the terminal that of a group. A process that does not have it gets `SIGTTOU`, which stops it, unless that
/// is blocked. <https://pubs.opengroup.org/onlinepubs/9799919799/functions/tcsetpgrp.html>
fn give_terminal_to(group: Pid) {
    let mut blocked = SigSet::empty();
    blocked.add(Blocked::SIGTTOU);
    let was_blocked = blocked.thread_block();
    // Not ours to hold where we have no job control.
    let _ = tcsetpgrp(stdin(), group);
    if was_blocked.is_ok() {
        let _ = blocked.thread_unblock();
    }
}

/// Whether the terminal is a child's.
pub(super) fn is_lent() -> bool {
    LENT.load(Ordering::SeqCst)
}

/// Whether a signal is what the child's keys mean, and none of our business.
pub(super) fn belongs_to_child(kind: SignalKind) -> bool {
    is_lent() && [SignalKind::interrupt(), SignalKind::quit()].contains(&kind)
}

/// Tells the child that its terminal goes: shells do not end for less.
pub(super) fn hang_up() {
    if let Some(child) = Pid::from_raw(CHILD.load(Ordering::SeqCst)) {
        let _ = kill_process(child, Signal::HUP);
    }
}

/// A child without job control was stopped by a key, which stops ebbtide as well: the shell can continue both.
pub(super) fn stop_too() {
    let _ = kill_process(getpid(), Signal::STOP);
}

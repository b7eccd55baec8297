//! Reads the terminal, except while a child uses it.
//!
//! Invariant: one thread reads. It holds the lock while it waits for a byte, but never while it passes events on. So the
//! holder of the lock knows that nothing is being read, and does not wait for the queue: the loop, which empties the
//! queue, can pause the reader even if the reader waits for room in it.

use std::{
    io::{self, PipeReader, PipeWriter, Read, Write, stdin},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    io::Errno,
};
use secrecy::zeroize::Zeroize;
use tokio::sync::mpsc;

use super::decoder::Decoder;
use crate::run::Input;

/// As much as a terminal hands over at once.
const AT_ONCE: usize = 4096;

/// The reader of the terminal, which can be made to let go of it.
pub(super) struct Reader {
    turn: Arc<ReaderTurn>,
    waker: PipeWriter,
    woken: PipeReader,
}

/// Whose turn it is.
#[derive(Default)]
struct ReaderTurn {
    lent: Mutex<bool>,
    back: Condvar,
}

impl ReaderTurn {
    fn lock(&self) -> MutexGuard<'_, bool> {
        self.lent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until it is the reader's.
    fn await_it(&self) -> MutexGuard<'_, bool> {
        self.back.wait_while(self.lock(), |lent| *lent).unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reading goes on when this is dropped.
pub(super) struct Paused(Arc<ReaderTurn>);

impl Drop for Paused {
    fn drop(&mut self) {
        *self.0.lock() = false;
        self.0.back.notify_all();
    }
}

/// What came of waiting for the terminal.
enum ReadOutcome {
    Bytes(usize),
    Silence,
    /// Somebody wants its turn, or a signal came in between.
    Nothing,
    Gone,
}

impl Reader {
    /// Begins to read, and to send what is read.
    pub(super) fn start(sender: mpsc::Sender<Input>) -> io::Result<Self> {
        let (woken, waker) = io::pipe()?;
        let turn = Arc::new(ReaderTurn::default());
        let (its_turn, its_waker) = (Arc::clone(&turn), woken.try_clone()?);
        thread::Builder::new().name("keyboard".into()).spawn(move || read_loop(&its_turn, &its_waker, &sender))?;
        Ok(Self { turn, waker, woken })
    }

    /// Returns when nothing is read any more.
    pub(super) fn pause(&self) -> io::Result<Paused> {
        // The byte stays in the pipe, and so wakes the reader from every wait, until it has let go of the lock.
        (&self.waker).write_all(&[0])?;
        let mut lent = self.turn.lock();
        *lent = true;
        (&self.woken).read_exact(&mut [0])?;
        drop(lent);
        Ok(Paused(Arc::clone(&self.turn)))
    }
}

fn read_loop(turn: &ReaderTurn, woken: &PipeReader, sender: &mpsc::Sender<Input>) {
    let (mut decoder, mut events, mut bytes) = (Decoder::default(), vec![], [0; AT_ONCE]);
    loop {
        let lock = turn.await_it();
        let came = wait_for_bytes(woken, decoder.patience(), &mut bytes);
        drop(lock);
        match came {
            ReadOutcome::Bytes(count) => decoder.take_bytes(&bytes[..count], &mut events),
            ReadOutcome::Silence => decoder.note_silence(&mut events),
            ReadOutcome::Nothing => {}
            ReadOutcome::Gone => {
                let _ = sender.blocking_send(Input::Gone);
                return;
            }
        }
        // A code may have been typed.
        bytes.zeroize();
        for event in events.drain(..) {
            if sender.blocking_send(Input::Event(event)).is_err() {
                return;
            }
        }
    }
}

/// Waits for the terminal, so long at most.
fn wait_for_bytes(woken: &PipeReader, patience: Option<Duration>, bytes: &mut [u8]) -> ReadOutcome {
    let terminal = stdin();
    let mut watched = [PollFd::new(&terminal, PollFlags::IN), PollFd::new(woken, PollFlags::IN)];
    let patience = patience.and_then(|patience| Timespec::try_from(patience).ok());
    match poll(&mut watched, patience.as_ref()) {
        Ok(0) => return ReadOutcome::Silence,
        Ok(_) => {}
        Err(Errno::INTR) => return ReadOutcome::Nothing,
        Err(_) => return ReadOutcome::Gone,
    }
    let [terminal_has, somebody_wants] = watched.map(|watched| watched.revents());
    if !somebody_wants.is_empty() || terminal_has.is_empty() {
        return ReadOutcome::Nothing;
    }
    // Not by way of the standard input's buffer, which would keep what was read for itself. A terminal that is gone, and
    // one of a system that cannot poll terminals, says what it has to say when it is read.
    match rustix::io::read(&terminal, bytes) {
        Ok(0) => ReadOutcome::Gone,
        Ok(count) => ReadOutcome::Bytes(count),
        Err(Errno::INTR | Errno::AGAIN) => ReadOutcome::Nothing,
        Err(_) => ReadOutcome::Gone,
    }
}

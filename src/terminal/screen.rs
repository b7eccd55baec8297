//! Writes to the terminal.
//!
//! Invariant: a frame is written as a whole, and its memory is overwritten afterwards, because it may have shown a
//! secret. While a secret is on screen the program knows that, and [`wipe_rows`] erases it without leaving it in the
//! scrollback: terminals without an alternate screen keep there what is cleared as a whole, or what was on screen when
//! the program ended.

use std::{
    io::{self, Write, stdout},
    sync::atomic::{AtomicBool, Ordering},
};

use crossterm::{
    cursor::MoveTo,
    queue,
    style::ResetColor,
    terminal::{Clear, ClearType},
};
use rustix::{
    event::{PollFd, PollFlags, poll},
    io::Errno,
};
use secrecy::zeroize::Zeroize;

/// What a frame mostly has room in.
const FRAME: usize = 64 * 1024;

/// Whether the last frame showed a secret.
static SHOWS_SECRET: AtomicBool = AtomicBool::new(false);

/// Notes whether a secret is on screen.
pub(super) fn note_secret(shown: bool) {
    SHOWS_SECRET.store(shown, Ordering::SeqCst);
}

/// Whether a secret is on screen.
pub(super) fn shows_secret() -> bool {
    SHOWS_SECRET.load(Ordering::SeqCst)
}

/// Standard output, past its own buffer, which would keep the last frame.
pub(super) struct Output(Vec<u8>);

impl Output {
    pub(super) fn new() -> Self {
        Self(Vec::with_capacity(FRAME))
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        let written = write_all(&self.0);
        self.0.zeroize();
        written
    }
}

/// Writes to a terminal that somebody may have made one that does not wait.
fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    let terminal = stdout();
    while !bytes.is_empty() {
        match rustix::io::write(&terminal, bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(count) => bytes = &bytes[count..],
            Err(Errno::INTR) => {}
            Err(Errno::AGAIN) => {
                let _ = poll(&mut [PollFd::new(&terminal, PollFlags::OUT)], None);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Takes off screen what may be a secret, row by row.
pub(super) fn wipe_rows(out: &mut impl Write) -> io::Result<()> {
    queue!(out, ResetColor)?;
    for row in 0..row_count() {
        queue!(out, MoveTo(0, row), Clear(ClearType::CurrentLine))?;
    }
    note_secret(false);
    Ok(())
}

/// Goes to an empty last row: there a shell goes on where there is no other screen to go back to.
pub(super) fn go_below(out: &mut impl Write) -> io::Result<()> {
    queue!(out, ResetColor, MoveTo(0, row_count().saturating_sub(1)), Clear(ClearType::CurrentLine))
}

fn row_count() -> u16 {
    crossterm::terminal::size().map_or(0, |(_, rows)| rows)
}

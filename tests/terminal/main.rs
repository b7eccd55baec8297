//! The program at a real terminal: a whole life, a terminal that is given back or handed over, stops, sizes, typing, what is
//! copied, its secrets, and its bytes.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on has failed; clippy knows only functions marked #[test]"
)]

#[expect(dead_code, reason = "headless tests also run commands without a terminal")]
#[path = "../support/shore.rs"]
mod shore;
#[path = "../support/tap.rs"]
mod tap;

mod bytes;
mod canaries;
mod commands;
mod copying;
mod counting;
mod endless;
mod forgotten;
mod given_back;
mod handed_over;
mod life;
mod masked;
mod one_screen;
mod prompt;
mod pty;
mod sequences;
mod shell;
mod sizes;
mod stopped;
mod typing;
mod usage;

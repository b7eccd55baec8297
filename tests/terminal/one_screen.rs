//! A terminal without a second screen for programs, such as the console of Linux, or tmux with `alternate-screen off`.

use memchr::memmem;
use vt100::Parser;

/// What goes to the second screen, and back: such a terminal knows neither.
pub(crate) const SWITCHES: [&[u8]; 2] = [b"\x1b[?1049h", b"\x1b[?1049l"];

/// Shows bytes as such a terminal would; how many of them, for at the end one of the [`SWITCHES`] may have come in part.
pub(crate) fn show(parser: &mut Parser, bytes: &[u8]) -> usize {
    let length = SWITCHES[0].len();
    let in_part = |held: &usize| SWITCHES.iter().any(|switch| bytes.ends_with(&switch[..*held]));
    let taken = bytes.len() - (1..length).rev().find(in_part).unwrap_or_default();
    let mut at = 0;
    while at < taken {
        let next = SWITCHES.iter().filter_map(|switch| memmem::find(&bytes[at..taken], switch)).min();
        parser.process(&bytes[at..next.map_or(taken, |next| at + next)]);
        at = next.map_or(taken, |next| at + next + length);
    }
    taken
}

//! The clipboard through the terminal: OSC 52, also through tmux and screen.
//!
//! Invariant: text is only sent, never requested, and never empty: an empty text clears the clipboard of some terminals.

use std::io::{self, Write};

use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::zeroize::Zeroizing;

use crate::handover::Relay;

/// What terminals take of an OSC 52 sequence, in bytes of base64.
const MOST_BYTES: usize = 74_994;

/// What screen takes of a string that it passes on, less what goes around it.
/// <https://www.gnu.org/software/screen/manual/html_node/Control-Sequences.html>
const MOST_FOR_SCREEN: usize = 512;

/// What lies between here and the terminal, as the environment says.
pub(super) fn detect_relay(set: impl Fn(&str) -> bool) -> Relay {
    if set("TMUX") {
        Relay::Tmux
    } else if set("STY") {
        Relay::Screen
    } else {
        Relay::Nothing
    }
}

/// Writes the sequence that puts `text` on the clipboard; the error says why it cannot be.
pub fn send_sequence(text: &[u8], relay: Relay, out: &mut impl Write) -> Result<(), String> {
    if text.is_empty() {
        return Err("there is nothing to copy".into());
    }
    if text.len().div_ceil(3) * 4 > MOST_BYTES {
        return Err("it is too long for the terminal's clipboard".into());
    }
    let encoded = Zeroizing::new(STANDARD.encode(text));
    let sent = match relay {
        Relay::Nothing => send_plain(&encoded, out),
        Relay::Tmux => send_plain(&encoded, out).and_then(|()| through_tmux(&encoded, out)),
        Relay::Screen => through_screen(&encoded, out),
    };
    sent.and_then(|()| out.flush()).map_err(|error| error.to_string())
}

fn send_plain(encoded: &str, out: &mut impl Write) -> io::Result<()> {
    write!(out, "\x1b]52;c;{encoded}\x1b\\")
}

/// Each `Esc` twice. <https://github.com/tmux/tmux/wiki/FAQ#what-is-the-passthrough-escape-sequence-and-how-do-i-use-it>
fn through_tmux(encoded: &str, out: &mut impl Write) -> io::Result<()> {
    write!(out, "\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\")
}

/// In pieces, which the terminal reads as one.
fn through_screen(encoded: &str, out: &mut impl Write) -> io::Result<()> {
    let whole = Zeroizing::new(format!("\x1b]52;c;{encoded}\x07"));
    for piece in whole.as_bytes().chunks(MOST_FOR_SCREEN) {
        out.write_all(b"\x1bP")?;
        out.write_all(piece)?;
        out.write_all(b"\x1b\\")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(relay: Relay, text: &str) -> String {
        let mut out = vec![];
        send_sequence(text.as_bytes(), relay, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_sequence_is_wrapped_for_whatever_lies_between() {
        assert_eq!(written(Relay::Nothing, "tide"), "\x1b]52;c;dGlkZQ==\x1b\\");
        let through_tmux = "\x1b]52;c;dGlkZQ==\x1b\\\x1bPtmux;\x1b\x1b]52;c;dGlkZQ==\x07\x1b\\";
        assert_eq!(written(Relay::Tmux, "tide"), through_tmux);
        assert_eq!(written(Relay::Screen, "tide"), "\x1bP\x1b]52;c;dGlkZQ==\x07\x1b\\");
    }

    #[test]
    fn screen_is_given_pieces_that_make_up_the_sequence() {
        let text = "tide/".repeat(1000);
        let written = written(Relay::Screen, &text);
        let pieces: Vec<&str> = written.split("\x1b\\").map(|piece| piece.trim_start_matches("\x1bP")).collect();
        assert!(pieces.len() > 10 && pieces.iter().all(|piece| piece.len() <= MOST_FOR_SCREEN));
        assert_eq!(pieces.concat(), format!("\x1b]52;c;{}\x07", STANDARD.encode(text)));
    }

    #[test]
    fn nothing_and_too_much_are_not_sent() {
        for (text, why) in
            [(String::new(), "nothing to copy"), ("x".repeat(60_000), "too long for the terminal's clipboard")]
        {
            let refused = send_sequence(text.as_bytes(), Relay::Nothing, &mut vec![]).unwrap_err();
            assert!(refused.contains(why), "{refused}");
        }
    }

    #[test]
    fn what_lies_between_is_told_by_the_environment() {
        for (set, relay) in [(&["TMUX", "STY"][..], Relay::Tmux), (&["STY"], Relay::Screen), (&[], Relay::Nothing)] {
            assert_eq!(detect_relay(|name| set.contains(&name)), relay);
        }
    }
}

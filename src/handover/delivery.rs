//! How text was put on the clipboard.
//!
//! Invariant: only text that a tool has taken counts as copied. What was sent to a terminal counts as sent, because the
//! result is unknown.

/// What became of text that was to be copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// A tool of this platform has taken it.
    Taken,
    /// The terminal was sent it, through this.
    Sent(Relay),
}

/// What lies between here and the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Relay {
    /// Nothing, as far as is known.
    #[default]
    Nothing,
    /// tmux: takes the sequence itself where `set-clipboard` is `on`, and passes it on where `allow-passthrough` is.
    Tmux,
    /// GNU screen, which passes strings on.
    Screen,
}

impl Delivery {
    /// What must be set for it to arrive.
    pub const fn setting_needed(self) -> &'static str {
        match self {
            Self::Sent(Relay::Tmux) => "; in tmux, set -g set-clipboard on or allow-passthrough on",
            Self::Taken | Self::Sent(_) => "",
        }
    }
}

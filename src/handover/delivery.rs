//! How text came to be on its way to the clipboard.
//!
//! Invariant: only what a tool has taken is called copied. What was sent to a terminal was sent: nothing tells what became
//! of it.

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
    pub const fn needs(self) -> &'static str {
        match self {
            Self::Sent(Relay::Tmux) => "; in tmux, set -g set-clipboard on or allow-passthrough on",
            Self::Taken | Self::Sent(_) => "",
        }
    }
}

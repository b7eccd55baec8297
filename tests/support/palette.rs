//! The colours of the terminal in the pictures: a dark sea.
//!
//! The sixteen named colours and the two defaults are a terminal's own choice; the other 240 are xterm's.

use std::fmt;

use vt100::Color;

/// One colour, written `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rgb(u8, u8, u8);

/// Letters without a colour of their own.
pub(crate) const FOREGROUND: Rgb = Rgb(0xd5, 0xdd, 0xe6);
/// Cells without a colour of their own, and the window.
pub(crate) const BACKGROUND: Rgb = Rgb(0x10, 0x16, 0x1e);
/// The window's outline.
pub(crate) const FRAME: Rgb = Rgb(0x2e, 0x39, 0x47);
/// The window's name.
pub(crate) const TITLE: Rgb = Rgb(0x8b, 0x98, 0xa8);

const NAMED: [Rgb; 16] = [
    Rgb(0x1b, 0x23, 0x2e),
    Rgb(0xe5, 0x68, 0x6d),
    Rgb(0x8f, 0xc9, 0x7a),
    Rgb(0xe6, 0xb5, 0x66),
    Rgb(0x6c, 0xa8, 0xe8),
    Rgb(0xb7, 0x95, 0xe6),
    Rgb(0x5f, 0xc4, 0xc4),
    Rgb(0xc3, 0xcc, 0xd6),
    Rgb(0x66, 0x74, 0x86),
    Rgb(0xff, 0x8a, 0x8a),
    Rgb(0xae, 0xe2, 0x9a),
    Rgb(0xff, 0xd0, 0x89),
    Rgb(0x92, 0xc3, 0xff),
    Rgb(0xd2, 0xb4, 0xff),
    Rgb(0x86, 0xe0, 0xde),
    Rgb(0xf4, 0xf7, 0xfa),
];

/// What a cell's colour looks like, or `default` where it has none of its own.
pub(crate) fn rgb(color: Color, default: Rgb) -> Rgb {
    match color {
        Color::Default => default,
        Color::Rgb(red, green, blue) => Rgb(red, green, blue),
        Color::Idx(index @ 0..=15) => NAMED[usize::from(index)],
        Color::Idx(index @ 16..=231) => {
            let step = |place: u8| match (index - 16) / place % 6 {
                0 => 0,
                n => 55 + 40 * n,
            };
            Rgb(step(36), step(6), step(1))
        }
        Color::Idx(index) => {
            let grey = 8 + 10 * (index - 232);
            Rgb(grey, grey, grey)
        }
    }
}

impl Rgb {
    /// This colour, faint on `ground`: three fifths of it.
    pub(crate) fn faint_on(self, ground: Self) -> Self {
        let mix = |own: u8, other: u8| {
            u8::try_from((u16::from(own) * 3 + u16::from(other) * 2) / 5).expect("a mean is not above both")
        };
        Self(mix(self.0, ground.0), mix(self.1, ground.1), mix(self.2, ground.2))
    }
}

impl fmt::Display for Rgb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

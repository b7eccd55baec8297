//! What things look like, by what they mean.
//!
//! Invariant: colour never carries meaning alone (a sign or a word stands beside it), the sixteen named colours leave
//! the choice to the person's own palette, and without colour nothing becomes invisible.

use ratatui::style::{Color, Modifier, Style};

use crate::{app::Tone, domain::lifetime::Phase};

/// Styles by meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    coloured: bool,
}

impl Theme {
    /// With the terminal's sixteen colours.
    pub const fn coloured() -> Self {
        Self { coloured: true }
    }

    /// With bold, dim and reverse only.
    pub const fn plain() -> Self {
        Self { coloured: false }
    }

    /// As the environment wishes: any non-empty `NO_COLOR` means none. <https://no-color.org>
    pub fn of_environment() -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self { coloured: !unwanted }
    }

    fn colour(self, colour: Color) -> Style {
        // The theme itself leaves colours out: left to the terminal library, each would also reset bold and reverse.
        if self.coloured { Style::new().fg(colour) } else { Style::new() }
    }

    /// The program's own name.
    pub fn brand(self) -> Style {
        self.colour(Color::Cyan).add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }

    /// A label that stands out: the mode, the sandbox.
    pub fn chip(self) -> Style {
        self.colour(Color::Magenta).add_modifier(Modifier::BOLD | Modifier::REVERSED)
    }

    /// What is in focus.
    pub fn focus(self) -> Style {
        self.colour(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// A prefix or a bucket: something to go into.
    pub fn container(self) -> Style {
        self.colour(Color::Blue).add_modifier(Modifier::BOLD)
    }

    /// Beside the point. Not colour 8: some palettes (Solarized among them) draw the background in it.
    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// Headings and what is chosen.
    pub fn strong(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// The selected row.
    pub fn selected(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// A character that was made visible because it would not have been, or would have done harm.
    pub fn escaped(self) -> Style {
        self.colour(Color::Yellow).add_modifier(Modifier::ITALIC)
    }

    /// A key to press.
    pub fn key(self) -> Style {
        self.colour(Color::Cyan).add_modifier(Modifier::BOLD)
    }

    /// A number or a word of a language, in content.
    pub fn number(self) -> Style {
        self.colour(Color::Magenta)
    }

    /// A line that only the later of two contents has; it begins with a plus.
    pub fn added(self) -> Style {
        self.colour(Color::Green).add_modifier(Modifier::BOLD)
    }

    /// A line that only the earlier of two contents has; it begins with a minus.
    pub fn removed(self) -> Style {
        self.colour(Color::Red)
    }

    /// Something went as wished.
    pub fn good(self) -> Style {
        self.colour(Color::Green)
    }

    /// Something to know.
    pub fn warning(self) -> Style {
        self.colour(Color::Yellow).add_modifier(Modifier::BOLD)
    }

    /// Something failed.
    pub fn bad(self) -> Style {
        self.colour(Color::Red).add_modifier(Modifier::BOLD)
    }

    /// A notice of this tone.
    pub fn tone(self, tone: Tone) -> Style {
        match tone {
            Tone::Good => self.good(),
            Tone::Warning => self.warning(),
        }
    }

    /// How urgent a session's end is.
    pub fn phase(self, phase: Phase) -> Style {
        match phase {
            Phase::Fresh => self.good(),
            Phase::Expiring => self.warning(),
            Phase::Critical | Phase::Expired => self.bad(),
        }
    }
}

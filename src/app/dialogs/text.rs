//! Text that a dialog says itself.
//!
//! Invariant: a row is text and what it means, never how it is drawn; it may be foreign, for the frame makes it printable.

/// What a row of text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TextTone {
    /// As it is.
    #[default]
    Plain,
    /// What matters most.
    Strong,
    /// Beside the point.
    Dim,
    /// Something went as wished.
    Good,
    /// Something to know.
    Warning,
    /// Something failed.
    Bad,
}

/// One row of text; the frame wraps it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextRow {
    /// Before it, in a column of its own.
    pub label: Option<&'static str>,
    /// What it says; empty parts what is above from what is below.
    pub text: String,
    /// What it means.
    pub tone: TextTone,
}

impl TextRow {
    /// A row without a label.
    pub fn new(tone: TextTone, text: impl Into<String>) -> Self {
        Self { label: None, text: text.into(), tone }
    }

    /// A value with what it is called.
    pub fn labelled(label: &'static str, text: impl Into<String>) -> Self {
        Self { label: Some(label), text: text.into(), tone: TextTone::Plain }
    }
}

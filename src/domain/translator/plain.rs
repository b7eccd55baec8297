//! A refusal in plain words.
//!
//! Invariant: the result is one sentence and one next move, each without a full stop, so that they can stand in one line.

/// A refusal in plain words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meaning {
    /// What it means, in one sentence without a full stop; `None` if the service's own message says enough.
    pub sentence: Option<String>,
    /// The next move, in one sentence without a full stop. Safe to print.
    pub next: String,
}

impl Meaning {
    /// Both in one line.
    pub fn in_one_line(&self) -> String {
        match &self.sentence {
            Some(sentence) => format!("{sentence}: {}", self.next),
            None => self.next.clone(),
        }
    }
}

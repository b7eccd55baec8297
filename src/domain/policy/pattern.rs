//! Wildcards of policies: `*` is any run of characters, `?` any one.
//!
//! Invariant: a policy variable whose value is not known here makes a match [`Truth::Maybe`], never yes; `${*}`, `${?}`
//! and `${$}` are the characters themselves.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use std::ops::Not;

/// What can be known. Ordered, so that "and" is the least and "or" the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::domain) enum Truth {
    No,
    Maybe,
    Yes,
}

impl From<bool> for Truth {
    fn from(known: bool) -> Self {
        if known { Self::Yes } else { Self::No }
    }
}

impl Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }
}

/// What a pattern is held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain) enum Text<'a> {
    /// This text.
    Exactly(&'a str),
    /// Some text that begins so; whether it matches can be ruled out, but not known.
    BeginsWith(&'a str),
}

/// A pattern as it was written, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::domain) struct Pattern {
    pub(super) written: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Char(char),
    One,
    Run,
    /// The value of a policy variable: any run, but not known which.
    Variable,
}

/// How the characters of a pattern are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::domain) struct Reading {
    /// `*` and `?` are wildcards.
    pub(in crate::domain) wildcards: bool,
    /// `${…}` is a policy variable: since policy version 2012-10-17.
    pub(in crate::domain) variables: bool,
}

impl Pattern {
    pub(in crate::domain) fn read(written: &str, reading: Reading) -> Self {
        let (mut pieces, mut rest) = (vec![], written);
        while let Some(c) = rest.chars().next() {
            let variable = rest.strip_prefix("${").filter(|_| reading.variables).and_then(|it| it.split_once('}'));
            if let Some((name, after)) = variable {
                match name {
                    "*" | "?" | "$" => pieces.extend(name.chars().map(Piece::Char)),
                    _ => pieces.push(Piece::Variable),
                }
                rest = after;
                continue;
            }
            pieces.push(match c {
                '*' if reading.wildcards => Piece::Run,
                '?' if reading.wildcards => Piece::One,
                c => Piece::Char(c),
            });
            rest = &rest[c.len_utf8()..];
        }
        Self { written: written.to_owned(), pieces }
    }

    /// Whether the whole text matches.
    pub(in crate::domain) fn matches(&self, text: Text<'_>) -> Truth {
        let (text, open) = match text {
            Text::Exactly(text) => (text, false),
            Text::BeginsWith(text) => (text, true),
        };
        let mut reached = self.start();
        for c in text.chars() {
            reached = self.after(&reached, c);
        }
        let fits = if open { reached.contains(&true) } else { reached.last().is_some_and(|end| *end) };
        match fits {
            false => Truth::No,
            true if open || self.pieces.contains(&Piece::Variable) => Truth::Maybe,
            true => Truth::Yes,
        }
    }

    /// Which pieces can come next before any character; the one past the last piece is the end.
    fn start(&self) -> Vec<bool> {
        let mut reached = vec![false; self.pieces.len() + 1];
        reached[0] = true;
        self.skip_runs(&mut reached);
        reached
    }

    /// Which pieces can come next after one more character.
    fn after(&self, reached: &[bool], c: char) -> Vec<bool> {
        let mut next = vec![false; reached.len()];
        for (at, piece) in self.pieces.iter().enumerate().filter(|(at, _)| reached[*at]) {
            match piece {
                Piece::Char(expected) if *expected == c => next[at + 1] = true,
                Piece::Char(_) => {}
                Piece::One => next[at + 1] = true,
                Piece::Run | Piece::Variable => next[at] = true,
            }
        }
        self.skip_runs(&mut next);
        next
    }

    /// A run may be empty: where one can come next, so can what follows it.
    fn skip_runs(&self, reached: &mut [bool]) {
        for (at, piece) in self.pieces.iter().enumerate() {
            if matches!(piece, Piece::Run | Piece::Variable) {
                reached[at + 1] |= reached[at];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITH_ALL: Reading = Reading { wildcards: true, variables: true };

    #[test]
    fn wildcards_match_runs_and_variables_are_not_guessed() {
        use Truth::{Maybe, No, Yes};
        for (pattern, text, truth) in [
            ("a*c", "abbc", Yes),
            ("a*c", "ac", Yes),
            ("a*c", "acd", No),
            ("a?c", "ac", No),
            ("a?c", "aéc", Yes),
            ("*", "", Yes),
            ("", "", Yes),
            ("", "a", No),
            ("*a*b*", "xxaxxbxx", Yes),
            ("${*}", "*", Yes),
            ("${*}", "x", No),
            ("home/${aws:username}/*", "home/ana/x", Maybe),
            ("home/${aws:username}/*", "house/ana/x", No),
            ("a${", "a${", Yes),
        ] {
            assert_eq!(Pattern::read(pattern, WITH_ALL).matches(Text::Exactly(text)), truth, "{pattern} {text}");
        }
        let literal = Reading { wildcards: false, variables: false };
        assert_eq!(Pattern::read("a*${*}", literal).matches(Text::Exactly("a*${*}")), Yes);
    }

    #[test]
    fn a_beginning_rules_out_what_can_no_longer_match() {
        use Truth::{Maybe, No};
        for (pattern, text, truth) in
            [("team/alpha/*", "team/", Maybe), ("team/alpha/*", "tide/", No), ("*", "x", Maybe), ("team", "team/", No)]
        {
            assert_eq!(Pattern::read(pattern, WITH_ALL).matches(Text::BeginsWith(text)), truth, "{pattern} {text}");
        }
    }
}

//! Wildcards of policies: `*` is any run of characters, `?` any one.
//!
//! Invariant: `${*}`, `${?}` and `${$}` stand for the characters themselves; a variable the sandbox has no value for is
//! refused when the pattern is read, never taken literally.

/// A compiled pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Piece>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    Char(char),
    One,
    Many,
}

/// What the characters of a pattern's text mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    /// `*` and `?` are wildcards.
    pub(crate) wildcards: bool,
    /// `${…}` is a policy variable: since policy version 2012-10-17.
    pub(crate) variables: bool,
}

impl Pattern {
    /// Reads `text`; the error names a policy variable that has no value here.
    pub(crate) fn read(text: &str, reading: Reading) -> Result<Self, String> {
        let mut pieces = Vec::with_capacity(text.len());
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            if let Some(variable) = rest.strip_prefix("${").filter(|_| reading.variables) {
                let (name, after) =
                    variable.split_once('}').ok_or_else(|| format!("the policy variable in {text:?} has no end"))?;
                match name {
                    "*" | "?" | "$" => pieces.extend(name.chars().map(Piece::Char)),
                    _ => return Err(format!("the policy variable ${{{name}}} is not supported")),
                }
                rest = after;
                continue;
            }
            pieces.push(match character {
                '*' if reading.wildcards => Piece::Many,
                '?' if reading.wildcards => Piece::One,
                other => Piece::Char(other),
            });
            rest = &rest[character.len_utf8()..];
        }
        Ok(Self(pieces))
    }

    /// Whether all of `text` matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (mut piece, mut at) = (0, 0);
        // Where to go on when what followed the last `*` did not fit: the piece after it, and one character further.
        let mut retry = None;
        while at < text.len() {
            match self.0.get(piece) {
                Some(Piece::Many) => {
                    piece += 1;
                    retry = Some((piece, at + 1));
                }
                Some(Piece::One) => (piece, at) = (piece + 1, at + 1),
                Some(Piece::Char(character)) if *character == text[at] => (piece, at) = (piece + 1, at + 1),
                _ => match retry {
                    Some((after, next)) => {
                        (piece, at) = (after, next);
                        retry = Some((after, next + 1));
                    }
                    None => return false,
                },
            }
        }
        self.0[piece..].iter().all(|rest| *rest == Piece::Many)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> Pattern {
        Pattern::read(text, Reading { wildcards: true, variables: true }).unwrap()
    }

    #[test]
    fn wildcards_match_runs_and_single_characters() {
        for (text, inside, outside) in [
            ("", "", "a"),
            ("*", "", "\u{0}none"),
            ("a?c", "aéc", "ac"),
            ("a*b*c", "a-b-b-c", "a-c-b"),
            ("*.csv", "a.csv.csv", "a.csv.gz"),
            ("team/${*}", "team/*", "team/a"),
            ("${?}${$}{", "?${", "a${"),
        ] {
            assert!(pattern(text).matches(inside), "{text} should match {inside}");
            if outside != "\u{0}none" {
                assert!(!pattern(text).matches(outside), "{text} should not match {outside}");
            }
        }
    }

    #[test]
    fn a_variable_without_a_value_is_refused_by_name() {
        let refusal = Pattern::read("home/${aws:username}/*", Reading { wildcards: true, variables: true });
        assert!(refusal.unwrap_err().contains("${aws:username}"));
        let old = Pattern::read("${aws:username}", Reading { wildcards: false, variables: false }).unwrap();
        assert!(old.matches("${aws:username}"), "version 2008-10-17 has no variables");
    }
}

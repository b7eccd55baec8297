//! Wildcards of policies: `*` is any run of characters, `?` any one, `${…}` the value of a condition key.
//!
//! Invariant: a policy variable stands for its value character by character, a `*` in it too. One whose key is not known
//! here leaves the match unclear; one whose key is absent and that has no default matches nothing. `${*}`, `${?}` and
//! `${$}` are the characters themselves.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html>

use std::borrow::Cow;

use super::{
    facts::{ConditionFacts, Fact, FactText},
    truth::{Doubt, Truth},
};

/// A pattern as it was written, and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    pub(super) written: String,
    pub(super) pieces: Vec<PatternPiece>,
    variables: Vec<PolicyVariable>,
    /// What cannot be read in it.
    pub(super) fault: Option<String>,
}

/// A piece of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PatternPiece {
    Char(char),
    One,
    Run,
    /// The value of the variable with this number.
    Variable(usize),
}

/// A policy variable.
#[derive(Debug, Clone, PartialEq, Eq)]
struct PolicyVariable {
    /// As written.
    key: String,
    folded: String,
    default: Option<String>,
}

/// How the characters of a pattern are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct PatternSyntax {
    /// `*` and `?` are wildcards.
    pub(super) wildcards: bool,
    /// `${…}` is a policy variable: since policy version 2012-10-17.
    pub(super) variables: bool,
}

impl Pattern {
    pub(super) fn parse_pattern(written: &str, reading: PatternSyntax) -> Self {
        let mut pattern = Self { written: written.to_owned(), pieces: vec![], variables: vec![], fault: None };
        let mut rest = written;
        while let Some(c) = rest.chars().next() {
            if let Some(inner) = rest.strip_prefix("${").filter(|_| reading.variables) {
                if let Some((name, after)) = inner.split_once('}') {
                    pattern.add_variable(name);
                    rest = after;
                    continue;
                }
                pattern.fault = Some(format!("the policy variable in {written:?} has no end"));
            }
            pattern.pieces.push(match c {
                '*' if reading.wildcards => PatternPiece::Run,
                '?' if reading.wildcards => PatternPiece::One,
                c => PatternPiece::Char(c),
            });
            rest = &rest[c.len_utf8()..];
        }
        pattern
    }

    /// The same, written otherwise: with capitals where they mean nothing.
    pub(super) fn written_as(self, written: &str) -> Self {
        Self { written: written.to_owned(), ..self }
    }

    /// `aws:username`, or with a default `aws:PrincipalTag/team, 'none'`.
    fn add_variable(&mut self, inside: &str) {
        if let "*" | "?" | "$" = inside {
            self.pieces.extend(inside.chars().map(PatternPiece::Char));
            return;
        }
        let (key, default) = match inside.split_once(',') {
            None => (inside.trim(), None),
            Some((key, default)) => {
                let quoted = default.trim().strip_prefix('\'').and_then(|text| text.strip_suffix('\''));
                if quoted.is_none() {
                    self.fault = Some(format!("the default in ${{{inside}}} does not stand between '…'"));
                }
                (key.trim(), quoted.map(str::to_owned))
            }
        };
        self.pieces.push(PatternPiece::Variable(self.variables.len()));
        self.variables.push(PolicyVariable { key: key.to_owned(), folded: key.to_ascii_lowercase(), default });
    }

    /// The condition keys that its variables ask for, as written.
    pub(super) fn variable_keys(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|variable| variable.key.as_str())
    }

    /// A run of its pieces as a person reads them: a `*` or `?` that is none is escaped, so that it is not taken for a
    /// wildcard.
    pub(super) fn show_pieces(&self, pieces: &[PatternPiece]) -> String {
        let shown = pieces.iter().map(|piece| match piece {
            PatternPiece::Char(c @ ('*' | '?')) => format!("${{{c}}}"),
            PatternPiece::Char(c) => c.to_string(),
            PatternPiece::One => "?".into(),
            PatternPiece::Run => "*".into(),
            PatternPiece::Variable(number) => format!("${{{}}}", self.variables[*number].key),
        });
        shown.collect()
    }

    /// Whether the whole text matches.
    pub(super) fn match_text(&self, text: FactText<'_>, facts: &ConditionFacts<'_>) -> Truth<'_> {
        let (text, open) = match text {
            FactText::Exactly(text) => (text, false),
            FactText::BeginsWith(text) => (text, true),
        };
        let Some((pieces, doubt)) = self.resolve_variables(facts) else { return Truth::No };
        let mut reached = start_states(&pieces);
        let mut next = vec![false; reached.len()];
        for c in text.chars() {
            step_states(&pieces, &reached, c, &mut next);
            std::mem::swap(&mut reached, &mut next);
        }
        let fits = if open { reached.contains(&true) } else { reached.last().is_some_and(|end| *end) };
        match (fits, doubt) {
            (false, _) => Truth::No,
            (true, Some(key)) => Truth::Unclear(Doubt::Key(key)),
            // What is still to come does not matter where the rest is a run.
            (true, None) if open && !takes_all_from(&pieces, &reached) => Truth::Unclear(Doubt::PartOfPlace),
            (true, None) => Truth::Yes,
        }
    }

    /// The pieces with the values of variables in their places, and a variable whose value is not known; `None` where a
    /// variable has no value at all.
    fn resolve_variables<'p>(
        &'p self,
        facts: &ConditionFacts<'_>,
    ) -> Option<(Cow<'p, [PatternPiece]>, Option<&'p str>)> {
        if self.variables.is_empty() {
            return Some((Cow::Borrowed(&self.pieces), None));
        }
        let (mut pieces, mut doubt) = (vec![], None);
        for piece in &self.pieces {
            let PatternPiece::Variable(number) = *piece else {
                pieces.push(*piece);
                continue;
            };
            let variable = &self.variables[number];
            match (facts.get(&variable.folded), &variable.default) {
                (Some(Fact::Is(value)), _) => pieces.extend(value.chars().map(PatternPiece::Char)),
                (Some(Fact::At(at)), _) => pieces.extend(at.to_string().chars().map(PatternPiece::Char)),
                (Some(Fact::Absent), Some(default)) => pieces.extend(default.chars().map(PatternPiece::Char)),
                // AWS: the statement "might be invalid". Keys with several values make no variables.
                (Some(Fact::Absent | Fact::Several(_)), _) => return None,
                (None | Some(Fact::BeginsWith(_)), _) => {
                    pieces.push(PatternPiece::Run);
                    doubt = Some(variable.key.as_str());
                }
            }
        }
        Some((Cow::Owned(pieces), doubt))
    }
}

/// Whether, from one of these pieces on, any text is taken.
fn takes_all_from(pieces: &[PatternPiece], reached: &[bool]) -> bool {
    (0..pieces.len()).any(|at| reached[at] && pieces[at..].iter().all(|piece| *piece == PatternPiece::Run))
}

/// Which pieces can come next before any character; the one past the last piece is the end.
pub(super) fn start_states(pieces: &[PatternPiece]) -> Vec<bool> {
    let mut reached = vec![false; pieces.len() + 1];
    reached[0] = true;
    skip_runs(pieces, &mut reached);
    reached
}

/// Which pieces can come next after one more character.
pub(super) fn step_states(pieces: &[PatternPiece], reached: &[bool], c: char, next: &mut [bool]) {
    next.fill(false);
    for (at, piece) in pieces.iter().enumerate().filter(|(at, _)| reached[*at]) {
        match piece {
            PatternPiece::Char(expected) if *expected != c => {}
            PatternPiece::Char(_) | PatternPiece::One => next[at + 1] = true,
            PatternPiece::Run | PatternPiece::Variable(_) => next[at] = true,
        }
    }
    skip_runs(pieces, next);
}

/// A run may be empty: where one can come next, so can what follows it.
fn skip_runs(pieces: &[PatternPiece], reached: &mut [bool]) {
    for (at, piece) in pieces.iter().enumerate() {
        if matches!(piece, PatternPiece::Run | PatternPiece::Variable(_)) {
            reached[at + 1] |= reached[at];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WITH_ALL: PatternSyntax = PatternSyntax { wildcards: true, variables: true };

    fn matched(pattern: &str, text: FactText<'_>, facts: &ConditionFacts<'_>) -> &'static str {
        match Pattern::parse_pattern(pattern, WITH_ALL).match_text(text, facts) {
            Truth::Yes => "yes",
            Truth::No => "no",
            Truth::Unclear(_) => "unclear",
        }
    }

    #[test]
    fn wildcards_match_runs_and_single_characters() {
        for (pattern, text, truth) in [
            ("a*c", "abbc", "yes"),
            ("a*c", "ac", "yes"),
            ("a*c", "acd", "no"),
            ("a?c", "ac", "no"),
            ("a?c", "aéc", "yes"),
            ("*", "", "yes"),
            ("", "", "yes"),
            ("", "a", "no"),
            ("*a*b*", "xxaxxbxx", "yes"),
            ("${*}", "*", "yes"),
            ("${*}", "x", "no"),
            ("a${", "a${", "yes"),
            ("${?}${$}{", "?${", "yes"),
            ("*.csv", "a.csv.csv", "yes"),
        ] {
            assert_eq!(
                matched(pattern, FactText::Exactly(text), &ConditionFacts::partial()),
                truth,
                "{pattern} {text}"
            );
        }
        let literal = PatternSyntax { wildcards: false, variables: false };
        assert_eq!(
            Pattern::parse_pattern("a*${*}", literal).match_text(FactText::Exactly("a*${*}"), &ConditionFacts::whole()),
            Truth::Yes
        );
    }

    #[test]
    fn a_variable_is_its_value_or_its_default_or_nothing() {
        let facts =
            ConditionFacts::partial().with_fact("aws:username", "an*").with_fact("aws:principaltag/team", Fact::Absent);
        for (pattern, text, truth) in [
            ("home/${aws:username}/*", "home/an*/x", "yes"),
            ("home/${AWS:UserName}/*", "home/an*/x", "yes"),
            ("home/${aws:username}/*", "home/ana/x", "no"),
            ("${aws:PrincipalTag/team}", "", "no"),
            ("${aws:PrincipalTag/team, 'none'}/x", "none/x", "yes"),
            ("${aws:PrincipalTag/team,'none'}/x", "crew/x", "no"),
            ("home/${aws:userid}/*", "home/ana/x", "unclear"),
            ("home/${aws:userid}/*", "house/ana/x", "no"),
        ] {
            assert_eq!(matched(pattern, FactText::Exactly(text), &facts), truth, "{pattern} {text}");
        }
        assert_eq!(matched("${aws:userid}", FactText::Exactly("x"), &ConditionFacts::whole()), "no");
    }

    #[test]
    fn a_beginning_rules_out_what_can_no_longer_match() {
        for (pattern, text, truth) in [
            ("team/alpha/*", "team/", "unclear"),
            ("team/alpha/*", "team/alpha/x", "yes"),
            ("team/alpha/*", "tide/", "no"),
            ("*", "x", "yes"),
            ("*.csv", "x", "unclear"),
            ("team", "team/", "no"),
        ] {
            assert_eq!(
                matched(pattern, FactText::BeginsWith(text), &ConditionFacts::partial()),
                truth,
                "{pattern} {text}"
            );
        }
    }

    #[test]
    fn what_cannot_be_read_in_a_pattern_is_named() {
        for (pattern, fault) in
            [("a/${aws:username", "has no end"), ("${aws:username, none}", "does not stand between")]
        {
            assert!(
                Pattern::parse_pattern(pattern, WITH_ALL).fault.is_some_and(|told| told.contains(fault)),
                "{pattern}"
            );
        }
    }
}

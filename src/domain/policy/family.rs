//! What sets of patterns mean together: whether they take every text of a kind, or any.
//!
//! Invariant: what counts is what patterns match, never how they are spelled: `*`, `**` and `?*` together with nothing are
//! distinguished by the texts that they match. A policy variable is assumed to match nothing for certain.

use std::collections::HashSet;

use super::pattern::{Pattern, PatternPiece, start_states, step_states};

/// Texts of one form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Family(Vec<Part>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Is(char),
    /// One character of a class.
    One(Class),
    /// Any number of characters of a class.
    Many(Class),
}

/// Characters that can stand in a part of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    /// Of the names of services and, in lower case, of actions.
    Word,
    /// Of bucket names.
    Bucket,
    /// Anything.
    Any,
}

/// Where the way through a family and through patterns has led.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Reached {
    family: Vec<bool>,
    patterns: Vec<Vec<bool>>,
}

/// Beyond so many places nothing is said; the policies that people write need a few dozen.
const MOST: usize = 20_000;

/// The partitions of AWS that everybody can have an account in.
pub(super) const PARTITIONS: [&str; 3] = ["aws", "aws-cn", "aws-us-gov"];

impl Family {
    /// Every action of every service.
    pub(super) fn of_actions() -> Self {
        Self::default().some_of(Class::Word).then_text(":").some_of(Class::Word)
    }

    /// Every action of S3.
    pub(super) fn of_s3_actions() -> Self {
        Self::default().then_text("s3:").some_of(Class::Word)
    }

    /// Every ARN.
    pub(super) fn of_arns() -> Self {
        Self::default().then_text("arn:").some_of(Class::Any)
    }

    /// The ARNs of a partition's buckets.
    pub(super) fn of_buckets(partition: &str) -> Self {
        Self::default().then_text(&format!("arn:{partition}:s3:::")).some_of(Class::Bucket)
    }

    /// The ARNs of a partition's objects.
    pub(super) fn of_objects(partition: &str) -> Self {
        Self::of_buckets(partition).then_text("/").some_of(Class::Any)
    }

    /// Whether each of its texts matches one of `taken` and none of `left_out`.
    pub(super) fn is_covered(&self, taken: &[&Pattern], left_out: &[&Pattern]) -> bool {
        let sure = |of: &[&Pattern]| of.iter().filter(|one| is_sure(one)).map(|one| one.pieces.clone()).collect();
        let (taken, left_out): (Vec<Vec<PatternPiece>>, Vec<Vec<PatternPiece>>) = (sure(taken), sure(left_out));
        let takers = taken.len();
        let all: Vec<Vec<PatternPiece>> = taken.into_iter().chain(left_out).collect();
        let is_gap = |reached: &Reached| {
            let ended = |at: usize| reached.patterns[at].last() == Some(&true);
            !(0..takers).any(ended) || (takers..reached.patterns.len()).any(ended)
        };
        self.reaches_where(&all, is_gap) == Some(false)
    }

    /// Whether any of its texts may match.
    pub(super) fn may_match(&self, pattern: &Pattern) -> bool {
        self.reaches_where(std::slice::from_ref(&pattern.pieces), |reached| reached.patterns[0].last() == Some(&true))
            != Some(false)
    }

    /// Whether one of its texts ends at such a place; `None` where there are too many places to look at.
    fn reaches_where(&self, patterns: &[Vec<PatternPiece>], wanted: impl Fn(&Reached) -> bool) -> Option<bool> {
        let alphabet = self.distinct_characters(patterns);
        let first = Reached {
            family: self.start_states(),
            patterns: patterns.iter().map(|pieces| start_states(pieces)).collect(),
        };
        let mut seen = HashSet::from([first.clone()]);
        let mut open = vec![first];
        while let Some(reached) = open.pop() {
            if reached.family.last() == Some(&true) && wanted(&reached) {
                return Some(true);
            }
            if seen.len() > MOST {
                return None;
            }
            for c in &alphabet {
                let next = self.step_both(&reached, *c, patterns);
                if next.family.contains(&true) && !seen.contains(&next) {
                    seen.insert(next.clone());
                    open.push(next);
                }
            }
        }
        Some(false)
    }

    /// One character for each way in which family and patterns can tell characters apart.
    fn distinct_characters(&self, patterns: &[Vec<PatternPiece>]) -> Vec<char> {
        let mut named: Vec<char> =
            self.0.iter().filter_map(|part| if let Part::Is(c) = part { Some(*c) } else { None }).collect();
        named.extend(
            patterns
                .iter()
                .flatten()
                .filter_map(|piece| if let PatternPiece::Char(c) = piece { Some(*c) } else { None }),
        );
        named.sort_unstable();
        named.dedup();
        let fresh = |class: Class| {
            ('0'..='9').chain('a'..='z').chain(['-', '\u{1}']).find(|c| class.contains_char(*c) && !named.contains(c))
        };
        let others: Vec<char> = [Class::Word, Class::Bucket, Class::Any].into_iter().filter_map(fresh).collect();
        let outside = ['\u{1}', '\u{2}', '\u{3}'].into_iter().find(|c| !named.contains(c));
        named.into_iter().chain(others).chain(outside).collect()
    }

    fn start_states(&self) -> Vec<bool> {
        let mut reached = vec![false; self.0.len() + 1];
        reached[0] = true;
        self.skip_optional(&mut reached);
        reached
    }

    fn step_both(&self, reached: &Reached, c: char, patterns: &[Vec<PatternPiece>]) -> Reached {
        let mut family = vec![false; self.0.len() + 1];
        for (at, part) in self.0.iter().enumerate().filter(|(at, _)| reached.family[*at]) {
            match part {
                Part::Is(expected) => family[at + 1] |= *expected == c,
                Part::One(class) => family[at + 1] |= class.contains_char(c),
                Part::Many(class) => family[at] |= class.contains_char(c),
            }
        }
        self.skip_optional(&mut family);
        let follow = |(pieces, reached): (&Vec<PatternPiece>, &Vec<bool>)| {
            let mut next = vec![false; reached.len()];
            step_states(pieces, reached, c, &mut next);
            next
        };
        Reached { family, patterns: patterns.iter().zip(&reached.patterns).map(follow).collect() }
    }

    fn skip_optional(&self, reached: &mut [bool]) {
        for (at, part) in self.0.iter().enumerate() {
            reached[at + 1] |= reached[at] && matches!(part, Part::Many(_));
        }
    }

    fn default() -> Self {
        Self(vec![])
    }

    fn then_text(mut self, text: &str) -> Self {
        self.0.extend(text.chars().map(Part::Is));
        self
    }

    fn some_of(mut self, class: Class) -> Self {
        self.0.extend([Part::One(class), Part::Many(class)]);
        self
    }
}

impl Class {
    fn contains_char(self, c: char) -> bool {
        match self {
            Self::Word => c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-',
            // Also what only services that are not AWS take; and never what comes after a bucket's name.
            Self::Bucket => !matches!(c, '/' | ':' | '\u{1}' | '\u{2}' | '\u{3}'),
            Self::Any => true,
        }
    }
}

fn is_sure(pattern: &Pattern) -> bool {
    !pattern.pieces.iter().any(|piece| matches!(piece, PatternPiece::Variable(_)))
}

#[cfg(test)]
mod tests {
    use super::{super::pattern::PatternSyntax, *};

    fn patterns(written: &[&str]) -> Vec<Pattern> {
        written
            .iter()
            .map(|text| Pattern::parse_pattern(text, PatternSyntax { wildcards: true, variables: true }))
            .collect()
    }

    fn covered(family: &Family, taken: &[&str], left_out: &[&str]) -> bool {
        let (taken, left_out) = (patterns(taken), patterns(left_out));
        family.is_covered(&taken.iter().collect::<Vec<_>>(), &left_out.iter().collect::<Vec<_>>())
    }

    #[test]
    fn what_takes_everything_is_known_however_it_is_spelled() {
        for all in [&["*"][..], &["**"], &["*:*"], &["?*"], &["*?:?*"], &["a*", "?*:*"]] {
            assert!(covered(&Family::of_actions(), all, &[]), "{all:?}");
        }
        for some in [&["s3:*"][..], &["a*"], &["*:get*"], &["??*:*"], &[], &["${aws:username}"]] {
            assert!(!covered(&Family::of_actions(), some, &[]), "{some:?}");
        }
        for all in [&["*"][..], &["s3:*"], &["s3:?*"], &["s3:**"], &["s?:*"], &["*:*"], &["s3:a*", "s3:*"]] {
            assert!(covered(&Family::of_s3_actions(), all, &[]), "{all:?}");
        }
        for some in [&["s3:??*"][..], &["s3:Get*"], &["s3:get*", "s3:put*", "s3:list*"], &["sts:*"]] {
            assert!(!covered(&Family::of_s3_actions(), some, &[]), "{some:?}");
        }
        for all in [
            &["*"][..],
            &["arn:*"],
            &["arn:aws:s3:::*"],
            &["arn:aws:s3:::**"],
            &["arn:aws:s3:::?*"],
            &["arn:*:s3:::*"],
            &["arn:aws:s3*"],
            &["arn:aws:*:*"],
            &["arn:aws:s3:::a*", "arn:aws:s3:::*b", "arn:aws:s3:::*"],
        ] {
            assert!(covered(&Family::of_buckets("aws"), all, &[]), "{all:?}");
        }
        for some in [&["arn:aws:s3:::*/*"][..], &["arn:aws:s3:::tide*"], &["arn:aws-cn:s3:::*"], &["arn:aws:s3:::??*"]]
        {
            assert!(!covered(&Family::of_buckets("aws"), some, &[]), "{some:?}");
        }
        assert!(covered(&Family::of_objects("aws"), &["arn:aws:s3:::*/*"], &[]));
        assert!(!covered(&Family::of_objects("aws"), &["arn:aws:s3:::*/x/*"], &[]));
    }

    #[test]
    fn what_is_left_out_is_not_covered() {
        assert!(!covered(&Family::of_buckets("aws"), &["*"], &["arn:aws:s3:::vault*"]));
        assert!(covered(&Family::of_buckets("aws"), &["*"], &["arn:aws:sqs:*", "arn:aws:s3:::*/*"]));
    }

    #[test]
    fn patterns_that_take_one_text_of_a_family_meet_it() {
        for (pattern, bucket, object) in [
            ("arn:aws:s3:::b", true, false),
            ("arn:aws:s3:::b/*", false, true),
            ("arn:aws:s3:::b*", true, true),
            ("arn:aws:s3:::*/x", false, true),
            ("arn:aws:s3:::${aws:username}", true, true),
            ("arn:aws:sqs:*", false, false),
            ("*", true, true),
        ] {
            let [pattern] = &patterns(&[pattern])[..] else { unreachable!() };
            let met = [Family::of_buckets("aws"), Family::of_objects("aws")].map(|family| family.may_match(pattern));
            assert_eq!(met, [bucket, object], "{}", pattern.written);
        }
    }
}

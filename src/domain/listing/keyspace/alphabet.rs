//! Which characters keys have at each position, and keys as numbers in that mixed radix: where the middle of a range is.
//!
//! Invariant: only guesses come out of here. A key that is [`between`](Alphabets::between) two others is strictly between
//! them, and nothing else about it can be relied upon.

use std::collections::BTreeSet;

/// Positions looked at after the prefix; ranges that differ only further back are cut by code points.
const DEPTH: usize = 96;

/// Where a cut is put, to this part of the range.
const PRECISE: f64 = 1e-4;

/// Beyond the digits of a double.
const FINEST: f64 = 1e-14;

/// The classes that are completed as soon as two of them are seen at one position; digits are at the first.
const DIGITS: (char, char) = ('0', '9');
const LETTERS: [(char, char); 2] = [('a', 'z'), ('A', 'Z')];
const HEX_LETTERS: [(char, char); 2] = [('a', 'f'), ('A', 'F')];

/// Where scripts begin that names are written in: the likely places for a cut between characters far apart.
const LANDMARKS: [u32; 24] = [
    0x30, 0x3a, 0x41, 0x4e, 0x5b, 0x61, 0x6e, 0x7b, 0xc0, 0x250, 0x400, 0x600, 0x900, 0x3040, 0x4e00, 0x6e00, 0x9000,
    0xac00, 0xe000, 0xff00, 0x1f300, 0x1f600, 0x20000, 0x10_0000,
];

/// Characters by position after the prefix that is listed.
#[derive(Debug, Default)]
pub(super) struct Alphabets {
    /// Bytes of the prefix.
    base: usize,
    seen: Vec<BTreeSet<char>>,
    closed: Vec<Vec<char>>,
}

impl Alphabets {
    pub(super) fn behind_prefix(prefix: &str) -> Self {
        Self { base: prefix.len(), ..Self::default() }
    }

    /// Learns from keys that exist.
    pub(super) fn learn_from<'a>(&mut self, keys: impl IntoIterator<Item = &'a str>) {
        let mut new = false;
        for key in keys {
            for (at, c) in self.rest_of(key).chars().take(DEPTH).enumerate() {
                if at == self.seen.len() {
                    self.seen.push(BTreeSet::new());
                }
                new |= self.seen[at].insert(c);
            }
        }
        if new {
            self.complete_alphabets();
        }
    }

    /// How far `at` is on the way from `from` to `to`; `None` if the three cannot be distinguished.
    pub(super) fn share_of_way(&self, from: &str, at: &str, to: &str) -> Option<f64> {
        let skip = self.common_length(from, to);
        let (from, at, to) = (self.value_of(from, skip), self.value_of(at, skip), self.value_of(to, skip));
        (to - from > FINEST).then(|| ((at - from) / (to - from)).clamp(0.0, 1.0))
    }

    /// A text strictly between two, about at this part of the way. `to` begins with the prefix.
    pub(super) fn text_between(&self, from: &str, share: f64, to: &str) -> Option<String> {
        self.interpolate(from, share, to).or_else(|| self.by_code_point(from, to))
    }

    fn interpolate(&self, from: &str, share: f64, to: &str) -> Option<String> {
        let skip = self.common_length(from, to);
        let (low, high) = (self.value_of(from, skip), self.value_of(to, skip));
        let width = high - low;
        if width <= FINEST {
            return None;
        }
        let mut text: String = to.get(..self.base)?.to_owned();
        text.extend(self.rest_of(to).chars().take(skip));
        let (mut rest, mut scale) = (low + share * width, 1.0);
        for alphabet in self.closed.iter().skip(skip) {
            let place = (rest * effective_length(alphabet)).max(0.0);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, and clipped")]
            let digit = (place as usize).min(alphabet.len().saturating_sub(1));
            text.push(*alphabet.get(digit)?);
            #[expect(clippy::cast_precision_loss, reason = "an alphabet is short")]
            let whole = digit as f64;
            rest = place - whole;
            scale /= effective_length(alphabet);
            if scale < width * PRECISE && from < text.as_str() {
                break;
            }
        }
        (from < text.as_str() && text.as_str() < to).then_some(text)
    }

    /// Where nothing is known: half way between the characters in which two texts differ first.
    fn by_code_point(&self, from: &str, to: &str) -> Option<String> {
        let skip = self.common_length(from, to);
        let at = |text| self.rest_of(text).chars().nth(skip).map_or(0, u32::from);
        let (low, high) = (at(from), at(to));
        let first = LANDMARKS.partition_point(|mark| *mark <= low);
        let last = LANDMARKS.partition_point(|mark| *mark < high);
        let middle = LANDMARKS.get(first.midpoint(last)).filter(|_| first < last).copied();
        let middle = char::from_u32(middle.unwrap_or(low.midpoint(high)))?;
        let mut text: String = to.get(..self.base)?.to_owned();
        text.extend(self.rest_of(to).chars().take(skip));
        text.push(middle);
        (from < text.as_str() && text.as_str() < to).then_some(text)
    }

    fn rest_of<'a>(&self, key: &'a str) -> &'a str {
        key.get(self.base..).unwrap_or_default()
    }

    /// How many characters after the prefix two texts share.
    fn common_length(&self, a: &str, b: &str) -> usize {
        self.rest_of(a).chars().zip(self.rest_of(b).chars()).take_while(|(a, b)| a == b).count()
    }

    /// The text after the prefix and `skip` further characters as a number from 0 to 1.
    fn value_of(&self, text: &str, skip: usize) -> f64 {
        let (mut value, mut scale) = (0.0, 1.0);
        for (c, alphabet) in self.rest_of(text).chars().zip(&self.closed).skip(skip) {
            let rank = alphabet.partition_point(|known| *known < c);
            scale /= effective_length(alphabet);
            #[expect(clippy::cast_precision_loss, reason = "an alphabet is short")]
            let digit = rank as f64;
            value += digit * scale;
            if alphabet.get(rank) != Some(&c) || scale < FINEST {
                break;
            }
        }
        value
    }

    /// What was seen, completed: where two letters were, there are others; and where the characters of one position are
    /// among those of another that varies, it will vary like that one.
    fn complete_alphabets(&mut self) {
        let own: Vec<BTreeSet<char>> = self.seen.iter().map(complete_characters).collect();
        let varied: BTreeSet<&BTreeSet<char>> =
            self.seen.iter().zip(&own).filter(|(seen, _)| seen.len() > 1).map(|(_, own)| own).collect();
        self.closed = own
            .iter()
            .zip(&self.seen)
            .map(|(own, seen)| {
                let kin = varied.iter().filter(|other| seen.is_subset(other)).copied();
                let all: BTreeSet<char> = kin.flatten().chain(own).copied().collect();
                all.into_iter().collect()
            })
            .collect();
    }
}

fn complete_characters(seen: &BTreeSet<char>) -> BTreeSet<char> {
    let within = |(from, to): (char, char)| seen.range(from..=to).count();
    let mut all = seen.clone();
    let digits = within(DIGITS) > 0;
    if digits {
        all.extend(DIGITS.0..=DIGITS.1);
    }
    for (letters, hex) in LETTERS.into_iter().zip(HEX_LETTERS) {
        let count = within(letters);
        let class = if digits && count == within(hex) { hex } else { letters };
        if count > 1 || digits && count > 0 {
            all.extend(class.0..=class.1);
        }
    }
    all
}

#[expect(clippy::cast_precision_loss, reason = "an alphabet is short")]
fn effective_length(alphabet: &[char]) -> f64 {
    alphabet.len() as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn alphabets(prefix: &str, keys: &[&str]) -> Alphabets {
        let mut alphabets = Alphabets::behind_prefix(prefix);
        alphabets.learn_from(keys.iter().copied());
        alphabets
    }

    #[test]
    fn numbers_are_cut_in_proportion() {
        let flat = alphabets("flat/", &["flat/000000", "flat/000999"]);
        for (share, cut) in [(0.5, "flat/5000"), (0.25, "flat/2500"), (0.001, "flat/00100")] {
            let between = flat.text_between("flat/000000", share, "flat/\u{10ffff}").unwrap();
            assert!(between.starts_with(cut), "{share}: {between}");
            let share_again = flat.share_of_way("flat/000000", &between, "flat/\u{10ffff}").unwrap();
            assert!((share_again - share).abs() < 1e-3, "{share}: {share_again}");
        }
    }

    #[test]
    fn a_digit_among_hexadecimal_ones_is_one_of_them() {
        let hash = alphabets("", &["000a3f", "0039bc", "003c0d"]);
        assert!(hash.text_between("0", 0.9, "\u{10ffff}").unwrap().starts_with('e'));
        let numbers = alphabets("", &["part-01.bin", "part-27.bin"]);
        assert!(numbers.text_between("part-0", 0.9, "part-\u{10ffff}").unwrap().starts_with("part-9"));
    }

    #[test]
    fn where_nothing_is_known_the_next_script_is_tried() {
        let unknown = alphabets("p/", &[]);
        assert_eq!(unknown.text_between("p/9", 0.5, "p/[").as_deref(), Some("p/A"));
        assert_eq!(unknown.text_between("p/a", 0.5, "p/c").as_deref(), Some("p/b"));
        assert_eq!(unknown.text_between("p/a", 0.5, "p/b"), None);
    }

    proptest! {
        #[test]
        fn what_is_between_two_is_strictly_between_them(
            mut keys in prop::collection::btree_set("p/[a-c/é\u{1f600}]{0,5}", 2..9), share in 0.0..1.0_f64,
        ) {
            let (from, to) = (keys.pop_first().unwrap(), keys.pop_last().unwrap());
            let alphabets = alphabets("p/", &keys.iter().map(String::as_str).collect::<Vec<_>>());
            if let Some(between) = alphabets.text_between(&from, share, &to) {
                prop_assert!(from < between && between < to, "{from:?} {between:?} {to:?}");
            }
        }
    }
}

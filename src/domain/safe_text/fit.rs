//! Foreign text measured and cut to a number of terminal cells.
//!
//! Invariant: widths are sums over graphemes, as ratatui draws them; what is cut is cut between atoms.

use std::{borrow::Cow, collections::VecDeque, ops::Range};

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::{
    piece::{TextPiece, push_piece, write_escape},
    runs::{Runs, TextRun},
};

/// Stands for what [`fit`] left out.
const ELLIPSIS: &str = "…";

/// The terminal cells that `text` takes once it is escaped.
pub fn cell_width(text: &str) -> usize {
    Atoms::of_text(text).map(|atom| atom.width).sum()
}

/// `text` in at most `cells` terminal cells. If it takes more, its middle gives way to `…` and its tail stays, for
/// there stand numbers and extensions. Neither an escape nor a grapheme is ever cut.
///
/// One pass over `text`; memory grows with `cells` only.
pub fn fit_cells(text: &str, cells: usize) -> Vec<TextPiece<'_>> {
    let mut atoms = Atoms::of_text(text);
    let (mut start, mut taken) = (VecDeque::new(), 0);
    while taken <= cells {
        let Some(atom) = atoms.next() else { return join_atoms(text, &start) };
        taken += atom.width;
        start.push_back(atom);
    }
    let Some(room) = cells.checked_sub(ELLIPSIS.width()) else { return vec![] };
    let (head, head_width) = head_within(&start, room.div_ceil(2));
    let mut fitted = join_atoms(text, &head);
    fitted.push(TextPiece { text: Cow::Borrowed(ELLIPSIS), escaped: true });
    fitted.append(&mut join_atoms(text, &tail_within(start, atoms, room - head_width)));
    fitted
}

/// As many of the first atoms as take at most `room` cells, and what they take.
fn head_within(atoms: &VecDeque<Atom>, room: usize) -> (VecDeque<Atom>, usize) {
    let (mut head, mut width) = (VecDeque::new(), 0);
    for atom in atoms {
        if width + atom.width > room {
            break;
        }
        width += atom.width;
        head.push_back(atom.clone());
    }
    (head, width)
}

/// As many of the last atoms of `start` and `rest` as take at most `room` cells.
fn tail_within(start: VecDeque<Atom>, rest: Atoms<'_>, room: usize) -> VecDeque<Atom> {
    let (mut tail, mut width) = (VecDeque::new(), 0);
    for atom in start.into_iter().chain(rest) {
        width += atom.width;
        tail.push_back(atom);
        while width > room {
            width -= tail.pop_front().map_or(width, |first: Atom| first.width);
        }
    }
    tail
}

fn join_atoms<'a>(text: &'a str, atoms: &VecDeque<Atom>) -> Vec<TextPiece<'a>> {
    let mut pieces = vec![];
    for atom in atoms {
        push_piece(&mut pieces, text, atom.range.clone(), atom.escaped);
    }
    pieces
}

/// What is never cut: a grapheme, or the escape of one character.
#[derive(Debug, Clone)]
pub(super) struct Atom {
    pub(super) range: Range<usize>,
    pub(super) escaped: bool,
    pub(super) width: usize,
}

/// The atoms of a text, in order.
pub(super) struct Atoms<'a> {
    text: &'a str,
    runs: Runs<'a>,
    /// What is left of the plain run at hand.
    plain: Range<usize>,
}

impl<'a> Atoms<'a> {
    pub(super) fn of_text(text: &'a str) -> Self {
        Self { text, runs: Runs::of_text(text), plain: 0..0 }
    }
}

impl Iterator for Atoms<'_> {
    type Item = Atom;

    fn next(&mut self) -> Option<Atom> {
        if self.plain.is_empty() {
            let TextRun { range, escaped } = self.runs.next()?;
            if escaped {
                let mut shown = String::new();
                self.text[range.clone()].chars().for_each(|c| write_escape(&mut shown, c));
                return Some(Atom { range, escaped, width: shown.len() });
            }
            self.plain = range;
        }
        let grapheme = self.text[self.plain.clone()].graphemes(true).next()?;
        let range = self.plain.start..self.plain.start + grapheme.len();
        self.plain.start = range.end;
        Some(Atom { range, escaped: false, width: grapheme.width() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        super::{
            printable,
            tests::{foreign_text, together},
            text_pieces,
        },
        *,
    };

    #[test]
    fn what_does_not_fit_loses_its_middle() {
        for (text, cells, shown) in [
            ("2026-11-22-access.json.gz", 25, "2026-11-22-access.json.gz"),
            ("2026-11-22-access.json.gz", 24, "2026-11-22-a…ess.json.gz"),
            ("2026-11-22-access.json.gz", 12, "2026-1…on.gz"),
            ("2026-11-22-access.json.gz", 2, "2…"),
            ("2026-11-22-access.json.gz", 1, "…"),
            ("2026-11-22-access.json.gz", 0, ""),
            ("漢字漢字漢字", 8, "漢字…字"),
            ("ab\u{202e}cdefgh", 10, "ab…cdefgh"),
            ("e\u{301}e\u{301}e\u{301}e\u{301}", 3, "e\u{301}…e\u{301}"),
        ] {
            assert_eq!(together(&fit_cells(text, cells)), shown, "{text:?} in {cells}");
        }
        assert!(fit_cells("abc", 2).iter().any(|piece| piece.escaped && piece.text == ELLIPSIS));
    }

    #[test]
    fn hostile_megabytes_are_read_once() {
        // Were any step quadratic, this would not end.
        for unit in ["\u{301}", "a", "e\u{301}", "\u{202e}", "🇩", "\u{1100}", "क्", "  ", "🏽", "\u{1f469}\u{200d}"]
        {
            let text = unit.repeat(200_000 / unit.len());
            assert!(together(&fit_cells(&text, 20)).width() <= 20);
            assert_eq!(cell_width(&text), text_pieces(&text).iter().map(cells_of).sum::<usize>());
        }
    }

    /// The cells a piece takes when it is drawn grapheme by grapheme, as ratatui does.
    fn cells_of(piece: &TextPiece<'_>) -> usize {
        piece.text.graphemes(true).map(UnicodeWidthStr::width).sum()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]

        #[test]
        fn a_text_is_never_wider_than_its_room(text in foreign_text(), cells in 0usize..40) {
            let fitted = fit_cells(&text, cells);
            let taken: usize = fitted.iter().map(cells_of).sum();
            prop_assert!(taken <= cells, "{} cells: {:?}", taken, fitted);
            if cell_width(&text) <= cells {
                prop_assert_eq!(together(&fitted), printable(&text));
                prop_assert_eq!(fitted, text_pieces(&text));
            }
        }

        #[test]
        fn what_is_cut_keeps_whole_atoms_of_its_beginning_and_end(text in foreign_text(), cells in 1usize..20) {
            let text = format!("ab{text}");
            let cells = cells.min(cell_width(&text) - 1);
            let fitted = fit_cells(&text, cells);
            let gap = fitted.iter().position(|piece| piece.escaped && piece.text == ELLIPSIS).unwrap();
            let whole: Vec<String> = Atoms::of_text(&text).map(|atom| printable_atom(&text, &atom)).collect();
            let (head, tail) = (together(&fitted[..gap]), together(&fitted[gap + 1..]));
            prop_assert!((0..=whole.len()).any(|n| whole[..n].concat() == head), "{:?}", fitted);
            prop_assert!((0..=whole.len()).any(|n| whole[n..].concat() == tail), "{:?}", fitted);
        }
    }

    fn printable_atom(text: &str, atom: &Atom) -> String {
        together(&join_atoms(text, &[atom.clone()].into()))
    }
}

//! The content of an object as it is drawn: lines of code keep their indent.
//!
//! A name is short, and what could be hidden in it matters; in content spaces, tabs and backslashes are most of what there
//! is. So spaces are spaces here, a tab goes on to the next stop, and a backslash stands for itself: an escape is told from
//! the content by its look alone.
//!
//! Invariant: whatever else a terminal would act upon, hide or fold is escaped as everywhere.

use super::{fit::Atoms, piece::write_escape, runs};

/// Cells from one tab stop to the next.
const TAB: usize = 4;

/// Calls `visit` for each piece of `text` that is drawn as one: what is drawn, its cells, and whether that is an escape.
/// The text begins in this column of its line.
pub fn visit_content(text: &str, column: usize, mut visit: impl FnMut(&str, usize, bool)) {
    let (mut rest, mut column) = (text, column);
    let mut tell = |drawn: &str, cells: usize, escaped: bool| {
        column += cells;
        visit(drawn, cells, escaped);
        column
    };
    let mut at = tell("", 0, false);
    while !rest.is_empty() {
        let end = rest.find([' ', '\t', '\\']).unwrap_or(rest.len());
        let (run, behind) = rest.split_at(end);
        if run.bytes().all(runs::is_plain) {
            for start in 0..run.len() {
                at = tell(&run[start..=start], 1, false);
            }
        } else {
            for atom in Atoms::of_text(run) {
                if atom.escaped {
                    let mut escape = String::new();
                    run[atom.range].chars().for_each(|c| write_escape(&mut escape, c));
                    for start in 0..escape.len() {
                        at = tell(&escape[start..=start], 1, true);
                    }
                } else {
                    at = tell(&run[atom.range], atom.width, false);
                }
            }
        }
        let mut signs = behind.chars();
        match signs.next() {
            Some('\t') => {
                let cells = TAB - at % TAB;
                at = tell(&"    "[..cells], cells, false);
            }
            Some('\\') => at = tell("\\", 1, false),
            Some(_) => at = tell(" ", 1, false),
            None => {}
        }
        rest = signs.as_str();
    }
}

/// The cells that `text` takes in a line of content, from this column on.
pub fn content_width(text: &str, column: usize) -> usize {
    if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return text.len();
    }
    let mut width = 0;
    visit_content(text, column, |_, cells, _| width += cells);
    width
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::tests::foreign_text, *};

    fn drawn(text: &str) -> String {
        let mut all = String::new();
        visit_content(text, 0, |drawn, _, _| all.push_str(drawn));
        all
    }

    #[test]
    fn code_keeps_its_indent_and_nothing_reaches_the_terminal() {
        for (text, shown) in [
            ("    if x {  ", "    if x {  "),
            ("\tx\ty", "    x   y"),
            (r#""a\nb""#, r#""a\nb""#),
            ("a\u{1b}[2Jb", r"a\x1b[2Jb"),
            ("a\u{202e}b\r", r"a\u{202e}b\r"),
            ("\u{301}a \u{301}", r"\u{301}a \u{301}"),
            ("日本\t語", "日本    語"),
        ] {
            assert_eq!((drawn(text), content_width(text, 0)), (shown.into(), content_width(shown, 0)), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn no_control_character_comes_out(text in foreign_text(), column in 0usize..9) {
            let mut width = 0;
            visit_content(&text, column, |drawn, cells, _| {
                assert!(!drawn.chars().any(char::is_control), "{drawn:?}");
                width += cells;
            });
            prop_assert_eq!(width, content_width(&text, column));
        }
    }
}

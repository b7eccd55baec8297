//! Foreign text made visible and harmless: the only way by which text from a service, a bucket or a file reaches a
//! terminal.
//!
//! What a terminal would act upon, hide or fold shows as an escape: `\n`, `\r`, `\t`, `\x1b`, `\u{202e}`. Only the
//! picture changes; what is sent, copied and compared is the text itself.
//!
//! Invariants: no control, format, filler or unassigned character ever comes out; two different texts never come out
//! equal (a backslash is `\\`, so an escape cannot be forged); no cell carries more than two combining
//! marks.

mod content;
mod fit;
mod piece;
mod runs;

use std::borrow::Cow;

pub use content::{content_width, visit_content};
pub use fit::{cell_width, fit_cells};
pub use piece::TextPiece;
use piece::push_piece;
use runs::Runs;

/// All of `text`, escaped. Borrowed when nothing had to change.
pub fn printable(text: &str) -> Cow<'_, str> {
    // Nearly every name, and millions of them are printed.
    if text.bytes().all(runs::is_plain) {
        return Cow::Borrowed(text);
    }
    let mut pieces = text_pieces(text);
    match pieces.len() {
        0 => Cow::Borrowed(""),
        1 => pieces.remove(0).text,
        _ => Cow::Owned(pieces.iter().map(|piece| &*piece.text).collect()),
    }
}

/// All of `text` as pieces; plain ones and escaped ones alternate. Together they read as [`printable`].
pub fn text_pieces(text: &str) -> Vec<TextPiece<'_>> {
    let mut pieces: Vec<TextPiece<'_>> = vec![];
    for run in Runs::of_text(text) {
        push_piece(&mut pieces, text, run.range, run.escaped);
    }
    pieces
}

/// Whether a terminal would act upon this character, or hide it, wherever it stands.
pub fn acts_or_hides(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_control() } else { runs::is_unseen(c) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

    use super::*;

    #[test]
    fn what_a_terminal_would_act_upon_or_hide_shows_as_an_escape() {
        for (text, shown) in [
            ("plain-Name_1.txt", "plain-Name_1.txt"),
            ("grün/日本語/🦀.json", "grün/日本語/🦀.json"),
            ("a\u{1b}[2J", r"a\x1b[2J"),
            ("safe.txt\rEVIL\n\t", r"safe.txt\rEVIL\n\t"),
            ("\0\u{7f}\u{9b}", r"\x00\x7f\u{9b}"),
            ("invoice\u{202e}fdp.exe", r"invoice\u{202e}fdp.exe"),
            ("\u{2066}\u{200e}\u{61c}\u{feff}\u{ad}", r"\u{2066}\u{200e}\u{61c}\u{feff}\u{ad}"),
            ("a\u{200b}b\u{e0041}", r"a\u{200b}b\u{e0041}"),
            ("\u{2028}\u{2029}\u{a0}\u{3000}", r"\u{2028}\u{2029}\u{a0}\u{3000}"),
            ("\u{3164}\u{115f}\u{1160}\u{ffa0}\u{2800}", r"\u{3164}\u{115f}\u{1160}\u{ffa0}\u{2800}"),
            ("\u{e000}\u{378}\u{10ffff}", r"\u{e000}\u{378}\u{10ffff}"),
            ("a\u{10feff}\u{10fe80}", r"a\xff\x80"), // bytes that are no text
            ("❤\u{fe0f} 👩\u{200d}💻", r"❤\u{fe0f} 👩\u{200d}💻"),
            (r"back\slash \n", r"back\\slash \\n"),
            (" lead", r"\x20lead"),
            ("trail ", r"trail\x20"),
            ("two  three   .", r"two \x20three \x20 ."),
            (" ", r"\x20"),
            ("", ""),
        ] {
            assert_eq!(printable(text), shown, "{text:?}");
        }
    }

    #[test]
    fn a_base_carries_two_marks_and_nothing_else_carries_any() {
        for (text, shown) in [
            ("e\u{301}\u{323}", "e\u{301}\u{323}"),
            ("e\u{301}\u{323}\u{302}\u{303}x", "e\u{301}\u{323}\\u{302}\\u{303}x"),
            ("\u{301}a", "\\u{301}a"),
            ("a \u{301}b", "a \\u{301}b"),
            ("\n\u{301}", "\\n\\u{301}"),
            ("👍🏽🏽🏽", "👍🏽🏽\\u{1f3fd}"),
        ] {
            assert_eq!(printable(text), shown, "{text:?}");
        }
    }

    #[test]
    fn escapes_are_pieces_of_their_own() {
        let shown: Vec<_> =
            text_pieces("a\r\nb").into_iter().map(|piece| (piece.text.into_owned(), piece.escaped)).collect();
        assert_eq!(shown, [("a".into(), false), (r"\r\n".into(), true), ("b".into(), false)]);
    }

    #[test]
    fn text_without_a_need_for_change_is_borrowed() {
        assert!(matches!(printable("tide-logs/grün/"), Cow::Borrowed(_)));
        assert!(matches!(printable("tide-logs\n"), Cow::Owned(_)));
    }

    pub(super) fn together(pieces: &[TextPiece<'_>]) -> String {
        pieces.iter().map(|piece| &*piece.text).collect()
    }

    /// What [`printable`] had before it: the proof that nothing is lost.
    fn unescape(shown: &str) -> String {
        let (mut text, mut rest) = (String::new(), shown);
        while let Some(c) = rest.chars().next() {
            rest = &rest[c.len_utf8()..];
            if c != '\\' {
                text.push(c);
                continue;
            }
            let (kind, after) = rest.split_at(1);
            let (hex, after) = match kind {
                "x" => after.split_at(2),
                "u" => after.strip_prefix('{').unwrap().split_once('}').unwrap(),
                _ => ("", after),
            };
            text.push(match kind {
                "n" => '\n',
                "r" => '\r',
                "t" => '\t',
                "\\" => '\\',
                _ => char::from_u32(u32::from_str_radix(hex, 16).unwrap()).map(|c| standing_for(c, kind)).unwrap(),
            });
            rest = after;
        }
        text
    }

    /// After `\x`, what is no ASCII is a byte that is no text; other characters are written after `\u`.
    fn standing_for(c: char, kind: &str) -> char {
        if kind == "x" && !c.is_ascii() { char::from_u32(0x10_fe00 + u32::from(c)).unwrap() } else { c }
    }

    /// Text over what could be confused, and over everything.
    pub(super) fn foreign_text() -> impl Strategy<Value = String> {
        let bits = [
            " ",
            "  ",
            "\\",
            "\\n",
            "\\x20",
            "\\u{301}",
            "n",
            "x20",
            "u{301}",
            "{",
            "}",
            "\n",
            "\r",
            "\t",
            "\u{1b}",
            "\u{301}",
            "\u{323}",
            "\u{200d}",
            "\u{fe0f}",
            "\u{202e}",
            "\u{3164}",
            "\u{a0}",
            "…",
            "漢",
            "🦀",
            "🏽",
            "🇩",
            "\u{1100}",
            "\u{1161}",
            "\u{d4e}",
            "क्",
            "ل",
            "ا",
            "\u{10fe80}",
            "\u{10feff}",
            "\\x80",
            "\u{80}",
        ];
        prop_oneof![
            prop::collection::vec(prop::sample::select(bits.to_vec()), 0..12).prop_map(|bits| bits.concat()),
            any::<String>(),
            prop::collection::vec(any::<char>(), 0..12).prop_map(String::from_iter),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn two_texts_never_print_the_same(text in foreign_text()) {
            // Every text can be had back from its picture; so no two have the same.
            prop_assert_eq!(unescape(&printable(&text)), text);
        }

        #[test]
        fn nothing_that_acts_or_hides_comes_out(text in foreign_text()) {
            for c in printable(&text).chars() {
                let group = c.general_category_group();
                let unseen = matches!(group, GeneralCategoryGroup::Other | GeneralCategoryGroup::Separator)
                    || "\u{34f}\u{115f}\u{1160}\u{3164}\u{ffa0}\u{2800}\u{fe0e}\u{fe0f}".contains(c);
                prop_assert!(c == ' ' || !unseen, "{:?} in {:?}", c, text);
            }
        }
    }
}

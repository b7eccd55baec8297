//! Names that are not UTF-8: opened, sought, resumed and copied by their bytes.

use ebbtide::{
    app::{CopyText, Effect},
    domain::{
        listing::{BlockBuilder, ContinuationToken, Page, RawRow, RowKind},
        name_text::bytes_of,
        safe_text::printable,
    },
};

use crate::play::{Play, asked};

/// Three names in S3's order: with a backslash, with the byte 80 before `é`, with the byte ff behind everything.
const NAMES: [&[u8]; 4] = [b"a\\xff/", b"a\x80/", "a\u{e9}/".as_bytes(), b"a\xff/"];

fn raw(names: &[&[u8]], next: Option<&str>) -> Page {
    let mut rows = BlockBuilder::default();
    for name in names {
        let kind = if name.ends_with(b"/") { RowKind::Prefix } else { RowKind::Object };
        rows.push(RawRow { kind, ..RawRow::common_prefix(name) }).unwrap();
    }
    let next = next.map(|token| ContinuationToken(token.into()));
    Page { rows: rows.finish().unwrap(), next, ..Page::default() }
}

fn copied(play: &mut Play) -> Vec<u8> {
    let effects = play.press("y");
    let [Effect::Copy(CopyText { text, .. })] = effects.as_slice() else { panic!("{effects:?}") };
    bytes_of(text).into_owned()
}

#[test]
fn each_is_copied_and_opened_by_its_bytes_and_returned_to() {
    for (at, name) in NAMES.iter().enumerate() {
        let mut play = Play::browsing();
        let first = play.press("r");
        play.answer(&first, Ok(raw(&NAMES, None)));
        (0..at).for_each(|_| drop(play.press("down")));
        assert_eq!(copied(&mut play), [b"s3://tide-logs/", *name].concat());
        let inside = play.press("enter");
        assert_eq!(&*bytes_of(&asked(&inside).1.prefix), *name);
        let key = [*name, b"\xfe"].concat();
        play.answer(&inside, Ok(raw(&[&key], None)));
        assert_eq!(copied(&mut play), [b"s3://tide-logs/", &*key].concat());
        // One step out from where one began: the row is sought among pages.
        play.press("backspace");
        play.press("r");
        let again = play.press("r");
        if again.iter().any(|effect| matches!(effect, Effect::List { .. })) {
            play.answer(&again, Ok(raw(&NAMES, None)));
        }
        assert_eq!(copied(&mut play), [b"s3://tide-logs/", *name].concat(), "back at its row");
    }
}

#[test]
fn the_next_page_begins_behind_its_bytes() {
    let mut play = Play::browsing();
    let first = play.press("r");
    play.answer(&first, Ok(raw(&NAMES, Some("1"))));
    let everything = play.press("end");
    let [Effect::ListEverything { behind: Some(behind), .. }] = everything.as_slice() else { panic!("{everything:?}") };
    assert_eq!(&*bytes_of(behind), b"a\xff/");
}

#[test]
fn they_look_different() {
    let shown: Vec<String> = {
        let mut play = Play::browsing();
        let first = play.press("r");
        play.answer(&first, Ok(raw(&NAMES, None)));
        play.names().iter().map(|name| printable(name).into_owned()).collect()
    };
    assert_eq!(shown, [r"a\\xff/", r"a\x80/", "aé/", r"a\xff/"]);
}

//! Text in its encodings, lines, colours, bytes.

use ebbtide::preview::{
    ContentWindow, DecodeTask, FIRST_WINDOW, LONGEST_LINE, MOST_ROWS, MoreContent, NextWindow, NoteLevel, Preview,
    PreviewReply, PreviewRequest, PreviewView, RowNumbering, SpanRole, decode_content, map_ranges,
};

use crate::{beginning, lines, look, look_as, notes, read_object, spans};

#[test]
fn an_encoding_is_guessed_and_said() {
    let german = "Grüße aus Köln. Schöne Straße! Äpfel und Öl für alle, die da sind.\n".repeat(9);
    let utf16 = |text: &str, to: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to).collect::<Vec<u8>>();
    let latin: Vec<u8> = german.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let japanese =
        encoding_rs::SHIFT_JIS.encode("これは日本語の文章です。ひらがなとカタカナと漢字。\n").0.into_owned().repeat(9);
    for (bytes, encoding) in [
        (german.clone().into_bytes(), "utf-8"),
        ([b"\xef\xbb\xbf", german.as_bytes()].concat(), "utf-8"),
        (latin, "windows-1252"),
        (utf16(&german, u16::to_le_bytes), "utf-16le"),
        (utf16(&german, u16::to_be_bytes), "utf-16be"),
        ([b"\xff\xfe".to_vec(), utf16(&german, u16::to_le_bytes)].concat(), "utf-16le"),
        (japanese, "shift_jis"),
        (b"plain\n".to_vec(), "utf-8"),
    ] {
        let preview = look("a.txt", &bytes);
        assert_eq!((preview.encoding.as_deref(), preview.view), (Some(encoding), PreviewView::Text));
        if encoding.starts_with("utf") || encoding.starts_with("win") {
            assert!(lines(&preview)[0].starts_with("Grüße") || lines(&preview) == ["plain"], "{:?}", lines(&preview));
        }
    }
}

#[test]
fn an_encoding_that_was_asked_for_is_used_and_an_unknown_one_is_named() {
    let asked = |label: &str| read_object("a.txt", b"\xe4\n", 1000, |r| r.encoding = Some(label.into())).preview;
    assert_eq!(lines(&asked("windows-1251")), ["д"]);
    assert_eq!(lines(&asked("latin1")), ["ä"]);
    let unknown = asked("klingon");
    assert_eq!(notes(&unknown)[0], "no text encoding is called klingon");
    assert_eq!(unknown.notes[0].level, NoteLevel::Error);
}

#[test]
fn a_window_that_cuts_a_character_shows_no_damage() {
    let text = "aä€𝄞".repeat(40);
    for end in 1..text.len() {
        let preview = beginning("a.txt", &text.as_bytes()[..end]);
        assert_eq!(preview.encoding.as_deref(), Some("utf-8"), "{end}");
        assert!(!lines(&preview).concat().contains('\u{fffd}'), "{end}");
    }
}

#[test]
fn damaged_utf_8_is_still_utf_8_with_a_note() {
    let mut bytes = "größer, höher, weiter – überall schöne Grüße\n".repeat(20).into_bytes();
    bytes[100] = 0xff;
    let preview = look("a.txt", &bytes);
    assert_eq!(preview.encoding.as_deref(), Some("utf-8"));
    assert_eq!(notes(&preview), ["some bytes are not valid UTF-8: each shows as \u{fffd}"]);
}

#[test]
fn a_long_line_is_cut_and_its_rest_counted() {
    let text = format!("{}\nshort\n", "x".repeat(40_000));
    let preview = look("a.txt", text.as_bytes());
    let ebbtide::preview::PreviewBody::Lines(rows) = &preview.body else { panic!() };
    assert_eq!((rows[0].text().len(), rows[0].more), (LONGEST_LINE, 40_000 - LONGEST_LINE as u64));
    assert_eq!((rows[1].text(), rows[1].number), ("short".to_owned(), Some(2)));
}

#[test]
fn line_ends_of_every_system_end_lines() {
    assert_eq!(lines(&look("a.txt", b"one\r\ntwo\nthree")), ["one", "two", "three"]);
}

#[test]
fn the_next_window_begins_with_a_whole_line_and_its_number() {
    let preview = beginning("a.txt", b"one\ntwo\nthr");
    assert_eq!(preview.next, Some(NextWindow { offset: 8, line: Some(3) }));
    assert_eq!((preview.more, notes(&preview)), (MoreContent::ReadOn, vec!["it goes on"]));
    let next = PreviewRequest {
        size: Some(14),
        windows: vec![ContentWindow { offset: 8, bytes: b"three\n".to_vec() }],
        first_line: Some(3),
        ..PreviewRequest::default()
    };
    let PreviewReply::Shown(preview) = decode_content(&DecodeTask::Show(next)) else { panic!() };
    let ebbtide::preview::PreviewBody::Lines(rows) = &preview.body else { panic!() };
    assert_eq!((rows[0].number, rows[0].text(), preview.more), (Some(3), "three".into(), MoreContent::Nothing));
}

#[test]
fn a_window_at_the_end_has_no_line_numbers_unless_they_are_known() {
    let end = PreviewRequest {
        size: Some(1000),
        windows: vec![ContentWindow { offset: 990, bytes: b"e\nlast one".to_vec() }],
        ..PreviewRequest::default()
    };
    let PreviewReply::Shown(preview) = decode_content(&DecodeTask::Show(end)) else { panic!() };
    assert_eq!((preview.numbering, lines(&preview)), (RowNumbering::None, vec!["e".to_owned(), "last one".into()]));
}

#[test]
fn levels_and_times_of_logs_have_roles() {
    let log = b"2026-11-02T06:00:02Z WARN clock is ahead\n[2026-11-02 06:00:02,123] ERROR no answer\n\
        {x} level=info started\n06:00:01 DEBUG polled\nDEBUGGING is no level\n";
    let preview = look("gateway.log", log);
    assert_eq!(preview.kind, "log · utf-8");
    assert_eq!(
        spans(&preview, 0)[..3],
        [("2026-11-02T06:00:02Z", SpanRole::Number), (" ", SpanRole::Plain), ("WARN", SpanRole::Warning)]
    );
    assert!(spans(&preview, 1).contains(&("ERROR", SpanRole::Error)), "{:?}", spans(&preview, 1));
    assert!(spans(&preview, 2).contains(&("info", SpanRole::Info)), "{:?}", spans(&preview, 2));
    assert!(
        spans(&preview, 3).contains(&(" polled", SpanRole::Plain))
            || spans(&preview, 3).contains(&("DEBUG polled", SpanRole::Muted))
    );
    assert_eq!(spans(&preview, 4), [("DEBUGGING is no level", SpanRole::Plain)]);
}

#[test]
fn colours_add_and_leave_out_nothing() {
    let text = "# c\n[s]\nkey = \"v\" # x\na: 1\n- b: 'x'\n<a href=\"x\">t</a><!-- c\n<b\n::\n=\n- \n--- \n\"q\": {\n 6:00 \
        level\nERRORÄ x\n[ERROR] é\n\t<é>\n2026-11-02 06:00:00 é\n2026-11-02 é:\n";
    for ending in ["log", "ini", "toml", "yaml", "xml", "html", "md", "txt", "rs", "json", "ndjson"] {
        let preview = look_as(PreviewView::Text, &format!("a.{ending}"), text.as_bytes());
        assert_eq!(lines(&preview), text.lines().collect::<Vec<_>>(), "{ending}");
    }
}

#[test]
fn attacks_on_terminals_come_out_as_text_or_as_hexadecimal_numbers_never_raw_controls_in_hex() {
    let attack = b"\x1b]0;title\x07\x1b[2J\x9b31m\0\x01\x02\x03\x04";
    let preview = look("a.bin", attack);
    assert_eq!(preview.view, PreviewView::Hex);
    assert!(lines(&preview).iter().all(|line| !line.contains(char::is_control)), "{preview:?}");
}

#[test]
fn bytes_are_named_by_how_they_begin() {
    let png = [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".as_slice(), &1280_u32.to_be_bytes(), &720_u32.to_be_bytes(), &[8; 9]]
        .concat();
    for (bytes, kind) in [
        (png, "bytes, no text · PNG image 1280×720"),
        (b"SQLite format 3\0\x10\0\x01\x01".to_vec(), "bytes, no text · SQLite database"),
        (b"\x7fELF\x02\x01\x01\0\0\0".to_vec(), "bytes, no text · ELF program"),
        (b"%PDF-1.7\n%\xe2\xe3\0\0".to_vec(), "bytes, no text · pdf (application/pdf)"),
        (vec![0; 64], "bytes, no text · zeros"),
        (vec![3, 0, 9, 0, 1], "bytes, no text"),
    ] {
        assert_eq!(look("thing", &bytes).kind, kind);
    }
}

#[test]
fn nothing_is_a_view_too() {
    let preview = look("a.txt", b"");
    assert_eq!((lines(&preview), notes(&preview)), (vec![], vec![]));
}

#[test]
fn the_map_of_entropy_tells_text_from_zeros_from_packed() {
    assert_eq!(map_ranges(5 << 30).len(), 48);
    assert_eq!(map_ranges(5 << 30).last().unwrap().end(), 5 << 30);
    assert_eq!(map_ranges(10_000).iter().map(|range| range.length).sum::<u64>(), 10_000);
    assert!(map_ranges(0).is_empty());
    let mut state = 1_u64;
    let mut noise = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        state.to_be_bytes()[0]
    };
    let windows = [b"some text\n".repeat(409), vec![0; 4096], (0..4096).map(|_| noise()).collect()];
    let windows = windows.into_iter().zip([0, 8192, 1 << 40]).map(|(bytes, offset)| ContentWindow { offset, bytes });
    let request = PreviewRequest {
        windows: windows.collect(),
        view: PreviewView::Entropy,
        size: Some(1 << 41),
        ..Default::default()
    };
    let PreviewReply::Shown(preview) = decode_content(&DecodeTask::Show(request)) else { panic!() };
    let lines = lines(&preview);
    assert!(
        lines[0].ends_with("text") && lines[1].ends_with("zeros") && lines[2].ends_with("packed or encrypted"),
        "{lines:?}"
    );
}

/// Two contents compared.
fn compare(old: &str, new: &str) -> Preview {
    let request = |text: &str| PreviewRequest::of_beginning("a.txt", Some(text.len() as u64), text.as_bytes().to_vec());
    let task = DecodeTask::Compare { old: request(old), new: request(new) };
    let PreviewReply::Shown(preview) = decode_content(&task) else { panic!() };
    preview
}

#[test]
fn two_contents_are_compared_line_by_line() {
    let preview = compare("one\ntwo\nthree\n", "one\n2\nthree\nfour\n");
    assert_eq!(lines(&preview), ["from line 1, now 1", "  one", "- two", "+ 2", "  three", "+ four"]);
    assert_eq!(preview.kind, "comparison · 2 added, 1 removed");
    assert_eq!(spans(&preview, 2)[0].1, SpanRole::Removed);
    assert_eq!(notes(&compare("same\n", "same\n")), ["no difference"]);
    assert_eq!(notes(&compare("text\n", "\0\u{1}\u{2}")), ["not text: only text is compared line by line"]);
}

#[test]
fn what_was_compared_in_part_is_not_said_to_be_equal_and_goes_on() {
    const IN_PART: &str = "the contents go on: only what was read is compared";
    let part = |text: &str, more: u64| {
        PreviewRequest::of_beginning("a.txt", Some(text.len() as u64 + more), text.as_bytes().to_vec())
    };
    for (old, new, noted, more) in [
        (part("same\n", 9), part("same\n", 9), vec![IN_PART], MoreContent::ReadOn),
        (part("same\n", 0), part("same\n", 9), vec![IN_PART], MoreContent::ReadOn),
        (part("one\n", 9), part("two\n", 0), vec![IN_PART], MoreContent::ReadOn),
        (part("same\n", 0), part("same\n", 0), vec!["no difference"], MoreContent::Nothing),
        (part("one\n", 0), part("two\n", 0), vec![], MoreContent::Nothing),
    ] {
        let PreviewReply::Shown(preview) = decode_content(&DecodeTask::Compare { old, new }) else { panic!() };
        assert_eq!((notes(&preview), preview.more), (noted, more));
    }
}

#[test]
fn the_next_window_begins_behind_the_last_row_that_is_shown() {
    // More lines than a reply holds.
    let content = (0..50_000).map(|line| format!("l{line:05}\n")).collect::<Vec<_>>().concat();
    let utf16: Vec<u8> = content.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let json = (0..50_000).map(|line| format!("{{\"n\":{line:05}}}\n")).collect::<Vec<_>>().concat();
    for (name, bytes, line_bytes, view) in [
        ("a.txt", content.as_bytes(), 7, PreviewView::Auto),
        ("a.txt", utf16.as_slice(), 14, PreviewView::Text),
        ("a.jsonl", json.as_bytes(), 12, PreviewView::Auto),
    ] {
        for more in [0, FIRST_WINDOW] {
            let whole = PreviewRequest::of_beginning(name, Some(bytes.len() as u64 + more), bytes.to_vec());
            let request = PreviewRequest { view, ..whole };
            let PreviewReply::Shown(preview) = decode_content(&DecodeTask::Show(request)) else { panic!() };
            // A reply is full by its rows or by its bytes.
            let shown = lines(&preview).len() as u64;
            assert!((30_000..=MOST_ROWS as u64).contains(&shown), "{name} {shown}");
            assert_eq!(preview.more, MoreContent::ReadOn, "{name} {more}");
            let next = NextWindow { offset: shown * line_bytes, line: Some(shown + 1) };
            assert_eq!(preview.next, Some(next), "{name} {more}");
        }
    }
    for view in [PreviewView::Hex, PreviewView::Text] {
        let request = PreviewRequest::of_beginning("a", Some(1 << 20), b"0123456789abcde\n".repeat(1 << 16));
        let preview = ebbtide::preview::show_plainly(&PreviewRequest { view, ..request });
        let next = preview.next.map(|next| next.offset);
        assert_eq!((preview.more, next), (MoreContent::ReadOn, Some(lines(&preview).len() as u64 * 16)), "{view:?}");
    }
}

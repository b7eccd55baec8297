//! Sequences whole, cut at any byte, without an end, and mixed with what is pasted.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use proptest::prelude::*;

use super::*;

/// What pieces are read as that come one after the other, with a silence at the end.
fn read(pieces: &[&[u8]]) -> Vec<Event> {
    let (mut decoder, mut events) = (Decoder::default(), vec![]);
    for piece in pieces {
        decoder.take_bytes(piece, &mut events);
    }
    if decoder.patience().is_some() {
        decoder.note_silence(&mut events);
    }
    assert_eq!(decoder.patience(), None, "after a silence nothing is waited for");
    events
}

fn pressed(code: KeyCode, modifiers: KeyModifiers) -> Event {
    Event::Key(KeyEvent::new(code, modifiers))
}

fn typed(c: char) -> Event {
    pressed(KeyCode::Char(c), KeyModifiers::NONE)
}

fn pasted(text: &str) -> Event {
    Event::Paste(text.into())
}

fn known() -> Vec<(&'static [u8], Event)> {
    let (none, shift, alt, ctrl) = (KeyModifiers::NONE, KeyModifiers::SHIFT, KeyModifiers::ALT, KeyModifiers::CONTROL);
    let mouse = |kind, column, row| Event::Mouse(MouseEvent { kind, column, row, modifiers: none });
    vec![
        (b"a", typed('a')),
        (b"G", pressed(KeyCode::Char('G'), shift)),
        ("é".as_bytes(), typed('é')),
        ("🦀".as_bytes(), typed('🦀')),
        (b"\r", pressed(KeyCode::Enter, none)),
        (b"\t", pressed(KeyCode::Tab, none)),
        (b"\x7f", pressed(KeyCode::Backspace, none)),
        (b"\x03", pressed(KeyCode::Char('c'), ctrl)),
        (b"\x08", pressed(KeyCode::Char('h'), ctrl)),
        (b"\n", pressed(KeyCode::Char('j'), ctrl)),
        (b"\0", pressed(KeyCode::Char(' '), ctrl)),
        (b"\x1b", pressed(KeyCode::Esc, none)),
        (b"\x1bx", pressed(KeyCode::Char('x'), alt)),
        (b"\x1b[", pressed(KeyCode::Char('['), alt)),
        (b"\x1bO", pressed(KeyCode::Char('O'), alt | shift)),
        (b"\x1bP", pressed(KeyCode::Char('P'), alt | shift)),
        (b"\x1b]", pressed(KeyCode::Char(']'), alt)),
        (b"\x1b[A", pressed(KeyCode::Up, none)),
        (b"\x1bOB", pressed(KeyCode::Down, none)),
        (b"\x1b[1;5C", pressed(KeyCode::Right, ctrl)),
        (b"\x1b[Z", pressed(KeyCode::BackTab, shift)),
        (b"\x1b[H", pressed(KeyCode::Home, none)),
        (b"\x1b[4~", pressed(KeyCode::End, none)),
        (b"\x1b[3;2~", pressed(KeyCode::Delete, shift)),
        (b"\x1b[5~", pressed(KeyCode::PageUp, none)),
        (b"\x1bOP", pressed(KeyCode::F(1), none)),
        (b"\x1b[[E", pressed(KeyCode::F(5), none)),
        (b"\x1b[15~", pressed(KeyCode::F(5), none)),
        (b"\x1b[17~", pressed(KeyCode::F(6), none)),
        (b"\x1b[20~", pressed(KeyCode::F(9), none)),
        (b"\x1b[24~", pressed(KeyCode::F(12), none)),
        (b"\x1b[97;5u", pressed(KeyCode::Char('a'), ctrl)),
        (b"\x1b[27;5;13~", pressed(KeyCode::Enter, ctrl)),
        (b"\x1b[I", Event::FocusGained),
        (b"\x1b[O", Event::FocusLost),
        (b"\x1b[<0;3;4M", mouse(MouseEventKind::Down(MouseButton::Left), 2, 3)),
        (b"\x1b[<0;3;4m", mouse(MouseEventKind::Up(MouseButton::Left), 2, 3)),
        (b"\x1b[<65;300;4M", mouse(MouseEventKind::ScrollDown, 299, 3)),
        (b"\x1b[M \x23\x24", mouse(MouseEventKind::Down(MouseButton::Left), 2, 3)),
        (b"\x1b[200~q\rG\x1b[201~", pasted("q\rG")),
    ]
}

#[test]
fn keys_clicks_and_pastes_are_read_also_where_they_come_in_two_pieces() {
    for (bytes, event) in known() {
        for cut in 0..bytes.len() {
            let events = read(&[&bytes[..cut], &bytes[cut..]]);
            assert_eq!(events, std::slice::from_ref(&event), "{:?} cut at {cut}", String::from_utf8_lossy(bytes));
        }
    }
}

#[test]
fn what_nobody_knows_is_dropped_and_the_next_key_is_read() {
    for bytes in [
        &b"\x1b[?62;4c"[..],
        b"\x1b[12;34R",
        b"\x1b[999~",
        b"\x1b[201~",
        b"\x1b[<1;2M",
        b"\x1b[<0;0;0M",
        b"\x1b[<99999;1;1M",
        b"\x1b[4294967296;5A",
        b"\x1b[99$y",
        b"\x1b]11;rgb:0000/0000/0000\x1b\\",
        b"\x1b]52;c;aGk=\x07",
        b"\x1bP1$r0m\x1b\\",
        b"\x1b_Gi=31;OK\x1b\\",
        b"\xff\xfe\x80\xc3",
        b"\x1b[1;2",
        b"\x1b]11;rgb",
    ] {
        let events = read(&[bytes, b"", b"\x03"]);
        assert_eq!(events, [control_event(CTRL_C)], "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn what_has_no_end_is_given_up_in_a_silence_and_then_keys_are_keys() {
    for begins in [
        &b"\x1b[200~q"[..],
        b"\x1b]52;c;",
        b"\x1bPq",
        b"\x1b_G",
        b"\x1b^x",
        b"\x1bXx",
        b"\x1b[1;",
        b"\x1b[<0;1",
        b"\x1b[M ",
        b"\xf0\x9f",
    ] {
        let (mut decoder, mut events) = (Decoder::default(), vec![]);
        decoder.take_bytes(begins, &mut events);
        assert!(decoder.patience().is_some_and(|patience| patience <= LONGEST_SILENCE), "{begins:?}");
        decoder.note_silence(&mut events);
        decoder.take_bytes(b"j", &mut events);
        let before = events.iter().filter(|event| matches!(event, Event::Key(_))).count();
        assert_eq!((events.last(), before), (Some(&typed('j')), 1), "{begins:?}: {events:?}");
    }
}

#[test]
fn ctrl_c_ends_what_has_no_end() {
    for begins in [&b"\x1b]52;c;"[..], b"\x1bPq", b"\x1b_G", b"\x1b[1;", b"\x1bO", b"\x1b", b"\xf0\x9f"] {
        assert_eq!(read(&[begins, b"\x03", b"j"]), [control_event(CTRL_C), typed('j')], "{begins:?}");
    }
}

#[test]
fn ctrl_c_in_a_paste_is_text_unless_nothing_comes_behind_it() {
    assert_eq!(read(&[b"\x1b[200~a\x03", b"b\x1b[201~j"]), [pasted("a\x03b"), typed('j')]);
    for pieces in [&[&b"\x1b[200~abc"[..], b"\x03"][..], &[b"\x1b[200~abc\x03"], &[b"\x1b[200~\x03\x03"]] {
        assert_eq!(read(pieces), [control_event(CTRL_C)], "{pieces:?}");
    }
    let mut decoder = Decoder::default();
    decoder.take_bytes(b"\x1b[200~abc\x03", &mut vec![]);
    assert_eq!(decoder.patience(), Some(TYPED_PAUSE), "at once");
}

#[test]
fn the_rest_of_a_paste_that_was_given_up_is_no_keys() {
    let (mut decoder, mut events) = (Decoder::default(), vec![]);
    decoder.take_bytes(b"\x1b[200~one", &mut events);
    decoder.note_silence(&mut events);
    decoder.take_bytes(b"q\rR\x1b[201~j", &mut events);
    assert_eq!(events, [pasted("one"), pasted("q\rR"), typed('j')]);
    // Keys that were typed meanwhile are keys, and the next paste is one of its own.
    decoder.take_bytes(b"\x1b[200~two", &mut events);
    decoder.note_silence(&mut events);
    decoder.take_bytes(b"k\x1b[200~three\x1b[201~", &mut events);
    assert_eq!(events[3..], [pasted("two"), typed('k'), pasted("three")]);
}

#[test]
fn a_paste_ends_at_the_last_of_the_ends_that_came_with_it() {
    assert_eq!(read(&[b"\x1b[200~7\x1b[201~q?\x1b[201~j"]), [pasted("7\x1b[201~q?"), typed('j')]);
    assert_eq!(read(&[b"\x1b[200~a\x1b[201~\x1b[200~b\x1b[201~"]), [pasted("a"), pasted("b")]);
    assert_eq!(read(&[b"\x1b[200~a\x1b[200~b\x1b[201~"]), [pasted("a\x1b[200~b")]);
}

#[test]
fn a_paste_of_any_size_keeps_no_more_than_its_bound_and_ends() {
    let (mut decoder, mut events) = (Decoder::default(), vec![]);
    decoder.take_bytes(b"\x1b[200~", &mut events);
    for _ in 0..2000 {
        decoder.take_bytes(&[b'x'; 4096], &mut events);
        assert!(decoder.pasted.len() <= LONGEST_PASTE + 4096);
    }
    for piece in [&b"\x1b[20"[..], b"1~", b"j"] {
        decoder.take_bytes(piece, &mut events);
    }
    assert_eq!((events.len(), events.last()), (2, Some(&typed('j'))));
}

/// Bytes over what begins and ends things, and over all.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let bits: Vec<&[u8]> = vec![
        b"\x1b",
        b"[",
        b"O",
        b"]",
        b"P",
        b"200~",
        b"201~",
        b"\x1b[200~",
        b"\x1b[201~",
        b"\x03",
        b"\x07",
        b"\\",
        b";",
        b"<",
        b"1",
        b"M",
        b"~",
        b"A",
        b"\xc3",
        b"\xa9",
        b"\xff",
        b"q",
        b"\x18",
    ];
    prop::collection::vec(
        prop_oneof![prop::sample::select(bits).prop_map(<[u8]>::to_vec), any::<u8>().prop_map(|byte| vec![byte])],
        0..40,
    )
    .prop_map(|bits| bits.concat())
}

proptest! {
    #[test]
    fn whatever_came_before_a_key_is_read_after_a_silence(bytes in bytes()) {
        let (mut decoder, mut events) = (Decoder::default(), vec![]);
        decoder.take_bytes(&bytes, &mut events);
        if decoder.patience().is_some() {
            decoder.note_silence(&mut events);
        }
        prop_assert_eq!(decoder.patience(), None);
        events.clear();
        decoder.take_bytes(b"j", &mut events);
        prop_assert_eq!(events, [typed('j')]);
    }

    #[test]
    fn what_is_pasted_is_never_a_key(text in bytes(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..4)) {
        // A terminal lets no end into what is pasted; where it comes in one piece even that is harmless.
        let whole = [PASTE_BEGINS, &text, PASTE_ENDS].concat();
        let has_marks = memmem::find(&text, b"\x1b[20").is_some();
        let mut cuts: Vec<usize> = if has_marks { vec![] } else { cuts.iter().map(|cut| cut.index(whole.len())).collect() };
        cuts.extend([0, whole.len()]);
        cuts.sort_unstable();
        prop_assume!(memmem::find(&text, PASTE_BEGINS).is_none());
        let pieces: Vec<&[u8]> = cuts.windows(2).map(|cut| &whole[cut[0]..cut[1]]).collect();
        let events = read(&pieces);
        prop_assert!(events.iter().all(|event| matches!(event, Event::Paste(_))), "{:?}", events);
    }
}

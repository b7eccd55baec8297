//! Objects on their screen and in the pane.

use ebbtide::{
    app::{DetailCall, DetailReply, Effect, LookReply, Message},
    domain::{
        failure::FailureKind,
        listing::{Entry, Object},
        object::{
            Annotation, ChecksumScope, ContentHeaders, MetadataEntry, ObjectAttributes, ObjectHead, ObjectTag,
            ObjectVersion, ReadCost, StoredChecksum, VersionKind,
        },
    },
    preview::{
        MoreContent, NoteLevel, Preview, PreviewBody, PreviewLine, PreviewNote, PreviewTable, PreviewView,
        RowNumbering, SpanRole, TableColumn, TableRow, TextSpan,
    },
    ui::Theme,
};
use insta::assert_snapshot;
use jiff::SignedDuration;
use ratatui::style::Color;

use super::{draw, logs, object, reading, refusal, screen};
use crate::play::Play;

const LOG: [(&str, SpanRole); 4] =
    [("INFO ", SpanRole::Info), ("WARN ", SpanRole::Warning), ("ERROR", SpanRole::Error), ("INFO ", SpanRole::Info)];

fn span(text: &str, role: SpanRole) -> TextSpan {
    TextSpan { text: text.into(), role }
}

/// A log in gzip, of which the first part is read.
fn log_preview() -> Preview {
    let line = |number: usize| {
        let (level, role) = LOG[number % LOG.len()];
        let text = match number % 5 {
            4 => " GAL-07 no answer in 30 s, will ask again at the full hour, and then once more at noon",
            3 => "\tSEA-02 \u{1b}[2J hostile \u{202e}",
            _ => " SEA-01 144 readings",
        };
        PreviewLine {
            number: Some(number as u64 + 1),
            spans: vec![span("2026-11-02T06:00:00Z ", SpanRole::Muted), span(level, role), span(text, SpanRole::Plain)],
            more: 0,
        }
    };
    let note = PreviewNote {
        level: NoteLevel::Info,
        text: "gzip goes on: 284,637 bytes came out of the first 64.0 KiB".into(),
    };
    Preview {
        kind: "text in gzip · utf-8".into(),
        view: PreviewView::Text,
        views: vec![PreviewView::Text, PreviewView::Hex],
        encoding: Some("utf-8".into()),
        body: PreviewBody::Lines((0..565).map(line).collect()),
        numbering: RowNumbering::Lines,
        notes: vec![note],
        more: MoreContent::ReadOn,
        unpacked: Some(284_637),
        ..Preview::default()
    }
}

fn table_preview() -> Preview {
    let columns = [("time", false), ("height_m", true), ("flag", false), ("what was seen, and by whom", false)];
    let row = |number: u64| TableRow {
        number: Some(number),
        cells: vec![
            span(&format!("00:{number:02}"), SpanRole::Plain),
            span(&format!("{}.5", number * 7 % 40), SpanRole::Number),
            span(if number.is_multiple_of(9) { "late" } else { "ok" }, SpanRole::Plain),
            span("a remark that is much longer than the column that it stands in could ever be", SpanRole::Plain),
        ],
    };
    let column = |(name, right): (&str, bool)| TableColumn { name: name.into(), right };
    Preview {
        kind: "CSV with a header · utf-8".into(),
        view: PreviewView::Table,
        views: vec![PreviewView::Table, PreviewView::Text, PreviewView::Hex],
        body: PreviewBody::Table(PreviewTable {
            columns: columns.into_iter().map(column).collect(),
            rows: (1..=60).map(row).collect(),
        }),
        numbering: RowNumbering::Rows,
        ..Preview::default()
    }
}

fn answer(play: &mut Play, effects: &[Effect], preview: Preview, bytes: u64, size: u64) {
    let generation = effects.iter().find_map(|effect| match effect {
        Effect::Look { generation, .. } => Some(*generation),
        _ => None,
    });
    let reply = LookReply {
        preview,
        cost: ReadCost { requests: 1, bytes },
        size: Some(size),
        etag: Some("e".into()),
        read_at: play.now,
        begins: 0,
        is_whole: bytes >= size,
    };
    play.tell(Message::Looked { generation: generation.unwrap(), outcome: Ok(Box::new(reply)) });
}

fn at_the_log(size: (u16, u16)) -> Play {
    let mut play = reading(logs(), None);
    play.tell(Message::Resized(size.0, size.1));
    let effects = play.press("j enter");
    answer(&mut play, &effects, log_preview(), 65_536, 11_953_021);
    play
}

fn wait_ms(play: &mut Play, milliseconds: i64) -> Vec<Effect> {
    play.now += SignedDuration::from_millis(milliseconds);
    play.tell(Message::Tick)
}

#[test]
fn content_says_what_it_is_what_it_cost_and_which_part_one_sees() {
    assert_snapshot!(screen(&at_the_log((80, 24))));
}

#[test]
fn long_lines_wrap_by_a_key_and_what_is_found_is_marked() {
    let mut play = at_the_log((60, 15));
    play.press("w / g a l");
    assert_snapshot!(screen(&play));
}

#[test]
fn details_say_of_each_part_what_is_known_or_why_not() {
    let mut play = reading(logs(), None);
    let effects = play.press("j i");
    let Some(Effect::ReadDetails { generation, calls, .. }) = effects.last() else { panic!("{effects:?}") };
    let generation = *generation;
    assert_eq!(calls.len(), DetailCall::ALL.len());
    let checksum = StoredChecksum::from_header("CRC64NVME", "8lq3Z0m1c2A=");
    let head = ObjectHead {
        size: Some(11_953_021),
        etag: Some("1135e26d2541b3c5d3e118a06dfb6ce1-2".into()),
        last_modified: Some("2026-11-02T06:15:01Z".parse().unwrap()),
        content: ContentHeaders {
            content_type: Some("text/plain".into()),
            encoding: Some("gzip".into()),
            ..ContentHeaders::default()
        },
        version_id: Some("3sL4kqtJlcpXroDTDmJ".into()),
        checksums: vec![checksum],
        checksum_scope: Some(ChecksumScope::WholeObject),
        metadata: vec![MetadataEntry { name: "team".into(), value: "tides".into() }],
        ..ObjectHead::default()
    };
    let annotation = Annotation { name: "review".into(), size: Some(412), last_modified: None, etag: None };
    for reply in [
        DetailReply::Head(Ok(Box::new(head))),
        DetailReply::Attributes(Ok(Box::new(ObjectAttributes { parts_count: Some(2), ..ObjectAttributes::default() }))),
        DetailReply::Tags(Err(refusal(FailureKind::Denied, "AccessDenied", 403))),
        DetailReply::Retention(Ok(None)),
        DetailReply::Annotations(Ok(vec![annotation])),
    ] {
        play.tell(Message::DetailArrived { generation, reply });
    }
    play.press("j j");
    assert_snapshot!("details", screen(&play));
    let tags = vec![ObjectTag { key: "a\u{1b}".into(), value: "b".into() }];
    play.tell(Message::DetailArrived { generation, reply: DetailReply::Tags(Ok(tags)) });
    assert!(screen(&play).contains(r"a\x1b=b"), "{}", screen(&play));
}

#[test]
fn versions_show_delete_markers_and_what_is_marked() {
    let mut play = reading(logs(), None);
    let effects = play.press("j V");
    let Some(Effect::ListVersions { generation, .. }) = effects.last() else { panic!("{effects:?}") };
    let version = |id: &str, at: &str, size: Option<u64>, is_latest| ObjectVersion {
        key: "gateway.log".into(),
        version_id: Some(id.into()),
        is_latest,
        last_modified: Some(at.parse().unwrap()),
        kind: match size {
            Some(size) => VersionKind::Content { size: Some(size), etag: None, storage_class: Some("GLACIER".into()) },
            None => VersionKind::DeleteMarker,
        },
    };
    let versions = vec![
        version("3sL4kqtJlcpXroDTDmJ", "2026-11-03T06:15:01Z", Some(426), true),
        version("Kx.deleted", "2026-11-02T06:15:01Z", None, false),
        version("null", "2026-10-02T06:15:01Z", Some(11_953_021), false),
    ];
    play.tell(Message::VersionsArrived { generation: *generation, outcome: Ok((versions, true)) });
    play.press("space j");
    assert_snapshot!(screen(&play));
}

/// The list and the pane, the cursor on an object.
fn beside_the_list(size: (u16, u16)) -> Play {
    let mut play = reading(logs(), None);
    play.tell(Message::Resized(size.0, size.1));
    play.press("v j");
    let effects = wait_ms(&mut play, 150);
    answer(&mut play, &effects, table_preview(), 3788, 3788);
    play
}

#[test]
fn a_pane_beside_the_list_shows_what_the_cursor_is_on() {
    assert_snapshot!(screen(&beside_the_list((100, 30))));
}

#[test]
fn a_large_terminal_has_what_the_listing_says_below_the_pane() {
    assert_snapshot!(screen(&beside_the_list((140, 45))));
}

/// The line in the middle of the screen.
fn sentence(play: &Play) -> String {
    let screen = screen(play);
    let sentences = screen.lines().skip(5).filter(|line| line.contains(['✗', '○', '▲']));
    let inner = |line: &str| line.trim_matches(['│', ' ']).to_owned();
    sentences.map(inner).next().unwrap_or_default()
}

#[test]
fn what_cannot_be_shown_is_said_in_one_line() {
    let row = |key: &str, size: u64, class: &str| match object(key, size, class) {
        Entry::Object(object) => Entry::Object(Object { ..object }),
        _ => unreachable!(),
    };
    for (entry, said) in [
        (row("a", 0, "STANDARD"), "○ empty: 0 bytes"),
        (row("a/", 0, "STANDARD"), "○ a folder marker: 0 bytes, its name ends in /"),
        (row("a", 1, "GLACIER"), "✗ archived: GLACIER, restore it first · no request was sent"),
    ] {
        let mut play = reading(vec![entry], None);
        play.press("enter");
        assert_eq!(sentence(&play), said);
    }
    let failed = |kind, code: &str, status| refusal(kind, code, status);
    let encrypted = ebbtide::domain::failure::Failure {
        message:
            "The object was stored using a form of Server Side Encryption. The correct parameters must be provided"
                .into(),
        ..failed(FailureKind::Invalid, "InvalidRequest", 400)
    };
    for (failure, said) in [
        (failed(FailureKind::Denied, "AccessDenied", 403), "✗ refused: AccessDenied on GetObject"),
        (failed(FailureKind::NotFound, "NoSuchKey", 404), "✗ gone: deleted or renamed since it was listed"),
        (failed(FailureKind::NotFound, "NoSuchVersion", 404), "✗ gone: this version was removed"),
        (failed(FailureKind::Other, "PreconditionFailed", 412), "▲ changed since it was listed (ETag)"),
        (failed(FailureKind::Other, "InvalidObjectState", 403), "✗ archived: restore it first"),
        (failed(FailureKind::Expired, "ExpiredToken", 400), "✗ the session has expired"),
        (encrypted, "○ encrypted with a customer's key: cannot be read without it"),
    ] {
        let mut play = reading(logs(), None);
        let effects = play.press("j enter");
        let Some(Effect::Look { generation, .. }) = effects.last() else { panic!("{effects:?}") };
        play.tell(Message::Looked { generation: *generation, outcome: Err(failure) });
        assert_eq!(sentence(&play), said);
    }
}

#[test]
fn content_stays_once_the_session_is_over_and_says_of_when_it_is() {
    let mut play = at_the_log((80, 24));
    play.wait(3700);
    let screen = screen(&play);
    for text in
        ["as of 14:00:00", "✗ session expired · this is as of 14:00:00 · R renews and looks again", "SEA-01 144"]
    {
        assert!(screen.contains(text), "{text}:\n{screen}");
    }
}

#[test]
fn a_difference_has_signs_and_not_only_colours() {
    let lines = [(" same", SpanRole::Plain), ("- old", SpanRole::Removed), ("+ new", SpanRole::Added)];
    let line = |(text, role): (&str, SpanRole)| PreviewLine { spans: vec![span(text, role)], ..PreviewLine::default() };
    let preview = Preview { body: PreviewBody::Lines(lines.into_iter().map(line).collect()), ..log_preview() };
    let mut play = reading(logs(), None);
    let effects = play.press("j enter");
    answer(&mut play, &effects, preview, 1, 1);
    for theme in [Theme::coloured(), Theme::plain()] {
        let backend = draw(&play, theme);
        let cells = &backend.buffer().content;
        let row = |text: &str| cells.chunks(80).find(|row| row[2].symbol() == text).map(|row| row[4].fg);
        let colours = ["-", "+"].map(|sign| row(sign).unwrap_or(Color::White));
        let expected = if theme == Theme::plain() { [Color::Reset; 2] } else { [Color::Red, Color::Green] };
        assert_eq!(colours, expected);
    }
}

#[test]
fn a_line_that_is_cut_says_so_at_the_edge_and_wrapped_at_its_end_alone() {
    const MARK: &str = "… 23,616 more bytes";
    let line = PreviewLine { spans: vec![span(&"x".repeat(200), SpanRole::Plain)], more: 23_616, number: None };
    let preview = Preview { body: PreviewBody::Lines(vec![line]), numbering: RowNumbering::None, ..log_preview() };
    let mut play = reading(logs(), None);
    let effects = play.press("j enter");
    answer(&mut play, &effects, preview, 1, 1);
    for keys in ["", "right", "right right right right right right right right right right right right"] {
        play.press(keys);
        let screen = screen(&play);
        assert_eq!(screen.matches(MARK).count(), 1, "{keys}\n{screen}");
    }
    play.press("w");
    let screen = screen(&play);
    assert_eq!(screen.matches(MARK).count(), 1, "{screen}");
    let row = screen.lines().find(|row| row.contains(MARK)).unwrap();
    assert!(row.contains("xx …"), "behind the last of it: {row}");
}

#[test]
fn all_is_said_only_of_what_is_here_from_the_first_byte_to_the_last() {
    for (begins, is_whole, bytes, cost, end) in [
        (0, true, 1000, "all 1000 B read", ", all"),
        (0, true, 1500, "1.5 KiB for all 1000 B read", ", all"),
        (0, false, 1500, "1.5 KiB of 1000 B read", ", all"),
        (936, false, 64, "its end · 64 B of 1000 B read", "565 read"),
    ] {
        let mut play = reading(logs(), None);
        let effects = play.press("j enter");
        let Some(Effect::Look { generation, .. }) = effects.last() else { panic!("{effects:?}") };
        let reply = LookReply {
            preview: Preview { more: MoreContent::Nothing, kind: "text".into(), ..log_preview() },
            cost: ReadCost { requests: 1, bytes },
            size: Some(1000),
            etag: None,
            read_at: play.now,
            begins,
            is_whole,
        };
        play.tell(Message::Looked { generation: *generation, outcome: Ok(Box::new(reply)) });
        let screen = screen(&play);
        assert!(screen.contains(cost) && screen.contains(end), "{cost} {end}:\n{screen}");
        assert_eq!(screen.contains(", all"), begins == 0, "{screen}");
    }
}

#[test]
fn a_refusal_names_the_call_that_was_refused() {
    let failed = |kind, code: &str, status| refusal(kind, code, status);
    let without_code = ebbtide::domain::failure::Failure { code: None, ..failed(FailureKind::Denied, "x", 403) };
    for (failure, said) in [
        (failed(FailureKind::Denied, "AccessDenied", 403), "refused: AccessDenied on GetObjectAnnotation"),
        (failed(FailureKind::NotFound, "NoSuchAnnotation", 404), "not found: NoSuchAnnotation on GetObjectAnnotation"),
        (failed(FailureKind::NotFound, "NoSuchBucket", 404), "gone: the bucket does not exist any more"),
        (without_code.clone(), "refused: HTTP status 403 on GetObjectAnnotation"),
    ] {
        let mut play = reading(logs(), None);
        let effects = play.press("j i");
        let Some(Effect::ReadDetails { generation, .. }) = effects.last() else { panic!("{effects:?}") };
        let annotation = Annotation { name: "review".into(), size: Some(412), last_modified: None, etag: None };
        let reply = DetailReply::Annotations(Ok(vec![annotation]));
        play.tell(Message::DetailArrived { generation: *generation, reply });
        let at = play.model.object.details.rows.iter().position(|row| row.annotation.is_some()).unwrap();
        play.press(&vec!["j"; at].join(" "));
        let effects = play.press("enter");
        let Some(Effect::Look { generation, .. }) = effects.last() else { panic!("{effects:?}") };
        play.tell(Message::Looked { generation: *generation, outcome: Err(failure) });
        assert!(sentence(&play).contains(said), "{said}: {}", sentence(&play));
    }
    for (failure, said) in [
        (failed(FailureKind::Denied, "AccessDenied", 403), "refused: AccessDenied on ListObjectVersions"),
        (without_code, "refused: HTTP status 403 on ListObjectVersions"),
        (failed(FailureKind::NotFound, "NoSuchBucket", 404), "gone: the bucket does not exist any more"),
        (failed(FailureKind::Other, "SlowDown", 503), "not listed: S3 answered SlowDown (503)"),
    ] {
        let mut play = reading(logs(), None);
        let effects = play.press("j V");
        let Some(Effect::ListVersions { generation, .. }) = effects.last() else { panic!("{effects:?}") };
        let version = ObjectVersion {
            key: "gateway.log".into(),
            version_id: Some("v".into()),
            is_latest: true,
            last_modified: None,
            kind: VersionKind::DeleteMarker,
        };
        let (generation, page) = (*generation, Ok((vec![version], false)));
        play.tell(Message::VersionsArrived { generation, outcome: page });
        play.tell(Message::VersionsArrived { generation, outcome: Err(failure) });
        assert!(screen(&play).contains(said), "{said}:\n{}", screen(&play));
    }
}

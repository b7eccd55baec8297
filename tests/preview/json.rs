//! JSON: whole, cut, deep, odd.

use std::fmt::Write;

use ebbtide::preview::{MoreContent, PreviewView, SpanRole};

use crate::{beginning, lines, look, look_as, notes, spans};

#[test]
fn json_is_laid_out_with_numbers_and_keys_as_they_are_written() {
    let json = br#"{"a":1.10,"a":100000000000000000000,"e":1e400,"t":["x","y"],"o":{},"n":{"k":[{"z":null},true]},"u":"\u00e9\/"}"#;
    let preview = look("a.json", json);
    assert_eq!(
        lines(&preview),
        [
            "{",
            "  \"a\": 1.10,",
            "  \"a\": 100000000000000000000,",
            "  \"e\": 1e400,",
            "  \"t\": [ \"x\", \"y\" ],",
            "  \"o\": {},",
            "  \"n\": {",
            "    \"k\": [",
            "      {",
            "        \"z\": null",
            "      },",
            "      true",
            "    ]",
            "  },",
            "  \"u\": \"\\u00e9\\/\"",
            "}",
        ]
    );
    assert_eq!((preview.kind.as_str(), preview.view), ("JSON, one document · utf-8", PreviewView::Pretty));
    assert_eq!(
        spans(&preview, 1)[1..],
        [
            ("\"a\"", SpanRole::Key),
            (": ", SpanRole::Punctuation),
            ("1.10", SpanRole::Number),
            (",", SpanRole::Punctuation)
        ]
    );
    assert!(notes(&preview).is_empty());
}

#[test]
fn cut_json_is_shown_as_far_as_it_goes_wherever_it_is_cut() {
    let json =
        r#"{"name":"Seattle, pier 54","lat":-47.60e1,"ok":true,"none":null,"tags":["main",["é",12]],"k\"ey":{}}"#;
    let squeeze = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    for end in (2..json.len()).filter(|end| json.is_char_boundary(*end)) {
        let preview = beginning("a.json", &json.as_bytes()[..end]);
        assert_eq!(squeeze(&lines(&preview).concat()), squeeze(&json[..end]), "cut at {end}");
        assert_eq!((preview.more, notes(&preview)), (MoreContent::ReadOn, vec!["it goes on"]), "cut at {end}");
    }
}

#[test]
fn a_million_levels_are_shown_up_to_the_limit() {
    for json in
        ["[".repeat(1_000_000), "{\"a\":".repeat(200_000), format!("{}{}", "[".repeat(500_000), "]".repeat(500_000))]
    {
        let preview = beginning("a.json", json.as_bytes());
        assert!((30_000..=40_000).contains(&lines(&preview).len()), "{}", lines(&preview).len());
        assert!(notes(&preview)[1].contains("deep: the indent stops at 32 levels"), "{:?}", notes(&preview));
    }
}

#[test]
fn what_is_no_json_from_some_place_on_is_shown_as_it_is() {
    let preview = look("a.json", b"{\n\"a\": 1,\n\"b\": nonsense,\n\"c\": 2\n}\n");
    assert_eq!(lines(&preview)[..3], ["{", "  \"a\": 1,", "  \"b\": "]);
    assert_eq!(lines(&preview)[3..], ["nonsense,", "\"c\": 2", "}"]);
    assert_eq!(notes(&preview), ["not valid JSON from line 3 on: the rest is shown as it is"]);
}

#[test]
fn nothing_but_numbers_of_json_are_numbers_of_json() {
    for (value, valid) in [
        ("0", true),
        ("-0.5", true),
        ("1E+9", true),
        ("01", false),
        ("1.", false),
        (".5", false),
        ("+1", false),
        ("0x1", false),
        ("NaN", false),
        ("1e", false),
        ("--1", false),
        ("truth", false),
    ] {
        let preview = look("a.json", format!("[{value}, {{}}]").as_bytes());
        let damaged = notes(&preview).iter().any(|note| note.starts_with("not valid JSON"));
        let is_pretty = preview.view == PreviewView::Pretty;
        assert_eq!(is_pretty && !damaged, valid, "{value}: {preview:?}");
    }
}

#[test]
fn json_lines_keep_their_lines() {
    let text = b"{\"a\":1}\n{\"a\": 2, \"b\":\"x\"}\nnot json\n{\"cut\":\"in";
    let preview = beginning("events.ndjson", text);
    assert_eq!(preview.kind, "JSON lines · utf-8");
    assert_eq!(lines(&preview), ["{\"a\":1}", "{\"a\": 2, \"b\":\"x\"}", "not json", "{\"cut\":\"in"]);
    assert_eq!(spans(&preview, 2), [("not json", SpanRole::Invalid)]);
    // The name is not needed.
    assert_eq!(look("part-0000", b"{\"a\":1}\n{\"a\":2}\n").kind, "JSON lines · utf-8");
}

#[test]
fn json_may_be_seen_as_it_is_written() {
    let preview = look_as(PreviewView::Text, "a.json", b"{ \"a\" :1}\n");
    assert_eq!((lines(&preview), preview.view), (vec!["{ \"a\" :1}".to_owned()], PreviewView::Text));
}

#[test]
fn a_line_of_punctuation_is_bounded() {
    let mut json = "[".to_owned();
    for at in 0..30_000 {
        let _ = write!(json, "{}{{\"a\":{at}}}", if at == 0 { "" } else { "," });
    }
    let preview = look_as(PreviewView::Text, "a.json", &json.as_bytes()[..60_000]);
    let ebbtide::preview::PreviewBody::Lines(lines) = &preview.body else { panic!() };
    assert!(lines[0].spans.len() <= 4096 && lines[0].more > 0);
}

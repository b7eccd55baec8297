//! Parquet: rows, schema, statistics; lies in every header.

use ebbtide::preview::{
    ContentWindow, DecodeTask, LARGEST_FOOTER, MoreContent, PreviewReply, PreviewRequest, PreviewView, USUAL_BUDGET,
    decode_content,
};

use crate::{
    corpus_files::{file, files},
    lines, look, look_as, names, notes, read_object, row, table,
};

const COLUMNS: [&str; 12] =
    ["station", "time", "local", "height", "flag", "day", "price", "whole", "truth", "raw", "place.x", "place.y"];

const FIRST_ROW: [&str; 12] = [
    "SEA-00",
    "2026-11-02T06:00:00Z",
    "2026-11-02T06:00:00",
    "0.0",
    "null",
    "1969-12-30",
    "-0.01",
    "9223372036854775808",
    "true",
    "000000ff",
    "0",
    "q",
];

#[test]
fn the_first_rows_are_the_same_whatever_the_codec_and_the_encoding() {
    for name in ["none", "snappy", "gzip", "zstd", "lz4", "v2", "plain", "groups"] {
        let preview = look(&format!("{name}.parquet"), &file(&format!("{name}.parquet")));
        assert_eq!(names(table(&preview)), COLUMNS, "{name}: {:?}", notes(&preview));
        assert_eq!(row(table(&preview), 0), FIRST_ROW, "{name}");
        let last = row(table(&preview), 49);
        assert_eq!((last[0], last[3], last[6], last[7]), ("SEA-00", "6.125", "0.48", "9223372036854775857"), "{name}");
        assert_eq!(notes(&preview), ["Parquet: 1 more columns are not read"], "{name}");
    }
}

#[test]
fn the_kind_says_rows_groups_columns_codec_and_writer() {
    let kind = look("groups.parquet", &file("groups.parquet")).kind;
    assert!(
        kind.starts_with("Parquet · 120 rows · 3 row groups · 13 columns · snappy · written by parquet-cpp"),
        "{kind}"
    );
}

#[test]
fn differences_and_split_streams_are_decoded_and_other_encodings_named() {
    let preview = look("delta.parquet", &file("delta.parquet"));
    assert_eq!(row(table(&preview), 49), ["2026-11-02T14:10:00Z", "6.125", "1970-02-17"]);
    let preview = look("delta-bytes.parquet", &file("delta-bytes.parquet"));
    assert_eq!(names(table(&preview)), ["height"]);
    assert_eq!(
        notes(&preview),
        [
            "Parquet: column station has an encoding (delta bytes) that is not shown",
            "Parquet: column raw has an encoding (delta lengths) that is not shown",
        ]
    );
}

#[test]
fn brotli_is_refused_before_anything_of_it_is_read() {
    let read = read_object("brotli.parquet", &file("brotli.parquet"), USUAL_BUDGET, |_| {});
    assert_eq!(read.trips, 1);
    assert_eq!(notes(&read.preview)[0], "Parquet: column station is packed with Brotli, which is not unpacked");
}

#[test]
fn schema_and_row_groups_come_from_the_footer_alone() {
    let content = file("groups.parquet");
    let schema = lines(&look_as(PreviewView::Schema, "groups.parquet", &content));
    assert_eq!(schema[..4], ["station  string", "time  timestamp[us, UTC]", "local  timestamp[ms]", "height  double"]);
    assert!(
        schema.contains(&"  x  int64".to_owned()) && schema.contains(&"price  decimal(12, 2)".to_owned()),
        "{schema:?}"
    );
    let groups = look_as(PreviewView::RowGroups, "groups.parquet", &content);
    let rows = table(&groups);
    assert_eq!(rows.rows.len(), 3 * 13);
    let first: Vec<&str> = row(rows, 13 + 5);
    assert_eq!((first[0], first[1], first[2]), ("1", "50", "day"));
    assert_eq!(first[7..], ["1970-02-18", "1970-04-08"]);
}

#[test]
fn encryption_is_named() {
    let preview = look("pare.parquet", &file("pare.parquet"));
    assert!(notes(&preview)[0].starts_with("Parquet: footer encrypted · only its length can be told: "), "{preview:?}");
    let preview = look("column.parquet", &file("column.parquet"));
    assert_eq!(names(table(&preview)), ["station"]);
    assert_eq!(notes(&preview), ["Parquet: column flag is encrypted or lies in another file"]);
}

#[test]
fn a_file_without_rows_has_a_table_without_rows() {
    let preview = look("empty.parquet", &file("empty.parquet"));
    assert_eq!((table(&preview).rows.len(), preview.view), (0, PreviewView::Table));
}

#[test]
fn a_page_that_unpacks_to_megabytes_shows_its_beginning() {
    let preview = look("bomb.parquet", &file("bomb.parquet"));
    let cells = row(table(&preview), 0);
    assert_eq!(cells[0], "1");
    assert!(cells[1].ends_with("… (4194304 bytes)") && cells[1].len() < 5000, "{}", cells[1].len());
}

/// A file with this trailer in place of its own.
fn with_length(length: u32, magic: [u8; 4]) -> Vec<u8> {
    let mut content = file("snappy.parquet");
    let end = content.len();
    content[end - 8..end - 4].copy_from_slice(&length.to_le_bytes());
    content[end - 4..].copy_from_slice(&magic);
    content
}

#[test]
fn a_footer_that_lies_about_its_length_is_named() {
    for length in [u32::MAX, 0x8000_0000, 0, 10_012, 10_021] {
        let preview = look("a.parquet", &with_length(length, *b"PAR1"));
        assert_eq!(notes(&preview), ["Parquet: its footer's length cannot be right"], "{length}");
    }
    for length in [1, 10, 100, 4000] {
        assert_eq!(
            notes(&look("a.parquet", &with_length(length, *b"PAR1"))),
            ["Parquet: its footer is damaged"],
            "{length}"
        );
    }
    let other = look("a.parquet", &with_length(10, *b"XXXX"));
    assert_eq!(notes(&other), ["Parquet: it does not end as Parquet does"]);
    assert_eq!(notes(&look("a.parquet", b"PAR1")), ["Parquet: it is too short"]);
}

#[test]
fn what_is_only_called_parquet_is_shown_from_its_beginning() {
    let text = crate::corpus_files::log(4000);
    let read = read_object("a.parquet", text.as_bytes(), USUAL_BUDGET, |_| {});
    assert_eq!((lines(&read.preview)[0].as_str(), read.trips), (text.lines().next().unwrap(), 2));
    assert_eq!(read.preview.more, MoreContent::ReadOn);
}

#[test]
fn a_long_footer_is_read_only_by_request() {
    let mut content = file("snappy.parquet");
    let trailer = content.split_off(content.len() - 8);
    let footer_length = u32::from_le_bytes(trailer[..4].try_into().unwrap());
    let footer = content.split_off(content.len() - footer_length as usize);
    // A struct may be followed by anything: here by what makes the footer long.
    for (padding, note, more) in [
        (300_000_u32, "Parquet: footer of 295.", true),
        (1 << 20, "Parquet: footer of 1.0 MiB, more than 768 KiB", true),
        (100_000, "Parquet: 1 more columns are not read", false),
    ] {
        let length = footer_length + padding;
        let padded = [&content[..], &footer, &vec![0; padding as usize], &length.to_le_bytes(), b"PAR1"].concat();
        let read = read_object("a.parquet", &padded, USUAL_BUDGET, |_| {});
        assert!(notes(&read.preview)[0].starts_with(note), "{:?}", notes(&read.preview));
        assert_eq!(read.preview.more == MoreContent::LongFooter(u64::from(length)), more);
        let read = read_object("a.parquet", &padded, 4 << 20, |request| request.long_footer = true);
        assert_eq!(row(table(&read.preview), 0)[..10], FIRST_ROW[..10], "{padding}");
        assert!(read.trips <= 3);
    }
}

#[test]
fn every_file_of_the_corpus_keeps_to_the_budget_and_three_trips() {
    for (name, content) in files() {
        let read = read_object(&name, &content, USUAL_BUDGET, |_| {});
        assert!(read.trips <= 3 && read.moved <= USUAL_BUDGET, "{name}: {} trips, {} bytes", read.trips, read.moved);
    }
}

#[test]
fn a_file_without_the_usual_name_is_recognised_by_its_beginning() {
    let read = read_object("part-0000", &file("snappy.parquet"), USUAL_BUDGET, |_| {});
    assert_eq!(names(table(&read.preview)), COLUMNS);
}

#[test]
fn a_footer_that_does_not_fit_is_refused_also_where_it_was_asked_for() {
    let largest = u32::try_from(LARGEST_FOOTER).unwrap();
    for (length, is_offered) in [(largest, true), (largest + 1, false), (1 << 30, false), (u32::MAX, false)] {
        for long_footer in [false, true] {
            let size = 1 << 40;
            let tail = [&length.to_le_bytes()[..], b"PAR1"].concat();
            let request = PreviewRequest {
                name: "a.parquet".into(),
                size: Some(size),
                windows: vec![ContentWindow { offset: size - 8, bytes: tail }],
                budget: u64::MAX,
                trips: 2,
                long_footer,
                ..PreviewRequest::default()
            };
            let reply = decode_content(&DecodeTask::Show(request));
            match reply {
                PreviewReply::Needs(_) => assert!(long_footer && is_offered, "{length}"),
                PreviewReply::Shown(preview) if is_offered => {
                    assert!(!long_footer && preview.more == MoreContent::LongFooter(length.into()), "{preview:?}");
                }
                PreviewReply::Shown(preview) => {
                    assert!(notes(&preview)[0].ends_with("more than 5.0 MiB · none so long is read"), "{preview:?}");
                    assert_eq!(preview.more, MoreContent::Nothing);
                }
            }
        }
    }
}

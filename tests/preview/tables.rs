//! CSV and its kin.

use ebbtide::preview::{MOST_COLUMNS, MoreContent, NextWindow, PreviewView, RowNumbering};

use crate::{beginning, lines, look, look_as, names, notes, read_object, row, table};

#[test]
fn delimiter_quotes_and_header_are_guessed_and_said() {
    for (name, text, kind, columns, second) in [
        (
            "a.csv",
            "time,height_m,flag\n00:00,1.056,ok\n00:10,0.758,ok\n",
            "CSV with a header",
            vec!["time", "height_m", "flag"],
            vec!["00:10", "0.758", "ok"],
        ),
        ("a.csv", "1,2\n3,4\n5,6\n", "CSV without a header", vec!["1", "2"], vec!["3", "4"]),
        ("a.csv", "a;b\n1,5;x\n2,5;y\n", "CSV with semicolons and a header", vec!["a", "b"], vec!["2,5", "y"]),
        ("a.tsv", "a\tb\n1\t2\n3\t4\n", "TSV with a header", vec!["a", "b"], vec!["3", "4"]),
        ("a.csv", "a|b\n1|2\n3|4\n", "table with | and a header", vec!["a", "b"], vec!["3", "4"]),
        (
            "a.csv",
            "n,v\n\"x, \"\"y\"\"\",1\n\"two\nlines\",2\n",
            "CSV with a header",
            vec!["n", "v"],
            vec!["two\nlines", "2"],
        ),
        ("a.csv", "n;v\n'a;b';1\n'c;d';2\n", "CSV with semicolons and a header", vec!["n", "v"], vec!["c;d", "2"]),
        ("part-0", "id\tname\n1\tx\n2\ty\n3\tz\n", "TSV with a header", vec!["id", "name"], vec!["2", "y"]),
        ("a.csv", "only\n1\n2\n", "CSV with a header", vec!["only"], vec!["2"]),
    ] {
        let preview = look(name, text.as_bytes());
        assert_eq!(preview.kind, format!("{kind} · utf-8"), "{text}");
        assert_eq!(names(table(&preview)), columns, "{text}");
        assert_eq!(row(table(&preview), 1), second, "{text}");
        assert_eq!(preview.numbering, RowNumbering::Rows);
        assert!(notes(&preview).is_empty(), "{:?}", notes(&preview));
    }
}

#[test]
fn numbers_stand_at_the_right() {
    let preview = look("a.csv", b"a,b\n1,x\n,y\n-2.5e3,3\n");
    assert_eq!(table(&preview).columns.iter().map(|column| column.right).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn prose_and_source_are_no_tables() {
    for (name, text) in [
        ("a.txt", "Yes, indeed.\nNo, never.\nWell, perhaps.\n"),
        ("main.rs", "let a = (1,2);\nlet b = (3,4);\nlet c = (5,6);\n"),
        ("notes", "one\ntwo\nthree\n"),
    ] {
        assert_eq!(look(name, text.as_bytes()).view, PreviewView::Text, "{name}");
    }
}

#[test]
fn a_quote_that_is_never_closed_is_taken_for_text() {
    let text = format!("a,b\n1,\"x\n{}", "2,y\n".repeat(100));
    let preview = look("a.csv", text.as_bytes());
    assert_eq!(notes(&preview), ["a quote is never closed: quotes are shown as they are"]);
    assert_eq!((table(&preview).rows.len(), row(table(&preview), 0)), (101, vec!["1", "\"x"]));
}

#[test]
fn commas_alone_are_bounded() {
    let preview = beginning("a.csv", ",".repeat(256 * 1024).as_bytes());
    assert_eq!(table(&preview).columns.len(), MOST_COLUMNS);
    assert_eq!(notes(&preview)[0], "the first 1024 of 262,145 columns are shown");
}

#[test]
fn one_field_of_megabytes_is_cut() {
    let text = format!("a,b\n{},1\n", "x".repeat(1_000_000));
    let preview = read_object("a.csv", text.as_bytes(), 1 << 20, |request| {
        request.windows[0].bytes = text.as_bytes().to_vec();
    });
    let cell = row(table(&preview.preview), 0)[0];
    assert!(cell.len() < 5000 && cell.ends_with("… (1000000 bytes)"));
}

#[test]
fn ragged_rows_are_rows() {
    let preview = look("a.csv", b"a,b,c\n1\n1,2,3\n1,2,3,4\n");
    assert_eq!(names(table(&preview)), ["a", "b", "c", ""]);
    assert_eq!((row(table(&preview), 0), row(table(&preview), 2)), (vec!["1"], vec!["1", "2", "3", "4"]));
}

#[test]
fn the_next_window_begins_with_the_record_that_was_cut() {
    let preview = beginning("a.csv", b"a,b\n1,2\n3,");
    assert_eq!((preview.more, preview.next), (MoreContent::ReadOn, Some(NextWindow { offset: 8, line: None })));
}

#[test]
fn a_table_may_be_seen_raw_and_with_another_delimiter() {
    assert_eq!(lines(&look_as(PreviewView::Text, "a.csv", b"a,b\n1,2\n")), ["a,b", "1,2"]);
    let other = read_object("a.txt", b"x:y\n1:2\n", 1000, |request| request.delimiter = Some(':')).preview;
    assert_eq!(names(table(&other)), ["x", "y"]);
    let none = look_as(PreviewView::Table, "a.txt", b"prose\n");
    assert_eq!((none.view, notes(&none)), (PreviewView::Text, vec!["it has no table view"]));
}

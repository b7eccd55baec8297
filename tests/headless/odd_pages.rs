//! Answers that are odd but whole: what is printed of them is what they say, and nothing looks complete that is not.

use std::{
    ffi::{OsStr, OsString},
    io::{BufRead, BufReader, Read},
    os::unix::ffi::OsStrExt,
    process::{Command, Stdio},
    sync::{
        Mutex,
        mpsc::{Sender, channel},
    },
};

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::{
    pages::{Pages, object, page, parameter, prefix, refusal},
    shore::{Ended, ended},
};

const SIZE: &str = "<Size>3</Size>";

/// What a parameter holds.
fn bytes(text: &str) -> Vec<u8> {
    percent_decode_str(text).collect()
}

fn run<S: AsRef<OsStr>>(pages: &Pages, args: &[S]) -> Ended {
    ended(pages.command(args).output().unwrap())
}

fn line(pages: &Pages, line: &str) -> Ended {
    run(pages, &line.split_whitespace().collect::<Vec<_>>())
}

/// Two names that look alike: one holds the byte ff, the other a backslash and `xff`.
fn lookalikes() -> Pages {
    Pages::answered_by(|query| {
        let delimited = parameter(query, "delimiter").is_some();
        match parameter(query, "prefix").unwrap_or_default() {
            "" if delimited => page(&(prefix("a%5Cxff/") + &prefix("a%FF/")), None),
            "" => page(&(object("a%5Cxff/1", SIZE) + &object("a%FF/2", SIZE)), None),
            "a%5Cxff%2F" => page(&object("a%5Cxff/1", SIZE), None),
            "a%FF%2F" => page(&object("a%FF/2", SIZE), None),
            _ => page("", None),
        }
    })
}

#[test]
fn a_name_that_is_not_utf_8_is_told_apart_from_one_with_backslashes_in_every_form() {
    let pages = lookalikes();
    let text = line(&pages, "ls s3://keys").out;
    assert!(text.contains("  a\\\\xff/\n") && text.contains("  a\\xff/\n"), "{text}");
    let text = line(&pages, "ls -R s3://keys").out;
    assert!(text.contains("  a\\\\xff/1\n") && text.contains("  a\\xff/2\n"), "{text}");
    let rows: Vec<Value> =
        line(&pages, "ls -R -o ndjson s3://keys").out.lines().map(|row| serde_json::from_str(row).unwrap()).collect();
    assert_eq!((&rows[0]["key"], rows[0].get("key_encoded")), (&json!("a\\xff/1"), None));
    assert_eq!((&rows[1]["key"], &rows[1]["key_encoded"]), (&json!("a\\xff/2"), &json!("a%FF/2")));
    let document: Value = serde_json::from_str(&line(&pages, "ls -o json s3://keys").out).unwrap();
    assert_eq!(document["prefixes"], json!(["a\\xff/", { "prefix": "a\\xff/", "prefix_encoded": "a%FF/" }]));
    let counted: Value = serde_json::from_str(&line(&pages, "count -o json s3://keys").out).unwrap();
    assert_eq!(counted["prefixes"][1]["prefix_encoded"], "a%FF/");
    assert!(counted["prefixes"][0].get("prefix_encoded").is_none(), "{counted}");
}

#[test]
fn a_prefix_that_is_not_utf_8_is_addressed_by_its_bytes() {
    let pages = lookalikes();
    let address = OsString::from(OsStr::from_bytes(b"s3://keys/a\xff/"));
    for args in [vec!["ls".into(), address.clone()], vec!["ls".into(), "--all".into(), address.clone()]] {
        let listed = run(&pages, &args);
        assert_eq!((listed.code, listed.out.lines().count()), (0, 1), "{}", listed.err);
        assert!(listed.out.contains("  a\\xff/2\n"), "{}", listed.out);
    }
    let document: Value = serde_json::from_str(&run(&pages, &["ls".into(), "-ojson".into(), address]).out).unwrap();
    assert_eq!((&document["prefix"], &document["prefix_encoded"]), (&json!("a\\xff/"), &json!("a%FF/")));
    line(&pages, "ls s3://keys/a\\xff/");
    let prefixes: Vec<String> =
        pages.asked().iter().filter_map(|query| parameter(query, "prefix").map(str::to_owned)).collect();
    assert_eq!(prefixes, ["a%FF%2F", "a%FF%2F", "a%FF%2F", "a%5Cxff%2F"]);
}

/// Five pages of one key each, the third not UTF-8, and a service that refuses every token with this code.
fn forgetful(code: &'static str) -> Pages {
    const KEYS: [&str; 5] = ["a", "b", "b%FF", "b%FFc", "d"];
    Pages::answered_by(move |query| {
        if parameter(query, "continuation-token").is_some() {
            return refusal(400, code);
        }
        let after = bytes(parameter(query, "start-after").unwrap_or_default());
        let at = KEYS.iter().filter(|key| bytes(key) <= after).count();
        let Some(key) = KEYS.get(at) else { return page("", None) };
        page(&object(key, SIZE), KEYS.get(at + 1).map(|_| format!("t{at}")).as_deref())
    })
}

#[test]
fn a_refused_token_is_replaced_by_the_last_key_in_every_command() {
    for code in ["InvalidArgument", "InvalidRequest", "InvalidContinuationToken"] {
        for command in ["ls -R s3://keys", "ls --all s3://keys", "count s3://keys", "count --max-in-flight 1 s3://keys"]
        {
            let pages = forgetful(code);
            let listed = line(&pages, command);
            assert_eq!(listed.code, 0, "{code}, {command}: {}", listed.err);
            let sums = [&listed.out, &listed.err].map(|text| text.lines().last().unwrap_or_default());
            let told = sums[0].starts_with("Objects (5)") || sums[1].starts_with("Items (5)");
            assert!(told, "{command}: {} {}", listed.out, listed.err);
            let requests = pages.asked().len();
            let counted = sums[0].ends_with(&format!("requests ({requests})"));
            assert_eq!(counted, command.starts_with("count"), "{command} sent {requests}: {}", listed.out);
        }
    }
}

#[test]
fn a_count_that_fails_says_how_many_requests_it_sent() {
    let pages = Pages::answered_by(|query| match parameter(query, "continuation-token") {
        Some(_) => refusal(403, "AccessDenied"),
        None => page(&object("a", SIZE), Some("t1")),
    });
    let counted = line(&pages, "count --max-in-flight 1 s3://keys");
    assert_eq!(counted.code, 3, "{}", counted.err);
    let requests = format!("requests ({}), and more", pages.asked().len());
    assert!(counted.out.contains(&requests), "{} sent: {}", pages.asked().len(), counted.out);
}

#[test]
fn a_web_page_instead_of_a_refusal_is_neither_a_denial_nor_a_missing_bucket() {
    const PAGE: &str = "<!DOCTYPE html><html><head><title>Nothing here</title></head></html>";
    for status in [400, 401, 403, 404] {
        let pages = Pages::answered_by(move |_| (status, PAGE.into()));
        for command in ["ls s3://keys", "ls -R s3://keys", "ls --all s3://keys/a/", "count s3://keys"] {
            let refused = line(&pages, command);
            let said = format!(
                ": HTTP status {status}: this is not a response from S3: it is a web page with the title \"Nothing here\"\n\
                 hint: something other than S3 answered: check the endpoint and the proxy"
            );
            assert_eq!(refused.code, 1, "{status} {command}: {}", refused.err);
            assert!(refused.err.contains(&said), "{status} {command}: {}", refused.err);
        }
    }
}

#[test]
fn common_prefixes_that_were_not_asked_for_are_no_objects_and_what_is_below_them_is_missing() {
    let pages = Pages::answered_by(|_| page(&(object("a", SIZE) + &prefix("b/") + &prefix("c/")), None));
    let counted = line(&pages, "count -o json s3://keys");
    let document: Value = serde_json::from_str(&counted.out).unwrap();
    assert_eq!((&document["objects"], &document["bytes"]), (&json!(1), &json!(3)));
    assert_eq!((&document["complete"], counted.code), (&json!(false), 1));
    assert!(counted.err.contains("2 of them, although no delimiter was sent"), "{}", counted.err);
    for command in ["ls -R s3://keys", "ls --all s3://keys"] {
        let listed = line(&pages, command);
        assert_eq!(listed.code, 1, "{}", listed.err);
        assert!(listed.out.contains("PRE  b/\n") && !listed.out.contains("Items"), "{}", listed.out);
    }
    let listed: Value = serde_json::from_str(&line(&pages, "ls -R -o json s3://keys").out).unwrap();
    assert_eq!((&listed["count"], &listed["complete"]), (&json!(1), &json!(false)));
}

#[test]
fn sums_beyond_64_bits_are_exact_and_sizes_that_were_not_told_are_not_made_up() {
    const MOST: &str = "<Size>18446744073709551615</Size>";
    let pages = Pages::answered_by(|_| page(&(object("a", MOST) + &object("b/1", MOST) + &object("b/2", "")), None));
    let counted = line(&pages, "count -o json s3://keys").out;
    assert!(counted.contains("\"bytes\": 36893488147419103230,"), "{counted}");
    let text = line(&pages, "count s3://keys").out;
    assert!(text.contains("bytes (36893488147419103230 plus 1 objects whose size"), "{text}");
    assert!(text.contains(">18446744073709551615  b/\n"), "{text}");
    let lines = line(&pages, "count -o ndjson s3://keys").out;
    assert!(lines.contains("\"bytes\":36893488147419103230,\"objects_of_unknown_size\":1,"), "{lines}");
    assert!(line(&pages, "ls -R s3://keys").out.contains("             —  b/2\n"));
    let last: Value =
        serde_json::from_str(line(&pages, "ls -R -o ndjson s3://keys").out.lines().last().unwrap()).unwrap();
    assert_eq!(last["size"], Value::Null);
    let negative = Pages::answered_by(|_| page(&object("a", "<Size>-5</Size>"), None));
    let refused = line(&negative, "ls -R s3://keys");
    assert!(refused.code == 1 && refused.err.contains("negative size"), "{}", refused.err);
}

/// Two pages, the second of which waits until it is let go, and how to let it go.
fn two_pages(second: &'static str) -> (Pages, Sender<()>) {
    let (go_on, wait) = channel::<()>();
    let wait = Mutex::new(wait);
    let pages = Pages::answered_by(move |query| {
        let after = bytes(parameter(query, "start-after").unwrap_or_default());
        if parameter(query, "continuation-token").is_none() && after.is_empty() {
            return page(&object("a", SIZE), Some("token"));
        }
        // Whoever asks for everything asks what is behind the last key, too.
        if after.as_slice() >= b"b".as_slice() {
            return page("", None);
        }
        let _ = wait.lock().unwrap().recv();
        if second.is_empty() { refusal(403, "AccessDenied") } else { page(&object(second, SIZE), None) }
    });
    (pages, go_on)
}

#[test]
fn a_signal_ends_the_document_before_the_program() {
    for way in ["-R", "--all"] {
        let (pages, _go_on) = two_pages("b");
        let mut program =
            pages.command(&["ls", way, "-o", "json", "s3://keys"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut out = BufReader::new(program.stdout.take().unwrap());
        let mut text = String::new();
        while !text.contains("\"key\": \"a\"") {
            assert!(out.read_line(&mut text).unwrap() > 0, "{way}: {text}");
        }
        Command::new("kill").args(["-INT", &program.id().to_string()]).status().unwrap();
        out.read_to_string(&mut text).unwrap();
        assert_eq!(program.wait().unwrap().code(), Some(130));
        let document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&document["count"], &document["complete"]), (&json!(1), &json!(false)));
    }
}

#[test]
fn each_page_is_in_the_pipe_before_the_next_is_waited_for_and_the_document_is_whole_in_the_end() {
    for (second, complete, code) in [("b", true, 0), ("", false, 3)] {
        for (form, first) in [("text", "  a\n"), ("ndjson", "{\"key\":\"a\","), ("json", "      \"key\": \"a\",\n")] {
            for way in ["-R", "--all", "--max=9"] {
                let (pages, go_on) = two_pages(second);
                let mut command = pages.command(&["ls", way, "-o", form, "s3://keys"]);
                let mut program = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
                let mut out = BufReader::new(program.stdout.take().unwrap());
                let mut text = String::new();
                while !text.contains(first) {
                    assert!(out.read_line(&mut text).unwrap() > 0, "{way} {form}: {text}");
                }
                drop(go_on);
                out.read_to_string(&mut text).unwrap();
                assert_eq!(program.wait().unwrap().code(), Some(code), "{way} {form}: {text}");
                if form == "json" {
                    let document: Value = serde_json::from_str(&text).unwrap();
                    assert_eq!(document["complete"], complete);
                    assert_eq!(document["objects"].as_array().unwrap().len(), if complete { 2 } else { 1 });
                    let fields: Vec<&String> = document.as_object().unwrap().keys().collect();
                    let contract =
                        ["identity", "expiration", "bucket", "prefix", "objects", "prefixes", "count", "complete"];
                    assert_eq!(fields, contract);
                }
            }
        }
    }
}

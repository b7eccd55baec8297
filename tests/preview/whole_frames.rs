//! Tasks and replies as bytes: they come back as they were, and nothing else is taken for one.

use ebbtide::preview::{
    ContentWindow, DecodeTask, MoreContent, PreviewReply, PreviewRequest, PreviewView, decode_content, parse_reply,
    read_task, write_reply, write_task,
};

fn request() -> PreviewRequest {
    PreviewRequest {
        name: "a/b \u{202e}.csv".into(),
        content_type: Some("text/csv".into()),
        size: Some(u64::MAX),
        windows: vec![
            ContentWindow { offset: 0, bytes: b"a,b\n1,2\n".to_vec() },
            ContentWindow { offset: 1 << 60, bytes: vec![] },
        ],
        view: PreviewView::Table,
        delimiter: Some('é'),
        first_line: Some(7),
        budget: 9,
        trips: 2,
        ..PreviewRequest::default()
    }
}

#[test]
fn a_task_comes_back_as_it_was() {
    for task in [DecodeTask::Show(request()), DecodeTask::Compare { old: request(), new: PreviewRequest::default() }] {
        let mut bytes = vec![];
        write_task(&task, &mut bytes).unwrap();
        assert_eq!(read_task(&mut bytes.as_slice()).unwrap(), task);
        for cut in 0..bytes.len() {
            assert!(read_task(&mut &bytes[..cut]).is_err(), "{cut}");
        }
    }
}

#[test]
fn a_reply_comes_back_as_it_was() {
    let reply = decode_content(&DecodeTask::Show(request()));
    let mut bytes = vec![];
    write_reply(&reply, &mut bytes).unwrap();
    assert_eq!(parse_reply(&bytes[4..]), Ok(reply));
}

#[test]
fn a_reply_that_breaks_a_limit_is_refused() {
    let PreviewReply::Shown(good) = decode_content(&DecodeTask::Show(request())) else { panic!() };
    let line = |text: String| format!(r#"{{"s":[{{"t":"{text}"}}]}}"#);
    let rows = |lines: &str| {
        let text = serde_json::to_string(&PreviewReply::Shown(good.clone())).unwrap();
        let (start, end) = (text.find("\"body\":").unwrap() + 7, text.find(",\"numbering\"").unwrap());
        format!("{}{{\"lines\":[{lines}]}}{}", &text[..start], &text[end..])
    };
    assert!(parse_reply(rows(&line("x".repeat(100))).as_bytes()).is_ok());
    for (what, reply) in [
        ("a long line", rows(&line("x".repeat(20_000)))),
        ("many lines", rows(&vec![line(String::new()); 40_001].join(","))),
        ("a role that is none", rows(r#"{"s":[{"t":"x","r":"blink"}]}"#)),
        ("a field that is none", rows(r#"{"s":[],"x":1}"#)),
        ("no range", r#"{"needs":[]}"#.into()),
        ("an empty range", r#"{"needs":[{"offset":1,"length":0}]}"#.into()),
        ("a range without end", r#"{"needs":[{"offset":18446744073709551615,"length":9}]}"#.into()),
        ("nothing", String::new()),
    ] {
        assert!(parse_reply(reply.as_bytes()).is_err(), "{what}");
    }
    assert_eq!(good.more, MoreContent::ReadOn);
}

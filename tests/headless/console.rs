//! `ebbtide console`: a URL for the sessions that have a console, from whoever minted them, and what that URL opens.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use crate::shore::Shore;

const READER: &str = "arn:aws:iam::111122223333:role/reader";

/// What a browser is shown at this URL.
fn opened(url: &str) -> String {
    let (host, path) = url.trim_end().strip_prefix("http://").unwrap().split_once('/').unwrap();
    let mut stream = TcpStream::connect(host).unwrap();
    write!(stream, "GET /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n").unwrap();
    let mut page = String::new();
    stream.read_to_string(&mut page).unwrap();
    page
}

#[test]
fn a_role_session_and_a_federated_user_get_a_url_that_signs_them_in() {
    let shore = Shore::new();
    for (session, who) in [
        (format!("--role-arn {READER} -u berth"), "assumed-role/reader/berth"),
        ("-u berth".to_owned(), "federated-user/berth"),
        // A chained role: no duration is sent, which would be refused.
        ("-p chain".to_owned(), "assumed-role/reader/"),
    ] {
        let ended = shore.run(&format!("console {session} s3://tide-archive/2026/"));
        assert_eq!(ended.code, 0, "{session}: {}", ended.err);
        assert!(ended.err.contains(&format!("from {}, not from AWS", shore.endpoint)), "{}", ended.err);
        assert!(ended.out.starts_with(&format!("{}/federation?Action=login&", shore.endpoint)), "{}", ended.out);
        assert_eq!(ended.out.lines().count(), 1, "the URL and nothing else");
        let page = opened(&ended.out);
        assert!(
            page.starts_with("HTTP/1.1 200") && page.contains(&format!("Signed in as arn:aws:sts::111122223333:{who}")),
            "{page}"
        );
        assert!(page.contains("/s3/buckets/tide-archive?region=us-west-2&prefix=2026%2F"), "{page}");
    }
}

#[test]
fn sessions_without_a_console_are_refused_with_the_modes_that_have_one() {
    let shore = Shore::new();
    for session in ["", "-m direct -p session", "-m direct"] {
        let refused = shore.run(&format!("console {session} s3://tide-archive"));
        assert_eq!((refused.code, refused.out.as_str()), (2, ""), "{session}: {}", refused.err);
        assert!(refused.err.contains("only role sessions and federated users"), "{session}: {}", refused.err);
        assert!(refused.err.contains("--mode role"), "{session}: {}", refused.err);
    }
    assert_eq!(shore.done("history -o ndjson"), "", "nothing was minted for it");
}

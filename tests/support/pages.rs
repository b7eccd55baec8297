//! A service that answers as a test says, over a socket, and notes what it was asked for.
//!
//! Invariant: what is noted is the request's own path and query, byte for byte.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    thread,
};

use tempfile::TempDir;

/// An answer: its status and its body.
pub(crate) type Answer = (u16, String);

/// The service.
pub(crate) struct Pages {
    pub(crate) endpoint: String,
    home: TempDir,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Pages {
    /// Answers every listing by its query. Whoever asks who the session is gets an answer, too.
    pub(crate) fn answered_by(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let (notes, answer) = (Arc::clone(&asked), Arc::new(answer));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (notes, answer) = (Arc::clone(&notes), Arc::clone(&answer));
                thread::spawn(move || serve(client, &notes, &*answer));
            }
        });
        Self { endpoint, home: TempDir::new().unwrap(), asked }
    }

    /// The queries of all listings so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    /// The program with keys of its own and nothing of this process's environment.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ebbtide"));
        command
            .env_clear()
            .env("HOME", self.home.path())
            .env("AWS_CONFIG_FILE", self.home.path().join("none"))
            .env("AWS_SHARED_CREDENTIALS_FILE", self.home.path().join("none"))
            .env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_REGION", "us-west-2")
            .env("AWS_ENDPOINT_URL", &self.endpoint)
            .env("EBBTIDE_MINT_LOG", "off")
            .args(args)
            .args(["--mode", "direct"])
            .stdin(Stdio::null());
        command
    }
}

fn serve(client: TcpStream, notes: &Mutex<Vec<String>>, answer: &dyn Fn(&str) -> Answer) {
    let mut out = client.try_clone().unwrap();
    let mut lines = BufReader::new(client);
    loop {
        let mut first = String::new();
        if lines.read_line(&mut first).unwrap_or_default() == 0 {
            return;
        }
        let mut length = 0;
        loop {
            let mut line = String::new();
            lines.read_line(&mut line).unwrap();
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().unwrap();
            }
            if line.trim().is_empty() {
                break;
            }
        }
        std::io::copy(&mut std::io::Read::take(&mut lines, length), &mut std::io::sink()).unwrap();
        let target = first.split(' ').nth(1).unwrap().to_owned();
        let (status, body) = match target.split_once('?') {
            Some((_, query)) if first.starts_with("GET") => {
                notes.lock().unwrap().push(query.to_owned());
                answer(query)
            }
            _ => (200, IDENTITY.to_owned()),
        };
        let head =
            format!("HTTP/1.1 {status} X\r\ncontent-type: application/xml\r\ncontent-length: {}\r\n\r\n", body.len());
        if out.write_all(head.as_bytes()).and_then(|()| out.write_all(body.as_bytes())).is_err() {
            return;
        }
    }
}

const IDENTITY: &str = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
     <Arn>arn:aws:iam::111122223333:user/ana</Arn><UserId>AIDAEXAMPLE</UserId><Account>111122223333</Account>\
     </GetCallerIdentityResult><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></GetCallerIdentityResponse>";

/// A parameter of a query, as it was sent.
pub(crate) fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, value)| value)
}

/// A page of rows, which are elements, with the token of the next one.
pub(crate) fn page(rows: &str, next: Option<&str>) -> Answer {
    let next = next.map(|token| format!("<NextContinuationToken>{token}</NextContinuationToken>")).unwrap_or_default();
    let is_truncated = !next.is_empty();
    (
        200,
        format!(
            "<ListBucketResult>{next}<EncodingType>url</EncodingType><IsTruncated>{is_truncated}</IsTruncated>{rows}</ListBucketResult>"
        ),
    )
}

/// An object whose key is in form encoding.
pub(crate) fn object(key: &str, size: &str) -> String {
    format!("<Contents><Key>{key}</Key><LastModified>2026-11-20T08:15:00.000Z</LastModified>{size}</Contents>")
}

/// A common prefix in form encoding.
pub(crate) fn prefix(name: &str) -> String {
    format!("<CommonPrefixes><Prefix>{name}</Prefix></CommonPrefixes>")
}

/// A refusal.
pub(crate) fn refusal(status: u16, code: &str) -> Answer {
    (status, format!("<Error><Code>{code}</Code><Message>on purpose</Message></Error>"))
}

//! A server that answers each connection's first request with whatever bytes a test says, and counts the requests.
//!
//! Invariant: it answers on loopback alone, and no request is kept beyond its answer.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// The server; it ends with the process.
pub(crate) struct Fake {
    /// `127.0.0.1:9000`
    pub(crate) address: String,
    asked: Arc<AtomicUsize>,
}

impl Fake {
    /// Answers a request, head and body, and its number from 0 on.
    pub(crate) fn answering(answer: impl Fn(&str, usize) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (asked, answer) = (Arc::new(AtomicUsize::new(0)), Arc::new(answer));
        let count = Arc::clone(&asked);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let (count, answer) = (Arc::clone(&count), Arc::clone(&answer));
                thread::spawn(move || serve(client, |request| answer(request, count.fetch_add(1, Ordering::Relaxed))));
            }
        });
        Self { address, asked }
    }

    /// Requests so far.
    pub(crate) fn asked(&self) -> usize {
        self.asked.load(Ordering::Relaxed)
    }
}

fn serve(mut client: TcpStream, answer: impl FnOnce(&str) -> Vec<u8>) {
    let (mut request, mut buffer) = (vec![], [0; 16 * 1024]);
    while !is_whole(&request) {
        match client.read(&mut buffer) {
            Ok(count @ 1..) => request.extend_from_slice(&buffer[..count]),
            _ => return,
        }
    }
    let _ = client.write_all(&answer(&String::from_utf8_lossy(&request)));
    let _ = client.shutdown(Shutdown::Write);
    // Closing with bytes unread would reset the connection before the answer is read.
    while matches!(client.read(&mut buffer), Ok(1..)) {}
}

/// Whether head and body have come. A handshake of TLS is whole as it is.
fn is_whole(request: &[u8]) -> bool {
    if request.first() == Some(&0x16) {
        return true;
    }
    let text = String::from_utf8_lossy(request).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    body.len() >= length.unwrap_or(0)
}

/// An answer of HTTP that ends with its connection.
pub(crate) fn http(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let length = body.len();
    let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\n{headers}Connection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

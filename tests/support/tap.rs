//! A wire between the program and a server that notes every byte in both directions: so a test knows the secrets that
//! went over it.

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

/// A tap on the way to one server.
pub(crate) struct Tap {
    pub(crate) endpoint: String,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Tap {
    /// On the way to the server at `address`, as `127.0.0.1:9000`.
    pub(crate) fn to(address: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let heard: Arc<Mutex<Vec<u8>>> = Arc::default();
        let notes = Arc::clone(&heard);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = TcpStream::connect(&address).unwrap();
                carry(client.try_clone().unwrap(), server.try_clone().unwrap(), Arc::clone(&notes));
                carry(server, client, Arc::clone(&notes));
            }
        });
        Self { endpoint, heard }
    }

    /// What stands between `before` and `after`, wherever it went by.
    pub(crate) fn between(&self, before: &str, after: &str) -> Vec<String> {
        self.behind(before, |rest| rest.split_once(after).map(|(found, _)| found.to_owned()))
    }

    /// The first characters behind `before`, so many of them, wherever it went by.
    pub(crate) fn first_behind(&self, before: &str, characters: usize) -> Vec<String> {
        self.behind(before, |rest| rest.get(..characters).map(str::to_owned))
    }

    fn behind(&self, before: &str, found: impl Fn(&str) -> Option<String>) -> Vec<String> {
        let heard = String::from_utf8_lossy(&self.heard.lock().unwrap()).into_owned();
        heard.split(before).skip(1).filter_map(found).collect()
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, heard: Arc<Mutex<Vec<u8>>>) {
    thread::spawn(move || {
        let mut buffer = [0; 16 * 1024];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            heard.lock().unwrap().extend(&buffer[..count]);
            if to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        let _ = to.shutdown(Shutdown::Write);
    });
}

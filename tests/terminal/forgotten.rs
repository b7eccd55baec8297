//! A session that is forgotten is gone from the program's memory, whatever it was used for.

use std::{
    fs::{self, File},
    os::unix::fs::FileExt,
    thread,
    time::Duration,
};

use memchr::memmem;

use crate::{canaries::Scene, pty::Pty};

/// How often each text stands in the memory that a process may write to.
fn copies(pty: &Pty, texts: &[String]) -> Vec<usize> {
    let process = format!("/proc/{}", pty.pid().as_raw_nonzero());
    let memory = File::open(format!("{process}/mem")).unwrap();
    let mut found = vec![0; texts.len()];
    for line in fs::read_to_string(format!("{process}/maps")).unwrap().lines() {
        let mut parts = line.split_whitespace();
        let (range, rights) = (parts.next().unwrap(), parts.next().unwrap());
        if !rights.starts_with("rw") {
            continue;
        }
        let (from, to) = range.split_once('-').unwrap();
        let number = |hex| u64::from_str_radix(hex, 16).unwrap();
        let (from, to) = (number(from), number(to));
        let mut bytes = vec![0; usize::try_from(to - from).unwrap()];
        // What is reserved and cannot be read holds nothing.
        if memory.read_exact_at(&mut bytes, from).is_ok() {
            for (found, text) in found.iter_mut().zip(texts) {
                *found += memmem::find_iter(&bytes, text).count();
            }
        }
    }
    found
}

/// The program in its browser with a session that was listed with, looked at, copied and lent to a shell.
fn used(scene: &Scene) -> Pty {
    let env = [("EBBTIDE_ALLOW_CORE", "1"), ("SHELL", "/bin/sh"), ("PS1", "ashore> ")];
    let mut pty = scene.start_with(&["-t", "15m"], &env);
    pty.find("✓ Enter mints");
    pty.keys("\r").find("tide-vault");
    pty.go_to_readings();
    pty.keys("G").find("12,000 of 12,000, all");
    pty.keys("xv").find("masked again at");
    pty.keys("v").find("copy variables");
    pty.keys("e").find("Press e again");
    pty.keys("e").find("the secret is in its clipboard");
    pty.keys("s").find("ashore>");
    pty.keys("exit\r").find("the shell ended");
    pty
}

#[test]
fn of_a_session_that_was_used_in_every_way_nothing_is_left_once_it_is_forgotten() {
    let scene = Scene::new();
    let mut pty = used(&scene);
    let secrets = scene.minted();
    assert_eq!(secrets.len(), 2, "one session");
    let held = copies(&pty, &secrets);
    assert!(held.iter().all(|copies| *copies > 0), "the search finds what is there: {held:?}");
    pty.keys("S").find("sessions");
    pty.keys("d").find("again");
    pty.keys("d").find("forgotten");
    let mut left = copies(&pty, &secrets);
    // Connections are closed by tasks of their own.
    for _ in 0..50 {
        if left.iter().all(|copies| *copies == 0) {
            break;
        }
        thread::sleep(Duration::from_millis(100));
        left = copies(&pty, &secrets);
    }
    assert_eq!(left, [0, 0], "copies of the secret key and the token; while it was held: {held:?}");
}

//! What is copied: by a tool of the platform where there is one, else by way of the terminal, and said as it was.

use std::{env, fs, os::unix::fs::PermissionsExt};

use base64::{Engine, engine::general_purpose::STANDARD};
use tempfile::TempDir;

use crate::pty::{Program, Pty};

const ADDRESS: &str = "s3://tide-logs/readings/2026/station-00001.csv";

/// A folder of tools, each a script, before the system's own.
fn tools(scripts: &[(&str, &str)]) -> (TempDir, String) {
    let folder = TempDir::new().unwrap();
    for (name, script) in scripts {
        let path = folder.path().join(name);
        fs::write(&path, format!("#!/bin/sh\ncd {}\n{script}\n", folder.path().display())).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).unwrap();
    }
    let path = format!("{}:{}", folder.path().display(), env::var("PATH").unwrap());
    (folder, path)
}

fn browser(env: &[(&str, &str)]) -> Pty {
    let mut pty = Pty::start(&Program { env, size: (120, 30), ..Program::default() }).ready();
    pty.mint("1h").go_to_readings();
    pty
}

/// How often text was sent to the terminal for its clipboard.
fn sent(pty: &Pty, text: &str) -> usize {
    let needle = format!("\x1b]52;c;{}", STANDARD.encode(text));
    String::from_utf8_lossy(&pty.bytes()).matches(&needle).count()
}

#[test]
fn a_tool_is_given_the_text_on_its_standard_input_and_nothing_is_sent_to_the_terminal() {
    for (display, tool) in [("WAYLAND_DISPLAY", "wl-copy"), ("DISPLAY", "xclip"), ("DISPLAY", "xsel")] {
        let (folder, path) = tools(&[(tool, "cat > taken; echo \"$@\" > arguments; env > environment")]);
        let mut pty = browser(&[("PATH", &path), (display, "tide"), ("AWS_SECRET_ACCESS_KEY", "canarySECRET")]);
        pty.keys("y").find(&format!("copied {ADDRESS}"));
        let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(read("taken"), ADDRESS, "{tool}");
        pty.keys("xj").find("Press j again");
        pty.keys("j").find("the secret is in the clipboard");
        let taken = read("taken");
        let taken: serde_json::Value = serde_json::from_str(&taken).unwrap();
        let secret = taken["SecretAccessKey"].as_str().unwrap();
        for file in ["arguments", "environment"] {
            assert!(!read(file).contains(secret) && !read(file).contains("canary"), "{tool}: {}", read(file));
        }
        assert!(!String::from_utf8_lossy(&pty.bytes()).contains("\x1b]52"), "{tool}");
    }
}

#[test]
fn a_tool_that_fails_or_hangs_gives_way_to_the_terminal_and_keys_are_taken_meanwhile() {
    for script in ["exit 1", "echo $$ > pid; exec sleep 1000"] {
        let (folder, path) = tools(&[("wl-copy", script)]);
        let mut pty = browser(&[("PATH", &path), ("WAYLAND_DISPLAY", "tide")]);
        pty.keys("yj").find(" 2 of 1,000");
        pty.find(&format!("sent to the terminal, to be copied: {ADDRESS}"));
        assert_eq!(sent(&pty, ADDRESS), 1);
        if let Ok(pid) = fs::read_to_string(folder.path().join("pid")) {
            let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
            assert!(stat.is_empty() || stat.contains(") Z "), "it was ended: {stat}");
        }
        pty.keys("q");
        assert_eq!(pty.end().code, 0);
    }
}

#[test]
fn without_a_tool_it_is_said_to_be_sent_once() {
    let mut pty = browser(&[]);
    pty.keys("y").find(&format!("sent to the terminal, to be copied: {ADDRESS}"));
    assert_eq!(sent(&pty, ADDRESS), 1);
}

#[test]
fn what_lies_between_is_written_through_and_tmux_is_told_of() {
    let encoded = STANDARD.encode(ADDRESS);
    let mut pty = browser(&[("TMUX", "/tmp/tmux,1,0")]);
    pty.keys("y").find("set-clipboard on");
    let through = format!("\x1bPtmux;\x1b\x1b]52;c;{encoded}\x07\x1b\\");
    assert!(String::from_utf8_lossy(&pty.bytes()).contains(&through));
    let mut pty = browser(&[("STY", "1.tide")]);
    pty.keys("y").find("sent to the terminal");
    assert!(String::from_utf8_lossy(&pty.bytes()).contains(&format!("\x1bP\x1b]52;c;{encoded}\x07\x1b\\")));
}

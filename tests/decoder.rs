//! The child that decodes what objects contain, and children that misbehave.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test that cannot go on says where it stopped; how long a decoder takes is measured"
)]

use std::{
    path::PathBuf,
    time::{Duration, Instant},
};

use ebbtide::{
    decoder::{DecoderFault, DecoderProcess, plain_instead},
    preview::{DecodeTask, NoteLevel, Preview, PreviewBody, PreviewReply, PreviewRequest, PreviewView},
};

/// Waited for a child that answers, on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(1);

/// The program itself.
fn real_decoder() -> DecoderProcess {
    DecoderProcess::of_command(env!("CARGO_BIN_EXE_ebbtide").into(), vec!["__preview".into()], PATIENCE)
}

/// A shell script in its place.
fn script(script: &str, longest: Duration) -> DecoderProcess {
    DecoderProcess::of_command(PathBuf::from("/bin/sh"), vec!["-c".into(), script.into()], longest)
}

fn beginning(name: &str, bytes: &[u8]) -> DecodeTask {
    DecodeTask::Show(PreviewRequest::of_beginning(name, Some(bytes.len() as u64), bytes.to_vec()))
}

fn lines(preview: &Preview) -> Vec<String> {
    let PreviewBody::Lines(lines) = &preview.body else { panic!("not lines: {preview:?}") };
    lines.iter().map(ebbtide::preview::PreviewLine::text).collect()
}

fn shown(reply: PreviewReply) -> Preview {
    let PreviewReply::Shown(preview) = reply else { panic!("not shown: {reply:?}") };
    preview
}

#[tokio::test]
async fn the_child_shows_text_and_says_its_encoding() {
    let reply = real_decoder().decode(&beginning("a.txt", "one\nzwei ö\n".as_bytes())).await.unwrap();
    let preview = shown(reply);
    assert_eq!(lines(&preview), ["one", "zwei ö"]);
    assert_eq!((preview.kind.as_str(), preview.view), ("text · utf-8", PreviewView::Text));
}

#[tokio::test]
async fn a_child_that_misbehaves_gives_one_line_and_plain_text() {
    let short = Duration::from_secs(1);
    for (what, decoder, fault) in [
        ("aborts", script("kill -ABRT $$", PATIENCE), DecoderFault::Ended),
        ("ends at once", script("exit 0", PATIENCE), DecoderFault::Ended),
        ("never answers", script("exec sleep 600", short), DecoderFault::TooSlow),
        ("spins", script("while :; do :; done", short), DecoderFault::TooSlow),
        (
            "answers with zeros for ever",
            script("exec cat /dev/zero", PATIENCE),
            DecoderFault::BadReply("its reply cannot be parsed"),
        ),
        (
            "claims four gigabytes",
            script(r"printf '\377\377\377\377'", PATIENCE),
            DecoderFault::BadReply("its reply is too long"),
        ),
        ("claims more than it sends", script(r"printf '\020\000\000\000{'", PATIENCE), DecoderFault::Ended),
        (
            "writes garbage",
            script(r"printf '\004\000\000\000\033[2J'", PATIENCE),
            DecoderFault::BadReply("its reply cannot be parsed"),
        ),
        (
            "asks for nothing",
            script(r#"printf '\014\000\000\000{"needs":[]}'"#, PATIENCE),
            DecoderFault::BadReply("its reply asks for no ranges or for too many"),
        ),
    ] {
        let started = Instant::now();
        let task = beginning("a.txt", b"plain text\n");
        assert_eq!(decoder.decode(&task).await, Err(fault.clone()), "{what}");
        assert!(started.elapsed() < PATIENCE, "{what}");
        let DecodeTask::Show(request) = &task else { panic!() };
        let preview = plain_instead(request, &fault);
        assert_eq!(lines(&preview), ["plain text"], "{what}");
        assert_eq!(preview.notes[0].text, format!("the decoder {fault} · shown as text · nothing else was affected"));
        assert_eq!(preview.notes[0].level, NoteLevel::Warning);
    }
}

#[tokio::test]
async fn a_child_that_answers_before_it_has_read_the_task_has_answered() {
    let reply = r#"{"needs":[{"offset":0,"length":1}]}"#;
    let text = format!(r"printf '\{:03o}\000\000\000{reply}'; exec sleep 600", reply.len());
    // More than a pipe holds, of which the child reads nothing.
    let task = beginning("a.txt", &vec![b'x'; 1 << 20]);
    let decoder = script(&text, Duration::from_secs(20));
    let needed = ebbtide::preview::ByteSpan { offset: 0, length: 1 };
    assert_eq!(decoder.decode(&task).await, Ok(PreviewReply::Needs(vec![needed])));
}

#[tokio::test]
async fn a_program_that_is_not_there_is_a_fault_too() {
    let decoder = DecoderProcess::of_command(PathBuf::from("/nowhere/at/all"), vec![], PATIENCE);
    let fault = decoder.decode(&beginning("a.txt", b"x")).await.unwrap_err();
    assert!(matches!(fault, DecoderFault::NotStarted(_)), "{fault:?}");
}

#[tokio::test]
async fn a_child_has_no_environment_and_no_file_but_its_pipes() {
    let report = tempfile::NamedTempFile::new().unwrap();
    let path = report.path().display();
    let script_text = format!("env > {path}; ls -l /proc/self/fd >> {path}");
    let decoder = script(&script_text, PATIENCE);
    assert_eq!(decoder.decode(&beginning("a", b"x")).await, Err(DecoderFault::Ended));
    let report = std::fs::read_to_string(report.path()).unwrap();
    assert!(!report.contains("CARGO") && !report.contains("HOME="), "{report}");
    assert!(!report.contains("socket:"), "{report}");
}

#[tokio::test]
async fn hexadecimal_rows_need_no_child() {
    let decoder = DecoderProcess::of_command(PathBuf::from("/nowhere/at/all"), vec![], PATIENCE);
    let mut request = PreviewRequest::of_beginning("a", Some(3), b"\x00A\x1b".to_vec());
    request.view = PreviewView::Hex;
    let preview = shown(decoder.decode(&DecodeTask::Show(request)).await.unwrap());
    assert!(lines(&preview)[0].starts_with("00 41 1b"), "{preview:?}");
    assert!(lines(&preview)[0].ends_with(" ·A·"), "{preview:?}");
}

/// What `__inflate` makes of its standard input.
fn inflate(input: Vec<u8>) -> std::process::Output {
    use std::{
        io::Write,
        process::{Command, Stdio},
        thread,
    };
    let mut child = Command::new(env!("CARGO_BIN_EXE_ebbtide"))
        .arg("__inflate")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut pipe = child.stdin.take().unwrap();
    // It may stop reading before all is written.
    let writer = thread::spawn(move || pipe.write_all(&input));
    let output = child.wait_with_output().unwrap();
    let _ = writer.join().unwrap();
    output
}

fn gzip(content: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_stream_is_unpacked_whole_or_its_fault_is_said_in_one_line() {
    let content: Vec<u8> = (0..3_000_000_u32).map(|at| at.to_le_bytes()[1]).collect();
    let packed = gzip(&content);
    let output = inflate(packed.clone());
    assert!(output.status.success() && output.stdout == content && output.stderr.is_empty());

    let cut = inflate(packed[..packed.len() / 2].to_vec());
    assert!(!cut.status.success() && content.starts_with(&cut.stdout) && cut.stdout.len() > 100_000);
    let said = String::from_utf8(cut.stderr).unwrap();
    assert!(said.starts_with("gzip: its end is missing · ") && said.ends_with(" bytes came out\n"), "{said}");

    let plain = inflate(b"\x1b[2Jplain".to_vec());
    assert_eq!((plain.status.code(), plain.stdout.as_slice()), (Some(1), &b""[..]));
    assert_eq!(plain.stderr, b"not gzip, zstd or bzip2\n");
}

/// The limits of a child that waits for its input, once it has set them.
#[cfg(target_os = "linux")]
fn limits_of(argument: &str) -> String {
    use std::{
        fs,
        process::{Command, Stdio},
        thread,
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_ebbtide"));
    let mut child = command.arg(argument).stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    let started = Instant::now();
    let limits = loop {
        let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
        let space = limits.lines().find(|line| line.starts_with("Max address space")).unwrap();
        if !space.contains("unlimited") || started.elapsed() > PATIENCE {
            break limits;
        }
        thread::sleep(Duration::from_millis(5));
    };
    child.kill().unwrap();
    child.wait().unwrap();
    limits.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n").collect()
}

#[test]
#[cfg(target_os = "linux")]
fn a_child_that_eats_memory_or_spins_is_ended_by_the_system() {
    let limits = limits_of("__preview");
    for limit in [
        "Max address space 268435456 268435456 bytes",
        "Max cpu time 2 2 seconds",
        "Max core file size 0 0 bytes",
        "Max file size 0 0 bytes",
        "Max processes 0 0 processes",
        "Max open files 8 8 files",
    ] {
        assert!(limits.contains(limit), "{limit}\n{limits}");
    }
    let limits = limits_of("__inflate");
    assert!(limits.contains("Max address space 536870912 536870912 bytes"), "{limits}");
}

#[test]
fn the_program_started_as_a_decoder_reads_no_more_than_it_is_told() {
    use std::{
        io::Write,
        process::{Command, Stdio},
    };
    for input in [&b""[..], b"\xff\xff\xff\xff", b"\x02\x00\x00\x00{}", b"\x04\x00\x00\x00null and more"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ebbtide"))
            .arg("__preview")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty() && output.stderr.is_empty(), "{output:?}");
    }
}

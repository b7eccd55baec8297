//! The listing's parts, one by one (`cargo bench -- parts`), and the whole against its peers, in one run (`cargo bench --
//! peers [KEYS]`, a million of them by default); what printing costs alone (`cargo bench -- printed`).
//!
//! Figures of one machine say little; the ratios travel. The peers are the AWS SDK's own paginator, collecting the same
//! fields, and `s5cmd` and `rclone` where they are installed. Every subject runs in a process of its own, against a
//! server in another one.

#![expect(
    clippy::panic,
    clippy::print_stdout,
    reason = "a program that measures prints what it found, and stops at the first thing that is wrong"
)]

#[path = "../support/play.rs"]
#[expect(dead_code, clippy::unwrap_used, reason = "written for the tests of interaction, which use the rest")]
mod play;

mod keys;
mod page;
mod parts;
mod peers;
mod server;

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use keys::Keys;

/// What a child is started with instead of what cargo hands over.
const SERVE: &str = "serve";
const LIST: &str = "list";

const MILLION: u64 = 1_000_000;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [SERVE, space, count, delay] => serve(space, number(count), number(delay)),
        [LIST, subject, address, flight] => peers::list(subject, address.parse().expect("an address"), flight),
        [] => {
            parts::measure();
            compare(MILLION);
        }
        ["parts"] => parts::measure(),
        ["printed"] => printed(MILLION, &Server::start("flat", MILLION, 0)),
        ["peers"] => compare(MILLION),
        ["peers", count] => compare(number(count)),
        other => panic!("parts, printed or peers, not {other:?}"),
    }
}

fn number(text: &str) -> u64 {
    text.replace('_', "").parse().expect("a number")
}

fn serve(space: &str, count: u64, delay: u64) {
    let keys = match space {
        "flat" => Keys::Flat(count),
        "hashes" => Keys::hashes(count),
        "dates" => Keys::dates(count),
        other => panic!("no key space {other}"),
    };
    println!("{}", server::serve(keys, Duration::from_millis(delay)));
    // Until whoever started it is done.
    std::io::stdin().read_to_end(&mut vec![]).expect("standard input");
}

/// A server in a process of its own.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start(space: &str, count: u64, delay: u64) -> Self {
        let mut process = Command::new(std::env::current_exe().expect("this program"))
            .args([SERVE, space, &count.to_string(), &delay.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program again");
        let mut line = String::new();
        BufReader::new(process.stdout.take().expect("its output")).read_line(&mut line).expect("a line");
        Self { address: line.trim().parse().expect("an address"), process }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // It ends by itself, or has ended.
        drop(self.process.wait());
    }
}

/// What one subject took.
struct Taken {
    wall: Duration,
    /// The last line that it said: of our own keys, bytes a key, memory.
    said: String,
}

fn run(mut command: Command) -> Option<Taken> {
    #[expect(clippy::disallowed_methods, reason = "what is measured here is not shown to anybody who sleeps meanwhile")]
    let started = Instant::now();
    let output = command.stdin(Stdio::null()).stderr(Stdio::inherit()).output().ok()?;
    let wall = started.elapsed();
    assert!(output.status.success(), "{command:?}");
    let said = String::from_utf8_lossy(&output.stdout);
    Some(Taken { wall, said: said.trim().lines().next_back().unwrap_or_default().to_owned() })
}

fn ours(server: &Server, subject: &str, flight: usize) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("this program"));
    command.args([LIST, subject, &server.address.to_string(), &flight.to_string()]);
    command
}

/// One table: the first subject is what the others are compared with.
fn table(title: &str, subjects: Vec<(&str, Command)>) {
    println!("\n{title}");
    let mut first = None;
    for (name, command) in subjects {
        match run(command) {
            Some(taken) => {
                let first = *first.get_or_insert(taken.wall);
                let (ratio, wall) = (taken.wall.as_secs_f64() / first.as_secs_f64(), taken.wall.as_secs_f64());
                println!("  {name:<28} {wall:>8.2} s   x{ratio:<8.2} {}", taken.said);
            }
            None => println!("  {name:<28} is not installed"),
        }
    }
}

/// What printing costs: rows read from a pipe, in every form, beside a count that prints none.
fn printed(count: u64, server: &Server) {
    println!("\n{count} flat keys, one page after another, no delay, printed into a pipe");
    let mut first = None;
    for line in ["count --max-in-flight 1", "ls -R", "ls -R -o ndjson", "ls -R -o json"] {
        let printed = read_from(peers::program(server.address, line));
        let first = *first.get_or_insert(printed.wall);
        let (ratio, wall) = (printed.wall.as_secs_f64() / first.as_secs_f64(), printed.wall.as_secs_f64());
        println!("  {line:<28} {wall:>8.2} s   x{ratio:<8.2} {}", printed.said);
    }
}

/// Reads what a command prints, and watches how much memory it takes.
fn read_from(mut command: Command) -> Taken {
    #[expect(clippy::disallowed_methods, reason = "what is measured here is not shown to anybody who sleeps meanwhile")]
    let started = Instant::now();
    let mut program = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("the program");
    let mut out = program.stdout.take().expect("its output");
    let reader = std::thread::spawn(move || {
        let (mut buffer, mut bytes) = (vec![0; 256 * 1024], 0);
        while let Ok(read @ 1..) = out.read(&mut buffer) {
            bytes += read;
        }
        bytes
    });
    let mut resident = 0;
    let status = loop {
        resident = resident.max(peers::peak_memory_of(&program.id().to_string()).unwrap_or_default());
        if let Some(status) = program.try_wait().expect("a status") {
            break status;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let wall = started.elapsed();
    assert!(status.success(), "{command:?}");
    let bytes = reader.join().expect("a reader");
    Taken { wall, said: format!("{} MB printed, {} MB resident at most", bytes / 1_000_000, resident / 1_000_000) }
}

fn compare(count: u64) {
    let at_once = Server::start("flat", count, 0);
    table(
        &format!("{count} flat keys, one page after another, no delay"),
        vec![("ebbtide", ours(&at_once, "ebbtide", 1)), ("aws-sdk-s3 paginator", ours(&at_once, "sdk", 1))],
    );
    printed(count, &at_once);
    drop(at_once);
    for space in ["flat", "hashes", "dates"] {
        let slow = Server::start(space, count, 50);
        let mut subjects = vec![
            ("ebbtide count", peers::program(slow.address, "count")),
            ("ebbtide, in key order", ours(&slow, "ebbtide", 64)),
        ];
        if space == "flat" {
            subjects.push(("aws-sdk-s3 paginator", ours(&slow, "sdk", 1)));
            subjects.push(("s5cmd ls", peers::s5cmd(slow.address)));
            subjects.push(("rclone lsf", peers::rclone(slow.address)));
        }
        table(&format!("{count} keys of {space}, 50 ms a response"), subjects);
    }
}

//! Every decoder over damaged input: it answers, within the limits, in time.
//!
//! `EBBTIDE_FUZZ_SECONDS=300` does for minutes what the suite does for two seconds; `EBBTIDE_FUZZ_SEED` repeats a run.

use std::{
    env,
    time::{Duration, Instant},
};

use ebbtide::preview::{
    ByteSpan, ContentWindow, DecodeTask, FIRST_WINDOW, LARGEST_REPLY, PreviewReply, PreviewRequest, PreviewView,
    decode_content, first_range, map_ranges, parse_reply, unpack_stream, write_reply,
};
use rustix::process::{Resource, Rlimit, setrlimit};

use crate::{
    as_range,
    corpus_files::{bzip2, files, gzip, log, tar, zip, zstd, zstd_block, zstd_frame},
};

/// The longest that one content may take here, without optimisation and beside other tests.
const LONGEST: Duration = Duration::from_secs(20);

/// Numbers from a seed.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, most: usize) -> usize {
        usize::try_from(self.next() >> 11).unwrap() % most.max(1)
    }
}

fn samples() -> Vec<(String, Vec<u8>)> {
    let text = log(3000);
    let json = br#"{"a":[1,2.5e3,true,null,"x\u00e9\\"],"b":{"c":[[],{}]}}"#.repeat(50);
    let csv = "id,name,note\n1,\"a, \"\"b\"\"\",'x'\n2,c,\n".repeat(60);
    let frames = zstd_frame(0x58, &[zstd_block(false, 1, 1000, b"x"), zstd_block(true, 0, 5, b"hello")]);
    let named = |name: &str, content: Vec<u8>| (name.to_owned(), content);
    let mut samples = files();
    samples.extend([
        named("a.log", text.clone().into_bytes()),
        named("a.json", json.clone()),
        named("a.ndjson", json),
        named("a.csv", csv.clone().into_bytes()),
        named("a.tsv", csv.replace(',', "\t").into_bytes()),
        named("a.txt", text.encode_utf16().take(4000).flat_map(u16::to_le_bytes).collect()),
        named("a.yaml", b"a:\n  - b: 1 # c\n---\n".repeat(20)),
        named("a.xml", b"<?xml?><a b='c'>t<!-- x --></a>\n".repeat(20)),
        named("a.log.gz", gzip(text.as_bytes())),
        named("a.log.bz2", bzip2(text.as_bytes())),
        named("a.log.zst", zstd(text.as_bytes())),
        named("b.zst", frames),
        named("a.tar", tar(&[("a", b"1"), ("b", &[7; 700])])),
        named("a.tgz", gzip(&tar(&[("a", b"1"), ("b", &[7; 700])]))),
        named("a.zip", zip(&[("a", 10), ("b/c", 300)])),
    ]);
    samples
}

/// A content with a few damages.
fn damage(content: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut content = content.to_vec();
    for _ in 0..=chance.below(8) {
        let at = chance.below(content.len());
        match chance.below(7) {
            0 | 1 if !content.is_empty() => content[at] ^= 1 << chance.below(8),
            2 if !content.is_empty() => content[at] = [0, 0x7f, 0x80, 0xff][chance.below(4)],
            3 => content.truncate(at),
            4 => {
                let end = content.len().min(at + chance.below(64));
                let piece = content[at..end].to_vec();
                let to = chance.below(content.len());
                content.splice(to..to, piece);
            }
            5 => {
                let end = content.len().min(at + chance.below(64));
                content.drain(at..end);
            }
            _ => {
                let byte = u8::try_from(chance.below(256)).unwrap();
                content.splice(at..at, std::iter::repeat_n(byte, chance.below(12)));
            }
        }
    }
    content
}

/// Shows a content in a view, reading what is asked for.
fn show(name: &str, content: &[u8], chance: &mut Chance) {
    let views = [
        PreviewView::Auto,
        PreviewView::Auto,
        PreviewView::Auto,
        PreviewView::Text,
        PreviewView::Table,
        PreviewView::Schema,
        PreviewView::RowGroups,
        PreviewView::Listing,
        PreviewView::Hex,
        PreviewView::Entropy,
    ];
    let size = content.len() as u64;
    let window = |span: ByteSpan| ContentWindow { offset: span.offset, bytes: content[as_range(span, size)].to_vec() };
    let view = views[chance.below(views.len())];
    let spans =
        if view == PreviewView::Entropy { map_ranges(size) } else { first_range(name, size).into_iter().collect() };
    let mut request = PreviewRequest {
        name: name.to_owned(),
        size: [Some(size), Some(size), None, Some(size + 1000)][chance.below(4)],
        windows: spans.into_iter().map(window).collect(),
        view,
        budget: [0, 1000, 192 * 1024][chance.below(3)],
        trips: u8::try_from(chance.below(3)).unwrap(),
        long_footer: chance.below(4) == 0,
        ..PreviewRequest::default()
    };
    loop {
        let reply = decode_content(&DecodeTask::Show(request.clone()));
        let mut frame = vec![];
        write_reply(&reply, &mut frame).unwrap();
        assert!(frame.len() <= LARGEST_REPLY + 4);
        assert_eq!(parse_reply(&frame[4..]).as_ref(), Ok(&reply));
        let PreviewReply::Needs(spans) = reply else { return };
        let asked: u64 = spans.iter().map(|span| span.length).sum();
        assert!(request.trips > 0 && asked <= request.budget, "asks for {asked} of {}", request.budget);
        request.windows.extend(spans.into_iter().map(window));
        request.budget -= asked;
        request.trips -= 1;
    }
}

#[test]
fn no_decoder_panics_hangs_or_takes_what_a_header_claims() {
    // An allocation of gigabytes ends the test program, as it would end the child.
    let memory = Some(2 << 30);
    setrlimit(Resource::As, Rlimit { current: memory, maximum: memory }).unwrap();
    let seconds = env::var("EBBTIDE_FUZZ_SECONDS").map_or(2, |seconds| seconds.parse().unwrap());
    let first: u64 = env::var("EBBTIDE_FUZZ_SEED").map_or(1, |seed| seed.parse().unwrap());
    let samples = samples();
    let started = Instant::now();
    let mut seed = first;
    while seed == first || started.elapsed() < Duration::from_secs(seconds) {
        let mut chance = Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
        let (name, content) = &samples[chance.below(samples.len())];
        let content = damage(content, &mut chance);
        print!("\nseed {seed} {name} {} bytes ", content.len()); // shown if this fails
        let begun = Instant::now();
        show(name, &content, &mut chance);
        if chance.below(4) == 0 {
            let beginning = &content[..content.len().min(usize::try_from(FIRST_WINDOW).unwrap())];
            let _ = unpack_stream(beginning, &mut std::io::sink());
        }
        assert!(begun.elapsed() < LONGEST, "took {:?}", begun.elapsed());
        seed += 1;
    }
}

//! `ebbtide tail`: the end of an object's content.
//!
//! The last bytes are one suffix range. For lines, the last block is asked for; where it does not have them all, blocks
//! before it, each twice as long, until it is known where the lines begin.
//!
//! Invariant: at most [`KEPT`] bytes are held in memory, or three times as many of content that can only be read from its
//! beginning. Where the lines take more, they are asked for once it is known where they begin. Every request after the first asks for the object with the same `ETag`.

use std::process::ExitCode;

use clap::Args;
use hyper::body::Bytes;
use memchr::memrchr_iter;

use super::{
    ObjectArgs, ObjectSession,
    cat::{AmountArgs, FIRST_BLOCK},
    content::{ContentSource, UnpackArgs},
    content_text::ContentOutput,
};
use crate::{
    aws::{ObjectStream, ReadRequest},
    cli::{exit::Exit, problem::Problem, progress, session_args::SessionArgs},
    domain::{
        failure::{Failure, FailureKind},
        object::ByteRange,
    },
};

/// Bytes that are kept, so as not to ask for them twice.
const KEPT: usize = 8 * 1024 * 1024;

/// The longest block.
const LONGEST_BLOCK: u64 = 4 * 1024 * 1024;

/// Mint a session, then print the end of an object
#[derive(Debug, Clone, Args)]
pub struct TailArgs {
    #[command(flatten)]
    amount: AmountArgs,

    #[command(flatten)]
    unpack: UnpackArgs,

    #[command(flatten)]
    object: ObjectArgs,
}

impl TailArgs {
    pub(in crate::cli) fn session(&self) -> &SessionArgs {
        self.object.session()
    }
}

pub(in crate::cli) async fn run_tail(args: &TailArgs) -> Result<ExitCode, Problem> {
    let session = args.object.open().await?;
    let mut out = ContentOutput::new();
    match (args.amount.bytes, args.amount.lines) {
        (Some(0), _) | (None, 0) => session.check_object().await?,
        (bytes, lines) if args.unpack.decompress => {
            let mut content = session.open_whole(&args.unpack).await?;
            let end = bytes.map_or(End::Lines(lines), End::Bytes);
            session.copy_end_of_whole(&mut content, end, TOO_LONG_UNPACKED, &mut out).await?;
        }
        (Some(bytes), _) => session.copy_last_bytes(bytes, &mut out).await?,
        (None, lines) => session.copy_last_lines(lines, &mut out).await?,
    }
    out.finish()?;
    Ok(Exit::Done.into())
}

/// The end of an object, as far as it has been read.
struct ReadTail {
    /// Bytes in reverse order of blocks, the last block first.
    blocks: Vec<Bytes>,
    /// The position of the first byte that was read.
    first: u64,
    /// Line breaks that are still to be found.
    breaks: u64,
    etag: Option<String>,
}

impl ObjectSession {
    async fn copy_last_bytes(&self, bytes: u64, out: &mut ContentOutput) -> Result<(), Problem> {
        let stream = self.open_content(ByteRange::Last(bytes), None).await?;
        let is_whole = stream.range_ignored();
        let mut content = ContentSource::Plain(Box::new(stream));
        if is_whole {
            return self.copy_end_of_whole(&mut content, End::Bytes(bytes), TOO_LONG, out).await;
        }
        self.copy_content(&mut content, out).await
    }

    async fn copy_last_lines(&self, lines: u64, out: &mut ContentOutput) -> Result<(), Problem> {
        let mut stream = self.open_content(ByteRange::Last(FIRST_BLOCK), None).await?;
        if stream.range_ignored() {
            let mut content = ContentSource::Plain(Box::new(stream));
            return self.copy_end_of_whole(&mut content, End::Lines(lines), TOO_LONG, out).await;
        }
        let served = stream.served();
        let block = self.collect_block(&mut stream).await?;
        // The break at the very end ends the last line and begins none.
        let breaks = lines.saturating_add(u64::from(block.last() == Some(&b'\n')));
        let mut read = ReadTail { blocks: vec![], first: served.first, breaks, etag: stream.head().etag.clone() };
        drop(stream);
        let (mut block, mut length) = (block, FIRST_BLOCK);
        let begin = loop {
            if let Some(at) = nth_last_break(&block, &mut read.breaks) {
                read.blocks.push(block.slice(at + 1..));
                break read.first + at as u64 + 1;
            }
            read.blocks.push(block);
            if read.first == 0 {
                break 0;
            }
            length = length.saturating_mul(2).min(LONGEST_BLOCK);
            block = self.block_before(&mut read, length).await?;
        };
        self.print_tail(&read, begin, out).await
    }

    /// The block before what has been read; what was kept goes where it grows too large.
    async fn block_before(&self, read: &mut ReadTail, length: u64) -> Result<Bytes, Problem> {
        if read.blocks.iter().map(Bytes::len).sum::<usize>() > KEPT {
            read.blocks = vec![Bytes::new()];
        }
        let first = read.first.saturating_sub(length);
        let range = ByteRange::Between(first, read.first - 1);
        let request = ReadRequest::new(self.address.clone(), range).if_unchanged(read.etag.clone());
        let block = progress::patiently("reading", self.s3.read_bytes(&request, length)).await;
        let block = block.map_err(|failure| self.explain_read(failure))?;
        if block.first != first || block.end() != read.first {
            let message = "the service sent other bytes than were requested";
            return Err(self.read_failure(FailureKind::Malformed, message).into());
        }
        read.first = first;
        Ok(block.bytes)
    }

    async fn print_tail(&self, read: &ReadTail, begin: u64, out: &mut ContentOutput) -> Result<(), Problem> {
        // An empty block stands where others were let go.
        if read.blocks.iter().rev().skip(1).any(Bytes::is_empty) {
            let stream = self.open_content(ByteRange::From(begin), read.etag.clone()).await?;
            return self.copy_content(&mut ContentSource::Plain(Box::new(stream)), out).await;
        }
        for block in read.blocks.iter().rev() {
            out.write_content(block)?;
        }
        Ok(())
    }

    async fn collect_block(&self, stream: &mut ObjectStream) -> Result<Bytes, Problem> {
        let mut block = vec![];
        while let Some(chunk) = stream.next_chunk().await.map_err(|failure| self.explain_read(failure))? {
            block.extend_from_slice(&chunk);
        }
        Ok(block.into())
    }

    /// The end of content that can only be read from its beginning: everything is read, and only the end is kept.
    async fn copy_end_of_whole(
        &self,
        content: &mut ContentSource,
        end: End,
        too_long: &str,
        out: &mut ContentOutput,
    ) -> Result<(), Problem> {
        let mut kept = KeptEnd::new(end);
        let refuse = |TooLong| {
            let failure = self.read_failure(FailureKind::Other, too_long);
            failure.with_hint("ask for fewer lines or bytes, or use `ebbtide cat`")
        };
        while let Some(piece) = self.next_piece(content).await? {
            kept.push(&piece).map_err(refuse)?;
        }
        Ok(out.write_content(kept.trim().map_err(refuse)?)?)
    }

    fn read_failure(&self, kind: FailureKind, message: &str) -> Failure {
        Failure::local(kind, "read the end of", self.address.to_string(), message)
    }
}

const TOO_LONG: &str = "the service ignores ranges, and the end that was asked for is longer than 16 MiB";
const TOO_LONG_UNPACKED: &str = "with --decompress, an end of more than 16 MiB is not kept in memory";

/// The end of what has been read so far.
struct KeptEnd {
    end: End,
    bytes: Vec<u8>,
    /// How many bytes the last trim left.
    left: usize,
}

/// The end that is wanted is longer than twice [`KEPT`].
#[derive(Debug)]
struct TooLong;

impl KeptEnd {
    const fn new(end: End) -> Self {
        Self { end, bytes: vec![], left: 0 }
    }

    /// Takes what comes next. What is not of the end goes once as much has come again as the most that is kept: to look
    /// for the end after each piece would take a time that grows with its square.
    fn push(&mut self, piece: &[u8]) -> Result<(), TooLong> {
        self.bytes.extend_from_slice(piece);
        if self.bytes.len() > self.left + KEPT { self.trim().map(|_| ()) } else { Ok(()) }
    }

    fn trim(&mut self) -> Result<&[u8], TooLong> {
        let from = self.end.begin_in(&self.bytes);
        self.bytes.drain(..from);
        self.left = self.bytes.len();
        if self.left > 2 * KEPT { Err(TooLong) } else { Ok(&self.bytes) }
    }
}

/// What is wanted of an end.
#[derive(Clone, Copy)]
enum End {
    Lines(u64),
    Bytes(u64),
}

impl End {
    /// Where it begins in bytes.
    fn begin_in(self, bytes: &[u8]) -> usize {
        match self {
            Self::Bytes(count) => bytes.len().saturating_sub(usize::try_from(count).unwrap_or(usize::MAX)),
            Self::Lines(lines) => {
                let mut breaks = lines.saturating_add(u64::from(bytes.last() == Some(&b'\n')));
                nth_last_break(bytes, &mut breaks).map_or(0, |at| at + 1)
            }
        }
    }
}

/// Where the line break stands with which none is left to be found, from the end.
fn nth_last_break(bytes: &[u8], left: &mut u64) -> Option<usize> {
    for at in memrchr_iter(b'\n', bytes) {
        *left -= 1;
        if *left == 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_last_lines_begin_behind_a_line_break() {
        for (text, lines, end) in [
            ("a\nb\nc\n", 1, "c\n"),
            ("a\nb\nc", 1, "c"),
            ("a\nb\nc\n", 2, "b\nc\n"),
            ("a\nb\nc\n", 9, "a\nb\nc\n"),
            ("\n\n", 1, "\n"),
            ("a", 1, "a"),
            ("", 1, ""),
        ] {
            assert_eq!(&text[End::Lines(lines).begin_in(text.as_bytes())..], end, "{text:?} {lines}");
        }
    }

    #[test]
    fn an_end_that_is_nearly_as_long_as_what_is_kept_is_looked_for_a_few_times_only() {
        for (end, longest) in [(End::Bytes(12 << 20), 12 << 20), (End::Lines(196_608), 12 << 20)] {
            let (mut kept, mut trims) = (KeptEnd::new(end), 0);
            let piece = [&[b'x'; 63][..], b"\n"].concat().repeat(64);
            for _ in 0..(64 << 20) / piece.len() {
                let before = kept.bytes.len();
                kept.push(&piece).unwrap();
                trims += usize::from(kept.bytes.len() <= before);
                assert!(kept.bytes.len() <= 3 * KEPT);
            }
            assert_eq!(kept.trim().unwrap().len(), longest);
            assert!(trims <= 8, "{trims}");
        }
        let mut long = KeptEnd::new(End::Bytes(u64::MAX));
        long.push(&vec![b'x'; 2 * KEPT]).unwrap();
        assert!(long.push(b"x").is_ok() && long.trim().is_err(), "however the pieces are cut");
    }

    proptest! {
        /// Whatever the blocks are, from the end.
        #[test]
        fn the_end_is_the_same_in_blocks_as_at_once(text in "[ab\n]{0,60}", lines in 1u64..8, block in 1usize..9) {
            let bytes = text.as_bytes();
            let whole = &bytes[End::Lines(lines).begin_in(bytes)..];
            let mut breaks = lines + u64::from(bytes.last() == Some(&b'\n'));
            let (mut first, mut begin) = (bytes.len(), 0);
            while first > 0 {
                let from = first.saturating_sub(block);
                if let Some(at) = nth_last_break(&bytes[from..first], &mut breaks) {
                    begin = from + at + 1;
                    break;
                }
                first = from;
            }
            prop_assert_eq!(&bytes[begin..], whole);
        }
    }
}

//! `ebbtide cat` and `ebbtide head`: content to standard output.
//!
//! Invariant: content is passed on as it arrives, in constant memory, and no more is asked for than is printed, up to one
//! block. Whoever stops reading ends the command quietly.

use std::process::ExitCode;

use clap::Args;
use memchr::memchr_iter;

use super::{
    ObjectArgs, ObjectSession,
    content::{ContentSource, UnpackArgs},
    content_text::ContentOutput,
};
use crate::{
    cli::{exit::Exit, problem::Problem, session_args::SessionArgs},
    domain::object::ByteRange,
};

/// Bytes of the first request for a number of lines.
pub(super) const FIRST_BLOCK: u64 = 64 * 1024;

/// Mint a session, then print the content of an object
#[derive(Debug, Clone, Args)]
pub struct CatArgs {
    #[command(flatten)]
    unpack: UnpackArgs,

    #[command(flatten)]
    object: ObjectArgs,
}

/// Mint a session, then print the beginning of an object
#[derive(Debug, Clone, Args)]
pub struct HeadArgs {
    #[command(flatten)]
    amount: AmountArgs,

    #[command(flatten)]
    unpack: UnpackArgs,

    #[command(flatten)]
    object: ObjectArgs,
}

/// How much of the content.
#[derive(Debug, Clone, Args)]
pub(super) struct AmountArgs {
    /// This many lines
    #[arg(short = 'n', long, value_name = "LINES", default_value = "10", conflicts_with = "bytes")]
    pub(super) lines: u64,

    /// This many bytes
    #[arg(short = 'c', long, value_name = "BYTES")]
    pub(super) bytes: Option<u64>,
}

impl CatArgs {
    pub(in crate::cli) fn session(&self) -> &SessionArgs {
        self.object.session()
    }
}

impl HeadArgs {
    pub(in crate::cli) fn session(&self) -> &SessionArgs {
        self.object.session()
    }
}

pub(in crate::cli) async fn run_cat(args: &CatArgs) -> Result<ExitCode, Problem> {
    let session = args.object.open().await?;
    let mut out = ContentOutput::new();
    let mut content = session.open_whole(&args.unpack).await?;
    session.copy_content(&mut content, &mut out).await?;
    out.finish()?;
    Ok(Exit::Done.into())
}

pub(in crate::cli) async fn run_head(args: &HeadArgs) -> Result<ExitCode, Problem> {
    let session = args.object.open().await?;
    let mut out = ContentOutput::new();
    match (args.amount.bytes, args.amount.lines) {
        (Some(0), _) | (None, 0) => session.check_object().await?,
        (bytes, lines) if args.unpack.decompress => {
            let mut content = session.open_whole(&args.unpack).await?;
            match bytes {
                Some(bytes) => session.copy_bytes(&mut content, bytes, &mut out).await?,
                None => session.copy_lines(&mut content, &mut { lines }, &mut out).await.map(|_| ())?,
            }
        }
        (Some(bytes), _) => {
            let stream = session.open_content(ByteRange::first(bytes), None).await?;
            session.copy_bytes(&mut ContentSource::Plain(Box::new(stream)), bytes, &mut out).await?;
        }
        (None, lines) => session.copy_first_lines(lines, &mut out).await?,
    }
    out.finish()?;
    Ok(Exit::Done.into())
}

impl ObjectSession {
    /// Nothing is to be printed; that there is such an object is still to be known.
    pub(super) async fn check_object(&self) -> Result<(), Problem> {
        let looked = self.s3.head_object(&self.address).await;
        Ok(looked.map(|_| ()).map_err(|failure| self.explain_read(failure))?)
    }

    /// Passes on all that comes.
    pub(super) async fn copy_content(
        &self,
        content: &mut ContentSource,
        out: &mut ContentOutput,
    ) -> Result<(), Problem> {
        while let Some(piece) = self.next_piece(content).await? {
            out.write_content(&piece)?;
        }
        Ok(())
    }

    /// Passes on the first bytes; whatever comes behind them is not read any further.
    async fn copy_bytes(
        &self,
        content: &mut ContentSource,
        bytes: u64,
        out: &mut ContentOutput,
    ) -> Result<(), Problem> {
        let mut left = bytes;
        while left > 0
            && let Some(piece) = self.next_piece(content).await?
        {
            let taken = usize::try_from(left).unwrap_or(usize::MAX).min(piece.len());
            out.write_content(&piece[..taken])?;
            left -= taken as u64;
        }
        Ok(())
    }

    /// Passes on the first lines: of one block, and only where that does not have them of all that follows.
    async fn copy_first_lines(&self, lines: u64, out: &mut ContentOutput) -> Result<(), Problem> {
        let stream = self.open_content(ByteRange::first(FIRST_BLOCK), None).await?;
        let (total, etag, is_whole) = (stream.served().total, stream.head().etag.clone(), stream.range_ignored());
        let (mut block, mut left) = (ContentSource::Plain(Box::new(stream)), lines);
        let position = self.copy_lines(&mut block, &mut left, out).await?;
        drop(block);
        if left == 0 || is_whole || total.is_some_and(|total| position >= total) || position < FIRST_BLOCK {
            return Ok(());
        }
        let rest = self.open_content(ByteRange::From(position), etag).await?;
        self.copy_lines(&mut ContentSource::Plain(Box::new(rest)), &mut left, out).await?;
        Ok(())
    }

    /// Passes on lines until none is left to print. Returns how many bytes that were.
    async fn copy_lines(
        &self,
        content: &mut ContentSource,
        left: &mut u64,
        out: &mut ContentOutput,
    ) -> Result<u64, Problem> {
        let mut copied = 0;
        while *left > 0
            && let Some(piece) = self.next_piece(content).await?
        {
            let taken = first_lines(&piece, left);
            out.write_content(&piece[..taken])?;
            copied += taken as u64;
        }
        Ok(copied)
    }
}

/// How many bytes the next lines take, of those that are left to print.
fn first_lines(bytes: &[u8], left: &mut u64) -> usize {
    for end in memchr_iter(b'\n', bytes) {
        *left -= 1;
        if *left == 0 {
            return end + 1;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_across_pieces() {
        for (pieces, lines, expected) in [
            (&["a\nb\nc\n"][..], 2, "a\nb\n"),
            (&["a", "\nb", "\n", "c"], 2, "a\nb\n"),
            (&["a\nb"], 5, "a\nb"),
            (&["\n\n\n"], 1, "\n"),
            (&["a\n", "b\n"], 1, "a\n"),
        ] {
            let (mut left, mut printed) = (lines, String::new());
            for piece in pieces {
                if left > 0 {
                    printed += &piece[..first_lines(piece.as_bytes(), &mut left)];
                }
            }
            assert_eq!(printed, expected, "{pieces:?}");
        }
    }
}

//! The content of an object as it is, or unpacked.
//!
//! Invariant: packed content is unpacked in a child process without credentials; this process passes it on unread.

use clap::Args;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{ChildStdin, ChildStdout},
};
use tokio_util::task::AbortOnDropHandle;

use super::ObjectSession;
use crate::{
    aws::{ObjectStream, ReadRequest},
    cli::{problem::Problem, progress},
    decoder::UnpackProcess,
    domain::{
        failure::{Failure, FailureKind},
        object::{ByteRange, ObjectAction},
    },
};

/// Bytes that are read at a time from the child.
const PIECE: usize = 64 * 1024;

/// Whether to unpack.
#[derive(Debug, Clone, Args)]
pub(super) struct UnpackArgs {
    /// Unpack gzip, zstd or bzip2, by what the content begins with
    #[arg(long)]
    pub(super) decompress: bool,
}

/// Content that arrives.
pub(super) enum ContentSource {
    /// As it is.
    Plain(Box<ObjectStream>),
    /// As it comes out of the child.
    Unpacked(Box<UnpackedStream>),
}

/// A child that unpacks, and what feeds it.
pub(super) struct UnpackedStream {
    output: ChildStdout,
    /// `None` once it has ended.
    process: Option<UnpackProcess>,
    feeding: AbortOnDropHandle<Result<(), Failure>>,
    subject: String,
}

impl ContentSource {
    /// The next piece; `None` at the end.
    pub(super) async fn next_piece(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        match self {
            Self::Plain(stream) => Ok(stream.next_chunk().await?.map(Vec::from)),
            Self::Unpacked(stream) => stream.next_piece().await,
        }
    }
}

impl UnpackedStream {
    async fn next_piece(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let mut piece = vec![0; PIECE];
        let count = self.output.read(&mut piece).await.map_err(|error| self.failure(error.to_string()))?;
        if count > 0 {
            piece.truncate(count);
            return Ok(Some(piece));
        }
        let Some(process) = self.process.take() else { return Ok(None) };
        let ended = process.finish().await;
        // What kept the content from coming is the reason, whatever the child said to what came.
        (&mut self.feeding).await.map_err(|_| self.failure("a bug in ebbtide".into()))??;
        ended.map(|()| None).map_err(|fault| self.failure(fault.to_string()).with_hint(WITHOUT_UNPACKING))
    }

    fn failure(&self, why: String) -> Failure {
        Failure::local(FailureKind::Other, "unpack", self.subject.clone(), why)
    }
}

const WITHOUT_UNPACKING: &str = "without --decompress the content is written as it is";

impl ObjectSession {
    /// All of the content.
    pub(super) async fn open_whole(&self, unpack: &UnpackArgs) -> Result<ContentSource, Problem> {
        let stream = Box::new(self.open_content(ByteRange::Whole, None).await?);
        if !unpack.decompress {
            return Ok(ContentSource::Plain(stream));
        }
        let subject = self.address.to_string();
        let started = UnpackProcess::start().map_err(|error| {
            let why = format!("the process that unpacks could not be started: {error}");
            Failure::local(FailureKind::Other, "unpack", subject.clone(), why).with_hint(WITHOUT_UNPACKING)
        });
        let (process, input, output) = started?;
        let feeding = AbortOnDropHandle::new(tokio::spawn(feed(*stream, input)));
        Ok(ContentSource::Unpacked(Box::new(UnpackedStream { output, process: Some(process), feeding, subject })))
    }

    /// Asks for content; with an `ETag`, of the object that has it.
    pub(super) async fn open_content(&self, range: ByteRange, etag: Option<String>) -> Result<ObjectStream, Problem> {
        let request = ReadRequest::new(self.address.clone(), range).if_unchanged(etag);
        let opened = progress::patiently("reading", self.s3.open_object(&request)).await;
        Ok(opened.map_err(|failure| self.explain_read(failure))?)
    }

    /// A failure to read, in the session's own terms.
    pub(super) fn explain_read(&self, failure: Failure) -> Failure {
        self.explain(failure, ObjectAction::Read)
    }

    /// The next piece of content.
    pub(super) async fn next_piece(&self, content: &mut ContentSource) -> Result<Option<Vec<u8>>, Problem> {
        Ok(content.next_piece().await.map_err(|failure| self.explain_read(failure))?)
    }
}

/// Passes content on to the child. A child that reads no more says why itself.
async fn feed(mut stream: ObjectStream, mut input: ChildStdin) -> Result<(), Failure> {
    while let Some(chunk) = stream.next_chunk().await? {
        if input.write_all(&chunk).await.is_err() {
            break;
        }
    }
    Ok(())
}

//! The parent's side: starts a child, sends it a task, takes its reply.

use std::{
    ffi::OsString,
    fmt::{self, Display, Formatter},
    io,
    path::{Path, PathBuf},
    pin::pin,
    process::Stdio,
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, Command},
    time::timeout,
};

use super::child::DECODE_ARGUMENT;
use crate::preview::{
    ContentNote, DecodeTask, LARGEST_REPLY, Preview, PreviewReply, PreviewRequest, PreviewView, parse_reply,
    show_plainly, write_task,
};

/// A child that takes longer is ended. Its processor time is limited to two seconds; a busy machine gives it those late.
pub const LONGEST_DECODING: Duration = Duration::from_secs(5);

/// Why a child gave no reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DecoderFault {
    /// It could not be started.
    NotStarted(String),
    /// It ended without a reply, or with half of one.
    Ended,
    /// It did not answer within [`LONGEST_DECODING`].
    TooSlow,
    /// What it answered is no reply, and why.
    BadReply(&'static str),
}

impl Display for DecoderFault {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::NotStarted(why) => write!(f, "could not be started ({why})"),
            Self::Ended => write!(f, "ended unexpectedly"),
            Self::TooSlow => write!(f, "took too long and was stopped"),
            Self::BadReply(why) => write!(f, "failed: {why}"),
        }
    }
}

/// How decoders are started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecoderProcess {
    program: PathBuf,
    arguments: Vec<OsString>,
    longest: Duration,
}

impl DecoderProcess {
    /// Decoders that are this program started again.
    pub fn of_this_program() -> io::Result<Self> {
        Ok(Self::of_command(this_program()?, vec![DECODE_ARGUMENT.into()], LONGEST_DECODING))
    }

    /// Decoders that are another command, for tests: it reads a task and writes a reply.
    pub fn of_command(program: PathBuf, arguments: Vec<OsString>, longest: Duration) -> Self {
        Self { program, arguments, longest }
    }

    /// Has a task carried out. Dropping the future ends the child. Hexadecimal numbers need none.
    pub async fn decode(&self, task: &DecodeTask) -> Result<PreviewReply, DecoderFault> {
        if let DecodeTask::Show(request) = task
            && request.view == PreviewView::Hex
        {
            return Ok(PreviewReply::Shown(show_plainly(request)));
        }
        let mut child = self.start().map_err(|error| DecoderFault::NotStarted(error.kind().to_string()))?;
        let reply = timeout(self.longest, exchange(&mut child, task)).await.unwrap_or(Err(DecoderFault::TooSlow));
        // It has nothing more to do; a child that would go on after its reply does not.
        let _ = child.start_kill();
        parse_reply(&reply?).map_err(DecoderFault::BadReply)
    }

    fn start(&self) -> io::Result<Child> {
        bare_command(&self.program, &self.arguments).stderr(Stdio::null()).spawn()
    }
}

/// This program's file. The link leads to it even if it was replaced by an update.
pub(super) fn this_program() -> io::Result<PathBuf> {
    let link = PathBuf::from("/proc/self/exe");
    if link.exists() { Ok(link) } else { std::env::current_exe() }
}

/// A command with pipes and nothing else, which ends when it is dropped. No key of the terminal signals it.
pub(super) fn bare_command(program: &Path, arguments: &[OsString]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .process_group(0)
        .kill_on_drop(true);
    command
}

/// A content as plain text instead of what a child was to make of it, with a note on why.
pub fn plain_instead(request: &PreviewRequest, fault: &DecoderFault) -> Preview {
    let mut preview = show_plainly(request);
    preview.notes.insert(0, ContentNote::DecoderEnded(fault.to_string()).line());
    preview
}

/// Sends the task and reads the reply, at the same time: a child that writes before it has read must not wait for ever.
async fn exchange(child: &mut Child, task: &DecodeTask) -> Result<Vec<u8>, DecoderFault> {
    let (Some(mut input), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(DecoderFault::Ended);
    };
    let mut bytes = vec![];
    // Writing to memory fails only if the task cannot be written at all.
    write_task(task, &mut bytes).map_err(|_| DecoderFault::BadReply("the task is too long"))?;
    let send = async move {
        // A child that ends early closes the pipe; what it answered before decides.
        let _ = input.write_all(&bytes).await;
        drop(input);
    };
    // A child that answers before it has read everything has answered: what is left of the task is dropped.
    let receive = async {
        let length = output.read_u32_le().await.map_err(|_| DecoderFault::Ended)? as usize;
        if length > LARGEST_REPLY {
            return Err(DecoderFault::BadReply("its reply is too long"));
        }
        let mut frame = vec![];
        // Grows with what comes, whatever length was named.
        (&mut output).take(length as u64).read_to_end(&mut frame).await.map_err(|_| DecoderFault::Ended)?;
        if frame.len() < length { Err(DecoderFault::Ended) } else { Ok(frame) }
    };
    let (mut send, mut receive) = (pin!(send), pin!(receive));
    tokio::select! {
        frame = &mut receive => frame,
        () = &mut send => receive.await,
    }
}

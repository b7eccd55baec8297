//! Unpacks a stream of any length in a child: packed bytes into its standard input, plain bytes out of its standard output.
//!
//! The two pipes have to be served at the same time. The child has limits on memory, none on time: a stream may be as long
//! as an object.

use std::{
    fmt::{self, Display, Formatter},
    io,
    process::Stdio,
};

use tokio::{
    io::AsyncReadExt,
    process::{Child, ChildStderr, ChildStdin, ChildStdout},
};

use super::{
    child::UNPACK_ARGUMENT,
    process::{bare_command, this_program},
};

/// Bytes of the child's complaint that are read.
const LONGEST_COMPLAINT: u64 = 400;

/// Why a stream was not unpacked to its end; what came out before that is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnpackFault {
    /// The content: `gzip: damaged after 284,637 bytes`.
    Content(String),
    /// The child ended without a word.
    Ended,
}

impl Display for UnpackFault {
    fn fmt(&self, f: &mut Formatter) -> fmt::Result {
        match self {
            Self::Content(why) => write!(f, "{why}"),
            Self::Ended => write!(f, "the decoder ended unexpectedly"),
        }
    }
}

/// A child that unpacks.
#[derive(Debug)]
pub struct UnpackProcess {
    child: Child,
    complaints: ChildStderr,
}

impl UnpackProcess {
    /// Starts a child with its input and output. Dropping the input tells it that the stream has ended.
    pub fn start() -> io::Result<(Self, ChildStdin, ChildStdout)> {
        let mut child = bare_command(&this_program()?, &[UNPACK_ARGUMENT.into()]).stderr(Stdio::piped()).spawn()?;
        match (child.stdin.take(), child.stdout.take(), child.stderr.take()) {
            (Some(input), Some(output), Some(complaints)) => Ok((Self { child, complaints }, input, output)),
            _ => Err(io::ErrorKind::BrokenPipe.into()),
        }
    }

    /// Waits for the child's end, after its output has ended.
    pub async fn finish(mut self) -> Result<(), UnpackFault> {
        let mut complaint = vec![];
        let _ = (&mut self.complaints).take(LONGEST_COMPLAINT).read_to_end(&mut complaint).await;
        match self.child.wait().await {
            Ok(status) if status.success() => Ok(()),
            _ => Err(first_line(&complaint).map_or(UnpackFault::Ended, UnpackFault::Content)),
        }
    }
}

/// What the child said, if it is a line that could be said: it has parsed foreign bytes.
fn first_line(complaint: &[u8]) -> Option<String> {
    let line = std::str::from_utf8(complaint).ok()?.lines().next()?;
    (!line.is_empty() && !line.contains(char::is_control)).then(|| line.to_owned())
}

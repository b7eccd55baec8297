//! The clipboard: through the platform's own tool if there is one, else through the terminal.
//!
//! Invariant: nothing here blocks the event loop. The text is never an argument: a tool reads it from standard input,
//! and is ended after [`LONGEST_RUN`]. The text counts as copied only if a tool succeeded. Whether a terminal took it is
//! unknown, and is not asked: asking would return the clipboard's content.

mod relay;

pub use relay::send_sequence;

use std::{process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process_group};
use secrecy::zeroize::Zeroizing;
use tokio::{io::AsyncWriteExt, process::Command, task::JoinSet};

use crate::{
    domain::{
        credentials::{ExposeSecret, SecretString},
        name_text::bytes_of,
    },
    handover::{Offer, Relay},
    process::CREDENTIAL_VARIABLES,
};

/// A tool that takes longer waits for a display that does not answer.
const LONGEST_RUN: Duration = Duration::from_secs(2);

/// Something on its way to the clipboard.
#[derive(Debug)]
pub struct ClipboardItem {
    /// What it is.
    pub what: Payload,
    /// It itself; a name that is not UTF-8 as its [text](crate::domain::name_text).
    pub text: SecretString,
}

/// What is copied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload {
    /// An address or a policy: no secret; and what it is called, where it is not shown itself.
    Text(Option<&'static str>),
    /// A form of a session's credentials.
    Offer(Offer),
}

/// How a tool is called.
type Tool = (&'static str, &'static [&'static str]);

const PBCOPY: Tool = ("pbcopy", &[]);
const WL_COPY: Tool = ("wl-copy", &["--type", "text/plain"]);
const XCLIP: Tool = ("xclip", &["-in", "-selection", "clipboard"]);
const XSEL: Tool = ("xsel", &["--input", "--clipboard"]);
const CLIP_EXE: Tool = ("clip.exe", &[]);

/// What takes text to the clipboard here.
#[derive(Debug, Default)]
pub struct Clipboard {
    tools: Vec<Tool>,
    /// Through what the terminal is reached.
    pub relay: Relay,
    trying: JoinSet<(ClipboardItem, bool)>,
}

impl Clipboard {
    /// As the environment says: which displays there are, and what lies between here and the terminal.
    pub fn of_environment() -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        Self {
            tools: available_tools(set, cfg!(target_os = "macos")),
            relay: relay::detect_relay(set),
            trying: JoinSet::new(),
        }
    }

    /// Gives a parcel to the first tool that takes it; brings it back at once where there is no tool.
    pub fn copy_item(&mut self, parcel: ClipboardItem) -> Option<ClipboardItem> {
        if self.tools.is_empty() {
            return Some(parcel);
        }
        let tools = self.tools.clone();
        self.trying.spawn(async move {
            for tool in tools {
                if run_tool(tool, parcel.text.expose_secret()).await {
                    return (parcel, true);
                }
            }
            (parcel, false)
        });
        None
    }

    /// The next parcel, and whether a tool has taken it. Never, where none is under way.
    pub async fn next_result(&mut self) -> (ClipboardItem, bool) {
        loop {
            match self.trying.join_next().await {
                Some(Ok(tried)) => return tried,
                Some(Err(_)) => {}
                None => std::future::pending().await,
            }
        }
    }
}

/// The tools whose display there is. Over SSH the tools of this machine would fill the clipboard of this machine; one of
/// X11 or Wayland is the person's, wherever its display is.
fn available_tools(set: impl Fn(&str) -> bool, is_macos: bool) -> Vec<Tool> {
    let here = !set("SSH_CONNECTION") && !set("SSH_TTY");
    let rows: [(bool, &[Tool]); 4] = [
        (is_macos && here, &[PBCOPY]),
        (set("WAYLAND_DISPLAY"), &[WL_COPY]),
        (set("DISPLAY"), &[XCLIP, XSEL]),
        (here && (set("WSL_DISTRO_NAME") || set("WSL_INTEROP")), &[CLIP_EXE]),
    ];
    rows.into_iter().filter(|(there, _)| *there).flat_map(|(_, tools)| tools.iter().copied()).collect()
}

/// Whether a tool exists, takes the text, and reports success in time. Its child process serves every paste, also when
/// this program has ended: so it has a group of its own.
async fn run_tool(tool: Tool, text: &str) -> bool {
    let (name, arguments) = tool;
    let mut command = Command::new(name);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    for variable in CREDENTIAL_VARIABLES {
        command.env_remove(variable);
    }
    let Ok(mut child) = command.spawn() else { return false };
    let group = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
    let input = child.stdin.take();
    let bytes = Zeroizing::new(if tool == CLIP_EXE { encode_utf16(text) } else { bytes_of(text).into_owned() });
    let taking = async {
        if let Some(mut input) = input {
            input.write_all(&bytes).await?;
            input.shutdown().await?;
        }
        child.wait().await
    };
    let ended = tokio::time::timeout(LONGEST_RUN, taking).await;
    if ended.is_err()
        && let Some(group) = group
    {
        let _ = kill_process_group(group, Signal::KILL);
    }
    matches!(ended, Ok(Ok(status)) if status.success())
}

/// `clip.exe` reads its own code page, unless a byte order mark says otherwise.
fn encode_utf16(text: &str) -> Vec<u8> {
    "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tools_are_those_whose_display_there_is() {
        for (is_macos, set, expected) in [
            (false, &[][..], &[][..]),
            (false, &["WAYLAND_DISPLAY"], &["wl-copy"]),
            (false, &["DISPLAY"], &["xclip", "xsel"]),
            (false, &["WAYLAND_DISPLAY", "DISPLAY"], &["wl-copy", "xclip", "xsel"]),
            (false, &["DISPLAY", "SSH_CONNECTION"], &["xclip", "xsel"]),
            (false, &["WSL_DISTRO_NAME"], &["clip.exe"]),
            (false, &["WSL_INTEROP", "SSH_TTY"], &[]),
            (true, &[], &["pbcopy"]),
            (true, &["SSH_CONNECTION"], &[]),
        ] {
            let found: Vec<&str> =
                available_tools(|name| set.contains(&name), is_macos).iter().map(|(name, _)| *name).collect();
            assert_eq!(found, expected, "{set:?}");
        }
    }

    #[tokio::test]
    async fn a_tool_has_taken_what_it_read_to_the_end_and_ended_well() {
        for (script, taken) in [("read -r text; test \"$text\" = tide", true), ("cat; exit 3", false)] {
            let tool: Tool = ("sh", Box::leak(Box::new(["-c", script])));
            assert_eq!(run_tool(tool, "tide\n").await, taken, "{script}");
        }
        assert!(!run_tool(("no-such-tool-7", &[]), "tide").await);
    }

    #[tokio::test(start_paused = true)]
    async fn a_tool_that_hangs_is_not_waited_for_and_the_next_one_is_asked() {
        let tools: Vec<Tool> = vec![("sleep", &["1000"]), ("no-such-tool-7", &[])];
        let mut clipboard = Clipboard { tools, ..Clipboard::default() };
        assert!(clipboard.copy_item(ClipboardItem { what: Payload::Text(None), text: "tide".into() }).is_none());
        let (parcel, taken) = clipboard.next_result().await;
        assert_eq!((parcel.text.expose_secret(), taken), ("tide", false));
    }

    #[test]
    fn what_windows_reads_begins_with_a_mark() {
        assert_eq!(encode_utf16("é"), [0xff, 0xfe, 0xe9, 0]);
    }
}

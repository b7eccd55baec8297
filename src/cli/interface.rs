//! `ebbtide`: starts the terminal interface.
//!
//! Invariant: without a terminal nothing is drawn and nothing is minted; an error names the commands to use instead.
//! Wrong arguments are refused before the terminal is used, with the same words as in other commands.

use std::process::ExitCode;

use bytesize::ByteSize;
use clap::Args;
use jiff::tz::TimeZone;

use super::{
    exit::{Exit, by_signal},
    problem::Problem,
    session_args::SessionArgs,
};
use crate::{
    app::Setup,
    aws::{self, Aws, Setting},
    clock::Clock,
    domain::mint::Draft,
    interface,
    run::Ending,
};

/// How the interface uses the terminal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Args)]
pub(super) struct ScreenArgs {
    /// Disable mouse support
    #[arg(long, help_heading = "Interface options")]
    pub(super) no_mouse: bool,

    /// Memory limit for listed rows; a row takes about 30 bytes [default: 1GiB]
    #[arg(long, value_name = "SIZE", help_heading = "Interface options")]
    max_memory: Option<ByteSize>,
}

impl ScreenArgs {
    pub(super) fn most_memory(&self) -> usize {
        let given = self.max_memory.map(|size| usize::try_from(size.as_u64()).unwrap_or(usize::MAX));
        given.unwrap_or_else(|| Setup::default().most_memory)
    }
}

/// Opens the interface over the person's own profiles; its form begins with what was typed. Says how it ended.
pub(super) async fn open_interface(session: &SessionArgs, screen: &ScreenArgs) -> Result<Ending, Problem> {
    let (source, requested) = (session.source_options(), session.requested_session()?);
    aws::check_options(&source)?;
    require_terminal()?;
    let store = session.store();
    let setup = Setup {
        source,
        wishes: requested,
        draft: Draft::default(),
        sandbox: false,
        device: None,
        remembers: store.is_some(),
        most_memory: screen.most_memory(),
        time_zone: TimeZone::system(),
    };
    let aws = Aws::new(Clock::system(), Setting::Process);
    Ok(Box::pin(interface::run_interface(aws, setup, Clock::system(), !screen.no_mouse, store)).await?)
}

pub(super) fn require_terminal() -> Result<(), Problem> {
    if interface::has_terminal() {
        return Ok(());
    }
    Err(Problem::typed(
        "standard input or output is not a terminal, or TERM is dumb",
        "use `ebbtide ls`, `ebbtide mint` or `ebbtide whoami` without a terminal",
    ))
}

pub(super) fn exit_code(ending: Ending) -> ExitCode {
    match ending {
        Ending::Quit | Ending::Demo => Exit::Done.into(),
        Ending::Signal(number) => by_signal(number),
        Ending::Gone => Exit::Failed.into(),
    }
}

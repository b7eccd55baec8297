//! `ebbtide` and `ebbtide demo`: start the terminal interface.
//!
//! Invariant: without a terminal nothing is drawn and nothing is minted; an error names the commands to use instead.
//! Wrong arguments are refused before the terminal is used, with the same words as in other commands.

use std::process::ExitCode;

use jiff::tz::TimeZone;

use super::{Exit, Problem, ScreenArgs, SessionArgs, exit::by_signal};
use crate::{
    app::Setup,
    aws::{self, Aws, Setting},
    clock::Clock,
    domain::mint::Draft,
    interface,
    run::Ending,
};

/// Opens the interface over the person's own profiles; its form begins with what was typed.
pub(super) async fn open(session: &SessionArgs, screen: &ScreenArgs) -> Result<ExitCode, Problem> {
    let (source, wishes) = (session.source_options(), session.wishes()?);
    aws::check_options(&source)?;
    require_terminal()?;
    let store = session.store();
    let setup = Setup {
        source,
        wishes,
        draft: Draft::default(),
        sandbox: false,
        device: None,
        remembers: store.is_some(),
        most_memory: screen.most_memory(),
        time_zone: TimeZone::system(),
    };
    let aws = Aws::new(Clock::system(), Setting::Process);
    match Box::pin(interface::run(aws, setup, Clock::system(), !screen.no_mouse, store)).await? {
        Ending::Demo => demo(screen).await,
        ending => Ok(exit(ending)),
    }
}

/// Opens it over the embedded sandbox.
pub(super) async fn demo(screen: &ScreenArgs) -> Result<ExitCode, Problem> {
    require_terminal()?;
    Ok(exit(Box::pin(interface::demo(Clock::system(), !screen.no_mouse, screen.most_memory())).await?))
}

fn require_terminal() -> Result<(), Problem> {
    if interface::has_terminal() {
        return Ok(());
    }
    Err(Problem::typed(
        "standard input or output is not a terminal, or TERM is dumb",
        "use `ebbtide ls`, `ebbtide mint` or `ebbtide whoami` without a terminal",
    ))
}

fn exit(ending: Ending) -> ExitCode {
    match ending {
        Ending::Quit | Ending::Demo => Exit::Done.into(),
        Ending::Signal(number) => by_signal(number),
        Ending::Gone => Exit::Failed.into(),
    }
}

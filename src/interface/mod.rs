//! Starts the terminal interface: with the person's profiles, or with the built-in sandbox.
//!
//! Invariant: the first frame is drawn before a config file is read or a connection is made.

#[cfg(feature = "sandbox")]
mod demo;

#[cfg(feature = "sandbox")]
pub use self::demo::{demo, demo_setup, no_sandbox};

use std::{
    error::Error,
    io::{IsTerminal, stdin, stdout},
};

use tokio::sync::mpsc;

use crate::{
    app::{Model, Setup},
    aws::Aws,
    clipboard::Clipboard,
    clock::Clock,
    domain::failure::{Failure, FailureKind},
    run::{Ending, Loop},
    store::Store,
    terminal::Terminal,
    ui::Theme,
    worker::Worker,
};

/// Whether there is a person in front: both ends are a terminal that can move its cursor.
pub fn has_terminal() -> bool {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    stdin().is_terminal() && stdout().is_terminal() && !dumb
}

/// Runs the interface over the profiles that `aws` finds, remembering in `store`. Fails where the terminal does.
pub async fn run(aws: Aws, setup: Setup, clock: Clock, mouse: bool, store: Option<Store>) -> Result<Ending, Failure> {
    let mut terminal = Terminal::enter(Theme::of_environment(), mouse).map_err(|error| no_terminal(&error))?;
    let inputs = terminal.inputs().map_err(|error| no_terminal(&error))?;
    let mut model = Model::new(setup, clock.now());
    model.size = crossterm::terminal::size().map_err(|error| no_terminal(&error))?;
    let (sender, replies) = mpsc::channel(64);
    let worker = Worker::new(aws, sender).remembering(store);
    let clipboard = Clipboard::of_environment();
    let turning = Loop { surface: &mut terminal, model, worker, inputs, replies, clock, clipboard };
    // On the heap, for what runs below it is kilobytes.
    Box::pin(turning.run()).await.map_err(|error| no_terminal(&error))
}

fn no_terminal(error: &dyn Error) -> Failure {
    Failure::local(FailureKind::Other, "use", "the terminal", error.to_string())
        .with_hint("try another terminal; `ebbtide ls`, `ebbtide mint` and `ebbtide whoami` work without one")
}

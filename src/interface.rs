//! Starts the terminal interface: with the person's profiles, or with the built-in sandbox.
//!
//! Invariant: the first frame is drawn before a config file is read or a connection is made.

use std::{
    error::Error,
    io::{IsTerminal, stdin, stdout},
    time::Duration,
};

use jiff::tz::TimeZone;
use tokio::{net::TcpListener, sync::mpsc};

use crate::{
    app::{Model, Setup},
    aws::{Aws, Setting},
    clipboard::Clipboard,
    clock::Clock,
    domain::{
        duration::SessionDuration,
        failure::{Failure, FailureKind},
        mint::{Draft, Mode},
    },
    run::{Ending, Loop},
    sandbox::{Sandbox, Settings},
    store::Store,
    terminal::Terminal,
    ui::Theme,
    worker::Worker,
};

/// What the demo's sandbox takes as the shortest session, so that a whole life fits in half a minute.
const DEMO_FLOOR: SessionDuration = SessionDuration::from_secs(10);
/// What the demo proposes.
const DEMO_DURATION: SessionDuration = SessionDuration::from_secs(30);

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

/// Runs the interface over a sandbox of its own: no account, no set-up, and nothing that costs.
pub async fn demo(clock: Clock, mouse: bool, most_memory: usize) -> Result<Ending, Failure> {
    let settings = Settings { min_duration: DEMO_FLOOR, latency: Duration::from_millis(30), ..Settings::default() };
    let sandbox = Sandbox::new(clock.clone(), settings).map_err(|error| no_sandbox(&error))?;
    let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| no_sandbox(&error))?;
    let endpoint = format!("http://{}", listener.local_addr().map_err(|error| no_sandbox(&error))?);
    let aws = Aws::new(clock.clone(), Setting::Fixed { shared_config: sandbox.shared_config(&endpoint) });
    let setup = Setup { most_memory, time_zone: TimeZone::system(), ..demo_setup(&sandbox, &endpoint) };
    let server = tokio::spawn(sandbox.serve(listener));
    let ending = Box::pin(run(aws, setup, clock, mouse, None)).await;
    server.abort();
    ending
}

fn no_terminal(error: &dyn Error) -> Failure {
    Failure::local(FailureKind::Other, "use", "the terminal", error.to_string())
        .with_hint("try another terminal; `ebbtide ls`, `ebbtide mint` and `ebbtide whoami` work without one")
}

/// Why the sandbox could not be served: only this machine can be the reason.
pub fn no_sandbox(error: &dyn Error) -> Failure {
    Failure::local(FailureKind::Other, "start", "the sandbox", error.to_string())
        .with_hint("check that 127.0.0.1 works, and that the limit of open files is not reached")
}

/// What the demo's form begins with: a session that a newcomer can mint at once and watch to its end. A profile's own
/// role takes the place of the one that is offered here.
pub fn demo_setup(sandbox: &Sandbox, endpoint: &str) -> Setup {
    let draft = Draft {
        mode: Mode::Session,
        duration: DEMO_DURATION.to_string(),
        role_arn: sandbox.greeting(endpoint).role_arn,
        ..Draft::default()
    };
    let device = sandbox.device().map(|(serial, seed)| (serial.to_owned(), seed.clone()));
    Setup { draft, sandbox: true, device, ..Setup::default() }
}

//! The interface over a sandbox of its own, with what a newcomer needs to begin.
//!
//! Invariant: no request leaves this machine, and nothing is written to its disk.

use std::{error::Error, time::Duration};

use jiff::tz::TimeZone;
use tokio::net::TcpListener;

use super::run;
use crate::{
    app::Setup,
    aws::{Aws, Setting},
    clock::Clock,
    domain::{
        duration::SessionDuration,
        failure::{Failure, FailureKind},
        mint::{Draft, Mode},
    },
    run::Ending,
    sandbox::{Sandbox, Settings},
};

/// What the demo's sandbox takes as the shortest session, so that a whole life fits in half a minute.
const DEMO_FLOOR: SessionDuration = SessionDuration::from_secs(10);
/// What the demo proposes.
const DEMO_DURATION: SessionDuration = SessionDuration::from_secs(30);

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

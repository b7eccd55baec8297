//! `ebbtide sandbox`: S3, STS and IAM on loopback, for the AWS CLI and for tests; `ebbtide demo`: the interface on them.
//!
//! Invariant: it listens on 127.0.0.1 only, and prints its one line on standard output once it does.

use std::{
    io::{self, Write},
    net::Ipv4Addr,
    process::ExitCode,
    time::Duration,
};

use tokio::net::TcpListener;

use super::{
    exit::{Exit, by_signal},
    interface::{ScreenArgs, exit, require_terminal},
    problem::Problem,
    signals::Signals,
};
use crate::{
    clock::Clock,
    domain::duration::{NotADuration, SessionDuration},
    interface::{self, no_sandbox},
    sandbox::{Sandbox, Settings},
};

/// The options of `ebbtide sandbox`.
#[derive(Debug, Clone, clap::Args)]
pub struct SandboxArgs {
    /// Port to listen on; 0: any free port
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// Shortest session duration, such as 10s; 15m is the minimum of AWS
    #[arg(long, value_name = "DURATION", default_value = "15m", value_parser = min_duration)]
    pub min_duration: SessionDuration,
    /// Delay of every response, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub latency: u64,
    /// Most keys on a page of a listing
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub max_keys: u16,
    /// Region that rejects all session tokens, like an opt-in Region rejects those of the global STS endpoint
    #[arg(long, value_name = "REGION")]
    pub opt_in_region: Option<String>,
}

/// Serves the sandbox until a signal ends it; the exit code says which signal. Prints a
/// [`Greeting`](crate::sandbox::Greeting) as one line of JSON once it accepts connections.
pub(super) async fn run(args: SandboxArgs) -> Result<ExitCode, Problem> {
    let settings = Settings {
        min_duration: args.min_duration,
        latency: Duration::from_millis(args.latency),
        max_keys: args.max_keys.into(),
        opt_in_region: args.opt_in_region,
        ..Settings::default()
    };
    let sandbox = Sandbox::new(Clock::system(), settings).map_err(|error| no_sandbox(&error))?;
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, args.port)).await.map_err(|error| not_bound(args.port, &error))?;
    let endpoint = format!("http://{}", listener.local_addr().map_err(|error| no_sandbox(&error))?);
    // Listened for before the greeting, by which somebody may know whom to interrupt.
    let mut signals = Signals::listen().map_err(|error| no_sandbox(&error))?;
    greet(&sandbox, &endpoint)?;
    tokio::select! {
        () = sandbox.serve(listener) => Ok(Exit::Done.into()),
        number = signals.next() => Ok(by_signal(number)),
    }
}

/// Opens the interface over the embedded sandbox.
pub(super) async fn demo(screen: &ScreenArgs) -> Result<ExitCode, Problem> {
    require_terminal()?;
    Ok(exit(Box::pin(interface::demo(Clock::system(), !screen.no_mouse, screen.most_memory())).await?))
}

/// A longer minimum than AWS's would grant longer sessions than AWS or the role allows.
fn min_duration(text: &str) -> Result<SessionDuration, String> {
    let (duration, aws) =
        (text.parse().map_err(|error: NotADuration| error.to_string())?, Settings::default().min_duration);
    if duration > aws { Err(format!("at most {aws}, the minimum of AWS")) } else { Ok(duration) }
}

fn greet(sandbox: &Sandbox, endpoint: &str) -> io::Result<()> {
    let line = serde_json::to_string(&sandbox.greeting(endpoint))?;
    let mut out = io::stdout().lock();
    match writeln!(out, "{line}").and_then(|()| out.flush()) {
        // Nobody reads the greeting; the port may have been chosen beforehand.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        done => done,
    }
}

/// Why listening on the port failed.
fn not_bound(port: u16, error: &io::Error) -> Problem {
    let reason = match error.kind() {
        io::ErrorKind::AddrInUse => "is in use",
        io::ErrorKind::PermissionDenied => "is not permitted to this user",
        _ => return no_sandbox(error).into(),
    };
    Problem::typed(format!("--port: port {port} {reason}"), "choose another port, or remove --port to use any free one")
}

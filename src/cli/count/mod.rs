//! `ebbtide count`: mint, count what is below a prefix, print.
//!
//! Invariant: an incomplete count never looks complete: every output format says so, and the exit code is not 0.

mod report;
mod tally;

use std::{pin::pin, process::ExitCode, time::Duration};

use clap::Args;
use tokio::{
    sync::mpsc,
    time::{MissedTickBehavior, interval},
};

use self::{report::Report, tally::Tally};
use super::{
    exit::{self, Exit},
    lasting::{Lasting, complete},
    ls,
    output::{Form, OutputArgs},
    problem::{self, Problem},
    progress,
    session::{self, Opened},
    session_args::SessionArgs,
    signals::Signals,
};
use crate::{
    clock::Clock,
    domain::{
        failure::Failure,
        location::Location,
        name_text::bytes_of,
        numbers::{bytes, grouped},
    },
    lister::{Event, Order, Plan, Progress, list_all},
};

/// How often the progress line is updated.
const TELL: Duration = Duration::from_millis(200);

/// Events that may wait.
const WAITING: usize = 64;

/// Mint a session, then count objects and bytes below a prefix
#[derive(Debug, Clone, Args)]
pub struct CountArgs {
    /// Most requests at a time; fewer are sent if the service asks for that. With 64, a million keys take seconds
    /// instead of a minute or more
    #[arg(long, value_name = "N", default_value = "64", value_parser = clap::value_parser!(u8).range(1..=64))]
    max_in_flight: u8,

    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    session: SessionArgs,
}

impl CountArgs {
    pub(super) fn session(&self) -> &SessionArgs {
        &self.session
    }
}

pub(super) async fn run(args: &CountArgs) -> Result<ExitCode, Problem> {
    let resolved = session::resolve(&args.session).await?;
    let location = resolved.checked.location.clone();
    let Some(bucket) = &location.bucket else {
        return Err(Problem::typed("count: no bucket was given", "write `ebbtide count s3://BUCKET[/PREFIX]`"));
    };
    let opened = resolved.mint().await?;
    opened.log(&args.session);
    let lasting = Lasting::new(&opened, args.session.store());
    let head = match args.output.form {
        Form::Json => Some(ls::head(&opened).await),
        Form::Text | Form::Ndjson => None,
    };
    let mut count = Count { tally: Tally::below(bytes_of(&location.prefix).len()), progress: Progress::default() };
    let mut signals = Signals::listen()?;
    let stopped = count.everything(&lasting, plan(args, &location), &mut signals).await;
    signals.end_the_program();
    if let Some(region) = lasting.s3().region_of(bucket) {
        problem::note(&format!("the bucket is in {region}; requests for it were sent there"));
    }
    if count.tally.all.objects == 0 && !location.prefix.is_empty() && matches!(stopped, Stopped::AtTheEnd) {
        return Err(opened.told(ls::nothing_below(&location), false).into());
    }
    let report = Report { location: &location, tally: &count.tally, requests: count.progress.requests, head };
    let counted = count.tally.all.objects > 0 || count.tally.rolled_up > 0;
    match stopped {
        Stopped::AtTheEnd => report.print(args.output.form, true)?,
        Stopped::BySignal(number) => {
            report.print(args.output.form, false)?;
            return Ok(exit::by_signal(number));
        }
        Stopped::By(failure) => {
            if counted {
                report.print(args.output.form, false)?;
            }
            return Err(told(&opened, *failure, counted));
        }
    }
    Ok(Exit::Done.into())
}

fn told(opened: &Opened, failure: Failure, worked: bool) -> Problem {
    // What cannot be renewed says so itself.
    if failure.hint.is_some() { failure.into() } else { opened.told(failure, worked).into() }
}

fn plan(args: &CountArgs, location: &Location) -> Plan {
    Plan {
        location: location.clone(),
        delimited: false,
        behind: None,
        most_in_flight: args.max_in_flight.into(),
        order: Order::Any,
        most_memory: usize::MAX, // rows are added up and dropped
    }
}

/// What ended a count.
enum Stopped {
    AtTheEnd,
    BySignal(i32),
    By(Box<Failure>),
}

struct Count {
    tally: Tally,
    progress: Progress,
}

impl Count {
    async fn everything(&mut self, session: &Lasting, plan: Plan, signals: &mut Signals) -> Stopped {
        let location = plan.location.clone();
        let (events, mut told) = mpsc::channel(WAITING);
        let mut listing = pin!(list_all(session.clone(), plan, events));
        let (clock, mut line) = (Clock::system(), progress::Progress::alone());
        let begun = clock.now();
        let mut ticks = interval(TELL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.tick().await;
        let mut ended = None;
        loop {
            tokio::select! {
                event = told.recv() => match event {
                    Some(Event::Rows(rows)) => self.tally.add(&rows),
                    Some(Event::Progress(progress)) => self.progress = progress,
                    Some(Event::Paused) => line.tell("the session has expired: minting it again …"),
                    // The listing has ended, and nothing it told is left.
                    None => break,
                },
                result = &mut listing, if ended.is_none() => ended = Some(result),
                number = signals.next() => return Stopped::BySignal(number),
                _ = ticks.tick() => line.tell(&self.in_words(clock.now().duration_since(begun).as_secs_f64())),
            }
        }
        match complete(ended, &location) {
            Ok(()) if self.tally.rolled_up > 0 => Stopped::By(Box::new(ls::rolled_up(&location, self.tally.rolled_up))),
            Ok(()) => Stopped::AtTheEnd,
            Err(failure) => Stopped::By(Box::new(failure)),
        }
    }

    /// How far it is after so many seconds.
    fn in_words(&self, seconds: f64) -> String {
        let Progress { requests, in_flight, .. } = self.progress;
        if requests == 0 {
            return "listing …".into();
        }
        let all = self.tally.all;
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "for people to read")]
        #[expect(clippy::cast_sign_loss, reason = "neither is negative")]
        let rate = (all.objects as f64 / seconds.max(0.001)) as u64;
        format!(
            "{} objects, {}, {}/s, {} requests, {in_flight} at a time … Ctrl-C stops here",
            grouped(all.objects),
            bytes(all.bytes),
            grouped(rate),
            grouped(requests)
        )
    }
}

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
    ls,
    output::{OutputArgs, OutputForm},
    problem::{self, Problem},
    progress,
    renewing_session::{RenewingSession, check_complete},
    session::{self, MintedSession},
    session_args::SessionArgs,
    signals::Signals,
};
use crate::{
    clock::Clock,
    domain::{
        failure::Failure,
        location::Location,
        name_text::bytes_of,
        numbers::{format_bytes, group_digits},
    },
    lister::{Event, ListProgress, Plan, RowOrder, list_all},
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

pub(super) async fn run_count(args: &CountArgs) -> Result<ExitCode, Problem> {
    let resolved = session::resolve_options(&args.session).await?;
    let location = resolved.checked.location.clone();
    let Some(bucket) = &location.bucket else {
        return Err(Problem::typed("count: no bucket was given", "write `ebbtide count s3://BUCKET[/PREFIX]`"));
    };
    let opened = resolved.mint_session().await?;
    opened.log_mint(&args.session);
    let renewing = RenewingSession::new(&opened, args.session.store());
    let head = match args.output.form {
        OutputForm::Json => Some(ls::document_head(&opened).await),
        OutputForm::Text | OutputForm::Ndjson => None,
    };
    let mut count =
        Count { tally: Tally::below_prefix(bytes_of(&location.prefix).len()), progress: ListProgress::default() };
    let mut signals = Signals::listen()?;
    let stopped = count.count_everything(&renewing, count_plan(args, &location), &mut signals).await;
    signals.end_the_program();
    if let Some(region) = renewing.s3().region_of(bucket) {
        problem::write_note(&format!("the bucket is in {region}; requests for it were sent there"));
    }
    if count.tally.all.objects == 0 && !location.prefix.is_empty() && matches!(stopped, CountEnd::AtTheEnd) {
        return Err(opened.explain_failure(ls::nothing_below(&location), false).into());
    }
    let report = Report { location: &location, tally: &count.tally, requests: count.progress.requests, head };
    let counted = count.tally.all.objects > 0 || count.tally.rolled_up > 0;
    match stopped {
        CountEnd::AtTheEnd => report.print(args.output.form, true)?,
        CountEnd::BySignal(number) => {
            report.print(args.output.form, false)?;
            return Ok(exit::by_signal(number));
        }
        CountEnd::By(failure) => {
            if counted {
                report.print(args.output.form, false)?;
            }
            return Err(explain_failure(&opened, *failure, counted));
        }
    }
    Ok(Exit::Done.into())
}

fn explain_failure(opened: &MintedSession, failure: Failure, worked: bool) -> Problem {
    // What cannot be renewed says so itself.
    if failure.hint.is_some() { failure.into() } else { opened.explain_failure(failure, worked).into() }
}

fn count_plan(args: &CountArgs, location: &Location) -> Plan {
    Plan {
        location: location.clone(),
        delimited: false,
        behind: None,
        most_in_flight: args.max_in_flight.into(),
        order: RowOrder::Any,
        most_memory: usize::MAX, // rows are added up and dropped
    }
}

/// What ended a count.
enum CountEnd {
    AtTheEnd,
    BySignal(i32),
    By(Box<Failure>),
}

struct Count {
    tally: Tally,
    progress: ListProgress,
}

impl Count {
    async fn count_everything(&mut self, session: &RenewingSession, plan: Plan, signals: &mut Signals) -> CountEnd {
        let location = plan.location.clone();
        let (events, mut arriving) = mpsc::channel(WAITING);
        let mut listing = pin!(list_all(session.clone(), plan, events));
        let (clock, mut line) = (Clock::system(), progress::Progress::without_rows());
        let begun = clock.now();
        let mut ticks = interval(TELL);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        ticks.tick().await;
        let mut ended = None;
        loop {
            tokio::select! {
                event = arriving.recv() => match event {
                    Some(Event::Rows(rows)) => self.tally.add_rows(&rows),
                    Some(Event::Progress(progress)) => self.progress = progress,
                    Some(Event::Paused) => line.show_text("the session has expired: minting it again …"),
                    // The listing has ended, and nothing it told is left.
                    None => break,
                },
                result = &mut listing, if ended.is_none() => ended = Some(result),
                number = signals.next() => return CountEnd::BySignal(number),
                _ = ticks.tick() => line.show_text(&self.in_words(clock.now().duration_since(begun).as_secs_f64())),
            }
        }
        match check_complete(ended, &location) {
            Ok(()) if self.tally.rolled_up > 0 => {
                CountEnd::By(Box::new(ls::rolled_up(&location, self.tally.rolled_up)))
            }
            Ok(()) => CountEnd::AtTheEnd,
            Err(failure) => CountEnd::By(Box::new(failure)),
        }
    }

    /// How far it is after so many seconds.
    fn in_words(&self, seconds: f64) -> String {
        let ListProgress { requests, in_flight, .. } = self.progress;
        if requests == 0 {
            return "listing …".into();
        }
        let all = self.tally.all;
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "for people to read")]
        #[expect(clippy::cast_sign_loss, reason = "neither is negative")]
        let rate = (all.objects as f64 / seconds.max(0.001)) as u64;
        format!(
            "{} objects, {}, {}/s, {} requests, {in_flight} at a time … Ctrl-C stops here",
            group_digits(all.objects),
            format_bytes(all.bytes),
            group_digits(rate),
            group_digits(requests)
        )
    }
}

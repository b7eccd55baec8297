//! `ebbtide ls`: mint, list, print.
//!
//! Invariant: a listing that ended early never looks complete. Rows are printed in S3's order, each page as it arrives.

mod all;
mod moments;
mod printer;
mod rows;

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};
use tokio_util::task::AbortOnDropHandle;

use self::printer::Printer;
pub(super) use self::rows::JsonName;
use super::{
    checks::{self, CheckArgs},
    exit::Exit,
    lasting::Lasting,
    output::{self, Form, OutputArgs},
    problem::{self, Problem},
    progress::Progress,
    session::{self, Opened},
    session_args::SessionArgs,
    signals::Signals,
};
use crate::{
    aws::S3,
    clock::Clock,
    domain::{
        failure::{Failure, FailureKind, Service},
        listing::{ListRequest, Listing, Page, Rest},
        location::Location,
        numbers::grouped,
    },
};

/// Mint a session, then list buckets, or what is in one.
#[derive(Debug, Clone, Args)]
pub struct LsArgs {
    /// List everything below, not one level
    #[arg(short = 'R', long)]
    recursive: bool,

    /// List everything below by many requests at a time, in the same order
    #[arg(long, conflicts_with = "max")]
    all: bool,

    /// Stop after this many rows
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    max: Option<u64>,

    /// Print `key => etag` instead of date, size and key
    #[arg(long)]
    etags: bool,

    #[command(flatten)]
    checks: CheckArgs,

    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    session: SessionArgs,
}

impl LsArgs {
    pub(super) fn session(&self) -> &SessionArgs {
        &self.session
    }
}

pub(super) async fn run(args: &LsArgs) -> Result<ExitCode, Problem> {
    if args.etags && args.output.form != Form::Text {
        return Err(Problem::typed("--etags: only the text form needs it", "leave it out: JSON always says the etag"));
    }
    let resolved = session::resolve(&args.session).await?;
    if args.all && resolved.checked.location.bucket.is_none() {
        return Err(Problem::typed("--all: of which bucket?", "write `ebbtide ls --all s3://BUCKET[/PREFIX]`"));
    }
    checks::before_minting(&resolved, args.session.user.as_deref(), &args.checks).await?;
    let opened = resolved.mint().await?;
    opened.log(&args.session);
    let location = opened.checked.location.clone();
    let lasting = Lasting::new(&opened, args.session.store());
    let s3 = lasting.s3();
    checks::bucket(&s3, &location, &args.checks).await?;
    let head = match args.output.form {
        Form::Json => Some(head(&opened).await),
        Form::Text | Form::Ndjson => None,
    };
    let mut printer = Printer::new(args.output.form, args.etags, &location, head);
    let work = async {
        if args.all {
            all::list(&lasting, location.clone(), &mut printer).await.map(|()| true)
        } else {
            list(args, &s3, location.clone(), &mut printer).await
        }
    };
    let ended = match args.output.form {
        Form::Json => or_signal(work).await,
        Form::Text | Form::Ndjson => work.await,
    };
    let ended = ended.and_then(|complete| {
        let everything = args.recursive || args.all;
        match printer.prefixes().filter(|_| everything) {
            Some(prefixes) => Err(rolled_up(&location, prefixes).into()),
            None => Ok(complete),
        }
    });
    if let Some(region) = location.bucket.as_deref().and_then(|bucket| lasting.s3().region_of(bucket)) {
        problem::note(&format!("the bucket is in {region}; its requests went there"));
    }
    if ended.as_ref().is_ok_and(|complete| !complete) {
        let max = args.max.unwrap_or_default();
        problem::note(&format!("stopped after {max} rows, as --max says; there is more"));
    }
    match ended {
        Ok(complete) => printer.finish(complete)?,
        Err(problem) => {
            let worked = printer.has_rows();
            printer.give_up()?;
            return Err(match problem {
                Problem::Failed(failure) => opened.told(*failure, worked).into(),
                problem => problem,
            });
        }
    }
    Ok(Exit::Done.into())
}

/// Does the work unless a signal comes: a document that was begun is ended before the program is.
async fn or_signal(work: impl Future<Output = Result<bool, Problem>>) -> Result<bool, Problem> {
    let mut signals = Signals::listen()?;
    let ended = tokio::select! {
        ended = work => ended,
        number = signals.next() => Err(Problem::Ended(number)),
    };
    signals.end_the_program();
    ended
}

/// Prints page after page, the next one being asked for meanwhile; whether the service said that this was all.
async fn list(args: &LsArgs, s3: &S3, location: Location, printer: &mut Printer) -> Result<bool, Problem> {
    let clock = Clock::system();
    let mut line = Progress::beside_rows();
    let mut listing = Listing::new(location);
    let mut rows = 0;
    let mut next = Asked::next(args, s3, &listing, rows)?;
    while let Some(Asked { most, page }) = next {
        let page = line.patiently("listing", page).await;
        let mut page = page.map_err(|_| broken(&listing.location))??;
        // Some services ignore how many were asked for.
        let surplus = most.is_some_and(|most| page.rows.len() as u64 > most);
        if let (true, Some(most)) = (surplus, most.and_then(|most| usize::try_from(most).ok())) {
            page.rows = page.rows.slice(0, most);
        }
        let new = page.rows.clone();
        listing.add(page, clock.now()).map_err(|fault| malformed(&listing.location, &fault.to_string()))?;
        listing.forget_all_but_the_last();
        rows += new.len() as u64;
        let enough = surplus || args.max.is_some_and(|max| rows >= max);
        next = if enough { None } else { Asked::next(args, s3, &listing, rows)? };
        let room = line.make_room();
        printer.rows(&new)?;
        drop(room);
        line.show(rows, next.is_some());
        if enough && (surplus || listing.rest != Rest::Complete) {
            return Ok(false);
        }
    }
    if rows == 0 && !listing.location.prefix.is_empty() {
        return Err(nothing_below(&listing.location).into());
    }
    Ok(true)
}

/// A page that is being asked for, and how many rows it is to have at most.
struct Asked {
    most: Option<u64>,
    page: AbortOnDropHandle<Result<Page, Failure>>,
}

impl Asked {
    /// Asks for the page behind the rows that came, if there is more.
    ///
    /// # Errors
    /// If the service has sent nothing but empty pages.
    fn next(args: &LsArgs, s3: &S3, listing: &Listing, rows: u64) -> Result<Option<Self>, Failure> {
        let after = listing.to_follow().map_err(|fault| malformed(&listing.location, &fault.to_string()))?;
        let Some(after) = after else { return Ok(None) };
        let most = args.max.map(|max| max - rows);
        let request = ListRequest {
            location: listing.location.clone(),
            delimited: !args.recursive,
            after,
            last: listing.last(),
            max_keys: most.and_then(|most| u32::try_from(most).ok()),
        };
        let s3 = s3.clone();
        let page = AbortOnDropHandle::new(tokio::spawn(async move { s3.list(&request).await }));
        Ok(Some(Self { most, page }))
    }
}

/// A request's own code came to grief. What it said of that may quote anything.
fn broken(location: &Location) -> Failure {
    Failure::local(FailureKind::Other, "list", location.to_string(), "an error in ebbtide itself")
}

fn malformed(location: &Location, fault: &str) -> Failure {
    let failure = Failure::local(FailureKind::Malformed, "list", location.to_string(), fault);
    Failure { service: Service::S3, ..failure }
}

/// S3 has no prefixes of its own: one that does not exist is one that no key begins with.
pub(super) fn nothing_below(location: &Location) -> Failure {
    Failure::local(FailureKind::NotFound, "find", location.to_string(), "no key begins with this prefix").with_hint(
        "check its spelling, with / at the end of a directory; `ebbtide ls` without the prefix shows what is there",
    )
}

/// A listing of everything below that holds common prefixes does not hold what is below them.
pub(super) fn rolled_up(location: &Location, prefixes: u64) -> Failure {
    let fault = format!(
        "the service rolled keys up into common prefixes, {} of them, although no delimiter was sent; what is below them \
         is missing",
        grouped(prefixes)
    );
    malformed(location, &fault).with_hint("list level by level, without -R or --all: `ebbtide ls s3://BUCKET/PREFIX/`")
}

/// What the JSON document says besides the rows.
pub(super) async fn head(opened: &Opened) -> Value {
    json!({
        "identity": opened.identity().await.as_ref().map(output::identity),
        "expiration": opened.minted.credentials.expiration,
    })
}

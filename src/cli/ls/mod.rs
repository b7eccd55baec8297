//! `ebbtide ls`: mint, list, print.
//!
//! Invariant: an incomplete listing never looks complete. Rows are printed in S3's order, each page as it arrives.

mod all;
mod faults;
mod moments;
mod printer;
mod rows;

use std::process::ExitCode;

use clap::Args;
use serde_json::{Value, json};
use tokio_util::task::AbortOnDropHandle;

use self::{
    faults::{broken_request, malformed_listing},
    printer::Printer,
};
pub(super) use self::{
    faults::{nothing_below, rolled_up},
    rows::JsonName,
};
use super::{
    checks::{self, CheckArgs},
    exit::Exit,
    output::{self, OutputArgs, OutputForm},
    problem::{self, Problem},
    progress::Progress,
    renewing_session::RenewingSession,
    session::{self, MintedSession},
    session_args::SessionArgs,
    signals::Signals,
};
use crate::{
    aws::S3,
    clock::Clock,
    domain::{
        failure::Failure,
        listing::{ListRequest, Listing, Page, Rest},
        location::Location,
    },
};

/// Mint a session, then list buckets or objects
#[derive(Debug, Clone, Args)]
pub struct LsArgs {
    /// List everything below, not only one level
    #[arg(short = 'R', long)]
    recursive: bool,

    /// As -R, with up to 64 requests at a time; see below
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

pub(super) async fn run_ls(args: &LsArgs) -> Result<ExitCode, Problem> {
    if args.etags && args.output.form != OutputForm::Text {
        return Err(Problem::typed("--etags works only with text output", "remove it: JSON always has the ETag"));
    }
    let resolved = session::resolve_options(&args.session).await?;
    if args.all && resolved.checked.location.bucket.is_none() {
        return Err(Problem::typed("--all: no bucket was given", "write `ebbtide ls --all s3://BUCKET[/PREFIX]`"));
    }
    checks::before_minting(&resolved, args.session.user.as_deref(), &args.checks).await?;
    let opened = resolved.mint_session().await?;
    opened.log_mint(&args.session);
    let location = opened.checked.location.clone();
    let renewing = RenewingSession::new(&opened, args.session.store());
    let s3 = renewing.s3();
    checks::check_bucket(&s3, &location, &args.checks).await?;
    let head = match args.output.form {
        OutputForm::Json => Some(document_head(&opened).await),
        OutputForm::Text | OutputForm::Ndjson => None,
    };
    let mut printer = Printer::new(args.output.form, args.etags, &location, head);
    let work = async {
        if args.all {
            all::list_all_rows(&renewing, location.clone(), &mut printer).await.map(|()| true)
        } else {
            list_pages(args, &s3, location.clone(), &mut printer).await
        }
    };
    let ended = match args.output.form {
        OutputForm::Json => or_signal(work).await,
        OutputForm::Text | OutputForm::Ndjson => work.await,
    };
    let ended = ended.and_then(|complete| {
        let everything = args.recursive || args.all;
        match printer.prefix_count().filter(|_| everything) {
            Some(prefixes) => Err(rolled_up(&location, prefixes).into()),
            None => Ok(complete),
        }
    });
    if let Some(region) = location.bucket.as_deref().and_then(|bucket| renewing.s3().region_of(bucket)) {
        problem::write_note(&format!("the bucket is in {region}; requests for it were sent there"));
    }
    if ended.as_ref().is_ok_and(|complete| !complete) {
        let max = args.max.unwrap_or_default();
        problem::write_note(&format!("stopped after {max} rows (--max); there are more"));
    }
    match ended {
        Ok(complete) => printer.finish(complete)?,
        Err(problem) => {
            let worked = printer.has_rows();
            printer.give_up()?;
            return Err(match problem {
                Problem::Failed(failure) => opened.explain_failure(*failure, worked).into(),
                problem => problem,
            });
        }
    }
    Ok(Exit::Done.into())
}

/// Lists until done or until a signal; a JSON document that was started is closed either way.
async fn or_signal(work: impl Future<Output = Result<bool, Problem>>) -> Result<bool, Problem> {
    let mut signals = Signals::listen()?;
    let ended = tokio::select! {
        ended = work => ended,
        number = signals.next() => Err(Problem::Ended(number)),
    };
    signals.end_the_program();
    ended
}

/// Prints page after page and requests the next one meanwhile. Returns whether the listing is complete.
async fn list_pages(args: &LsArgs, s3: &S3, location: Location, printer: &mut Printer) -> Result<bool, Problem> {
    let clock = Clock::system();
    let mut line = Progress::beside_rows();
    let mut listing = Listing::new(location);
    let mut rows = 0;
    let mut next = PendingPage::ask_next(args, s3, &listing, rows)?;
    while let Some(PendingPage { most, page }) = next {
        let page = line.patiently("listing", page).await;
        let mut page = page.map_err(|_| broken_request(&listing.location))??;
        // Some services ignore how many were requested.
        let surplus = most.is_some_and(|most| page.rows.len() as u64 > most);
        if let (true, Some(most)) = (surplus, most.and_then(|most| usize::try_from(most).ok())) {
            page.rows = page.rows.slice_rows(0, most);
        }
        let new = page.rows.clone();
        listing
            .add_page(page, clock.now())
            .map_err(|fault| malformed_listing(&listing.location, &fault.to_string()))?;
        listing.forget_all_but_the_last();
        rows += new.len() as u64;
        let enough = surplus || args.max.is_some_and(|max| rows >= max);
        next = if enough { None } else { PendingPage::ask_next(args, s3, &listing, rows)? };
        let room = line.make_room();
        printer.print_rows(&new)?;
        drop(room);
        line.show_rows(rows, next.is_some());
        if enough && (surplus || listing.rest != Rest::Complete) {
            return Ok(false);
        }
    }
    if rows == 0 && !listing.location.prefix.is_empty() {
        return Err(nothing_below(&listing.location).into());
    }
    Ok(true)
}

/// A page that was requested, and how many rows it may have at most.
struct PendingPage {
    most: Option<u64>,
    page: AbortOnDropHandle<Result<Page, Failure>>,
}

impl PendingPage {
    /// Requests the next page, if there is more.
    ///
    /// # Errors
    /// If the service has sent nothing but empty pages.
    fn ask_next(args: &LsArgs, s3: &S3, listing: &Listing, rows: u64) -> Result<Option<Self>, Failure> {
        let after = listing.to_follow().map_err(|fault| malformed_listing(&listing.location, &fault.to_string()))?;
        let Some(after) = after else { return Ok(None) };
        let most = args.max.map(|max| max - rows);
        let request = ListRequest {
            location: listing.location.clone(),
            delimited: !args.recursive,
            after,
            last: listing.last_name(),
            max_keys: most.and_then(|most| u32::try_from(most).ok()),
        };
        let s3 = s3.clone();
        let page = AbortOnDropHandle::new(tokio::spawn(async move { s3.list_page(&request).await }));
        Ok(Some(Self { most, page }))
    }
}

/// What the JSON document holds besides the rows.
pub(super) async fn document_head(opened: &MintedSession) -> Value {
    json!({
        "identity": opened.identity().await.as_ref().map(output::identity_json),
        "expiration": opened.minted.credentials.expiration,
    })
}

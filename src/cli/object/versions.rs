//! `ebbtide versions`: the versions of exactly one key, or of everything below a prefix; with `--at`, what was current
//! then.
//!
//! Invariant: an incomplete listing never looks complete. Of what was current at a time it is always said what cannot be
//! known.

use std::process::ExitCode;

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;

use super::{open_at, version_rows::VersionPrinter};
use crate::{
    aws::S3,
    cli::{
        exit::Exit,
        ls,
        output::{OutputArgs, OutputForm, format_time},
        problem::{self, Problem},
        progress::Progress,
        session::MintedSession,
        session_args::SessionArgs,
    },
    clock::Clock,
    domain::{
        failure::{Failure, FailureKind},
        listing::PageFault,
        location::Location,
        object::{
            AsOf, CANNOT_BE_KNOWN, CurrentThen, NotAPastTime, ObjectAction, ObjectAddress, ObjectVersion,
            VersionListing, VersionTarget, explain_refusal, parse_past_time,
        },
        session::rights_of_request,
    },
};

/// Mint a session, then list versions of an object or below a prefix
#[derive(Debug, Clone, Args)]
pub struct VersionsArgs {
    /// Print what was current at this time: 2026-11-01T12:00:00Z, "2026-11-01 12:00" (local time), "1d ago"
    #[arg(long, value_name = "TIME")]
    at: Option<String>,

    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    session: SessionArgs,
}

impl VersionsArgs {
    pub(in crate::cli) fn session(&self) -> &SessionArgs {
        &self.session
    }

    /// The time of `--at`, by the services' clock.
    fn past_time(&self, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
        let read = |text: &String| parse_past_time(text, now, &TimeZone::system());
        self.at.as_ref().map(read).transpose().map_err(refused_time)
    }

    /// Refuses what is no time before a request is sent. Whether a time is past shows only by the services' clock.
    fn check_time(&self) -> Result<(), Problem> {
        let read = |text: &String| parse_past_time(text, Clock::system().now(), &TimeZone::system());
        match self.at.as_ref().map(read).transpose() {
            Ok(_) | Err(NotAPastTime::Future) => Ok(()),
            Err(refusal) => Err(refused_time(refusal)),
        }
    }
}

fn refused_time(refusal: NotAPastTime) -> Problem {
    Problem::typed(format!("--at: {refusal}"), "write --at with a time in the past, such as --at \"1d ago\"")
}

pub(in crate::cli) async fn run_versions(args: &VersionsArgs) -> Result<ExitCode, Problem> {
    let location = args.session.typed_location()?;
    let Some(bucket) = location.bucket.clone() else {
        return Err(Problem::typed("versions: no bucket was given", "write `ebbtide versions s3://BUCKET/KEY`"));
    };
    args.check_time()?;
    let is_key = !location.prefix.is_empty() && !location.prefix.ends_with('/');
    let target = if is_key {
        VersionTarget::Key(location.prefix.clone())
    } else {
        VersionTarget::Prefix(location.prefix.clone())
    };
    let opened = open_at(&args.session, &Location::new(&bucket, location.directory())).await?;
    let at = args.past_time(opened.source.moment().by_the_services())?;
    let mut head = match args.output.form {
        OutputForm::Json => ls::document_head(&opened).await,
        OutputForm::Text | OutputForm::Ndjson => json!({}),
    };
    head["bucket"] = bucket.clone().into();
    head[if is_key { "key" } else { "prefix" }] = location.prefix.clone().into();
    if let Some(at) = at {
        head["at"] = json!(at);
    }
    let mut run = VersionsRun {
        s3: opened.source.s3(&opened.minted),
        listing: VersionListing::new(bucket, target),
        printer: VersionPrinter::new(args.output.form, head),
        location,
    };
    let ended = match at {
        Some(at) => run.print_current_then(at, is_key).await,
        None => run.print_all(is_key).await,
    };
    ended.map_err(|problem| explain_problem(&opened, &run.location, problem))?;
    Ok(Exit::Done.into())
}

/// A listing that is printed as it comes.
struct VersionsRun {
    s3: S3,
    listing: VersionListing,
    printer: VersionPrinter,
    location: Location,
}

impl VersionsRun {
    async fn print_all(&mut self, is_key: bool) -> Result<(), Problem> {
        let mut line = Progress::beside_rows();
        loop {
            let page = match line.patiently("listing", self.s3.next_versions(&mut self.listing)).await {
                Ok(Some(page)) => page,
                Ok(None) => break,
                Err(failure) => return self.give_up(failure),
            };
            let room = line.make_room();
            self.printer.print_versions(&page.versions)?;
            drop(room);
            line.show_rows(self.printer.count(), !self.listing.is_complete());
        }
        drop(line);
        if self.printer.count() == 0 && !self.location.prefix.is_empty() {
            return Err(no_versions(&self.location, is_key).into());
        }
        let VersionPrinter { contents, markers, .. } = self.printer;
        let marked = if markers > 0 { format!(", delete markers ({markers})") } else { String::new() };
        Ok(self.printer.finish(Some(&format!("Versions ({contents}){marked}")))?)
    }

    async fn print_current_then(&mut self, at: Timestamp, is_key: bool) -> Result<(), Problem> {
        let mut line = Progress::beside_rows();
        let (mut as_of, mut tally) = (AsOf::at_time(at), ThenTally::default());
        loop {
            let page = match line.patiently("listing", self.s3.next_versions(&mut self.listing)).await {
                Ok(page) => page,
                Err(failure) => return self.give_up(failure),
            };
            let is_last = page.is_none();
            let versions = page.map(|page| page.versions).unwrap_or_default();
            let mut found = vec![];
            for version in versions {
                match as_of.take_version(version) {
                    Ok(finished) => found.extend(finished),
                    Err(fault) => return self.give_up(self.out_of_order(fault)),
                }
            }
            found.extend(if is_last { as_of.finish_key() } else { None });
            let current: Vec<_> = found.into_iter().filter_map(|then| tally.take(then)).collect();
            let room = line.make_room();
            self.printer.print_versions(&current)?;
            drop(room);
            if is_last {
                break;
            }
            line.show_rows(self.printer.count(), true);
        }
        drop(line);
        problem::write_note(&format!("as of {}: {CANNOT_BE_KNOWN}", format_time(Some(at))));
        if as_of.undated() > 0 {
            problem::write_note(&format!("{} versions have no time and were left out", as_of.undated()));
        }
        if is_key && self.printer.count() == 0 {
            return Err(not_there_then(&self.location, at, &tally).into());
        }
        let deleted = if tally.deleted > 0 { format!(", deleted ({})", tally.deleted) } else { String::new() };
        let summary = format!("Items ({}){deleted} as of {}", self.printer.contents, format_time(Some(at)));
        Ok(self.printer.finish(Some(&summary))?)
    }

    fn out_of_order(&self, fault: PageFault) -> Failure {
        let subject = self.location.to_string();
        let failure = Failure::local(FailureKind::Malformed, "list the versions of", subject, fault.to_string());
        failure.with_hint("without --at all versions are listed, in the order of the service")
    }

    /// The rows that came stay; JSON says that they are not all.
    fn give_up(&mut self, failure: Failure) -> Result<(), Problem> {
        if self.printer.count() > 0 {
            self.printer.finish(None)?;
        }
        Err(failure.into())
    }
}

/// What became of the keys.
#[derive(Debug, Default)]
struct ThenTally {
    deleted: u64,
    not_yet: u64,
    marker: Option<ObjectVersion>,
}

impl ThenTally {
    fn take(&mut self, then: CurrentThen) -> Option<ObjectVersion> {
        match then {
            CurrentThen::Version(version) => return Some(version),
            CurrentThen::Deleted(marker) => {
                self.deleted += 1;
                self.marker = Some(marker);
            }
            CurrentThen::NotYet => self.not_yet += 1,
        }
        None
    }
}

fn explain_problem(opened: &MintedSession, location: &Location, problem: Problem) -> Problem {
    let Problem::Failed(failure) = problem else { return problem };
    let address = ObjectAddress::new(location.bucket.clone().unwrap_or_default(), &location.prefix);
    let identity = opened.minted.grant.granted_identity();
    let now = opened.source.moment().by_the_services();
    let rights = rights_of_request(&opened.checked.request, opened.source.endpoint(), identity.as_ref(), now);
    let explained = explain_refusal((*failure).clone(), rights.as_ref(), ObjectAction::ListVersions, &address);
    if explained.message != failure.message {
        return explained.with_hint("a scope with versions is --scope read,get-version").into();
    }
    if explained.hint.is_some() { explained.into() } else { opened.explain_failure(explained, false).into() }
}

fn no_versions(location: &Location, is_key: bool) -> Failure {
    if !is_key {
        return ls::nothing_below(location);
    }
    Failure::local(FailureKind::NotFound, "find", location.to_string(), "no such key, in any version")
        .with_hint("check the spelling; a prefix ends in /")
}

fn not_there_then(location: &Location, at: Timestamp, tally: &ThenTally) -> Failure {
    let message = match &tally.marker {
        Some(marker) => format!("it was deleted at {}", format_time(marker.last_modified)),
        None if tally.not_yet > 0 => "all of its versions are newer".into(),
        None => "no such key, in any version".into(),
    };
    let action = format!("find, as of {},", format_time(Some(at)));
    Failure::local(FailureKind::NotFound, action, location.to_string(), message)
        .with_hint("`ebbtide versions` without --at lists all versions")
}

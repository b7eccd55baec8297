//! `ebbtide ls`: mint, list, print.
//!
//! Invariant: a listing that ended early never looks complete. Rows are printed in S3's order, each page as it arrives
//! except for `-o json`, which is one document.

mod all;

use std::{
    io::{self, BufWriter, StdoutLock, Write},
    process::ExitCode,
};

use clap::Args;
use serde_json::{Value, json};

use super::{
    checks::{self, CheckArgs},
    exit::Exit,
    lasting::Lasting,
    output::{self, Form, OutputArgs},
    problem::{self, Problem},
    progress::{self, Progress},
    session::{self, Opened},
    session_args::SessionArgs,
};
use crate::{
    aws::S3,
    clock::Clock,
    domain::{
        failure::{Failure, FailureKind, Service},
        listing::{Block, Entry, ListRequest, Listing, Rest},
        location::Location,
        safe_text::printable,
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
        Form::Json => Some(head(&opened).await?),
        Form::Text | Form::Ndjson => None,
    };
    let mut printer = Printer::new(args, &location, head);
    let ended = if args.all {
        all::list(&lasting, location.clone(), args.output.form, &mut printer).await.map(|()| true)
    } else {
        list(args, &s3, location.clone(), &mut printer).await
    };
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

/// Prints page after page; whether the service said that this was all.
async fn list(args: &LsArgs, s3: &S3, location: Location, printer: &mut Printer) -> Result<bool, Problem> {
    let clock = Clock::system();
    let mut count = Progress::new(args.output.form);
    let mut listing = Listing::new(location);
    let mut rows = 0;
    while let Some(after) = listing.wanted() {
        let left = args.max.map(|max| max - rows);
        if left == Some(0) {
            return Ok(false);
        }
        let request = ListRequest {
            location: listing.location.clone(),
            delimited: !args.recursive,
            after,
            last: listing.last(),
            max_keys: left.and_then(|left| u32::try_from(left).ok()),
        };
        // The pages after the first have their count to show.
        let page = s3.list(&request);
        let mut page = if rows == 0 { progress::patiently("listing", page).await? } else { page.await? };
        // Some services ignore how many buckets were asked for; a page with too many objects is no page.
        let surplus = left.is_some_and(|left| page.rows.len() as u64 > left);
        if let (true, Some(left)) = (surplus, left.and_then(|left| usize::try_from(left).ok())) {
            page.rows = page.rows.slice(0, left);
        }
        let new = page.rows.clone();
        listing.add(page, clock.now()).map_err(|fault| malformed(&listing.location, &fault.to_string()))?;
        printer.rows(&new)?;
        rows += new.len() as u64;
        count.show(rows, listing.rest != Rest::Complete);
        listing.forget_all_but_the_last();
        if surplus {
            return Ok(false);
        }
    }
    if rows == 0 && !listing.location.prefix.is_empty() {
        return Err(nothing_below(&listing.location).into());
    }
    Ok(true)
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

/// What the JSON document says besides the rows.
pub(super) async fn head(opened: &Opened) -> Result<Value, Problem> {
    Ok(json!({
        "identity": opened.identity().await?.as_ref().map(output::identity),
        "expiration": opened.minted.credentials.expiration,
    }))
}

/// Writes rows in one of the forms, and counts them.
struct Printer {
    out: BufWriter<StdoutLock<'static>>,
    form: Form,
    etags: bool,
    document: Value,
    buckets: Vec<Value>,
    objects: Vec<Value>,
    prefixes: Vec<Value>,
    counts: Counts,
}

#[derive(Debug, Default)]
struct Counts {
    buckets: u64,
    objects: u64,
    prefixes: u64,
}

impl Printer {
    fn new(args: &LsArgs, location: &Location, head: Option<Value>) -> Self {
        let form = args.output.form;
        let mut document = head.unwrap_or_default();
        if let (Some(bucket), Form::Json) = (&location.bucket, form) {
            document["bucket"] = json!(bucket);
            document["prefix"] = json!(location.prefix);
        }
        let out = BufWriter::new(io::stdout().lock());
        Self {
            out,
            form,
            etags: args.etags,
            document,
            buckets: vec![],
            objects: vec![],
            prefixes: vec![],
            counts: Counts::default(),
        }
    }

    fn rows(&mut self, rows: &Block) -> Result<(), Problem> {
        for row in rows.iter() {
            let row = &row;
            match row {
                Entry::Bucket(_) => self.counts.buckets += 1,
                Entry::Object(_) => self.counts.objects += 1,
                Entry::Prefix(_) => self.counts.prefixes += 1,
            }
            match self.form {
                Form::Text => writeln!(self.out, "{}", if self.etags { etag_row(row) } else { text_row(row) })?,
                Form::Ndjson => self.form.write_value(&mut self.out, &line(row))?,
                Form::Json => self.keep(row),
            }
        }
        Ok(self.out.flush()?)
    }

    fn keep(&mut self, row: &Entry) {
        match row {
            Entry::Bucket(bucket) => self.buckets.push(output::bucket(bucket)),
            Entry::Object(object) => self.objects.push(output::object(object)),
            Entry::Prefix(prefix) => self.prefixes.push(json!(prefix)),
        }
    }

    /// After a failure: the rows that came stay; the text form goes without its count, JSON says that it is not all.
    fn give_up(&mut self) -> Result<(), Problem> {
        if self.form == Form::Json && self.has_rows() { self.finish(false) } else { Ok(()) }
    }

    fn has_rows(&self) -> bool {
        let Counts { buckets, objects, prefixes } = self.counts;
        buckets + objects + prefixes > 0
    }

    /// The last line, or the whole document.
    fn finish(&mut self, complete: bool) -> Result<(), Problem> {
        let in_bucket = self.form == Form::Json && self.document.get("bucket").is_some();
        match self.form {
            Form::Text => self.summary(complete)?,
            Form::Ndjson => {}
            Form::Json if in_bucket => {
                self.document["objects"] = std::mem::take(&mut self.objects).into();
                self.document["prefixes"] = std::mem::take(&mut self.prefixes).into();
                self.document["count"] = json!(self.counts.objects);
            }
            Form::Json => {
                self.document["buckets"] = std::mem::take(&mut self.buckets).into();
                self.document["count"] = json!(self.counts.buckets);
            }
        }
        if self.form == Form::Json {
            self.document["complete"] = json!(complete);
            self.form.write_value(&mut self.out, &self.document)?;
        }
        Ok(self.out.flush()?)
    }

    fn summary(&mut self, complete: bool) -> io::Result<()> {
        let Counts { buckets, objects, prefixes } = self.counts;
        let more = if complete { "" } else { ", and more that are not listed" };
        match (buckets, prefixes) {
            (1.., _) => writeln!(self.out, "Buckets ({buckets}){more}"),
            (0, 1..) => writeln!(self.out, "Items ({objects}), prefixes ({prefixes}){more}"),
            (0, 0) => writeln!(self.out, "Items ({objects}){more}"),
        }
    }
}

fn text_row(row: &Entry) -> String {
    match row {
        Entry::Bucket(bucket) => format!(
            "{}  {:<14}  {}",
            output::moment(bucket.created),
            printable(bucket.region.as_deref().unwrap_or("-")),
            printable(&bucket.name)
        ),
        Entry::Object(object) => {
            format!("{}  {:>14}  {}", output::moment(object.modified), object.size, printable(&object.key))
        }
        Entry::Prefix(prefix) => format!("{:>20}  {:>14}  {}", "", "PRE", printable(prefix)),
    }
}

/// `key => etag` of an object; any other row is only its name.
fn etag_row(row: &Entry) -> String {
    match row {
        Entry::Object(object) => {
            format!("{} => {}", printable(&object.key), printable(object.etag.as_deref().unwrap_or("-")))
        }
        row => printable(row.name()).into_owned(),
    }
}

fn line(row: &Entry) -> Value {
    match row {
        Entry::Bucket(bucket) => output::bucket(bucket),
        Entry::Object(object) => output::object(object),
        Entry::Prefix(prefix) => json!({ "prefix": prefix }),
    }
}

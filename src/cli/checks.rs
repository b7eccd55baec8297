//! The checks of `ebbtide ls --check` before it lists: do the user, the role and the bucket exist?
//!
//! Invariant: only a definite "does not exist" ends the command; a lookup that is not allowed does not. Each check
//! prints one line on standard error: ✓ exists, ✗ does not exist, ? unknown.

use clap::Args;

use super::{
    problem::{self, Problem},
    progress, role,
    session::CheckedOptions,
    user,
};
use crate::{
    aws::{Iam, S3},
    clock::Clock,
    domain::{
        failure::{Failure, FailureKind},
        iam::{Role, RoleName},
        listing::{ListRequest, Listing, PageFault},
        location::Location,
        mint::MintRequest,
        safe_text::printable,
    },
};

/// The checks before listing.
#[derive(Debug, Clone, Args)]
pub(super) struct CheckArgs {
    /// First check that the IAM user of --user, the role and the bucket exist; stop with exit code 5 if one does not
    #[arg(long)]
    check: bool,

    /// As --check, but create the IAM user of --user if it does not exist, and wait until IAM finds it; the user stays
    /// until you delete it
    #[arg(long, requires = "user")]
    create_user: bool,
}

impl CheckArgs {
    fn is_wanted(&self) -> bool {
        self.check || self.create_user
    }
}

/// Looks up the user and the role in IAM, with the profile's own credentials.
pub(super) async fn before_minting(
    resolved: &CheckedOptions,
    user: Option<&str>,
    args: &CheckArgs,
) -> Result<(), Problem> {
    let role_arn = match &resolved.checked.request {
        MintRequest::AssumeRole(call) => RoleName::parse(&call.role_arn),
        _ => None,
    };
    if !args.is_wanted() || user.is_none() && role_arn.is_none() {
        return Ok(());
    }
    let iam = resolved.source.iam().await?;
    if let Some(name) = user {
        check_user(&iam, name, args.create_user).await?;
    }
    let Some(wanted) = role_arn else { return Ok(()) };
    let remark = |role: Role| role.longest.map(|longest| format!("exists, sessions up to {longest}"));
    report_check(&format!("role {}", wanted.name), role::find_role(&iam, wanted).await.map(remark))
}

async fn check_user(iam: &Iam, name: &str, create: bool) -> Result<(), Problem> {
    user::check_name(name).map_err(|why| Problem::typed(format!("--user: {why}"), "choose a valid IAM user name"))?;
    let ensured = user::ensure_user(iam, name, create).await;
    if let (Err(failure), true) = (&ensured, create) {
        // The request failed, which is more than an unknown result.
        return Err(failure.clone().into());
    }
    report_check(&format!("user {name}"), ensured.map(|ensured| ensured.created.then(|| "created".to_owned())))
}

/// Looks for the location's bucket among all that the session may see.
pub(super) async fn check_bucket(s3: &S3, location: &Location, args: &CheckArgs) -> Result<(), Problem> {
    let Some(bucket) = location.bucket.as_ref().filter(|_| args.is_wanted()) else { return Ok(()) };
    report_check(&format!("bucket {bucket}"), progress::patiently("listing buckets", is_there(s3, bucket)).await)
}

async fn is_there(s3: &S3, wanted: &str) -> Result<Option<String>, Failure> {
    let mut listing = Listing::new(Location::all_buckets());
    let malformed = |fault: PageFault| Failure::local(FailureKind::Malformed, "list", "the buckets", fault.to_string());
    while let Some(after) = listing.to_follow().map_err(malformed)? {
        let request = ListRequest { after, last: listing.last_name(), ..ListRequest::default() };
        let page = s3.list_page(&request).await?;
        if page.rows.names().any(|name| name == wanted.as_bytes()) {
            return Ok(None);
        }
        listing.add_page(page, Clock::system().now()).map_err(malformed)?;
    }
    let why = "ListBuckets, which lists the account's own buckets, does not name it";
    Err(Failure::local(FailureKind::NotFound, "find the bucket", wanted, why)
        .with_hint("check the name; to list a bucket of another account, run without --check"))
}

/// Prints one line; only `does not exist` is returned as a failure.
fn report_check(what: &str, found: Result<Option<String>, Failure>) -> Result<(), Problem> {
    let (mark, remark) = match &found {
        Ok(remark) => ('✓', remark.clone().unwrap_or_else(|| "exists".into())),
        Err(failure) if failure.kind == FailureKind::NotFound => ('✗', "does not exist".into()),
        Err(failure) => ('?', format!("unknown: {}", failure.in_one_line())),
    };
    problem::write_error_lines(&[format!("{mark} {}: {}", printable(what), printable(&remark))]);
    match found {
        Err(failure) if failure.kind == FailureKind::NotFound => Err(failure.into()),
        _ => Ok(()),
    }
}

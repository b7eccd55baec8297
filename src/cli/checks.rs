//! What `ebbtide ls --check` asks before it lists: does the user exist, the role, the bucket.
//!
//! Invariant: only an answer that something does not exist ends the command; not being allowed to ask is no answer. One
//! line each on standard error: ✓ exists, ✗ does not, ? could not be asked.

use super::{
    problem::{self, Problem},
    progress, role, session,
    session_args::SessionArgs,
    user,
};
use crate::{
    aws::{Iam, ListRequest, S3},
    domain::{
        failure::{Failure, FailureKind},
        iam::RoleName,
        listing::{Entry, Listing},
        location::Location,
        mint::Mode,
        safe_text::printable,
    },
};

/// Asks IAM, with the profile's own credentials, for the user that `--user` names and the role to assume.
pub(super) async fn before_minting(args: &SessionArgs, create_user: bool) -> Result<(), Problem> {
    let prepared = session::prepare(args).await?;
    let wants_role = prepared.draft.mode == Mode::Role;
    if args.user.is_none() && !wants_role {
        return Ok(());
    }
    let iam = prepared.source.iam().await?;
    if let Some(name) = &args.user {
        check_user(&iam, name, create_user).await?;
    }
    match RoleName::parse(&prepared.draft.role_arn).filter(|_| wants_role) {
        Some(wanted) => {
            let found = role::find(&iam, wanted).await;
            let longest = |role: crate::domain::iam::Role| role.longest.map(|longest| format!("sessions up to {longest}"));
            tell(&format!("role {}", wanted.name), found.map(longest))
        }
        None => Ok(()),
    }
}

async fn check_user(iam: &Iam, name: &str, create: bool) -> Result<(), Problem> {
    user::name(name).map_err(|why| Problem::typed(format!("--user: {why}"), "choose a name that IAM takes"))?;
    let ensured = user::ensure(iam, name, create).await;
    if let (Err(failure), true) = (&ensured, create) {
        // What was asked for could not be done; that is more than not knowing.
        return Err(failure.clone().into());
    }
    tell(&format!("user {name}"), ensured.map(|ensured| ensured.created.then(|| "created".to_owned())))
}

/// Looks for the location's bucket among all that the session may see.
pub(super) async fn bucket(s3: &S3, location: &Location) -> Result<(), Problem> {
    let Some(bucket) = &location.bucket else { return Ok(()) };
    tell(&format!("bucket {bucket}"), progress::patiently("listing buckets", is_there(s3, bucket)).await)
}

async fn is_there(s3: &S3, wanted: &str) -> Result<Option<String>, Failure> {
    let mut listing = Listing::new(Location::buckets());
    let mut after = None;
    loop {
        let request = ListRequest { location: Location::buckets(), after: after.take(), last: listing.last(), ..ListRequest::default() };
        let page = s3.list(&request).await?;
        if page.entries.iter().any(|entry| matches!(entry, Entry::Bucket(bucket) if bucket.name == wanted)) {
            return Ok(None);
        }
        listing.entries = page.entries;
        after = page.next;
        if after.is_none() {
            let why = "it is not among those that ListBuckets tells of, which are the account's own";
            return Err(Failure::local(FailureKind::NotFound, "find the bucket", wanted, why)
                .with_hint("check the name; leave --check out to list a bucket of another account"));
        }
    }
}

/// One line; only what does not exist goes on as a failure.
fn tell(what: &str, found: Result<Option<String>, Failure>) -> Result<(), Problem> {
    let (mark, remark) = match &found {
        Ok(remark) => ('✓', remark.clone().unwrap_or_else(|| "exists".into())),
        Err(failure) if failure.kind == FailureKind::NotFound => ('✗', "does not exist".into()),
        Err(failure) => ('?', format!("could not be asked: {}", failure.reason())),
    };
    problem::say(&[format!("{mark} {}: {}", printable(what), printable(&remark))]);
    match found {
        Err(failure) if failure.kind == FailureKind::NotFound => Err(failure.into()),
        _ => Ok(()),
    }
}

//! What ends a listing, or shows that it is not whole.
//!
//! Invariant: what a request panicked with is not quoted.

use crate::domain::{
    failure::{Failure, FailureKind, Service},
    location::Location,
    numbers::grouped,
};

/// A request's own code came to grief. What it said of that may quote anything.
pub(super) fn broken(location: &Location) -> Failure {
    Failure::local(FailureKind::Other, "list", location.to_string(), "an error in ebbtide itself")
}

pub(super) fn malformed(location: &Location, fault: &str) -> Failure {
    let failure = Failure::local(FailureKind::Malformed, "list", location.to_string(), fault);
    Failure { service: Service::S3, ..failure }
}

/// S3 has no prefixes of its own: one that does not exist is one that no key begins with.
pub(in crate::cli) fn nothing_below(location: &Location) -> Failure {
    Failure::local(FailureKind::NotFound, "find", location.to_string(), "no key begins with this prefix").with_hint(
        "check its spelling, with / at the end of a directory; `ebbtide ls` without the prefix shows what is there",
    )
}

/// A listing of everything below that holds common prefixes does not hold what is below them.
pub(in crate::cli) fn rolled_up(location: &Location, prefixes: u64) -> Failure {
    let fault = format!(
        "the service rolled keys up into common prefixes, {} of them, although no delimiter was sent; what is below them \
         is missing",
        grouped(prefixes)
    );
    malformed(location, &fault).with_hint("list level by level, without -R or --all: `ebbtide ls s3://BUCKET/PREFIX/`")
}

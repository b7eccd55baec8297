//! What ends a listing, or shows that it is not whole.
//!
//! Invariant: what a request panicked with is not quoted.

use crate::domain::{
    failure::{Failure, FailureKind, Service},
    location::Location,
    numbers::grouped,
};

/// The code behind a request panicked. The panic message is dropped: it may quote anything.
pub(super) fn broken(location: &Location) -> Failure {
    Failure::local(FailureKind::Other, "list", location.to_string(), "a bug in ebbtide")
}

pub(super) fn malformed(location: &Location, fault: &str) -> Failure {
    let failure = Failure::local(FailureKind::Malformed, "list", location.to_string(), fault);
    Failure { service: Service::S3, ..failure }
}

/// To S3, a prefix is only the start of a key: a prefix that no key starts with does not exist.
pub(in crate::cli) fn nothing_below(location: &Location) -> Failure {
    Failure::local(FailureKind::NotFound, "find", location.to_string(), "no key starts with this prefix")
        .with_hint("check the spelling and the / at the end; `ebbtide ls` without the prefix lists what exists")
}

/// A recursive listing that contains common prefixes lacks the keys below them.
pub(in crate::cli) fn rolled_up(location: &Location, prefixes: u64) -> Failure {
    let fault = format!(
        "the service rolled keys up into common prefixes, {} of them, although no delimiter was sent; what is below them \
         is missing",
        grouped(prefixes)
    );
    malformed(location, &fault).with_hint("list level by level, without -R and --all: `ebbtide ls s3://BUCKET/PREFIX/`")
}

//! What happens ahead of a session's end: nothing, or an automatic renewal, as the person chose for it.
//!
//! Invariant: only a session set to automatic is renewed without a key, with the request it was minted with and never with
//! more; one attempt at a time, each failure putting the next one off. Until one succeeds the old session stays.

use jiff::{SignedDuration, Timestamp};

use super::{
    held::HeldSession,
    renewal::{Renewal, RenewalChoice},
};
use crate::domain::{
    failure::{Failure, FailureKind},
    lifetime::{Lifetime, Phase, format_countdown},
    mint::Mode,
    moment::Moment,
};

/// What becomes of the choice for this session when another takes its place.
pub(super) fn of_successor(held: &HeldSession, at: Moment) -> Renewal {
    let after_early_end = held.renewal.ends_early || ends_early(held, at);
    Renewal { after_early_end, ..Renewal::chosen(held.renewal.choice) }
}

/// Whether a session is over, or about to be, before its time has passed.
pub(super) fn ends_early(held: &HeldSession, at: Moment) -> bool {
    let by_a_clock = |lifetime: Lifetime| {
        let by_age = lifetime.latest_end() - lead(lifetime);
        due_ahead(lifetime, at) <= at.local && at.local + SHORTLY < by_age
    };
    held.refused_at.is_some() || held.session.lifetime.is_some_and(by_a_clock)
}

/// Sessions shorter than this are renewed when a tenth is left; others not later than [`LEAD`] before their end.
const SHORT: SignedDuration = SignedDuration::from_mins(15);
/// Time for several attempts, for a session that is not short.
const LEAD: SignedDuration = SignedDuration::from_mins(5);
/// Clocks are known to this.
const SHORTLY: SignedDuration = SignedDuration::from_secs(2);
/// However short a session is granted, it is not renewed by itself before this age.
const LEAST_AGE: SignedDuration = SignedDuration::from_secs(5);
/// The wait after the first failure; each further one doubles it.
const FIRST_WAIT: SignedDuration = SignedDuration::from_secs(2);
/// The longest wait between two attempts.
const LONGEST_WAIT: SignedDuration = SignedDuration::from_mins(5);

/// How long before its end a session is renewed.
fn lead(lifetime: Lifetime) -> SignedDuration {
    let tenth = lifetime.length() / 10;
    if lifetime.length() < SHORT { tenth } else { tenth.max(LEAD) }
}

/// Whether minting again takes a code that only the person can read.
pub(super) fn needs_code(held: &HeldSession) -> bool {
    held.session.request.mfa_serial().is_some()
}

/// Ahead of a session's end, by this machine's clock.
fn due_ahead(lifetime: Lifetime, at: Moment) -> Timestamp {
    lifetime.end(at.offset) - lead(lifetime)
}

/// When a session is to be renewed by itself, or the person is to be asked for a code, by this machine's clock.
pub(super) fn due(held: &HeldSession, at: Moment) -> Option<Timestamp> {
    let lifetime = held.session.lifetime?;
    let ahead = due_ahead(lifetime, at);
    match held.renewal.choice {
        RenewalChoice::Automatic => {
            let refused = held.refused_at.filter(|_| !held.renewal.after_early_end);
            let by_age = lifetime.latest_end() - lead(lifetime);
            let earliest = lifetime.asked_at() + LEAST_AGE;
            let ahead = if held.renewal.after_early_end || by_age < earliest { by_age.max(earliest) } else { ahead };
            let due = refused.map_or(ahead, |at| at.min(ahead));
            Some(held.renewal.not_before.map_or(due, |after| due.max(after)))
        }
        RenewalChoice::Manual if needs_code(held) && !held.renewal.asked => Some(ahead),
        RenewalChoice::Manual => None,
    }
}

/// A renewal has failed: another attempt follows, unless it would fail in the same way. What is to be said of it; nothing for
/// a session that is renewed manually.
pub(super) fn note_failure(held: &mut HeldSession, failure: &Failure, at: Moment) -> Option<String> {
    if held.renewal.choice != RenewalChoice::Automatic {
        return None;
    }
    if is_lasting(failure.kind) {
        held.renewal = Renewal { failure: Some(failure.clone()), ..Renewal::default() };
        let why = failure.in_one_line();
        return Some(format!("not renewed, and automatic renewal is off · R renews · {why}"));
    }
    let wait = wait_after(held.renewal.failures);
    held.renewal.failure = Some(failure.clone());
    held.renewal.failures += 1;
    held.renewal.not_before = Some(at.local + wait);
    let is_over = held.session.lifetime.is_some_and(|lifetime| lifetime.phase(at) == Phase::Expired);
    let meanwhile = if is_over { "" } else { "; the session is still valid" };
    let again = format_countdown(wait);
    Some(format!("not renewed yet{meanwhile} · next attempt in {again} · e explains"))
}

/// Trouble that the same request would meet again.
const fn is_lasting(kind: FailureKind) -> bool {
    matches!(kind, FailureKind::Expired | FailureKind::Denied | FailureKind::InvalidCredentials | FailureKind::Invalid)
}

fn wait_after(failures: u32) -> SignedDuration {
    (FIRST_WAIT * 2_i32.pow(failures.min(10))).min(LONGEST_WAIT)
}

/// The other choice for a session, and what it would mean; or why there is none.
pub(in crate::app) fn other_choice(held: &HeldSession) -> Result<(RenewalChoice, String), &'static str> {
    let minted = held.session.request.mode() != Mode::Direct;
    let Some(lifetime) = held.session.lifetime.filter(|_| minted) else {
        return Err("nothing to renew: these credentials were not minted");
    };
    match held.renewal.choice {
        RenewalChoice::Automatic => Ok((RenewalChoice::Manual, "only R renews the session".to_owned())),
        RenewalChoice::Manual if needs_code(held) => {
            Err("renewal stays manual: each renewal of this session needs an MFA code")
        }
        RenewalChoice::Manual => {
            let left = format_countdown(lead(lifetime));
            Ok((RenewalChoice::Automatic, format!("renewed when {left} is left, with the same rights")))
        }
    }
}

/// Takes a choice for a session, and says so.
pub(super) fn choose(held: &mut HeldSession, choice: RenewalChoice) -> &'static str {
    held.renewal = Renewal::chosen(choice);
    match choice {
        RenewalChoice::Manual => "renewal: manual · R renews",
        RenewalChoice::Automatic => "renewal: automatic",
    }
}

//! What happens ahead of a session's end, as the person chose for it: nothing, or a renewal by itself.
//!
//! Invariant: only a session that was told to renews itself, with the request it was minted with and never with more; one
//! attempt at a time, each failure putting the next one off. Until one succeeds the old session stays.

use jiff::{SignedDuration, Timestamp};

use super::{Current, Effect, Minting, Model, Then, Tone};
use crate::domain::{
    credentials::SessionId,
    failure::{Failure, FailureKind},
    lifetime::{Lifetime, Phase, countdown},
    mint::{MfaCode, MintRequest, Mode},
    moment::Moment,
};

/// What a person can choose for a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RenewalChoice {
    /// The person renews it, or not.
    #[default]
    Manual,
    /// It is renewed ahead of its end.
    Automatic,
}

/// The choice, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Renewal {
    /// What was chosen.
    pub choice: RenewalChoice,
    /// Why the last attempt that nobody waited for has failed.
    pub failure: Option<Failure>,
    /// How many attempts in a row have failed.
    failures: u32,
    /// No attempt before this time, by this machine's clock.
    not_before: Option<Timestamp>,
    /// Whether the person was asked for the next MFA code ahead of the end.
    asked: bool,
    /// Whether its predecessor was over before its time had passed: refused, or by what a service showed of its clock. What
    /// ends early twice in a row would do so for ever.
    after_early_end: bool,
}

impl Renewal {
    /// A session of this choice that nobody has tried to renew.
    fn chosen(choice: RenewalChoice) -> Self {
        Self { choice, ..Self::default() }
    }

    /// What becomes of the choice for this session when another takes its place.
    pub(super) fn of_successor(current: &Current, at: Moment) -> Self {
        let early = |lifetime: Lifetime| {
            let by_age = lifetime.latest_end() - lead(lifetime);
            due_ahead(lifetime, at) <= at.local && at.local + SHORTLY < by_age
        };
        let after_early_end = current.refused_at.is_some() || current.session.lifetime.is_some_and(early);
        Self { after_early_end, ..Self::chosen(current.renewal.choice) }
    }
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
fn needs_code(current: &Current) -> bool {
    current.session.request.mfa_serial().is_some()
}

/// Ahead of a session's end, by this machine's clock.
fn due_ahead(lifetime: Lifetime, at: Moment) -> Timestamp {
    lifetime.end(at.offset) - lead(lifetime)
}

/// When a session is to be renewed by itself, or the person is to be asked for a code, by this machine's clock.
fn due(current: &Current, at: Moment) -> Option<Timestamp> {
    let lifetime = current.session.lifetime?;
    let ahead = due_ahead(lifetime, at);
    match current.renewal.choice {
        RenewalChoice::Automatic => {
            let refused = current.refused_at.filter(|_| !current.renewal.after_early_end);
            let by_age = lifetime.latest_end() - lead(lifetime);
            let earliest = lifetime.asked_at() + LEAST_AGE;
            let ahead = if current.renewal.after_early_end || by_age < earliest { by_age.max(earliest) } else { ahead };
            let due = refused.map_or(ahead, |at| at.min(ahead));
            Some(current.renewal.not_before.map_or(due, |after| due.max(after)))
        }
        RenewalChoice::Manual if needs_code(current) && !current.renewal.asked => Some(ahead),
        RenewalChoice::Manual => None,
    }
}

/// When the next session is to be renewed by itself, by this machine's clock.
pub(super) fn next_due(model: &Model) -> Option<Timestamp> {
    let waiting =
        model.sessions().map(|(current, _)| current).filter(|current| !is_renewing(model, current.session.id));
    waiting.filter_map(|current| due(current, model.moment())).min()
}

/// Whether a call to STS is under way that would replace this session.
pub(super) fn is_renewing(model: &Model, id: SessionId) -> bool {
    model.minting.iter().chain(&model.unattended).any(|minting| minting.then == Then::Replace(id))
}

/// Begins what is due; nobody waits for it.
pub(super) fn begin_due(model: &mut Model) -> Vec<Effect> {
    let at = model.moment();
    let due: Vec<SessionId> = model
        .sessions()
        .map(|(current, _)| current)
        .filter(|current| {
            due(current, at).is_some_and(|due| due <= at.local) && !is_renewing(model, current.session.id)
        })
        .map(|current| current.session.id)
        .collect();
    let asked: Vec<(Minting, Effect)> = due.into_iter().filter_map(|id| ask_early(model, id)).collect();
    let (mintings, effects): (Vec<Minting>, Vec<Effect>) = asked.into_iter().unzip();
    model.unattended.extend(mintings);
    effects
}

/// The call that renews a session; where that takes a code, a word to the person, who goes on browsing meanwhile.
fn ask_early(model: &mut Model, id: SessionId) -> Option<(Minting, Effect)> {
    let at = model.moment();
    let current = model.session_mut(id)?;
    if !needs_code(current) {
        let request = current.session.request.clone();
        return ask(model, id, request, None);
    }
    current.renewal.asked = true;
    let left = countdown(current.session.lifetime?.remaining(at));
    model.say(Tone::Warning, format!("a session with MFA ends in {left} · R takes the next code, browsing goes on"));
    None
}

/// The call that mints a session's successor.
pub(super) fn ask(
    model: &mut Model,
    id: SessionId,
    request: MintRequest,
    code: Option<MfaCode>,
) -> Option<(Minting, Effect)> {
    let generation = model.next_generation();
    let since = model.now;
    let current = model.session(id)?;
    let (source, wishes) = (current.source.clone(), current.wishes.clone());
    let minting = Minting { generation, since, source: source.clone(), draft: None, wishes, then: Then::Replace(id) };
    Some((minting, Effect::Mint { generation, source, request, code }))
}

/// An attempt that nobody waited for has failed: another follows, unless it could not end otherwise.
pub(super) fn failed(model: &mut Model, id: SessionId, failure: &Failure) {
    let at = model.moment();
    let Some(current) = model.session_mut(id).filter(|current| current.renewal.choice == RenewalChoice::Automatic)
    else {
        return;
    };
    if is_lasting(failure.kind) {
        current.renewal = Renewal { failure: Some(failure.clone()), ..Renewal::default() };
        let why = failure.reason();
        return model.say(Tone::Warning, format!("not renewed, and not tried again by itself · R renews · {why}"));
    }
    let wait = wait(current.renewal.failures);
    current.renewal.failure = Some(failure.clone());
    current.renewal.failures += 1;
    current.renewal.not_before = Some(at.local + wait);
    let is_over = current.session.lifetime.is_some_and(|lifetime| lifetime.phase(at) == Phase::Expired);
    let meanwhile = if is_over { "" } else { ", the session goes on" };
    let again = countdown(wait);
    model.say(Tone::Warning, format!("not renewed yet{meanwhile} · tries again in {again} · e explains"));
}

/// Trouble that the same request would meet again.
const fn is_lasting(kind: FailureKind) -> bool {
    matches!(kind, FailureKind::Expired | FailureKind::Denied | FailureKind::InvalidCredentials | FailureKind::Invalid)
}

fn wait(failures: u32) -> SignedDuration {
    (FIRST_WAIT * 2_i32.pow(failures.min(10))).min(LONGEST_WAIT)
}

/// The other choice for a session and what it would mean; or why there is none.
pub(super) fn other_choice(current: &Current) -> Result<(RenewalChoice, String), &'static str> {
    let minted = current.session.request.mode() != Mode::Direct;
    let Some(lifetime) = current.session.lifetime.filter(|_| minted) else {
        return Err("renewal is manual: these credentials were not minted here");
    };
    match current.renewal.choice {
        RenewalChoice::Automatic => Ok((RenewalChoice::Manual, "only R renews the session".to_owned())),
        RenewalChoice::Manual if needs_code(current) => {
            Err("renewal is manual: each renewal of a session with MFA takes a new code")
        }
        RenewalChoice::Manual => {
            let left = countdown(lead(lifetime));
            Ok((RenewalChoice::Automatic, format!("renewed when {left} is left, with the same rights")))
        }
    }
}

/// Takes a choice for a session.
pub(super) fn choose(model: &mut Model, id: SessionId, choice: RenewalChoice) {
    let Some(current) = model.session_mut(id) else { return };
    current.renewal = Renewal::chosen(choice);
    let text = match choice {
        RenewalChoice::Manual => "renewal: manual · R renews · A changes that",
        RenewalChoice::Automatic => "renewal: automatic · A changes that",
    };
    model.say(Tone::Good, text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_sessions_leave_time_for_several_attempts_and_short_ones_are_not_renewed_all_the_time() {
        for (length, left) in [(30, 3), (600, 60), (899, 89), (900, 300), (3_600, 360), (43_200, 4_320)] {
            let from = Moment { local: Timestamp::UNIX_EPOCH, offset: SignedDuration::ZERO };
            let lifetime = Lifetime::until(from.local + SignedDuration::from_secs(length), from);
            assert_eq!(lead(lifetime).as_secs(), left, "{length}");
        }
    }

    #[test]
    fn failures_put_the_next_attempt_off_but_not_for_ever() {
        let waits: Vec<i64> = [0, 1, 2, 6, 7, 8, 1000].map(|failures| wait(failures).as_secs()).to_vec();
        assert_eq!(waits, [2, 4, 8, 128, 256, 300, 300]);
    }
}

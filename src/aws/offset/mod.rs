//! How far the service's clock is from ours, measured from the `Date` header of every reply.
//!
//! A `Date` has whole seconds, so one reply only bounds the offset: the service's clock stood somewhere in
//! `[Date, Date + 1 s)` at some moment between sending and receiving. Successive bounds are intersected, and the value
//! reported is zero where zero lies within them: clocks that agree are never said to differ, and a countdown corrected
//! with the offset does not jump from reply to reply.
//!
//! A `Date` can be wrong: of one service among several, or of what stands before it. So one that contradicts what is known
//! is not followed, unless this machine's wall clock bears it out; and not one that contradicts itself, because the same
//! reply accepts a signature that was too old, or too new, by it. What STS grants bears one out too: see
//! [`ClockOffset::settle`].
//!
//! Invariant: an offset is never so large that adding it to a time of today leaves the calendar, and no single reply moves
//! one that is known by more than [`TOLERATED`].

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use aws_sdk_sts::config::{
    ConfigBag, Intercept, RuntimeComponents,
    interceptors::{BeforeDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef},
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_types::{
    DateTime,
    config_bag::{Storable, StoreReplace},
    date_time::Format,
};
use jiff::{SignedDuration, Timestamp, civil, tz::TimeZone};

use crate::{
    clock::Clock,
    domain::{clock_doubt::ClockDoubt, failure::Service, moment::TOLERATED},
};

/// The farthest clock that is believed: a dead battery puts one at 1970, and nothing honest is farther off than that.
const FARTHEST: SignedDuration = SignedDuration::from_hours(100 * 366 * 24);

/// Hears of each reply that is not followed.
pub(super) type DoubtListener = Arc<dyn Fn(ClockDoubt) + Send + Sync>;

/// The offset, shared by every client that measures it.
#[derive(Clone, Default)]
pub(super) struct ClockOffset {
    known: Arc<Mutex<KnownOffset>>,
    listener: Option<DoubtListener>,
}

#[derive(Debug, Default)]
struct KnownOffset {
    offset: Option<Bounds>,
    /// The last report: the same is not reported again.
    reported: Option<ClockDoubt>,
}

impl KnownOffset {
    /// The offset once this reply is taken into account, if it can be followed.
    fn updated_bounds(&self, seen: ClockReading) -> Option<Bounds> {
        let Some(before) = self.offset else { return Some(seen.bounds) };
        if seen.bounds.agrees_with(before.midpoint()) {
            return Some(before.intersection(seen.bounds).unwrap_or(seen.bounds));
        }
        // The machine stood still unnoticed, or a wrong `Date` came first: the wall clock is the second witness.
        let borne_out = seen.bounds.agrees_with(seen.wall) && !before.agrees_with(seen.wall);
        borne_out.then_some(seen.bounds)
    }
}

/// The offset lies between these two, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bounds {
    least: SignedDuration,
    most: SignedDuration,
}

impl Bounds {
    fn of_one_reply(date: Timestamp, sent: Timestamp, received: Timestamp) -> Option<Self> {
        let least = date.duration_since(received);
        let most = date.duration_since(sent) + SignedDuration::from_secs(1);
        (least >= -FARTHEST && most <= FARTHEST).then_some(Self { least, most })
    }

    fn exact(offset: SignedDuration) -> Self {
        Self { least: offset, most: offset }
    }

    fn intersection(self, other: Self) -> Option<Self> {
        let both = Self { least: self.least.max(other.least), most: self.most.min(other.most) };
        (both.least <= both.most).then_some(both)
    }

    fn midpoint(self) -> SignedDuration {
        if self.least <= SignedDuration::ZERO && SignedDuration::ZERO <= self.most {
            SignedDuration::ZERO
        } else {
            (self.least + self.most) / 2
        }
    }

    fn agrees_with(self, offset: SignedDuration) -> bool {
        (self.midpoint() - offset).abs() <= TOLERATED
    }
}

/// What one reply shows of its service's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ClockReading {
    bounds: Bounds,
    service: Service,
    /// How far ahead of ours the time was that the request was signed for, where the reply accepts it.
    accepted: Option<SignedDuration>,
    /// How far ahead of ours the machine's wall clock is by now.
    wall: SignedDuration,
}

impl ClockReading {
    /// How far the service's clock is ahead of ours, by this reply.
    pub(super) fn offset(&self) -> SignedDuration {
        self.bounds.midpoint()
    }

    /// For which time to sign the next request to this service.
    pub(super) fn signing_offset(&self) -> SignedDuration {
        self.accepted.filter(|_| self.contradicts_itself()).unwrap_or_else(|| self.offset())
    }

    /// How far ahead it is if the `Date` is wrong and this machine's clock right.
    pub(super) fn if_wrong(&self) -> SignedDuration {
        self.wall
    }

    /// Services refuse what was signed more than 15 minutes ago, or for a time so far ahead.
    fn contradicts_itself(&self) -> bool {
        self.accepted.is_some_and(|signed| !self.bounds.agrees_with(signed))
    }
}

impl ClockOffset {
    /// One of its own, whose doubts this listener hears.
    pub(super) fn with_listener(listener: DoubtListener) -> Self {
        Self { known: Arc::default(), listener: Some(listener) }
    }

    pub(super) fn get(&self) -> Option<SignedDuration> {
        self.lock_known().offset.map(Bounds::midpoint)
    }

    fn lock_known(&self) -> MutexGuard<'_, KnownOffset> {
        // It is replaced as a whole.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes one reply into account.
    pub(super) fn observe_reply(&self, seen: ClockReading) {
        let mut known = self.lock_known();
        match known.updated_bounds(seen).filter(|_| !seen.contradicts_itself()) {
            Some(offset) => known.offset = Some(offset),
            None => self.report_doubt(known, seen),
        }
    }

    /// Takes one reply into account whose grant shows how far its service's clock is ahead: as its `Date` says, or not.
    pub(super) fn observe_grant(&self, seen: ClockReading, ahead: SignedDuration) {
        let mut known = self.lock_known();
        if seen.bounds.agrees_with(ahead) {
            // A service may have a clock of its own: its sessions are counted down by that one all the same.
            known.offset = known.updated_bounds(seen).or(known.offset);
            return;
        }
        if known.offset.is_none_or(|before| seen.bounds.agrees_with(before.midpoint())) {
            known.offset = Some(Bounds::exact(ahead));
        }
        self.report_doubt(known, seen);
    }

    /// Reports that the date of a reply is not used, unless a similar one was reported before.
    fn report_doubt(&self, mut known: MutexGuard<'_, KnownOffset>, seen: ClockReading) {
        let now = known.offset.map_or(seen.wall, Bounds::midpoint);
        let doubt = ClockDoubt { service: seen.service, ahead: seen.offset() - now };
        let is_news = known.reported.is_none_or(|reported| (reported.ahead - doubt.ahead).abs() > TOLERATED);
        known.reported = Some(doubt);
        drop(known);
        tracing::info!(%doubt, is_news, "a Date");
        if let Some(listener) = self.listener.as_ref().filter(|_| is_news) {
            listener(doubt);
        }
    }

    /// What measures it: one per client.
    pub(super) fn meter(&self, service: Service, clock: Clock) -> Meter {
        Meter { service, clock, takes: ReadingTarget::Offset(self.clone()) }
    }
}

impl fmt::Debug for ClockOffset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ClockOffset").field(&self.get()).finish()
    }
}

/// The newest reading of one client, for code that judges it by more than its `Date`.
#[derive(Debug, Clone, Default)]
pub(super) struct LatestReading(Arc<Mutex<Option<ClockReading>>>);

impl LatestReading {
    pub(super) fn get(&self) -> Option<ClockReading> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What measures it: for one client alone. A refusal has nothing else to judge its `Date` by, and what is made again
    /// because of it goes by the offset.
    pub(super) fn meter(&self, service: Service, clock: Clock, offset: &ClockOffset) -> Meter {
        Meter { service, clock, takes: ReadingTarget::Newest { newest: self.clone(), refusals: offset.clone() } }
    }
}

/// Notes when each attempt is sent and answered.
#[derive(Debug)]
pub(super) struct Meter {
    service: Service,
    clock: Clock,
    takes: ReadingTarget,
}

/// Where readings go.
#[derive(Debug)]
enum ReadingTarget {
    Offset(ClockOffset),
    Newest { newest: LatestReading, refusals: ClockOffset },
}

/// When an attempt was sent, and for when it was signed.
#[derive(Debug)]
struct AttemptTimes {
    at: Timestamp,
    signed: Option<Timestamp>,
}

impl Storable for AttemptTimes {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "ClockOffset"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        state: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let signed = context.request().headers().get("x-amz-date").and_then(parse_signing_date);
        state.interceptor_state().store_put(AttemptTimes { at: self.clock.now(), signed });
        Ok(())
    }

    fn read_after_transmit(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        state: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let (reply, Some(AttemptTimes { at, signed })) = (context.response(), state.load::<AttemptTimes>()) else {
            return Ok(());
        };
        let date = reply.headers().get("date").and_then(parse_http_date);
        let Some(bounds) = date.and_then(|date| Bounds::of_one_reply(date, *at, self.clock.now())) else {
            return Ok(());
        };
        let accepted = signed.filter(|_| reply.status().is_success()).map(|signed| signed.duration_since(*at));
        let seen = ClockReading { bounds, service: self.service, accepted, wall: self.clock.wall_moved() };
        match &self.takes {
            ReadingTarget::Offset(offset) => offset.observe_reply(seen),
            ReadingTarget::Newest { newest, refusals } => {
                *newest.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(seen);
                if !reply.status().is_success() {
                    refusals.observe_reply(seen);
                }
            }
        }
        Ok(())
    }
}

fn parse_http_date(text: &str) -> Option<Timestamp> {
    let date = DateTime::from_str(text, Format::HttpDate).ok()?;
    Timestamp::from_second(date.secs()).ok()
}

/// `20261122T140000Z`. <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html>
fn parse_signing_date(text: &str) -> Option<Timestamp> {
    let date = civil::DateTime::strptime("%Y%m%dT%H%M%SZ", text).ok()?;
    date.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp())
}

#[cfg(test)]
mod tests;

//! How far the service's clock is from ours, measured from the `Date` header of every reply.
//!
//! A `Date` has whole seconds, so one reply only bounds the offset: the service's clock stood somewhere in
//! `[Date, Date + 1 s)` at some moment between sending and receiving. Successive bounds are intersected, and the value
//! reported is zero where zero lies within them: clocks that agree are never said to differ, and a countdown corrected
//! with the offset does not jump from reply to reply.
//!
//! Invariant: an offset is never so large that adding it to a time of today leaves the calendar. Bounds that contradict
//! the ones before mean that a clock was set; measuring starts again.

use std::sync::{Arc, Mutex, PoisonError};

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
use jiff::{SignedDuration, Timestamp};

use crate::clock::Clock;

/// The farthest clock that is believed: a dead battery puts one at 1970, and nothing honest is farther off than that.
const FARTHEST: SignedDuration = SignedDuration::from_hours(100 * 366 * 24);

/// The offset, shared by every client that measures it.
#[derive(Debug, Clone, Default)]
pub(super) struct ClockOffset(Arc<Mutex<Option<Bounds>>>);

/// The offset lies between these two, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Bounds {
    least: SignedDuration,
    most: SignedDuration,
}

impl Bounds {
    fn of_one_reply(date: Timestamp, sent: Timestamp, received: Timestamp) -> Self {
        Self { least: date.duration_since(received), most: date.duration_since(sent) + SignedDuration::from_secs(1) }
    }

    fn within(self, other: Self) -> Option<Self> {
        let both = Self { least: self.least.max(other.least), most: self.most.min(other.most) };
        (both.least <= both.most).then_some(both)
    }

    fn best(self) -> SignedDuration {
        if self.least <= SignedDuration::ZERO && SignedDuration::ZERO <= self.most {
            SignedDuration::ZERO
        } else {
            (self.least + self.most) / 2
        }
    }
}

impl ClockOffset {
    pub(super) fn get(&self) -> Option<SignedDuration> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).map(Bounds::best)
    }

    /// Takes one reply into account; a date that no clock shows is passed over.
    fn observe(&self, date: Timestamp, sent: Timestamp, received: Timestamp) {
        let seen = Bounds::of_one_reply(date, sent, received);
        if seen.least < -FARTHEST || seen.most > FARTHEST {
            return;
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *known = Some(known.and_then(|known| known.within(seen)).unwrap_or(seen));
    }

    /// What measures it: one per client.
    pub(super) fn meter(&self, clock: Clock) -> Meter {
        Meter { clock, offset: self.clone() }
    }
}

/// Notes when each attempt is sent and answered.
#[derive(Debug)]
pub(super) struct Meter {
    clock: Clock,
    offset: ClockOffset,
}

#[derive(Debug)]
struct SentAt(Timestamp);

impl Storable for SentAt {
    type Storer = StoreReplace<Self>;
}

impl Intercept for Meter {
    fn name(&self) -> &'static str {
        "ClockOffset"
    }

    fn read_before_transmit(
        &self,
        _: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        state: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        state.interceptor_state().store_put(SentAt(self.clock.now()));
        Ok(())
    }

    fn read_after_transmit(
        &self,
        context: &BeforeDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        state: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let date = context.response().headers().get("date").and_then(parse_http_date);
        if let (Some(date), Some(SentAt(sent))) = (date, state.load::<SentAt>()) {
            self.offset.observe(date, *sent, self.clock.now());
        }
        Ok(())
    }
}

fn parse_http_date(text: &str) -> Option<Timestamp> {
    let date = DateTime::from_str(text, Format::HttpDate).ok()?;
    Timestamp::from_second(date.secs()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(millis: i64) -> Timestamp {
        Timestamp::from_millisecond(millis).unwrap()
    }

    /// (Date in seconds, sent, received, offset reported after it), in milliseconds.
    fn replay(rows: &[(i64, i64, i64, i64)]) {
        let offset = ClockOffset::default();
        for (date, sent, received, expected) in rows {
            offset.observe(at(date * 1000), at(*sent), at(*received));
            assert_eq!(offset.get(), Some(SignedDuration::from_millis(*expected)), "{date} {sent} {received}");
        }
    }

    #[test]
    fn clocks_that_agree_are_not_said_to_differ() {
        replay(&[(10, 10_010, 10_050, 0), (10, 10_900, 10_990, 0), (12, 12_000, 12_001, 0)]);
    }

    #[test]
    fn a_far_clock_is_measured_to_half_a_second_and_better_with_each_reply() {
        replay(&[(1300, 100_000, 100_200, 1_200_400), (1300, 100_900, 101_000, 1_199_950)]);
    }

    #[test]
    fn a_clock_that_was_set_is_measured_anew() {
        replay(&[(10, 10_000, 10_100, 0), (710, 11_000, 11_000, 699_500)]);
    }

    #[test]
    fn a_date_beyond_any_clock_is_not_measured() {
        let (now, offset) = ("2026-11-22T12:00:00Z".parse::<Timestamp>().unwrap(), ClockOffset::default());
        for date in ["9999-12-30T22:00:00Z", "0001-01-01T00:00:00Z", "2200-01-01T00:00:00Z"] {
            offset.observe(date.parse().unwrap(), now, now);
            assert_eq!(offset.get(), None, "{date}");
        }
        offset.observe(Timestamp::UNIX_EPOCH, now, now);
        assert!(offset.get().is_some());
    }

    #[test]
    fn a_date_that_is_none_is_not_measured() {
        assert_eq!(parse_http_date("Sun, 01 Nov 2026 10:00:00 GMT"), Some("2026-11-01T10:00:00Z".parse().unwrap()));
        assert_eq!(parse_http_date("yesterday"), None);
    }
}

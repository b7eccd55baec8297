//! Readings of the service's clock clock, one after another, and what is known after each.

use super::*;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap()
}

/// A reply with this `Date` in seconds, sent and received at these milliseconds, that refuses.
fn reading(date: i64, sent: i64, received: i64) -> ClockReading {
    ClockReading {
        bounds: Bounds::of_one_reply(at(date * 1000), at(sent), at(received)).unwrap(),
        service: Service::S3,
        accepted: None,
        wall: SignedDuration::ZERO,
    }
}

/// The same without a way to go, off by so many seconds.
fn off_by(seconds: i64) -> ClockReading {
    ClockReading { bounds: Bounds::exact(SignedDuration::from_secs(seconds)), ..reading(0, 0, 0) }
}

/// (Date in seconds, sent, received, offset reported after it), in milliseconds.
fn replay(rows: &[(i64, i64, i64, i64)]) {
    let offset = ClockOffset::default();
    for (date, sent, received, expected) in rows {
        offset.observe_reply(reading(*date, *sent, *received));
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

const HOUR: i64 = 3600;

/// Offsets of replies in hours, and after each the offset that is known and how many were told so far.
fn follows(rows: &[(i64, i64, usize)]) {
    let told = Arc::new(Mutex::new(vec![]));
    let heard = Arc::clone(&told);
    let offset = ClockOffset::with_listener(Arc::new(move |doubt| heard.lock().unwrap().push(doubt)));
    for (at, (hours, known, doubts)) in rows.iter().enumerate() {
        offset.observe_reply(off_by(hours * HOUR));
        let told = told.lock().unwrap();
        assert_eq!(offset.get().map(|offset| offset.as_hours()), Some(*known), "{at} of {rows:?}: {told:?}");
        assert_eq!(told.len(), *doubts, "{at} of {rows:?}: {told:?}");
    }
}

#[test]
fn a_reply_that_contradicts_what_is_known_is_told_once_and_not_followed() {
    follows(&[(0, 0, 0), (13, 0, 1), (13, 0, 1), (0, 0, 1), (-13, 0, 2), (0, 0, 2)]);
    follows(&[(13, 13, 0), (12, 13, 1), (13, 13, 1)]);
    // Two witnesses against one: the machine's own clock bears the second out.
    follows(&[(13, 13, 0), (0, 0, 0), (13, 0, 1), (0, 0, 1), (13, 0, 1)]);
}

#[test]
fn a_machine_that_stood_still_is_put_right_by_replies_and_wall_clock_together() {
    let offset = ClockOffset::default();
    offset.observe_reply(off_by(0));
    offset.observe_reply(ClockReading { wall: SignedDuration::from_hours(2), ..off_by(2 * HOUR) });
    assert_eq!(offset.get(), Some(SignedDuration::from_hours(2)));
}

#[test]
fn a_reply_that_accepts_a_signature_which_is_too_old_by_its_own_date_is_not_followed() {
    for (ahead, signed, known) in [
        (13 * HOUR, 0, None),
        (-13 * HOUR, 0, None),
        (14 * 60, 0, Some(14 * 60)),
        (13 * HOUR, 13 * HOUR, Some(13 * HOUR)),
    ] {
        let offset = ClockOffset::default();
        offset.observe_reply(ClockReading { accepted: Some(SignedDuration::from_secs(signed)), ..off_by(ahead) });
        assert_eq!(offset.get().map(|offset| offset.as_secs()), known, "{ahead} {signed}");
    }
}

#[test]
fn a_grant_decides_between_a_date_and_this_machines_clock() {
    let (hours, accepted) = (SignedDuration::from_hours, Some(SignedDuration::ZERO));
    for (before, date, ahead, known) in
        [(None, 13, 13, 13), (None, 13, 0, 0), (Some(0), 13, 0, 0), (Some(13), 13, 0, 0), (Some(0), 0, 0, 0)]
    {
        let offset = ClockOffset::default();
        if let Some(before) = before {
            offset.observe_reply(off_by(before * HOUR));
        }
        offset.observe_grant(ClockReading { accepted, ..off_by(date * HOUR) }, hours(ahead));
        assert_eq!(offset.get(), Some(hours(known)), "{before:?} {date} {ahead}");
    }
}

#[test]
fn a_date_beyond_any_clock_is_not_measured() {
    let now = "2026-11-22T12:00:00Z".parse::<Timestamp>().unwrap();
    for date in ["9999-12-30T22:00:00Z", "0001-01-01T00:00:00Z", "2200-01-01T00:00:00Z"] {
        assert_eq!(Bounds::of_one_reply(date.parse().unwrap(), now, now), None, "{date}");
    }
    assert!(Bounds::of_one_reply(Timestamp::UNIX_EPOCH, now, now).is_some());
}

#[test]
fn a_date_that_is_none_is_not_measured() {
    assert_eq!(parse_http_date("Sun, 01 Nov 2026 10:00:00 GMT"), Some("2026-11-01T10:00:00Z".parse().unwrap()));
    assert_eq!(parse_http_date("yesterday"), None);
    assert_eq!(parse_signing_date("20261101T100000Z"), Some("2026-11-01T10:00:00Z".parse().unwrap()));
    assert_eq!(parse_signing_date("20261101"), None);
}

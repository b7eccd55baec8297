//! Numbers, sizes and times as people read them.
//!
//! Invariant: the same value reads the same everywhere on screen.

use jiff::{Timestamp, tz::TimeZone};

pub(super) use crate::domain::numbers::{format_bytes as size, group_digits as count};

/// `12.3 MiB (12,897,485 bytes)`; a small size is exact already.
pub(super) fn exact_size(bytes: u64) -> String {
    if bytes < 1024 { size(bytes) } else { format!("{} ({} bytes)", size(bytes), count(bytes)) }
}

/// `1 row`, `12,022 rows`.
pub(super) fn rows(number: usize) -> String {
    format!("{} {}", count(number), if number == 1 { "row" } else { "rows" })
}

/// `2026-11-22 14:31`, in the person's time zone.
pub(super) fn minute(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
}

/// `2026-11-22 14:31:07`, in the person's time zone.
pub(super) fn second_of_day(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// `2026-11-22 14:31:07 UTC`.
pub(super) fn second(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S %Z").to_string()
}

/// `14:31:07`.
pub(super) fn clock_time(at: Timestamp, zone: &TimeZone) -> String {
    at.to_zoned(zone.clone()).strftime("%H:%M:%S").to_string()
}

/// `14:31:07 UTC` where that is today, with its date where it is not; without the zone where it is not wanted.
pub(super) fn moment(at: Timestamp, now: Timestamp, zone: &TimeZone, zoned: bool) -> String {
    let (at, now) = (at.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
    let date = if at.date() == now.date() { "" } else { "%Y-%m-%d " };
    let zone = if zoned { " %Z" } else { "" };
    at.strftime(&format!("{date}%H:%M:%S{zone}")).to_string()
}

/// `━━╌╌╌╌╌╌╌╌ 18 %`: how much of its room something takes up.
pub(super) fn gauge(percent: u32) -> String {
    let filled = usize::try_from(percent.div_ceil(10).min(10)).unwrap_or(10);
    format!("{}{} {percent} %", "━".repeat(filled), "╌".repeat(10 - filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_well() {
        for (bytes, text) in [(0_u64, "0 B"), (640, "640 B"), (9_120, "8.9 KiB"), (12_897_485, "12.3 MiB")] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn a_gauge_is_never_longer_than_its_room() {
        for (percent, text) in [(0, "╌╌╌╌╌╌╌╌╌╌ 0 %"), (18, "━━╌╌╌╌╌╌╌╌ 18 %"), (140, "━━━━━━━━━━ 140 %")]
        {
            assert_eq!(gauge(percent), text);
        }
    }

    #[test]
    fn another_day_is_said() {
        let now: Timestamp = "2026-11-22T23:00:00Z".parse().unwrap();
        let zone = TimeZone::UTC;
        assert_eq!(moment("2026-11-22T23:30:00Z".parse().unwrap(), now, &zone, true), "23:30:00 UTC");
        assert_eq!(moment("2026-11-23T00:30:00Z".parse().unwrap(), now, &zone, true), "2026-11-23 00:30:00 UTC");
    }
}

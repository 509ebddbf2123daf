//! Instants as RFC 3339 writes them.

use crate::model::Instant;

/// The last millisecond that RFC 3339, which has four digits for the year, can say: the end of 9999.
const LAST_MILLIS: u64 = 253_402_300_799_999;

const MILLIS_A_DAY: u64 = 86_400_000;

/// `at` in UTC with milliseconds, such as `2026-11-20T18:52:51.123Z`; what lies after the year 9999 is its end.
pub(super) fn rfc3339(at: Instant) -> String {
    let millis = at.as_millis().min(LAST_MILLIS);
    let (year, month, day) = civil_date(millis / MILLIS_A_DAY);
    let of_day = millis % MILLIS_A_DAY;
    let (hours, minutes, seconds) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{:03}Z", of_day % 1000)
}

/// Year, month and day (both from 1) of a day counted from 1970-01-01, in the Gregorian calendar.
///
/// Whole years and months are taken off one after the other; at most a few thousand steps, and no formula to trust.
fn civil_date(mut days: u64) -> (u64, u64, u64) {
    let mut year = 1970;
    while days >= days_in_year(year) {
        days -= days_in_year(year);
        year += 1;
    }
    let mut month = 1;
    while days >= days_in_month(year, month) {
        days -= days_in_month(year, month);
        month += 1;
    }
    (year, month, days + 1)
}

const fn is_leap(year: u64) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

const fn days_in_year(year: u64) -> u64 {
    if is_leap(year) { 366 } else { 365 }
}

const fn days_in_month(year: u64, month: u64) -> u64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments_are_written_as_everyone_writes_them() {
        for (millis, text) in [
            (0, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"),
            (951_868_800_000, "2000-03-01T00:00:00.000Z"),
            (1_234_567_890_123, "2009-02-13T23:31:30.123Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
            (LAST_MILLIS, "9999-12-31T23:59:59.999Z"),
        ] {
            assert_eq!(rfc3339(Instant::from_millis(millis)), text);
        }
        assert_eq!(rfc3339(Instant::FAR_FUTURE), "9999-12-31T23:59:59.999Z");
    }
}

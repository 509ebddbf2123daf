//! Instants as RFC 3339 writes them.

use crate::model::Instant;

/// The last millisecond that RFC 3339, which has four digits for the year, can say: the end of 9999.
const LAST_MILLIS: u64 = 253_402_300_799_999;

const MILLIS_A_DAY: u64 = 86_400_000;

/// `at` in UTC with milliseconds, such as `2026-11-20T18:52:51.123Z`; what lies after the year 9999 is its end.
pub fn rfc3339(at: Instant) -> String {
    let millis = at.as_millis().min(LAST_MILLIS);
    let (year, month, day) = civil_date(millis / MILLIS_A_DAY);
    let of_day = millis % MILLIS_A_DAY;
    let (hours, minutes, seconds) = (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1000 % 60);
    format!("{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{:03}Z", of_day % 1000)
}

/// Reads an instant as RFC 3339 writes it, with any offset; `None` for what is none, or lies before 1970. A leap second
/// counts as the one after it.
pub fn parse_rfc3339(text: &str) -> Option<Instant> {
    millis_since_1970(text).and_then(|millis| u64::try_from(millis).ok()).map(Instant::from_millis)
}

/// The same where what lies before 1970 counts as its beginning, which is as long past.
pub(super) fn parse_rfc3339_or_past(text: &str) -> Option<Instant> {
    millis_since_1970(text).map(|millis| Instant::from_millis(u64::try_from(millis).unwrap_or_default()))
}

fn millis_since_1970(text: &str) -> Option<i64> {
    let (date, rest) = (text.get(..10)?, text.get(10..)?);
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let offset_at = time.find(['Z', 'z', '+', '-'])?;
    let (time, offset) = time.split_at(offset_at);
    let days = days_of(date)?;
    let (whole, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let [hours, minutes, seconds] = numbers(whole, ':')?;
    if hours > 23 || minutes > 59 || seconds > 60 || !is_digits(fraction) {
        return None;
    }
    // Beyond the third digit nothing counts.
    let millis: i64 = format!("{fraction:0<3}")[..3].parse().ok()?;
    let [hours, minutes, seconds] = [hours, minutes, seconds].map(u64::cast_signed);
    let local = days * MILLIS_A_DAY.cast_signed() + hours * 3_600_000 + minutes * 60_000 + seconds * 1000 + millis;
    let utc = match offset.split_at(1) {
        ("Z" | "z", "") => local,
        (sign, ahead) => {
            let [hours, minutes] = numbers(ahead, ':')?;
            let ahead = (hours * 3_600_000 + minutes * 60_000).cast_signed();
            match sign {
                _ if hours > 23 || minutes > 59 => return None,
                "+" => local - ahead,
                "-" => local + ahead,
                _ => return None,
            }
        }
    };
    Some(utc)
}

/// Days from 1970-01-01 to a date such as `2027-01-31`.
fn days_of(date: &str) -> Option<i64> {
    let [year, month, day] = numbers(date, '-')?;
    if date.len() != 10 || !(1..=12).contains(&month) || !(1..=days_in_month(year, month)).contains(&day) {
        return None;
    }
    let years: u64 = (1970..year).map(days_in_year).sum();
    let years_before: u64 = (year..1970).map(days_in_year).sum();
    let months: u64 = (1..month).map(|month| days_in_month(year, month)).sum();
    Some((years + months + day - 1).cast_signed() - years_before.cast_signed())
}

/// Numbers of two digits (a year has four) with a sign between.
fn numbers<const N: usize>(text: &str, between: char) -> Option<[u64; N]> {
    let read = |part: &str| if is_digits(part) && matches!(part.len(), 2 | 4) { part.parse().ok() } else { None };
    let numbers: Option<Vec<u64>> = text.split(between).map(read).collect();
    numbers?.try_into().ok()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
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

    #[test]
    fn what_is_written_is_read_again() {
        for millis in [0, 1, 951_782_399_999, 951_782_400_000, 1_234_567_890_123, 4_107_542_400_000, LAST_MILLIS] {
            let at = Instant::from_millis(millis);
            assert_eq!(parse_rfc3339(&rfc3339(at)), Some(at));
        }
    }

    #[test]
    fn moments_are_read_in_every_form_there_is() {
        let read = |text| parse_rfc3339(text).map(Instant::as_millis);
        for text in [
            "2009-02-13T23:31:30Z",
            "2009-02-13t23:31:30z",
            "2009-02-13 23:31:30.000Z",
            "2009-02-14T01:01:30+01:30",
            "2009-02-13T15:31:30-08:00",
            "2009-02-13T23:31:30-00:00",
        ] {
            assert_eq!(read(text), Some(1_234_567_890_000), "{text}");
        }
        assert_eq!(read("2009-02-13T23:31:30.5Z"), Some(1_234_567_890_500));
        assert_eq!(read("2009-02-13T23:31:30.123456789Z"), Some(1_234_567_890_123));
        assert_eq!(read("2016-12-31T23:59:60Z"), read("2017-01-01T00:00:00Z"), "a leap second");
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "tomorrow",
            "2009-02-13",
            "2009-02-13T23:31:30",
            "2009-02-13T23:31Z",
            "2009-02-29T00:00:00Z",
            "2009-13-01T00:00:00Z",
            "2009-00-01T00:00:00Z",
            "2009-2-13T23:31:30Z",
            "2009-02-13T24:00:00Z",
            "2009-02-13T23:60:00Z",
            "2009-02-13T23:31:30.Z",
            "2009-02-13T23:31:30+24:00",
            "2009-02-13T23:31:30+0130",
            "2009-02-13T23:31:30Zulu",
            "1969-12-31T23:59:59Z",
            "1970-01-01T00:00:00+01:00",
            "+009-02-13T23:31:30Z",
            "2009-02-1é23:31:30Z",
        ] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
        }
    }

    #[test]
    fn what_lies_before_1970_is_past_or_nothing() {
        for text in ["0079-09-07T19:09:40Z", "1969-12-31T23:59:59.999Z", "1970-01-01T00:30:00+01:00"] {
            assert_eq!(parse_rfc3339(text), None, "{text}");
            assert_eq!(parse_rfc3339_or_past(text), Some(Instant::ZERO), "{text}");
        }
        assert_eq!(millis_since_1970("1969-12-31T23:59:59.999Z"), Some(-1));
        assert_eq!(millis_since_1970("1968-02-29T00:00:00Z"), Some(-671 * 86_400_000 - 86_400_000));
        assert_eq!(parse_rfc3339_or_past("1969-02-29T00:00:00Z"), None);
    }
}

//! Numbers and times in people's units.

/// A number with commas between thousands.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number of things, in singular or plural.
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// A time in its two largest units.
pub(super) fn span(seconds: u64) -> String {
    const UNITS: [(&str, u64); 4] = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];
    let Some(at) = UNITS.iter().position(|(_, length)| seconds >= *length) else { return "0 s".to_owned() };
    let (unit, length) = UNITS[at];
    let rest = UNITS.get(at + 1).map(|(smaller, smaller_length)| (seconds % length / smaller_length, smaller));
    match rest {
        // Whoever reads "12 d" or "10 min" does not miss the rest.
        Some((rest, smaller)) if rest > 0 && seconds / length < 10 => {
            format!("{} {unit} {rest} {smaller}", seconds / length)
        }
        _ => format!("{} {unit}", seconds / length),
    }
}

/// How long ago something was, in its largest unit.
pub(super) fn ago(seconds: u64) -> String {
    match seconds {
        0..=119 => format!("{seconds} s ago"),
        120..=7_199 => format!("{} min ago", seconds / 60),
        7_200..=172_799 => format!("{} h ago", seconds / 3_600),
        _ => format!("{} d ago", seconds / 86_400),
    }
}

/// A moment of an answer as people read it: date and time in UTC, to the second.
pub(super) fn moment(rfc3339: &str) -> String {
    let whole = rfc3339.split(['.', 'Z']).next().unwrap_or_default();
    whole.replace('T', " ")
}

/// A share in percent, which is 100 only where all of it is there.
pub(super) fn percent(part: u64, whole: u64) -> u64 {
    if whole == 0 { 0 } else { u64::try_from(u128::from(part) * 100 / u128::from(whole)).unwrap_or(u64::MAX) }
}

/// A bar of as many places.
pub(super) fn bar(part: u64, whole: u64, places: usize) -> String {
    let filled = (u128::from(part) * places as u128).div_ceil(u128::from(whole.max(1)));
    let filled = usize::try_from(filled).unwrap_or(places).min(places);
    format!("{}{}", "█".repeat(filled), "░".repeat(places - filled))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let shown: Vec<String> = [0, 7, 999, 1_000, 12_345, 1_234_567].into_iter().map(grouped).collect();
        assert_eq!(shown, ["0", "7", "999", "1,000", "12,345", "1,234,567"]);
        assert_eq!(
            (counted(1, "torrent", "torrents"), counted(0, "torrent", "torrents")),
            ("1 torrent".into(), "0 torrents".into())
        );
    }

    #[test]
    fn times_are_told_in_units_that_people_use() {
        let spans: Vec<String> = [0, 59, 61, 600, 3_600, 11_520, 90_000, 1_000_000].into_iter().map(span).collect();
        assert_eq!(spans, ["0 s", "59 s", "1 min 1 s", "10 min", "1 h", "3 h 12 min", "1 d 1 h", "11 d"]);
        let times: Vec<String> = [0, 119, 120, 7_200, 172_800].into_iter().map(ago).collect();
        assert_eq!(times, ["0 s ago", "119 s ago", "2 min ago", "2 h ago", "2 d ago"]);
    }

    #[test]
    fn moments_are_shown_to_the_second() {
        assert_eq!(moment("2027-01-31T18:30:00.123Z"), "2027-01-31 18:30:00");
        assert_eq!(moment("2027-01-31T18:30:00Z"), "2027-01-31 18:30:00");
    }

    #[test]
    fn a_bar_is_full_only_where_all_is_there_and_empty_only_where_nothing_is() {
        assert_eq!((bar(0, 10, 4), bar(1, 1000, 4), bar(10, 10, 4)), ("░░░░".into(), "█░░░".into(), "████".into()));
        assert_eq!((bar(20, 10, 4), bar(5, 0, 4)), ("████".into(), "████".into()));
        assert_eq!((percent(999, 1000), percent(1, 0), percent(3, 2)), (99, 0, 150));
    }
}

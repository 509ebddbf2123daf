//! Durations as people write them.

use std::time::Duration;

use thiserror::Error;

/// A text that should have been a duration and is not.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParseDurationError {
    /// No number with a unit.
    #[error("`{0}` is not a duration; write it like \"90s\", \"1h 30m\" or \"2 days\"")]
    NotADuration(String),
    /// A number without a unit.
    #[error("`{text}` has no unit; write \"{text}s\" for seconds, or use ms, m, h or d")]
    NoUnit {
        /// What was written.
        text: String,
    },
    /// A unit that is not known.
    #[error("`{unit}` is not a unit of time; known are ms, s, m, h, d and w, also written out")]
    UnknownUnit {
        /// What was written.
        unit: String,
    },
    /// Longer than anybody waits.
    #[error("`{0}` is too long")]
    TooLong(String),
}

/// Units with their milliseconds: short, then the words for it.
const UNITS: [(&[&str], u128); 6] = [
    (&["ms", "millisecond", "milliseconds"], 1),
    (&["s", "sec", "secs", "second", "seconds"], 1_000),
    (&["m", "min", "mins", "minute", "minutes"], 60_000),
    (&["h", "hr", "hrs", "hour", "hours"], 3_600_000),
    (&["d", "day", "days"], 86_400_000),
    (&["w", "week", "weeks"], 604_800_000),
];

/// Reads numbers with units, such as `90s`, `1h 30m`, `1.5 h` or `2 days`; they are added up.
pub fn parse_duration(text: &str) -> Result<Duration, ParseDurationError> {
    let not_a_duration = || ParseDurationError::NotADuration(text.to_owned());
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(not_a_duration());
    }
    let mut millis = 0_u128;
    while !rest.is_empty() {
        let number_end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let (number, behind) = rest.split_at(number_end);
        let behind = behind.trim_start();
        let unit_end = behind.find(|c: char| !c.is_alphabetic()).unwrap_or(behind.len());
        let (unit, next) = behind.split_at(unit_end);
        if number.is_empty() {
            return Err(not_a_duration());
        }
        if unit.is_empty() {
            return Err(ParseDurationError::NoUnit { text: text.trim().to_owned() });
        }
        let lower = unit.to_lowercase();
        let (_, scale) = UNITS
            .iter()
            .find(|(names, _)| names.contains(&lower.as_str()))
            .ok_or_else(|| ParseDurationError::UnknownUnit { unit: unit.to_owned() })?;
        let part = scaled(number, *scale).ok_or_else(not_a_duration)?;
        millis = millis.saturating_add(part);
        rest = next.trim_start();
    }
    match u64::try_from(millis) {
        Ok(millis) => Ok(Duration::from_millis(millis)),
        Err(_) => Err(ParseDurationError::TooLong(text.trim().to_owned())),
    }
}

/// `number` times `scale` in whole milliseconds; `None` for what is no number.
fn scaled(number: &str, scale: u128) -> Option<u128> {
    let (whole, fraction) = match number.split_once('.') {
        Some((_, "")) => return None,
        Some(parts) => parts,
        None => (number, "0"),
    };
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    // Digits beyond the ninth are below a millisecond for every unit.
    let fraction = &fraction[..fraction.len().min(9)];
    let divisor = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
    let below_one = fraction.parse::<u128>().ok()? * scale / divisor;
    // Only digits: what cannot be parsed is too large.
    let whole = whole.parse::<u128>().unwrap_or(u128::MAX);
    Some(whole.saturating_mul(scale).saturating_add(below_one))
}

/// Writes a duration so that [`parse_duration`] reads it again, in whole milliseconds: `1h 30m`.
pub fn format_duration(duration: Duration) -> String {
    let mut millis = duration.as_millis();
    let mut parts = Vec::new();
    for (name, scale) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1_000), ("ms", 1)] {
        if millis >= scale {
            parts.push(format!("{}{name}", millis / scale));
            millis %= scale;
        }
    }
    if parts.is_empty() { "0s".to_owned() } else { parts.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        for (text, millis) in [
            ("90s", 90_000),
            ("1h 30m", 5_400_000),
            ("1h30m", 5_400_000),
            ("500ms", 500),
            ("2 days", 172_800_000),
            (" 1.5 Hours ", 5_400_000),
            ("0s", 0),
            ("1w", 604_800_000),
        ] {
            assert_eq!(parse_duration(text), Ok(Duration::from_millis(millis)), "{text}");
            assert_eq!(parse_duration(&format_duration(Duration::from_millis(millis))), parse_duration(text));
        }
        assert_eq!(format_duration(Duration::from_millis(5_400_250)), "1h 30m 250ms");
    }

    #[test]
    fn what_is_not_a_duration_says_why() {
        for text in ["", "s", "-5s", "1..5s", "1.s", ".5s", "five s", "5s,"] {
            assert!(matches!(parse_duration(text), Err(ParseDurationError::NotADuration(_))), "{text}");
        }
        assert_eq!(
            parse_duration("90").map_err(|error| error.to_string()),
            Err("`90` has no unit; write \"90s\" for seconds, or use ms, m, h or d".to_owned())
        );
        assert!(matches!(parse_duration("5 fortnights"), Err(ParseDurationError::UnknownUnit { .. })));
        for text in ["99999999999999999999s", "18446744073709551615 d"] {
            assert!(matches!(parse_duration(text), Err(ParseDurationError::TooLong(_))), "{text}");
        }
    }
}

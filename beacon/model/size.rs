//! Sizes in bytes as people write them.

use std::{fmt, str::FromStr};

use thiserror::Error;

/// A number of bytes. Written with SI units ("500 GB" is 500,000,000,000) and read with SI or IEC ones ("1.5 TiB").
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct ByteSize(u64);

/// A text that should have been a size and is not.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ParseByteSizeError {
    /// No number at the beginning.
    #[error("`{0}` is not a size; write it like \"500 GB\" or \"1.5 TiB\"")]
    NotASize(String),
    /// A unit that is not one of B, kB, MB, GB, TB, PB, KiB, MiB, GiB, TiB, PiB.
    #[error("`{unit}` is not a unit of size; known are B, kB, MB, GB, TB, PB, KiB, MiB, GiB, TiB and PiB")]
    UnknownUnit {
        /// What was written.
        unit: String,
    },
    /// More bytes than 64 bits can say.
    #[error("`{0}` is larger than any disk")]
    TooLarge(String),
}

const UNITS: [(&str, u64); 11] = [
    ("b", 1),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("pb", 1_000_000_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
    ("pib", 1 << 50),
];

impl ByteSize {
    /// No bytes.
    pub const ZERO: Self = Self(0);
    /// The largest size there is: no limit.
    pub const MAX: Self = Self(u64::MAX);

    /// From a number of bytes.
    pub const fn from_bytes(bytes: u64) -> Self {
        Self(bytes)
    }

    /// The number of bytes.
    pub const fn bytes(self) -> u64 {
        self.0
    }

    /// The sum, at most [`ByteSize::MAX`].
    #[must_use]
    pub const fn saturating_add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// The difference, at least zero.
    #[must_use]
    pub const fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl fmt::Display for ByteSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (name, scale) = match self.0 {
            0..1_000 => return f.pad(&format!("{} B", self.0)),
            1_000..1_000_000 => ("kB", 1_000),
            1_000_000..1_000_000_000 => ("MB", 1_000_000),
            1_000_000_000..1_000_000_000_000 => ("GB", 1_000_000_000),
            1_000_000_000_000..1_000_000_000_000_000 => ("TB", 1_000_000_000_000),
            _ => ("PB", 1_000_000_000_000_000_u64),
        };
        let tenths = u128::from(self.0) * 10 / u128::from(scale);
        match tenths % 10 {
            0 => f.pad(&format!("{} {name}", tenths / 10)),
            tenth => f.pad(&format!("{}.{tenth} {name}", tenths / 10)),
        }
    }
}

impl FromStr for ByteSize {
    type Err = ParseByteSizeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let trimmed = text.trim();
        let number_end = trimmed.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_')).unwrap_or(trimmed.len());
        let (number, unit) = trimmed.split_at(number_end);
        let number = number.replace('_', "");
        let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
        let not_a_size = || ParseByteSizeError::NotASize(text.to_owned());
        let digits_only = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !digits_only(whole) || !digits_only(fraction) || number.ends_with('.') {
            return Err(not_a_size());
        }

        let unit = unit.trim();
        let scale = UNITS
            .iter()
            .find(|(name, _)| unit.eq_ignore_ascii_case(name) || (unit.is_empty() && *name == "b"))
            .map(|(_, scale)| u128::from(*scale))
            .ok_or_else(|| ParseByteSizeError::UnknownUnit { unit: unit.to_owned() })?;

        let too_large = || ParseByteSizeError::TooLarge(text.to_owned());
        // Digits beyond the eighteenth are below a byte for every unit.
        let fraction = &fraction[..fraction.len().min(18)];
        let parts = || -> Option<u64> {
            let whole = whole.parse::<u128>().ok()?.checked_mul(scale)?;
            let divisor = 10_u128.pow(u32::try_from(fraction.len()).ok()?);
            let rest = format!("0{fraction}").parse::<u128>().ok()? * scale / divisor;
            u64::try_from(whole.checked_add(rest)?).ok()
        };
        parts().map(Self).ok_or_else(too_large)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("500 GB", 500_000_000_000),
            ("1.5 TiB", 1_649_267_441_664),
            ("1.5tib", 1_649_267_441_664),
            ("42", 42),
            ("10_000 b", 10_000),
            ("0.1 kB", 100),
            ("  7MB ", 7_000_000),
        ] {
            assert_eq!(text.parse(), Ok(ByteSize(bytes)), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_size_says_why() {
        for text in ["", "GB", "-5 GB", "1.2.3 GB", "1. GB", "five"] {
            assert!(matches!(text.parse::<ByteSize>(), Err(ParseByteSizeError::NotASize(_))), "{text}");
        }
        assert!(matches!("5 GG".parse::<ByteSize>(), Err(ParseByteSizeError::UnknownUnit { .. })));
        assert!(matches!("99999 PB".parse::<ByteSize>(), Err(ParseByteSizeError::TooLarge(_))));
    }

    #[test]
    fn sizes_are_shown_with_at_most_one_decimal() {
        assert_eq!(ByteSize(999).to_string(), "999 B");
        assert_eq!(ByteSize(1_500).to_string(), "1.5 kB");
        assert_eq!(ByteSize(500_000_000_000).to_string(), "500 GB");
    }
}

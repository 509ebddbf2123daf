//! Instants in six bytes, for tables with one for each beacon known.

use crate::model::Instant;

/// An instant to the millisecond; those more than 2^48 of them after the beginning of time, 8,900 years, are all one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment([u8; 6]);

impl Moment {
    const MAX_MILLIS: u64 = (1 << 48) - 1;

    pub(super) fn of(instant: Instant) -> Self {
        let [bytes @ .., _, _] = instant.as_millis().min(Self::MAX_MILLIS).to_le_bytes();
        Self(bytes)
    }

    pub(super) const fn instant(self) -> Instant {
        let mut bytes = [0; 8];
        bytes.first_chunk_mut::<6>().expect("eight are more than six").copy_from_slice(&self.0);
        Instant::from_millis(u64::from_le_bytes(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_survives() {
        for millis in [0, 65_535, 65_536, 1_763_674_590_123, Moment::MAX_MILLIS] {
            assert_eq!(Moment::of(Instant::from_millis(millis)).instant().as_millis(), millis);
        }
        assert_eq!(Moment::of(Instant::FAR_FUTURE).instant().as_millis(), Moment::MAX_MILLIS);
    }
}

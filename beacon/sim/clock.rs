//! A beacon's own clock, which need not go as it should.

use std::time::Duration;

use crate::model::Instant;

/// How a beacon's time differs from that of the simulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Clock {
    /// How much faster it goes, in millionths.
    pub(super) drift_ppm: i32,
    /// How far it has leapt ahead.
    pub(super) ahead: Duration,
}

impl Clock {
    /// What it shows at a moment of the simulation.
    pub(super) fn show(&self, now: Instant) -> Instant {
        let millis = u128::from(now.as_millis()) * self.rate() / MILLION;
        Instant::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)) + self.ahead
    }

    /// The first moment of the simulation at which it shows `local` or more.
    pub(super) fn reaches(&self, local: Instant) -> Instant {
        if *self == Self::default() || local == Instant::FAR_FUTURE {
            return local;
        }
        let millis = (local.since(Instant::ZERO + self.ahead).as_millis() * MILLION).div_ceil(self.rate());
        Instant::from_millis(u64::try_from(millis).unwrap_or(u64::MAX))
    }

    /// Millionths of a second that it counts in one.
    fn rate(&self) -> u128 {
        let drift = u128::from(self.drift_ppm.unsigned_abs()).min(MILLION / 2);
        if self.drift_ppm < 0 { MILLION - drift } else { MILLION + drift }
    }
}

const MILLION: u128 = 1_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_reaches_a_moment_when_it_shows_it() {
        for drift_ppm in [-1_000, -100, 0, 77, 1_000] {
            for ahead in [0, 1, 90_000] {
                let clock = Clock { drift_ppm, ahead: Duration::from_millis(ahead) };
                for local in [100_000, 1_234_567, 86_400_000_123] {
                    let local = Instant::from_millis(local);
                    let at = clock.reaches(local);
                    assert!(clock.show(at) >= local, "{clock:?}");
                    assert!(clock.show(at).since(local) <= Duration::from_millis(2), "{clock:?}");
                }
            }
        }
    }
}

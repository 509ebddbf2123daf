//! When to try again what failed: after pauses that double, each a little different, so that many do not try at once.

use std::time::Duration;

use tokio::time::Instant;

use crate::model::Rng;

/// A torrent's trouble, and when it is looked at again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Retry {
    /// What went wrong, for people.
    pub(super) reason: String,
    failures: u32,
    due: Instant,
}

/// The first pause; it doubles with every failure in a row.
const PAUSE_MIN: Duration = Duration::from_secs(15);
/// The longest: a disk that is mounted again is found within the hour.
const PAUSE_MAX: Duration = Duration::from_mins(30);

impl Retry {
    /// After a failure, and those that came before it in a row.
    pub(super) fn after(previous: Option<&Self>, reason: String, now: Instant, rng: &mut Rng) -> Self {
        let failures = previous.map_or(0, |previous| previous.failures).saturating_add(1);
        Self { reason, failures, due: now + pause(failures, PAUSE_MIN, PAUSE_MAX, rng) }
    }

    /// Whether it is time.
    pub(super) fn is_due(&self, now: Instant) -> bool {
        self.due <= now
    }

    /// Makes it due at once.
    #[cfg(test)]
    pub(super) fn hasten(&mut self, now: Instant) {
        self.due = now;
    }

    /// When it is time.
    pub(super) fn due(&self) -> Instant {
        self.due
    }
}

/// The pause after so many failures in a row: it doubles from the least to the most, and is a quarter more or less by chance
/// (the jitter that AWS and gRPC advise against herds).
pub(super) fn pause(failures: u32, least: Duration, most: Duration, rng: &mut Rng) -> Duration {
    let pause = least.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(most);
    let jitter = u32::try_from(rng.below(501)).unwrap_or(0);
    pause * (750 + jitter) / 1_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_with_jitter_up_to_half_an_hour() {
        let now = Instant::now();
        let mut rng = Rng::new(1);
        let mut retry = Retry::after(None, "disk full".to_owned(), now, &mut rng);
        let mut pauses = Vec::new();
        for _ in 0..10 {
            pauses.push((retry.due - now).as_secs_f64());
            retry = Retry::after(Some(&retry), "disk full".to_owned(), now, &mut rng);
        }
        for (place, pause) in pauses.iter().enumerate() {
            let middle = (15.0 * f64::from(1 << place)).min(1_800.0);
            assert!((middle * 0.75..=middle * 1.25).contains(pause), "{pauses:?}");
        }
        assert!(pauses.iter().any(|pause| pause.fract() != 0.0), "there is jitter: {pauses:?}");
    }
}

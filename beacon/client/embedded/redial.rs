//! When to dial anew the peers of a torrent that has lost all of them: after pauses that double, each a little different.
//!
//! The engine itself waits ten to twenty seconds after it has lost a peer, then one to two minutes, then six: too long where
//! the same few holders come and go. Whoever is left with nobody has nothing to lose by dialing all of them again.

use std::time::Duration;

use tokio::time::Instant;

use super::retry::pause;
use crate::model::Rng;

/// How often in a row everyone was dialed anew without a single piece, and when it is time for the next.
#[derive(Debug, Default)]
pub(super) struct Redial {
    failures: u32,
    due: Option<Instant>,
    progress: u64,
}

/// The first pause; it doubles until a piece comes.
const PAUSE_MIN: Duration = Duration::from_secs(1);
/// The longest: a holder that is up again is found within a few minutes.
const PAUSE_MAX: Duration = Duration::from_mins(5);

impl Redial {
    /// Whether to dial everyone anew now. `is_alone` is whether all that are known are gone, `progress` how many bytes are there.
    pub(super) fn is_due(&mut self, is_alone: bool, progress: u64, now: Instant, rng: &mut Rng) -> bool {
        if progress > self.progress {
            self.failures = 0;
        }
        self.progress = progress;
        if !is_alone {
            self.due = None;
            return false;
        }
        let failures = self.failures.saturating_add(1);
        let due = *self.due.get_or_insert_with(|| now + pause(failures, PAUSE_MIN, PAUSE_MAX, rng));
        if due > now {
            return false;
        }
        self.failures = failures;
        self.due = None;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Seconds until it is due, for somebody who is alone from `now` on.
    fn wait(redial: &mut Redial, progress: u64, now: Instant, rng: &mut Rng) -> f64 {
        let step = Duration::from_millis(10);
        let waits = (0..1_000_000).find(|step_number| redial.is_due(true, progress, now + step * *step_number, rng));
        f64::from(waits.expect("some time")) * step.as_secs_f64()
    }

    #[test]
    fn pauses_double_with_jitter_until_a_piece_comes() {
        let (mut redial, mut rng, now) = (Redial::default(), Rng::new(1), Instant::now());
        let waits: Vec<f64> = (0..11).map(|_| wait(&mut redial, 0, now, &mut rng)).collect();
        for (place, wait) in waits.iter().enumerate() {
            let middle = f64::from(1 << place).min(300.0);
            assert!((middle * 0.74..=middle * 1.26).contains(wait), "{waits:?}");
        }
        assert!(waits.iter().any(|wait| wait.fract() != 0.0), "there is jitter: {waits:?}");
        assert!(wait(&mut redial, 16 << 10, now, &mut rng) < 2.0, "from the beginning after a piece");
    }

    #[test]
    fn nobody_is_dialed_anew_while_somebody_is_there() {
        let (mut redial, mut rng, now) = (Redial::default(), Rng::new(1), Instant::now());
        assert!(!redial.is_due(true, 0, now, &mut rng));
        assert!(!redial.is_due(false, 0, now + PAUSE_MAX, &mut rng));
        assert!(!redial.is_due(true, 0, now + PAUSE_MAX, &mut rng), "the pause begins anew");
    }
}

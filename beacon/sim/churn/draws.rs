//! Random numbers of the distributions that sessions are made of.

use std::time::Duration;

use crate::model::Rng;

/// Evenly from 0 to 1, neither of them.
pub(super) fn unit(rng: &mut Rng) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let bits = (rng.next_u64() >> 11) as f64;
    (bits + 0.5) / 9_007_199_254_740_992.0
}

/// Exponential: how long until something happens that is equally likely at every moment.
pub(super) fn exponential(rng: &mut Rng, mean: Duration) -> Duration {
    times(mean, -unit(rng).ln())
}

/// Normal with mean 0 and deviation 1 (Box and Muller).
pub(super) fn normal(rng: &mut Rng) -> f64 {
    (-2.0 * unit(rng).ln()).sqrt() * (std::f64::consts::TAU * unit(rng)).cos()
}

/// Log-normal: half are shorter than `median`, and `sigma` says how much longer the long ones are.
pub(super) fn log_normal(rng: &mut Rng, median: Duration, sigma: f64) -> Duration {
    times(median, (sigma * normal(rng)).exp())
}

/// Pareto with this median, cut off at `most`: the smaller `alpha`, the heavier the tail.
pub(super) fn pareto(rng: &mut Rng, median: Duration, alpha: f64, most: Duration) -> Duration {
    times(median, (2.0 * unit(rng)).powf(-1.0 / alpha)).min(most)
}

/// A duration times a factor, at most a century.
fn times(duration: Duration, factor: f64) -> Duration {
    const CENTURY_SECONDS: f64 = 3.2e9;
    Duration::from_secs_f64((duration.as_secs_f64() * factor).clamp(0.0, CENTURY_SECONDS))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distributions_have_their_medians_and_means() {
        let mut rng = Rng::new(3);
        let hour = Duration::from_hours(1);
        let sorted = |mut drawn: Vec<Duration>| {
            drawn.sort_unstable();
            drawn
        };
        let about = |drawn: Duration, wanted: f64| (drawn.as_secs_f64() / 3_600.0 / wanted - 1.0).abs() < 0.06;
        let drawn = sorted((0..20_000).map(|_| pareto(&mut rng, hour, 0.65, hour * 1_000)).collect());
        assert!(about(drawn[10_000], 1.0) && about(drawn[18_000], 5_f64.powf(1.0 / 0.65)), "{:?}", drawn[18_000]);
        assert_eq!(drawn[19_999], hour * 1_000);
        let drawn = sorted((0..20_000).map(|_| log_normal(&mut rng, hour, 0.7)).collect());
        assert!(about(drawn[10_000], 1.0) && about(drawn[16_827], 0.7_f64.exp()), "{:?}", drawn[16_827]);
        let sum: Duration = (0..20_000).map(|_| exponential(&mut rng, hour)).sum();
        assert!(about(sum / 20_000, 1.0));
    }
}

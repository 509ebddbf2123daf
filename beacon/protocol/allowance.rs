//! How much one neighbor may make this beacon do: a token bucket.

use crate::model::Instant;

/// A stock that refills with time. It may be overdrawn once, and then has to recover before it gives again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Allowance {
    /// In thousandths, so that short times refill it too.
    left: i64,
    at: Instant,
    most: u32,
    per_second: u32,
}

impl Allowance {
    /// A full stock.
    pub(super) const fn full(now: Instant, most: u32, per_second: u32) -> Self {
        Self { left: most as i64 * 1_000, at: now, most, per_second }
    }

    /// Takes this much if anything is left.
    pub(super) fn spend(&mut self, now: Instant, amount: usize) -> bool {
        let millis = i64::try_from(now.since(self.at).as_millis()).unwrap_or(i64::MAX);
        let refilled = self.left.saturating_add(millis.saturating_mul(i64::from(self.per_second)));
        self.left = refilled.min(i64::from(self.most) * 1_000);
        self.at = self.at.max(now);
        if self.left <= 0 {
            return false;
        }
        self.left = self.left.saturating_sub(i64::try_from(amount).unwrap_or(i64::MAX).saturating_mul(1_000));
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_spent_comes_back_with_time_and_no_more_than_that() {
        let at = Instant::from_millis;
        let mut allowance = Allowance::full(at(0), 10, 2);
        assert!(allowance.spend(at(0), 12), "the last may overdraw it");
        assert!(!allowance.spend(at(1_000), 1));
        assert!(allowance.spend(at(1_500), 1));
        assert!(!allowance.spend(at(1_500), 1));
        assert!((0..10).all(|_| allowance.spend(at(1_000_000), 1)));
        assert!(!allowance.spend(at(1_000_000), 1), "it never holds more than its most");
        assert!(!allowance.spend(at(0), 1), "a clock that goes back refills nothing");
    }
}

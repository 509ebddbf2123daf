//! The one place where the beacon reads a clock.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::model::Instant;

/// Wall-clock time at the start, and from then on time that only goes forward, whatever is done to the wall clock.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clock {
    epoch: Instant,
    started: tokio::time::Instant,
}

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "this is the edge where time enters")]
    pub(super) fn start() -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
        Self { epoch: Instant::ZERO + since_epoch, started: tokio::time::Instant::now() }
    }

    /// Now, as the pure floors know it.
    pub(super) fn now(self) -> Instant {
        self.epoch + self.started.elapsed()
    }

    /// The same instant, as the timer knows it. What is very far away is a day away, and looked at again then.
    pub(super) fn deadline(self, at: Instant) -> tokio::time::Instant {
        self.started + at.since(self.epoch).min(self.started.elapsed() + Duration::from_hours(24))
    }
}

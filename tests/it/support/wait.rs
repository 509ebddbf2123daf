//! Waiting for conditions, always with a deadline.

#![expect(clippy::disallowed_methods, reason = "tests of the running program run in real time")]

use std::{
    thread,
    time::{Duration, Instant},
};

const POLL: Duration = Duration::from_millis(100);

/// Time since it was made.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Asks until the answer is `Ok`, and fails with the last objection when `limit` has passed.
pub(crate) fn until<T>(what: &str, limit: Duration, mut check: impl FnMut() -> Result<T, String>) -> T {
    let watch = Stopwatch::start();
    loop {
        let objection = match check() {
            Ok(answer) => return answer,
            Err(objection) => objection,
        };
        assert!(watch.elapsed() < limit, "waited {limit:?} in vain: {what}: {objection}");
        thread::sleep(POLL);
    }
}

/// Asks again and again for as long as `time` lasts, and fails at the first objection: for what must not happen.
pub(crate) fn throughout(what: &str, time: Duration, mut check: impl FnMut() -> Result<(), String>) {
    let watch = Stopwatch::start();
    while watch.elapsed() < time {
        if let Err(objection) = check() {
            panic!("after {:?}: {what}: {objection}", watch.elapsed());
        }
        thread::sleep(POLL);
    }
}

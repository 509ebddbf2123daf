//! How far a torrent is, for whoever watches a terminal.

use std::time::Instant;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::{cli::Env, create::Watch, model::ByteSize};

/// A bar with speed and time left, on a terminal; elsewhere only a line at the end.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    size: u64,
    begun: Instant,
}

const TEMPLATE: &str = "{bar:30} {percent:>3}% of {decimal_total_bytes}, {decimal_bytes_per_sec}, {eta} left";

/// How often the bar is drawn at most, each second.
const DRAWS: u8 = 10;

impl Progress {
    pub(super) fn new(env: &Env, size: u64) -> Self {
        let target = if env.talks_to_terminal {
            ProgressDrawTarget::stderr_with_hz(DRAWS)
        } else {
            ProgressDrawTarget::hidden()
        };
        let style = ProgressStyle::with_template(TEMPLATE).unwrap_or_else(|_| ProgressStyle::default_bar());
        Self { bar: ProgressBar::with_draw_target(Some(size), target).with_style(style), size, begun: now() }
    }

    /// Takes the bar away; what it came to.
    pub(super) fn end(self) -> String {
        self.bar.finish_and_clear();
        let seconds = self.begun.elapsed().as_secs_f64().max(0.001);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "for people"
        )]
        let speed = ByteSize::from_bytes((self.size as f64 / seconds) as u64);
        format!("read {} in {seconds:.1} s, {speed}/s", ByteSize::from_bytes(self.size))
    }
}

impl Watch for Progress {
    fn read(&self, bytes: u64) -> bool {
        self.bar.inc(bytes);
        true
    }
}

#[expect(clippy::disallowed_methods, reason = "how long it takes is for people to read")]
fn now() -> Instant {
    Instant::now()
}

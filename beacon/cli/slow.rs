//! What is shown of something that takes longer than a person waits without a word.

use std::{
    borrow::Cow,
    sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel},
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Env;

/// A line on a terminal that shows, after a second, that something goes on; it is gone with the value.
#[derive(Debug)]
pub(super) struct Slow {
    bar: ProgressBar,
    /// Where it hangs up, nothing is shown any more.
    _done: Option<SyncSender<()>>,
}

/// How long something may take before that is shown.
const SHOWN_AFTER: Duration = Duration::from_secs(1);
/// How often the line is drawn.
const TICK: Duration = Duration::from_millis(120);

const COUNTED: &str = "{spinner} {bar:24} {pos} of {len} {msg}";
const UNCOUNTED: &str = "{spinner} {msg}, {elapsed}";

impl Slow {
    /// Something of which so many steps are to be done.
    pub(super) fn counted(env: &Env, steps: u64) -> Self {
        Self::new(
            env.talks_to_terminal,
            ProgressBar::with_draw_target(Some(steps), ProgressDrawTarget::hidden()),
            COUNTED,
        )
    }

    /// Something of which nobody knows how long it takes, told where somebody reads the talk.
    pub(super) fn uncounted(is_read: bool, what: impl Into<Cow<'static, str>>) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()).with_message(what);
        Self::new(is_read, bar, UNCOUNTED)
    }

    /// What is being done now.
    pub(super) fn tell(&self, what: impl Into<Cow<'static, str>>) {
        self.bar.set_message(what);
    }

    /// A step is done.
    pub(super) fn step(&self) {
        self.bar.inc(1);
    }

    fn new(is_read: bool, bar: ProgressBar, template: &str) -> Self {
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner());
        bar.set_style(style);
        let done = is_read.then(|| {
            let (done, is_done) = sync_channel(0);
            let shown = bar.clone();
            thread::spawn(move || {
                if is_done.recv_timeout(SHOWN_AFTER) == Err(RecvTimeoutError::Timeout) {
                    shown.set_draw_target(ProgressDrawTarget::stderr());
                    shown.enable_steady_tick(TICK);
                }
            });
            done
        });
        Self { bar, _done: done }
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quick_is_never_shown() {
        for is_read in [true, false] {
            let slow = Slow::uncounted(is_read, "waiting");
            assert!(slow.bar.is_hidden());
            drop(slow);
        }
    }

    #[test]
    fn steps_are_counted() {
        let bar = ProgressBar::with_draw_target(Some(2), ProgressDrawTarget::hidden());
        let slow = Slow::new(false, bar, COUNTED);
        slow.tell("files");
        slow.step();
        assert_eq!((slow.bar.position(), slow.bar.length()), (1, Some(2)));
    }
}

//! A program that ends with its test.

use std::{
    fs::{self, File},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::Duration,
};

use super::wait::{Stopwatch, until};

/// How much of a log is shown when a test fails.
const LOG_LINES_SHOWN: usize = 40;

/// One running program. Dropping it kills it; in a failing test the end of its log is shown.
#[derive(Debug)]
pub(crate) struct Process {
    name: String,
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts a program whose output is appended to `log`.
    pub(crate) fn start(name: &str, command: &mut Command, log: PathBuf) -> Self {
        let file = File::options().create(true).append(true).open(&log).expect("a log file");
        let copy = file.try_clone().expect("a second handle");
        let child = command.stdin(Stdio::null()).stdout(file).stderr(copy).spawn();
        let child = child.unwrap_or_else(|error| panic!("cannot start {name} ({command:?}): {error}; see tests/run"));
        Self { name: name.to_owned(), child, log }
    }

    /// Kills it without giving it any chance to tidy up.
    pub(crate) fn kill9(mut self) {
        self.child.kill().expect("a running program");
        self.child.wait().expect("a child of this process");
    }

    /// Asks it to stop (SIGTERM) and tells how long it took; fails when it takes longer than `limit`.
    pub(crate) fn terminate(self, limit: Duration) -> (ExitStatus, Duration) {
        self.end_by("TERM", limit)
    }

    /// Asks it to stop as a terminal does at Ctrl-C (SIGINT), in the same way.
    pub(crate) fn interrupt(self, limit: Duration) -> (ExitStatus, Duration) {
        self.end_by("INT", limit)
    }

    fn end_by(mut self, signal: &str, limit: Duration) -> (ExitStatus, Duration) {
        let watch = Stopwatch::start();
        let pid = self.child.id().to_string();
        let sent = Command::new("sh").args(["-c", "kill -s \"$0\" \"$1\"", signal, &pid]).status().expect("a shell");
        assert!(sent.success(), "{} is not running", self.name);
        let status = until(&format!("{} stops", self.name), limit, || match self.child.try_wait() {
            Ok(Some(status)) => Ok(status),
            Ok(None) => Err("it still runs".to_owned()),
            Err(error) => Err(error.to_string()),
        });
        (status, watch.elapsed())
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a child of this process")
    }

    /// The end of what it has written.
    pub(crate) fn log_tail(&self) -> String {
        let text = fs::read(&self.log).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().collect();
        lines[lines.len().saturating_sub(LOG_LINES_SHOWN)..].join("\n")
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail where it has ended already, which is as good.
        drop(self.child.kill());
        drop(self.child.wait());
        if thread::panicking() {
            show(&format!("--- the end of the log of {}:\n{}\n", self.name, self.log_tail()));
        }
    }
}

#[expect(clippy::print_stderr, reason = "it is shown with the failure of the test")]
fn show(text: &str) {
    eprintln!("{text}");
}

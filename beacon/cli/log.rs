//! The log of what runs in this process, on the error stream.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use super::Env;

/// Begins to log what the variable `BEACON_LOG` names, or else `usual`.
pub(super) fn start(env: &Env, usual: &str) {
    let filter = env.variables.get("BEACON_LOG").map_or(usual, String::as_str);
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new(usual));
    // A second command line in one process, as in tests, keeps the log of the first.
    let is_terminal = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(is_terminal).with_target(false);
    let _ = log.with_writer(std::io::stderr).try_init();
}

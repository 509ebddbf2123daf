//! How a command ended, as scripts see it.

use std::process::ExitCode;

/// How a command ended. The codes are documented in the help and do not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All went well.
    Success,
    /// Something went wrong that no other code is for.
    Failure,
    /// The arguments make no sense.
    Usage,
    /// The configuration or a collection is wrong.
    BadInput,
    /// No running beacon answers.
    Unreachable,
}

impl Exit {
    /// What stands about the codes at the end of the help.
    pub(super) const HELP: &str = "Exit codes:
  0  all went well
  1  something failed; the message says what
  2  the arguments make no sense
  3  the configuration or a collection is wrong
  4  no running beacon answers

The configuration is config.json in the working directory, or the file that --config or BEACON_CONFIG names.
Every key can be set by a variable: BEACON_LISTEN, BEACON_CLIENT__PASSWORD.";

    /// The number that the process ends with.
    pub const fn code(self) -> u8 {
        match self {
            Self::Success => 0,
            Self::Failure => 1,
            Self::Usage => 2,
            Self::BadInput => 3,
            Self::Unreachable => 4,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

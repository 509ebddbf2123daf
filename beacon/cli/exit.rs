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
    /// Every one, in the order of their numbers.
    pub const ALL: [Self; 5] = [Self::Success, Self::Failure, Self::Usage, Self::BadInput, Self::Unreachable];

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

    /// What programs are told beside the number.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Failure => "failure",
            Self::Usage => "usage",
            Self::BadInput => "bad_input",
            Self::Unreachable => "unreachable",
        }
    }

    /// What people are told of it in help, manual and docs.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Success => "all went well",
            Self::Failure => "something failed; the message says what",
            Self::Usage => "the arguments make no sense",
            Self::BadInput => "the configuration or a collection is wrong",
            Self::Unreachable => "no running beacon answers",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

//! Why a message did not arrive.

use std::{io, time::Duration};

use thiserror::Error;

/// Why a message did not arrive. No text here has the URL, which may be a secret.
#[derive(Debug, Error)]
pub enum NotifyError {
    /// Nobody answers at the URL.
    #[error("it cannot be reached: {0}")]
    Unreachable(String),
    /// It answers that it does not take the message.
    #[error("it answers {status}{said}")]
    Refused {
        /// The status of HTTP.
        status: u16,
        /// What it said, with a colon before it; empty where nothing.
        said: String,
    },
    /// It sends us elsewhere, and nobody is followed there with secrets.
    #[error("it redirects to another address ({0}); put the final URL into the configuration")]
    Redirects(u16),
    /// The program cannot be started.
    #[error("`{program}` cannot be started: {reason}")]
    NotStarted {
        /// The program.
        program: String,
        /// What the system says.
        #[source]
        reason: io::Error,
    },
    /// The program was started and did not end well.
    #[error("`{program}` ended with {status}{said}")]
    Failed {
        /// The program.
        program: String,
        /// How it ended.
        status: std::process::ExitStatus,
        /// The end of what it wrote, with a colon before it; empty where nothing.
        said: String,
    },
    /// The program took too long and was ended.
    #[error("`{program}` took longer than {} s and was ended", .limit.as_secs())]
    TooLong {
        /// The program.
        program: String,
        /// How long it may take.
        limit: Duration,
    },
    /// This process can send nothing.
    #[error("nothing can be sent from here: {0}")]
    NoSender(String),
}

impl NotifyError {
    /// Whether the same message may arrive later. A program may have done half of its work, so it is started once.
    pub(super) const fn may_pass(&self) -> bool {
        match self {
            Self::Unreachable(_) => true,
            Self::Refused { status, .. } => matches!(*status, 408 | 425 | 429 | 500..=599),
            Self::Redirects(_)
            | Self::NotStarted { .. }
            | Self::Failed { .. }
            | Self::TooLong { .. }
            | Self::NoSender(_) => false,
        }
    }
}

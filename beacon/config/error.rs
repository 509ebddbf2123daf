//! What can be wrong with a configuration.

use std::{io, path::PathBuf};

use thiserror::Error;

use super::{ClientKind, ParseDurationError, duration::format_duration};
use crate::{
    json::{JsonError, Suggestion},
    model::{DialAddressError, ParseByteSizeError},
    wire::Hello,
};

/// What is wrong with a configuration, and where: a file with line and column, a variable, or a flag.
#[derive(Debug, Error)]
#[error("{origin}: {fault}")]
pub struct ConfigError {
    /// `config.json:3:14`, `BEACON_LISTEN` or `--listen`.
    pub origin: String,
    /// What is wrong there.
    pub fault: ConfigFault,
}

/// What can be wrong with a configuration.
#[derive(Debug, Error)]
pub enum ConfigFault {
    /// Not JSON, or not of the right shape.
    #[error(transparent)]
    Json(#[from] JsonError),
    /// The configuration file cannot be read.
    #[error("the configuration file cannot be read: {0}")]
    Unreadable(#[source] io::Error),
    /// More bytes than any configuration has.
    #[error("the configuration file is larger than {max} bytes", max = super::load::FILE_BYTES_MAX)]
    TooLarge,
    /// A `BEACON_` variable that sets nothing.
    #[error("unknown variable; {0}")]
    UnknownVariable(Suggestion),
    /// A flag for a key that is none.
    #[error("unknown key `{key}`; {suggestion}")]
    UnknownKey {
        /// The key as given.
        key: String,
        /// What may have been meant.
        suggestion: Suggestion,
    },
    /// A key of another client type.
    #[error("`{key}` is for the client type \"{owner}\", and the type is \"{chosen}\"")]
    KeyOfOtherClient {
        /// The key.
        key: &'static str,
        /// The type it belongs to.
        owner: ClientKind,
        /// The type that is set.
        chosen: ClientKind,
    },
    /// A word that is none of those known.
    #[error("`{word}` means nothing here; {suggestion}")]
    UnknownWord {
        /// The word.
        word: String,
        /// What may have been meant.
        suggestion: Suggestion,
    },
    /// A name that is empty, too long, or has control characters.
    #[error("the name must have 1 to {max} bytes, and no line breaks", max = Hello::NAME_BYTES_MAX)]
    Name,
    /// A zone that is too long, or has control characters.
    #[error("the zone must have at most {max} bytes, and no line breaks", max = Hello::NAME_BYTES_MAX)]
    Zone,
    /// More addresses than a beacon can tell others.
    #[error("{0} addresses are too many; {max} are the most that others are told", max = Hello::ADDRESSES_MAX)]
    TooManyAddresses(usize),
    /// An address to listen on that is none.
    #[error("`{0}` is not an address of this machine; write it like \"0.0.0.0:9000\" or \"[::]:9000\"")]
    SocketAddress(String),
    /// A host name that is none.
    #[error("`{0}` is not the name of a host; write it like \"attic.example\", without port")]
    HostName(String),
    /// An address of others that is none.
    #[error(transparent)]
    DialAddress(#[from] DialAddressError),
    /// An id where only an address belongs.
    #[error("`{0}` has an id before `@`; here belongs only an address")]
    IdNotWanted(String),
    /// A size that is none.
    #[error(transparent)]
    Size(#[from] ParseByteSizeError),
    /// A duration that is none.
    #[error(transparent)]
    Duration(#[from] ParseDurationError),
    /// A duration outside of what makes sense.
    #[error("`{text}` is out of range; it must be from {} to {}", format_duration(*.min), format_duration(*.max))]
    DurationRange {
        /// The duration as given.
        text: String,
        /// The least it may be.
        min: std::time::Duration,
        /// The most it may be.
        max: std::time::Duration,
    },
    /// A count that is none.
    #[error("`{0}` is not a whole number")]
    NotACount(String),
    /// A count that is too large.
    #[error("`{number}` is out of range; it must be from 0 to {max}")]
    CountRange {
        /// The count as given.
        number: u64,
        /// The most it may be.
        max: u64,
    },
    /// A path without anything in it.
    #[error("the path is empty")]
    EmptyPath,
    /// Not the address of a Web UI.
    #[error("`{0}` is not the address of a Web UI; write it like \"http://127.0.0.1:8080\"")]
    Url(String),
    /// Credentials in the address, where they would be logged.
    #[error("the address has a user or password in it; write them as `username` and `password`")]
    CredentialsInUrl,
    /// Two ways to say the password.
    #[error("`password` and `password_file` are both set; keep one of them")]
    TwoPasswords,
    /// Two ways to log in.
    #[error("`api_key` is set beside a user or password; keep one way to log in")]
    TwoLogins,
    /// The password file cannot be read.
    #[error("the password file {} cannot be read: {reason}", .path.display())]
    PasswordFile {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        reason: io::Error,
    },
    /// More hooks than are served.
    #[error("{found} hooks are too many; {max} are the most")]
    TooManyHooks {
        /// How many there are.
        found: usize,
        /// The most.
        max: usize,
    },
    /// Two hooks of one name.
    #[error("there is a hook `{0}` already; give each a `name` of its own")]
    HookTwice(String),
    /// A hook's name that is empty, too long, or has control characters.
    #[error("the name of a hook must have 1 to {max} characters, and no line breaks")]
    HookName {
        /// The most characters.
        max: usize,
    },
    /// A hook without a place for its messages, or with two.
    #[error(
        "a hook has one of `webhook` (a URL), `webhook_file` (a file with a URL) and `command` (a list: the program and its arguments)"
    )]
    HookTarget,
    /// A key of webhooks at a command.
    #[error("`{0}` is for webhooks, and this hook is a command")]
    KeyOfWebhook(&'static str),
    /// A command without a program.
    #[error("the command is empty; write it like [\"/usr/local/bin/tell-me\", \"--now\"]")]
    EmptyCommand,
    /// Not the URL of a webhook. It may be a secret with a slip of the pen, so it is not shown.
    #[error("that is not the URL of a webhook; write it like \"https://chat.example/hooks/a1b2\"")]
    WebhookUrl,
    /// A line of a headers file that is no header. It may be a secret too.
    #[error("line {0} of the headers file is no header; write it like \"Authorization: Bearer a1b2\"")]
    HeaderLine(usize),
    /// A secret file without a secret.
    #[error("the secret file is empty")]
    EmptySecret,
    /// A file of a hook that cannot be read.
    #[error("the file {} cannot be read: {reason}", .path.display())]
    HookFile {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        reason: io::Error,
    },
    /// Port 0 where others must know the port.
    #[error("`{0}` has port 0, to which nobody can connect")]
    PortZero(String),
}

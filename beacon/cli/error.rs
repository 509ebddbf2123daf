//! Why a command could not do what it was asked.

use std::{io, path::PathBuf};

use thiserror::Error;

use super::{DemoError, Exit};
use crate::{
    catalog::{CatalogFault, SoughtError},
    config::ConfigError,
    create::CreateError,
    daemon::DaemonError,
    json::Suggestion,
    metainfo::MetainfoError,
    model::{InvitationError, RedundancyError},
    net::IdentityError,
    web::{EditRefusal, TokenError},
};

/// Why a command could not do what it was asked. Each has its [`Exit`].
#[derive(Debug, Error)]
pub enum CliError {
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A `--set` without `=`.
    #[error("`--set {0}` has no `=`; write it like `--set timing.poll=10s`")]
    SetWithoutValue(String),
    /// Copies that make no sense.
    #[error(transparent)]
    Redundancy(#[from] RedundancyError),
    /// A name that a collection cannot have.
    #[error("a collection's name must have 1 to {max} characters, and no line breaks", max = crate::collection::CollectionFile::NAME_CHARS_MAX)]
    Name,
    /// A collection file that no beacon would find.
    #[error("{} would not be taken for a collection; end its name in .json or .collection, and begin it with no dot", .0.display())]
    NotACollectionName(PathBuf),
    /// A file that is there already.
    #[error("{} is there already; it is left as it is", .0.display())]
    Exists(PathBuf),
    /// A file that somebody else has changed at the same time.
    #[error("{} was changed by somebody else meanwhile; nothing is written, try again", .0.display())]
    Changed(PathBuf),
    /// A file or directory that cannot be read or written.
    #[error("{} cannot be {verb}: {reason}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// `read` or `written`.
        verb: &'static str,
        /// What the system says.
        #[source]
        reason: io::Error,
    },
    /// A path that a JSON file cannot hold.
    #[error("{} is not UTF-8 and cannot be written into a collection; rename the file", .0.display())]
    PathNotUtf8(PathBuf),
    /// A collection file that is wrong; the text tells file, line and column.
    #[error("{0}")]
    Collection(String),
    /// Collections that are wrong and have been told one by one.
    #[error("{0} of the collections cannot be used")]
    BadCollections(usize),
    /// A torrent that cannot be added.
    #[error("`{item}` cannot be added: {reason}")]
    Item {
        /// As it was given.
        item: String,
        /// What is wrong with it.
        #[source]
        reason: CatalogFault,
    },
    /// No torrent can be made.
    #[error(transparent)]
    Create(#[from] CreateError),
    /// A file that is no torrent.
    #[error("{}: {reason}", .path.display())]
    NotATorrent {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        reason: MetainfoError,
    },
    /// No collection is called so.
    #[error("there is no collection `{name}` in {dir}; make one with `beacon collection new {dir}/NAME.json --name NAME`{}",
        .nearest.as_ref().map(|nearest| format!("; {nearest}")).unwrap_or_default(), dir = .dir.display())]
    NoCollection {
        /// As it was given.
        name: String,
        /// Where it was looked for.
        dir: PathBuf,
        /// What may have been meant, where there are any.
        nearest: Option<Suggestion>,
    },
    /// Several collections are called so.
    #[error("both {} and {} are collections called `{name}`; name the file instead", .one.display(), .other.display())]
    AmbiguousCollection {
        /// As it was given.
        name: String,
        /// The first.
        one: PathBuf,
        /// The second.
        other: PathBuf,
    },
    /// A scenario that does not exist.
    #[error("there is no scenario `{name}`; {nearest}")]
    NoScenario {
        /// As it was given.
        name: String,
        /// What may have been meant.
        nearest: Suggestion,
    },
    /// Simulated beacons did not do as they should.
    #[error("{0} of what was expected did not hold")]
    Expectations(usize),
    /// The demo could not be shown, or did not end as it should.
    #[error(transparent)]
    Demo(#[from] DemoError),
    /// The beacon cannot run.
    #[error(transparent)]
    Daemon(#[from] DaemonError),
    /// The identity cannot be read or made.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// No running beacon answers.
    #[error(
        "no beacon answers at {url} ({reason}); start it with `beacon run`, or say with --config which one is meant"
    )]
    Unreachable {
        /// Where it was looked for.
        url: String,
        /// What the connection said.
        reason: String,
    },
    /// The token that orders need is not there.
    #[error(
        "{} is not there, so no beacon has been started with this configuration; start it with `beacon run`, or say with --config which one is meant",
        .0.display()
    )]
    NoToken(PathBuf),
    /// The token that orders need cannot be read.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The beacon that answers has another token.
    #[error(
        "the beacon that answers at {url} does not know the token in {}: it is another one, or was started with another data directory; say with --config which one is meant",
        .token.display()
    )]
    OtherBeacon {
        /// Where it answers.
        url: String,
        /// The token that it did not take.
        token: PathBuf,
    },
    /// Something to look for that nothing can be.
    #[error(transparent)]
    Sought(#[from] SoughtError),
    /// Nothing has these words in its name, nor begins its info-hash like that.
    #[error(
        "nothing in the collections of this beacon is called `{0}`, or has an info-hash that begins so; `beacon find` with fewer words shows more"
    )]
    NoSuchTorrent(String),
    /// A magnet link or an info-hash that no collection lists.
    #[error(
        "no collection of this beacon lists that torrent; `beacon collection add FILE 'MAGNET'` puts it into one, and then it can be fetched"
    )]
    NotListed,
    /// Several torrents that may be meant.
    #[error(
        "several torrents may be meant by `{what}`; write more of the name, or the beginning of the info-hash:{torrents}"
    )]
    AmbiguousTorrent {
        /// What was given.
        what: String,
        /// The torrents, a line each.
        torrents: String,
    },
    /// A collection that is not changed.
    #[error("{0}; {way_out}", way_out = .0.way_out())]
    Edit(#[from] EditRefusal),
    /// What was given is no info-hash.
    #[error("{0}; `beacon find WORDS --json` and `beacon torrent show FILE` show it in full")]
    NotAnInfoHash(String),
    /// What was given is no invitation.
    #[error(transparent)]
    Invitation(#[from] InvitationError),
    /// The running beacon answered with a refusal.
    #[error("{0}")]
    Refused(String),
    /// The running beacon follows no collection that is called so.
    #[error("this beacon follows no collection `{name}`{}", .nearest.as_ref().map(|nearest| format!("; {nearest}")).unwrap_or_default())]
    NotFollowed {
        /// As it was given.
        name: String,
        /// What may have been meant, where there are any.
        nearest: Option<Suggestion>,
    },
    /// No beacon is called so.
    #[error("no beacon that is known here is called `{0}`, or has an id that begins so; `beacon members` shows all")]
    NoSuchMember(String),
    /// Several beacons that may be meant.
    #[error("several beacons may be meant by `{who}`; write the beginning of the id:{members}")]
    AmbiguousMember {
        /// What was given.
        who: String,
        /// The beacons, a line each.
        members: String,
    },
    /// Something that should be confirmed, where nobody can be asked.
    #[error("nobody can be asked here whether the plan is right; look at `beacon plan`, and say --yes")]
    NotConfirmed,
    /// Somebody was asked and did not say yes.
    #[error("nothing is changed")]
    Declined,
    /// What is typed cannot be read.
    #[error("what is typed cannot be read: {0}")]
    Input(#[source] io::Error),
    /// Whoever is at the other end of the input is no assistant.
    #[error(
        "what comes at the input is not the Model Context Protocol: {0}; `beacon mcp` is started by an assistant, see docs/MCP.md"
    )]
    Assistant(String),
    /// There are no hooks to try.
    #[error("the configuration has no hooks; `notify` in it says whom to tell of what, see docs/NOTIFICATIONS.md")]
    NoHooks,
    /// No hook is called so.
    #[error("there is no hook `{name}` in the configuration; {nearest}")]
    NoSuchHook {
        /// As it was given.
        name: String,
        /// What may have been meant.
        nearest: Suggestion,
    },
    /// Hooks that a test message did not reach; each has been told.
    #[error("{failed} of {tried} hooks could not be told")]
    HooksFailed {
        /// How many.
        failed: usize,
        /// Of how many.
        tried: usize,
    },
    /// The output cannot be written.
    #[error("the output cannot be written: {0}")]
    Output(#[source] io::Error),
}

impl CliError {
    /// How the process ends.
    pub fn exit(&self) -> Exit {
        match self {
            Self::SetWithoutValue(_)
            | Self::NotConfirmed
            | Self::Redundancy(_)
            | Self::Name
            | Self::NotACollectionName(_)
            | Self::NoCollection { .. }
            | Self::AmbiguousCollection { .. }
            | Self::NoScenario { .. }
            | Self::Invitation(_)
            | Self::NoSuchHook { .. }
            | Self::NotAnInfoHash(_)
            | Self::Sought(_) => Exit::Usage,
            Self::Edit(EditRefusal::Broken { .. } | EditRefusal::Faults(_)) => Exit::BadInput,
            Self::Config(_)
            | Self::Collection(_)
            | Self::BadCollections(_)
            | Self::NoHooks
            | Self::Daemon(DaemonError::Client(_) | DaemonError::NetworkKey(_) | DaemonError::DashboardDir(_)) => {
                Exit::BadInput
            }
            Self::Unreachable { .. } | Self::NoToken(_) | Self::OtherBeacon { .. } => Exit::Unreachable,
            // Who reads the output has seen enough, as in `beacon collection list | head -1`.
            Self::Output(reason) if reason.kind() == io::ErrorKind::BrokenPipe => Exit::Success,
            Self::Daemon(_)
            | Self::Demo(_)
            | Self::Identity(_)
            | Self::Edit(_)
            | Self::Refused(_)
            | Self::Token(_)
            | Self::NoSuchTorrent(_)
            | Self::NotListed
            | Self::NotFollowed { .. }
            | Self::NoSuchMember(_)
            | Self::AmbiguousMember { .. }
            | Self::Declined
            | Self::Input(_)
            | Self::AmbiguousTorrent { .. }
            | Self::Exists(_)
            | Self::Changed(_)
            | Self::File { .. }
            | Self::PathNotUtf8(_)
            | Self::Item { .. }
            | Self::Create(_)
            | Self::NotATorrent { .. }
            | Self::Expectations(_)
            | Self::Assistant(_)
            | Self::HooksFailed { .. }
            | Self::Output(_) => Exit::Failure,
        }
    }
}

//! The arguments of the program.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::{
    CliError, DemoArgs, DrainArgs, Env, Exit, FindArgs, InviteArgs, JoinArgs, NeighborCommand, RunArgs, ShareArgs,
    What, collection::CollectionCommand, config::ConfigCommand, simulate::SimulateArguments, torrent::TorrentCommand,
};
use crate::config::{Override, Settings, Sources, host_name, load};

/// Keeps archives alive: counts the copies of torrents in a group, and tells each BitTorrent client what to fetch.
#[derive(Debug, Parser)]
#[command(name = "beacon", version, after_help = Exit::HELP, max_term_width = 100)]
pub struct Arguments {
    /// What holds for every command.
    #[command(flatten)]
    pub options: Options,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What holds for every command.
#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The configuration file [default: config.json]
    #[arg(long, global = true, value_name = "PATH")]
    pub config: Option<PathBuf>,
    /// Set a key of the configuration, such as `timing.poll=10s`; can be repeated
    #[arg(long, global = true, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Write data as JSON
    #[arg(long, global = true)]
    pub json: bool,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the beacon until it is stopped with Ctrl-C or SIGTERM
    Run(RunArgs),
    /// Print a link to the page that logs a browser in, once
    Page,
    /// Show a whole network at work on this machine, with real data
    Demo(DemoArgs),
    /// Show how the archive, the network and this beacon are doing
    Status,
    /// Show what the beacon is about to do, and what cannot be done
    Plan,
    /// Find torrents in the collections by words of their names
    Find(FindArgs),
    /// Show who has a torrent, and how it can be fetched from there
    Who(What),
    /// Print a magnet link with which any other client fetches a torrent from its holders
    Magnet(What),
    /// Say why things are as they are with a torrent, and what comes next
    Explain(What),
    /// Fetch a torrent for me and keep it whatever the counts: it is restored from quarantine, and never deleted
    Pin(What),
    /// Treat a pinned torrent like all others again
    Unpin(What),
    /// Serve a torrent of a collection from files that are here already; they stay yours, and are never deleted
    Share(ShareArgs),
    /// Leave gracefully: others take over what is here, and what they have enough of is deleted here
    Drain(DrainArgs),
    /// Print a line by which others join the network of this beacon
    Invite(InviteArgs),
    /// Join the network that somebody invites to
    Join(JoinArgs),
    /// Name beacons to connect to, and show how it stands with them
    #[command(subcommand)]
    Neighbor(NeighborCommand),
    /// Print the id of this beacon
    Id,
    /// Play networks of beacons without sockets and clients: scenarios by name, random mixes of faults by seed
    Simulate(SimulateArguments),
    /// Make, extend and check collection files
    #[command(subcommand)]
    Collection(CollectionCommand),
    /// Make torrents, and show what is in them
    #[command(subcommand)]
    Torrent(TorrentCommand),
    /// Check the configuration
    #[command(subcommand)]
    Config(ConfigCommand),
}

impl Options {
    /// The settings that hold for this command line.
    pub(super) fn settings(&self, env: &Env) -> Result<Settings, CliError> {
        self.settings_with(env, Vec::new())
    }

    /// The same with what a command's own flags set, which counts most.
    pub(super) fn settings_with(&self, env: &Env, own: Vec<Override>) -> Result<Settings, CliError> {
        let of_variable = || env.variables.get("BEACON_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from);
        let flags = self.set.iter().map(|set| match set.split_once('=') {
            Some((key, value)) => {
                Ok(Override { key: key.to_owned(), flag: format!("--set {key}"), value: value.to_owned() })
            }
            None => Err(CliError::SetWithoutValue(set.clone())),
        });
        let sources = Sources {
            file: self.config.clone().or_else(of_variable),
            dir: env.dir.clone(),
            variables: env.variables.clone(),
            flags: flags.chain(own.into_iter().map(Ok)).collect::<Result<_, _>>()?,
            default_name: host_name(),
        };
        Ok(load(&sources)?)
    }
}

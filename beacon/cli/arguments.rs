//! The arguments of the program.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::{
    CliError, CompletionsArgs, DemoArgs, DrainArgs, Env, FindArgs, HistoryArgs, InviteArgs, JoinArgs, LogArgs, ManArgs,
    MapArgs, McpArgs, MemberArgs, MembersArgs, ModeArgs, NeighborCommand, NotifyCommand, RequestArgs, RunArgs,
    ShareArgs, StatusArgs, TorrentsArgs, TrendArgs, What, collection::CollectionCommand, config::ConfigCommand,
    simulate::SimulateArguments, torrent::TorrentCommand,
};
use crate::config::{Override, Settings, Sources, host_name, load};

/// Keeps archives alive: counts the copies of torrents in a group, and tells each BitTorrent client what to fetch.
#[derive(Debug, Parser)]
#[command(name = "beacon", version, max_term_width = 100)]
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
    #[arg(long, global = true, value_name = "PATH", display_order = 900)]
    pub config: Option<PathBuf>,
    /// Set a key of the configuration, such as `timing.poll=10s`; can be repeated
    #[arg(long, global = true, value_name = "KEY=VALUE", display_order = 901)]
    pub set: Vec<String>,
    /// Write data as JSON
    #[arg(long, global = true, display_order = 902)]
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
    Status(StatusArgs),
    /// Draw a character for each torrent, by its copies
    Map(MapArgs),
    /// List the torrents of the collections
    Torrents(TorrentsArgs),
    /// Show what the beacon is about to do, and what cannot be done
    Plan,
    /// Show what has happened, newest first
    History(HistoryArgs),
    /// Draw missing, under, met and over in the course of time
    Trend(TrendArgs),
    /// Show what the running beacon logs
    Log(LogArgs),
    /// Find torrents in the collections by words of their names
    Find(FindArgs),
    /// Show who has a torrent, and how it can be fetched from there
    Who(What),
    /// Print a magnet link by which any client fetches a torrent
    Magnet(What),
    /// Say why a torrent is as it is, and what comes next
    Explain(What),
    /// Fetch a torrent and keep it here whatever the counts
    Pin(What),
    /// Treat a pinned torrent like all others again
    Unpin(What),
    /// Fetch a torrent once; afterwards the counts decide
    Request(RequestArgs),
    /// Serve a torrent from files that are here already
    Share(ShareArgs),
    /// Leave gracefully: others take over what is here
    Drain(DrainArgs),
    /// Print a line by which others join the network of this beacon
    Invite(InviteArgs),
    /// Join the network that somebody invites to
    Join(JoinArgs),
    /// Name beacons to connect to, and show how it stands with them
    #[command(subcommand)]
    Neighbor(NeighborCommand),
    /// Show whether the beacon acts or only watches, or set it
    Mode(ModeArgs),
    /// Show the collections as the running beacon counts them
    Collections,
    /// List the beacons of the network
    Members(MembersArgs),
    /// Show what is known of one beacon
    Member(MemberArgs),
    /// Show the links to neighbors, and what the protocol costs
    Network,
    /// Print the id of this beacon
    Id,
    /// Play networks of beacons without sockets and clients
    Simulate(SimulateArguments),
    /// Make, extend and check collection files
    #[command(subcommand)]
    Collection(CollectionCommand),
    /// Make torrents, and show what is in them
    #[command(subcommand)]
    Torrent(TorrentCommand),
    /// Serve an assistant by the Model Context Protocol
    Mcp(McpArgs),
    /// Try the hooks that tell you when something is the matter
    #[command(subcommand)]
    Notify(NotifyCommand),
    /// Check the configuration, and tell what can be set
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Print what lets a shell complete commands with the Tab key
    Completions(CompletionsArgs),
    /// Write manual pages
    Man(ManArgs),
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

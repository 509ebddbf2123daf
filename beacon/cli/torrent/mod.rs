//! `beacon torrent`: making torrents, and looking into them.

mod command;
mod create;
mod into;
mod progress;
mod show;
#[cfg(test)]
mod tests;
mod told;

pub(super) use command::TorrentCommand;

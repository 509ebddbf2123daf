//! qBittorrent through its Web API, from version 4.5 on.

mod add;
mod client;
mod http;
mod identity;
mod info;
mod marks;
mod mirror;
mod paths;
mod record;
mod removal;
mod session;
mod settings;
mod state;
mod trouble;
mod version;

pub use client::Qbittorrent;
pub use settings::{QbittorrentSettings, SettingsError};

#[cfg(test)]
mod tests;

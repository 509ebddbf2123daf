//! Tests beside real BitTorrent clients, and other programs for torrents; `tests/run` gets them.

mod budget;
mod dry_run;
mod harness;
mod kills;
mod kinds;
mod magnet;
mod making;
mod orders;
mod qbittorrent_client;
mod reclaim;
mod three_beacons;
mod tracker;
mod trouble;
mod users;

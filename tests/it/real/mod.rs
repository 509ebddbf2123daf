//! Tests beside real qBittorrents; `tests/run` gets them.

mod budget;
mod dry_run;
mod harness;
mod kills;
mod kinds;
mod orders;
mod qbittorrent_client;
mod reclaim;
mod three_beacons;
mod trouble;
mod users;

//! What tests of the running program share: processes that end with their test, addresses of their own, waiting with a
//! deadline, and torrents made here.

mod address;
mod aria2;
mod beacon;
mod copies;
mod data;
mod http;
mod port;
mod process;
mod qbittorrent;
mod qbittorrent_api;
mod torrent;
mod transmission;
mod wait;
mod watcher;
mod world;

pub(crate) use address::{free_port, machine_address};
pub(crate) use aria2::RealAria2;
pub(crate) use beacon::{BeaconProcess, forget_settings};
pub(crate) use copies::CopiesWatcher;
pub(crate) use data::Dice;
pub(crate) use http::request;
pub(crate) use port::{Faults, Port, Weather};
pub(crate) use process::Process;
pub(crate) use qbittorrent::{PASSWORD, QbtVersion, RealQbittorrent};
pub(crate) use qbittorrent_api::QbtApi;
pub(crate) use torrent::TestTorrent;
pub(crate) use transmission::RealTransmission;
pub(crate) use wait::{throughout, until};
pub(crate) use watcher::FetchWatcher;
pub(crate) use world::{COLLECTION, World, collection, share};

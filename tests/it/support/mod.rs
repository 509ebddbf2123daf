//! What tests of the running program share: processes that end with their test, addresses of their own, waiting with a
//! deadline, and torrents made here.

mod address;
mod archive;
mod aria2;
mod beacon;
mod browser;
mod copies;
mod data;
mod holder;
mod http;
mod port;
mod process;
mod qbittorrent;
mod qbittorrent_api;
mod region;
mod tools;
mod torrent;
mod transmission;
mod wait;
mod watcher;
mod world;

pub(crate) use address::{free_port, machine_address};
pub(crate) use archive::Item;
pub(crate) use aria2::RealAria2;
pub(crate) use beacon::{BeaconProcess, forget_settings};
pub(crate) use browser::{Browser, Look, soon};
pub(crate) use copies::CopiesWatcher;
pub(crate) use data::Dice;
pub(crate) use http::request;
pub(crate) use port::{Faults, Port, Weather};
pub(crate) use process::Process;
pub(crate) use qbittorrent::{PASSWORD, QbtVersion, RealQbittorrent};
pub(crate) use qbittorrent_api::QbtApi;
pub(crate) use region::Region;
pub(crate) use tools::tool;
pub(crate) use torrent::TestTorrent;
pub(crate) use transmission::RealTransmission;
pub(crate) use wait::{throughout, until};
pub(crate) use watcher::FetchWatcher;
pub(crate) use world::{COLLECTION, World, collection, share};

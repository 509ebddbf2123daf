//! The client against a qBittorrent that is played in-process, with every version's habits and every fault.

mod access;
mod commands;
mod fake;
mod reading;

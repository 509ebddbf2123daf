//! Torrents as `beacon torrent create` makes them, beside the same ones of other programs, and in their hands.

mod accepted;
mod agree;
mod interrupted;
mod tools;

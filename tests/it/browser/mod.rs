//! The page as people meet it, in Debian's Chromium.

mod accessible;
mod adding;
mod foreign;
mod invitation;
mod keyboard;
mod login;
mod map;
mod overview;
mod page;
mod pictures;
mod read_only;
mod restart;
mod screens;
mod torrents;
mod town;

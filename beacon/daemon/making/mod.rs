//! Making torrents while the beacon runs, for whoever asks through the API.

mod job;
mod listing;
mod maker;
#[cfg(test)]
mod tests;

pub use maker::Maker;

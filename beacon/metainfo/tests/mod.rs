//! Tests of the whole reader: real torrents, what must be refused, and any bytes at all.

mod any_bytes;
mod drafts;
mod magnets;
mod real;
mod refused;

//! Tests of the whole reader: real torrents, what must be refused, and any bytes at all.

mod any_bytes;
mod magnets;
mod real;
mod refused;

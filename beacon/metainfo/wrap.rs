//! A .torrent file around an `info` dictionary that came alone.

use super::bencoder::{push_string, push_trackers};

/// Makes a .torrent file around the raw bytes of an `info` dictionary, which stay as they are, so that the info-hash
/// stays too. Each tracker gets a tier of its own (BEP 12).
///
/// What `info` is has to be known before, from [`Metainfo::from_info`](super::Metainfo::from_info).
pub fn wrap_info(info: &[u8], trackers: &[String]) -> Vec<u8> {
    let mut file = b"d".to_vec();
    push_trackers(&mut file, trackers);
    push_string(&mut file, b"info");
    file.extend_from_slice(info);
    file.push(b'e');
    file
}

//! A .torrent file around an `info` dictionary that came alone.

/// Makes a .torrent file around the raw bytes of an `info` dictionary, which stay as they are, so that the info-hash
/// stays too. Each tracker gets a tier of its own (BEP 12).
///
/// What `info` is has to be known before, from [`Metainfo::from_info`](super::Metainfo::from_info).
pub fn wrap_info(info: &[u8], trackers: &[String]) -> Vec<u8> {
    let mut file = b"d".to_vec();
    if let Some(first) = trackers.first() {
        push_string(&mut file, b"announce");
        push_string(&mut file, first.as_bytes());
        push_string(&mut file, b"announce-list");
        file.push(b'l');
        for tracker in trackers {
            file.push(b'l');
            push_string(&mut file, tracker.as_bytes());
            file.push(b'e');
        }
        file.push(b'e');
    }
    push_string(&mut file, b"info");
    file.extend_from_slice(info);
    file.push(b'e');
    file
}

fn push_string(file: &mut Vec<u8>, content: &[u8]) {
    file.extend_from_slice(content.len().to_string().as_bytes());
    file.push(b':');
    file.extend_from_slice(content);
}

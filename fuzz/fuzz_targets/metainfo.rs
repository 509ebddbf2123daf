//! Any bytes as a .torrent file and as a bare `info`. `tests/data` is a good corpus to begin with.

#![no_main]

use beacon::metainfo::{Metainfo, wrap_info};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for metainfo in [Metainfo::read(bytes), Metainfo::from_info(bytes)].into_iter().flatten() {
        let info = &bytes[metainfo.info.clone()];
        let again = Metainfo::read(&wrap_info(info, &metainfo.trackers)).expect("what was read once is read again");
        assert_eq!((again.hashes, again.size), (metainfo.hashes, metainfo.size));
        let leads_out = |part: &str| matches!(part, "" | "." | "..") || part.contains(['\0', '\\']);
        assert!(!metainfo.files.iter().any(|file| file.path.split('/').any(leads_out)));
    }
});

//! Any text as a magnet link: what is read is read the same when it is written again.

#![no_main]

use beacon::metainfo::Magnet;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(magnet) = Magnet::parse(text) {
        // Encoding can make a link longer than the longest that is read.
        let written = magnet.to_string();
        assert!(written.len() > beacon::metainfo::MAGNET_BYTES_MAX || Magnet::parse(&written).as_ref() == Ok(&magnet));
    }
});

//! Any text as the query of an announce and of a scrape: read within its limits, or refused, and answered in every form.

#![no_main]

use std::net::IpAddr;

use beacon::{
    model::Instant,
    tracker::{Announce, Asker, Known, PeerForm, Registry, SCRAPE_MAX, scraped},
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|query: &str| {
    if let Ok(announce) = Announce::parse(query) {
        let asker = Asker::new(IpAddr::from([192, 0, 2, 1]), &[]);
        let answer = Registry::new(1).announce(Instant::ZERO, &announce, asker, &Known::default());
        assert!(answer.peers.is_empty(), "there is nobody else");
        for form in [announce.form, PeerForm::Compact, PeerForm::Dictionaries, PeerForm::WithoutIds] {
            assert!(answer.write(form).starts_with(b"d8:complete"));
        }
    }
    if let Ok(hashes) = scraped(query) {
        assert!((1..=SCRAPE_MAX).contains(&hashes.len()));
    }
});

//! Who is told of whom.

use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use proptest::{collection::vec, prelude::*, sample::select};

use super::{Announce, Answer, Asker, Counts, Event, Known, KnownPeer, PeerForm, Registry, scraped};
use crate::model::Instant;

const HASH: [u8; 20] = [7; 20];
const OWN: &str = "203.0.113.9:6881";

fn address(text: &str) -> SocketAddr {
    text.parse().expect("an address")
}

/// A tracker on a machine with the addresses 192.168.1.5 and 203.0.113.9.
struct Bench {
    now: Instant,
    registry: Registry,
    known: Known,
}

impl Bench {
    /// One whose own client is at [`OWN`] and has nothing.
    fn new() -> Self {
        let known = Known { peers: Vec::new(), own: vec![address(OWN), address("192.168.1.5:6881")] };
        Self { now: Instant::from_millis(1_000_000), registry: Registry::new(1), known }
    }

    fn knows(mut self, addresses: &[&str], is_complete: bool) -> Self {
        let addresses: Vec<SocketAddr> = addresses.iter().map(|text| address(text)).collect();
        let is_own = addresses.contains(&address(OWN));
        self.known.peers.push(KnownPeer { addresses, is_complete, is_own });
        self
    }

    fn tell(&mut self, from: &str, change: impl FnOnce(&mut Announce)) -> Answer {
        let from = address(from);
        let mut peer_id = [b'-'; 20];
        let text = from.to_string();
        peer_id[..text.len().min(20)].copy_from_slice(&text.as_bytes()[..text.len().min(20)]);
        let mut announce = Announce {
            info_hash: HASH,
            peer_id,
            port: from.port(),
            event: None,
            is_complete: false,
            has_received: true,
            wanted: 50,
            form: PeerForm::Compact,
        };
        change(&mut announce);
        let own: [IpAddr; 2] = [address(OWN).ip(), address("192.168.1.5:1").ip()];
        let answer = self.registry.announce(self.now, &announce, Asker::new(from.ip(), &own), &self.known);
        assert!(answer.peers.len() <= announce.wanted);
        answer
    }

    fn lacks(&mut self, from: &str) -> Answer {
        self.tell(from, |_| {})
    }

    fn has(&mut self, from: &str) -> Answer {
        self.tell(from, |announce| announce.is_complete = true)
    }

    fn counts(&mut self) -> (u32, u32, u32) {
        let Counts { complete, incomplete, downloaded } = self.registry.scrape(self.now, &HASH, &self.known);
        (complete, incomplete, downloaded)
    }
}

fn told(answer: &Answer) -> Vec<String> {
    let told: BTreeSet<String> = answer.peers.iter().map(|peer| peer.address.to_string()).collect();
    assert_eq!(told.len(), answer.peers.len(), "nobody is told of twice");
    told.into_iter().collect()
}

#[test]
fn holders_that_beacons_know_of_are_told_to_whoever_lacks_data() {
    let mut bench = Bench::new().knows(&["198.51.100.1:1", "10.0.0.1:1"], true).knows(&["198.51.100.2:2"], false);
    assert_eq!(told(&bench.lacks("192.0.2.1:9")), ["198.51.100.1:1", "198.51.100.2:2"]);
    assert_eq!(told(&bench.has("192.0.2.2:9")), ["192.0.2.1:9", "198.51.100.2:2"]);
    assert_eq!(bench.counts(), (2, 2, 0));
}

#[test]
fn clients_that_announced_are_told_of_each_other_and_never_of_themselves() {
    let mut bench = Bench::new();
    assert_eq!(told(&bench.lacks("192.0.2.1:9")), [""; 0]);
    assert_eq!(told(&bench.lacks("192.0.2.2:9")), ["192.0.2.1:9"]);
    assert_eq!(told(&bench.lacks("[2001:db8::1]:9")), ["192.0.2.1:9", "192.0.2.2:9"]);
    assert_eq!(told(&bench.lacks("192.0.2.1:9")), ["192.0.2.2:9", "[2001:db8::1]:9"]);
    assert_eq!(bench.counts(), (0, 3, 0));
}

#[test]
fn a_client_of_this_machine_is_told_elsewhere_by_the_addresses_of_this_machines_client() {
    let mut bench = Bench::new();
    bench.lacks("127.0.0.1:51413");
    assert_eq!(told(&bench.lacks("192.0.2.1:9")), ["203.0.113.9:51413"]);
    assert_eq!(told(&bench.lacks("192.168.1.77:9")), ["192.0.2.1:9", "192.168.1.5:51413", "203.0.113.9:51413"]);
    assert!(told(&bench.lacks("127.0.0.1:6999")).contains(&"127.0.0.1:51413".to_owned()));
    bench.known.own = Vec::new();
    let answer = told(&bench.lacks("192.0.2.1:9"));
    assert!(!answer.iter().any(|address| address.ends_with(":51413")), "nobody knows where that is: {answer:?}");
}

#[test]
fn this_machines_own_client_is_one_whatever_address_it_goes_by() {
    let mut bench = Bench::new().knows(&[OWN, "192.168.1.5:6881"], false);
    for from in ["127.0.0.1:6881", "192.168.1.5:6881", OWN] {
        assert_eq!(told(&bench.lacks(from)), [""; 0], "{from}");
    }
    bench.now += Duration::from_mins(12);
    bench.lacks("127.0.0.1:6881");
    assert_eq!(bench.counts(), (0, 1, 0));
    assert_eq!(told(&bench.lacks("192.0.2.1:9")), [OWN]);
    assert_eq!(told(&bench.lacks("127.0.0.1:9")), ["127.0.0.1:6881", "192.0.2.1:9", "192.168.1.5:6881", OWN]);
}

#[test]
fn an_engine_that_does_not_know_yet_what_it_has_is_told_of_everyone_and_comes_back_soon() {
    let mut bench = Bench::new().knows(&["198.51.100.1:1"], true);
    let fresh = |announce: &mut Announce| (announce.is_complete, announce.has_received) = (true, false);
    let answer = bench.tell("127.0.0.1:6881", fresh);
    assert_eq!(told(&answer), ["198.51.100.1:1"]);
    assert_eq!(answer.interval_min, Duration::from_secs(5));
    let answer = bench.lacks("127.0.0.1:6881");
    assert_eq!((answer.interval, answer.interval_min), (Duration::from_secs(5), Duration::from_secs(5)));
    let answer = bench.has("127.0.0.1:6881");
    assert_eq!(told(&answer), [""; 0]);
    assert!(answer.interval >= Duration::from_mins(30) && answer.interval_min == answer.interval);
    let mut holder = Bench::new().knows(&[OWN], true);
    assert!(holder.tell("127.0.0.1:6881", fresh).interval >= Duration::from_mins(30), "the census knows better");
}

#[test]
fn a_download_counts_once_however_it_is_told() {
    let mut bench = Bench::new();
    bench.lacks("192.0.2.1:9");
    let complete = |announce: &mut Announce| (announce.is_complete, announce.event) = (true, Some(Event::Completed));
    bench.tell("192.0.2.1:9", complete);
    bench.tell("192.0.2.1:9", complete);
    bench.tell("192.0.2.2:9", complete);
    bench.lacks("192.0.2.3:9");
    bench.has("192.0.2.3:9");
    assert_eq!(bench.counts(), (3, 0, 2));
}

#[test]
fn who_stops_or_stays_away_is_told_no_more() {
    let mut bench = Bench::new();
    bench.lacks("192.0.2.1:9");
    bench.has("192.0.2.2:9");
    let stopped = bench.tell("192.0.2.1:9", |announce| announce.event = Some(Event::Stopped));
    assert_eq!(told(&stopped), [""; 0]);
    assert_eq!(bench.counts(), (1, 0, 0));
    bench.now += Duration::from_mins(59);
    assert_eq!(told(&bench.lacks("192.0.2.3:9")), ["192.0.2.2:9"]);
    bench.now += Duration::from_mins(15);
    assert_eq!(bench.counts(), (0, 0, 0));
    assert_eq!(bench.registry.totals(bench.now).clients, 0);
}

#[test]
fn who_takes_no_connections_is_answered_and_not_told() {
    let mut bench = Bench::new().knows(&["198.51.100.1:1"], true);
    assert_eq!(told(&bench.lacks("192.0.2.1:0")), ["198.51.100.1:1"]);
    assert_eq!(bench.counts(), (1, 0, 0));
}

#[test]
fn a_holder_that_beacons_know_takes_no_place() {
    let mut bench = Bench::new().knows(&["198.51.100.1:1"], true).knows(&[OWN], true);
    bench.has("198.51.100.1:1");
    bench.has("127.0.0.1:6881");
    assert_eq!(bench.registry.totals(bench.now).clients, 0);
    bench.lacks("198.51.100.1:1");
    assert_eq!(bench.counts(), (1, 1, 0), "it knows best that something is lacking");
    assert_eq!(told(&bench.has("192.0.2.1:9")), ["198.51.100.1:1"]);
}

#[test]
fn invented_clients_keep_nobody_from_the_holders() {
    let mut bench = Bench::new().knows(&["198.51.100.1:1"], true).knows(&["198.51.100.2:2"], true);
    for number in 1..100 {
        for port in 1..10 {
            bench.lacks(&format!("192.0.2.{number}:{port}"));
        }
    }
    for _ in 0..50 {
        let few = told(&bench.tell("192.0.3.1:9", |announce| announce.wanted = 4));
        assert!(few.contains(&"198.51.100.1:1".to_owned()) && few.contains(&"198.51.100.2:2".to_owned()), "{few:?}");
    }
}

fn any_address() -> impl Strategy<Value = SocketAddr> {
    let ips = ["127.0.0.1", "127.0.0.2", "192.168.1.5", "203.0.113.9", "192.0.2.1", "10.0.0.1", "::1", "2001:db8::1"];
    (select(ips.to_vec()), 0_u16..4).prop_map(|(ip, port)| SocketAddr::new(ip.parse().expect("an address"), port))
}

proptest! {
    #[test]
    fn whatever_is_announced_nobody_is_told_of_itself_or_of_loopback_from_elsewhere(
        known in vec((vec(any_address(), 1..3), any::<bool>()), 0..4),
        own in vec(any_address(), 0..3),
        steps in vec((any_address(), any::<bool>(), any::<bool>(), 0_usize..5, 0_u64..1_000), 1..40),
    ) {
        let mut bench = Bench::new();
        let mut peers: Vec<KnownPeer> = known
            .into_iter()
            .map(|(addresses, is_complete)| KnownPeer { addresses, is_complete, is_own: false })
            .collect();
        if !own.is_empty() {
            peers.push(KnownPeer { addresses: own.clone(), is_complete: false, is_own: true });
        }
        bench.known = Known { peers, own };
        for (from, is_complete, stopped, wanted, seconds) in steps {
            bench.now += Duration::from_secs(seconds);
            let answer = bench.tell(&from.to_string(), |announce| {
                (announce.is_complete, announce.wanted) = (is_complete, wanted);
                announce.event = stopped.then_some(Event::Stopped);
            });
            for peer in &answer.peers {
                prop_assert!(peer.address != from && peer.address.port() != 0);
                let is_here = |ip: IpAddr| ip.is_loopback() || [OWN, "192.168.1.5:1"].map(|own| address(own).ip()).contains(&ip);
                prop_assert!(is_here(from.ip()) || !peer.address.ip().is_loopback());
            }
            prop_assert!(answer.interval_min <= answer.interval);
        }
    }

    #[test]
    fn any_query_is_a_request_or_is_refused(
        query in ".{0,200}",
        pairs in vec((select(vec!["info_hash", "peer_id", "port", "left", "numwant", "event", "compact"]), "[%0-9a-f+é=]{0,60}"), 0..8),
    ) {
        let pairs: Vec<String> = pairs.into_iter().map(|(key, value)| format!("{key}={value}")).collect();
        for query in [query, pairs.join("&")] {
            let _ = Announce::parse(&query);
            let _ = scraped(&query);
        }
    }
}

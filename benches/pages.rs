//! How long the loop is held by whoever asks a beacon for pages: `cargo bench --bench pages --no-default-features`.
//!
//! A node counts 100,000 torrents of twenty members; of each torrent there are three copies, and one in a hundred lacks one. It
//! holds its part of them, or all. Each question is put many times, and before each something has changed, so that
//! what is kept until something changes has to be counted again. A round of planning, a change in the client, and the taking over
//! of other collections are there for comparison: they hold the loop, too.

#![expect(clippy::print_stdout, reason = "it prints its figures")]
#![expect(clippy::disallowed_methods, reason = "it measures wall time")]

#[path = "parts/words.rs"]
mod words;

use std::{
    hint::black_box,
    sync::Arc,
    time::{Duration, Instant as Clock},
};

use beacon::{
    census::Status,
    collection::Manifest,
    model::{
        BeaconId, ByteSize, Catalog, CatalogCollection, CatalogTorrent, ClientChange, CollectionId, ContentState,
        Holding, InfoHash, InfoHashes, Instant, LinkId, NetworkId, Redundancy, Rng, Source, TorrentState,
    },
    node::{
        Input, Listing, Memory, Node, NodeSettings, ReclaimSettings,
        view::{MemberFilter, Mode, Page, Standing, TorrentFilter, TorrentOrder},
    },
    protocol::ProtocolSettings,
    wire::{Hello, Signer},
};
use words::WORDS;

const TORRENTS: u32 = 100_000;
const MEMBERS: u8 = 20;
const COPIES: usize = 3;
const SIZE: u64 = 1_000_000_000;
/// How often each question is put.
const TIMES: usize = 200;

fn main() {
    for (collections, all_here) in [(1, false), (10, false), (1, true)] {
        let here = if all_here { "all of them" } else { "its part" };
        println!("{TORRENTS} torrents in {collections} collections, {MEMBERS} members; this beacon has {here}");
        println!("{:42} {:>9} {:>9} {:>9} {:>9}", "ms", "min", "median", "p99", "max");
        World::new(collections, all_here).measure();
        println!();
    }
}

struct World {
    node: Node,
    now: Instant,
    catalog: Arc<Catalog>,
    holdings: Vec<Holding>,
    turn: usize,
}

impl World {
    fn new(collections: u32, all_here: bool) -> Self {
        let catalog = catalog(collections);
        let now = Instant::from_millis(1_000_000_000_000);
        let me = id(0);
        let budget = ByteSize::from_bytes(SIZE * u64::from(TORRENTS) * 2);
        let settings = NodeSettings {
            protocol: ProtocolSettings::new(NetworkId::new([0; 16]), Vec::new(), Duration::from_mins(1)),
            mode: Mode::Apply,
            name: "attic".to_owned(),
            zone: String::new(),
            budget,
            keep_free: ByteSize::ZERO,
            plan: Duration::from_secs(15),
            repair_delay: NodeSettings::REPAIR_DELAY,
            reclaim: ReclaimSettings::default(),
        };
        let holders = holders();
        let torrents: Vec<&CatalogTorrent> =
            catalog.collections.iter().flat_map(|collection| &collection.torrents).collect();
        let held = |number: usize| all_here || holders[number].contains(&0);
        let holdings: Vec<Holding> = torrents
            .iter()
            .enumerate()
            .filter(|(number, _)| held(*number))
            .map(|(_, torrent)| holding(torrent))
            .collect();
        let ledger = holdings.iter().filter_map(|holding| holding.hashes.canonical()).collect();
        let memory = Memory { ledger, incarnation: 1, ..Memory::default() };
        let mut node = Node::new(now, settings, Signer::simulated(me), memory, 1);
        let listing = Arc::new(Listing::new(Arc::clone(&catalog)));
        node.handle(now, Input::Listing { listing, problems: Vec::new() });
        let mut census = node.census().clone();
        for member in 1..MEMBERS {
            let mut number = 0;
            let statuses = catalog.collections.iter().map(|collection| {
                let states = collection.torrents.iter().map(|_| {
                    number += 1;
                    let holds = holders[number - 1].contains(&member);
                    if holds { TorrentState::Held } else { TorrentState::Absent }
                });
                let states: Vec<_> = states.collect();
                (collection.id, Manifest::of(collection).hash(), states)
            });
            let status = Arc::new(Status::new(statuses.collect::<Vec<_>>()));
            census.set_status(id(member), &status);
            let hello = hello(member, budget, &status).sign(&Signer::simulated(id(member)));
            node.know(now, (&Arc::new(hello), now), &status, &census);
        }
        let mut world = Self { node, now, catalog, holdings, turn: 0 };
        let address = "198.51.100.1:9000".parse().expect("an address");
        world.hand(Input::LinkUp { link: LinkId(1), beacon: id(1), address, dialed: None });
        world.hand(Input::Client(ClientChange::Full(world.holdings.clone())));
        world.wait(Duration::from_secs(20));
        world.wait(Duration::from_secs(20));
        let status = world.node.status(world.now);
        assert_eq!((status.summary.torrents, status.members.len()), (TORRENTS as usize, usize::from(MEMBERS)));
        assert_eq!(world.node.plan_view(world.now, 0, 1).waiting, None, "it plans");
        world
    }

    fn hand(&mut self, input: Input) {
        self.node.handle(self.now, input);
        while self.node.poll_output().is_some() {}
    }

    /// Lets time pass, as long as everyone still counts as there.
    fn wait(&mut self, time: Duration) {
        self.now += time;
        self.node.handle_timeout(self.now);
        while self.node.poll_output().is_some() {}
    }

    /// One torrent of the client is complete, and then is not, so that this beacon's status is another one.
    fn change(&mut self) {
        self.turn += 1;
        let mut changed = self.holdings[0].clone();
        if self.turn.is_multiple_of(2) {
            changed.content = ContentState::Resting;
        }
        self.hand(Input::Client(ClientChange::Delta { changed: vec![changed], removed: Vec::new() }));
    }

    fn measure(&mut self) {
        let first = self.catalog.collections[0].id;
        let all = TorrentFilter::default();
        let one = TorrentFilter { collection: Some(first), ..all.clone() };
        let page = Page { limit: 100, ..Page::default() };
        let ordered = |order| Page { order: Some(order), descending: true, ..page };
        self.time("a change in the client", |_| ());
        self.time("the same in full", |world| world.hand(Input::Client(ClientChange::Full(world.holdings.clone()))));
        self.time_of(50, "a round of planning", |world| world.wait(Duration::from_secs(15)));
        self.time("status", |world| drop(black_box(world.node.status(world.now))));
        self.time("plan", |world| drop(black_box(world.node.plan_view(world.now, 0, 1_000))));
        for (what, filter) in [("one collection", &one), ("all", &all)] {
            let mut list = |name: &str, filter: &TorrentFilter, page| {
                self.time(&format!("{what}: {name}"), |world| {
                    drop(black_box(world.node.torrents(filter, page).expect("known")));
                });
            };
            list("first page", filter, page);
            list("a page of 1,000", filter, Page { limit: 1_000, ..page });
            list("page at 9,900", filter, Page { offset: 9_900, ..page });
            for order in TorrentOrder::ALL {
                list(&format!("by {}", order.word()), filter, ordered(order));
            }
            list("lacking copies", &TorrentFilter { standing: Some(Standing::Under), ..filter.clone() }, page);
            list("held here", &TorrentFilter { here: Some(TorrentState::Held), ..filter.clone() }, page);
            for text in ["council 1901 ete", "1", "07070707"] {
                let sought = Some(text.parse().expect("something to look for"));
                list(&format!("`{text}`"), &TorrentFilter { sought, ..filter.clone() }, page);
            }
        }
        self.time("map, 16,384 cells", |world| drop(black_box(world.node.map(first, 0, 16_384))));
        self.time("places, all", |world| drop(black_box(world.node.places(first, &all, 20_000))));
        let members = MemberFilter { limit: 100, ..MemberFilter::default() };
        self.time("members", |world| drop(black_box(world.node.members(world.now, &members))));
        self.time("one member", |world| drop(black_box(world.node.member(world.now, &id(1)))));
        self.time("links", |world| drop(black_box(world.node.link_views(world.now))));
        self.time("how all stand, for the trend", |world| drop(black_box(world.node.trend_points(world.now))));
        let listing = Arc::new(Listing::new(Arc::clone(&self.catalog)));
        self.time_of(10, "other collections", |world| {
            world.hand(Input::Listing { listing: Arc::clone(&listing), problems: Vec::new() });
        });
    }

    fn time(&mut self, what: &str, ask: impl Fn(&mut Self)) {
        self.time_of(TIMES, what, ask);
    }

    fn time_of(&mut self, times: usize, what: &str, ask: impl Fn(&mut Self)) {
        let is_change = what == "a change in the client";
        let mut took: Vec<f64> = Vec::with_capacity(times);
        for _ in 0..times {
            let before = Clock::now();
            self.change();
            let begin = if is_change { before } else { Clock::now() };
            ask(self);
            took.push(begin.elapsed().as_secs_f64() * 1e3);
        }
        took.sort_by(f64::total_cmp);
        let at = |part: usize| took[(took.len() - 1) * part / 100];
        println!("{what:42} {:9.3} {:9.3} {:9.3} {:9.3}", at(0), at(50), at(99), at(100));
    }
}

fn id(number: u8) -> BeaconId {
    BeaconId::new([number.wrapping_mul(37).wrapping_add(1); 32])
}

/// Who of the members has each torrent: three, but of one in a hundred two.
fn holders() -> Vec<Vec<u8>> {
    let mut rng = Rng::new(3);
    let mut pick = |number: usize| {
        let copies = if number.is_multiple_of(100) { COPIES - 1 } else { COPIES };
        let mut holders: Vec<u8> = Vec::new();
        while holders.len() < copies {
            let member = u8::try_from(rng.below(usize::from(MEMBERS))).expect("few");
            if !holders.contains(&member) {
                holders.push(member);
            }
        }
        holders
    };
    (0..TORRENTS as usize).map(&mut pick).collect()
}

fn hello(member: u8, budget: ByteSize, status: &Status) -> Hello {
    let address = format!("198.51.100.{member}:9000").parse().expect("an address");
    Hello {
        network: NetworkId::new([0; 16]),
        id: id(member),
        incarnation: 1,
        seq: 0,
        previous: None,
        name: format!("member {member}"),
        zone: String::new(),
        addresses: vec![address],
        peer_addresses: vec![address],
        valid_for: Duration::from_hours(1),
        budget,
        used: ByteSize::from_bytes(SIZE),
        draining: false,
        observer: false,
        root: Some(status.root()),
    }
}

fn holding(torrent: &CatalogTorrent) -> Holding {
    Holding {
        hashes: torrent.hashes,
        name: String::new(),
        size: Some(SIZE),
        done: SIZE,
        content: ContentState::Serving,
        marked: true,
        keep: false,
        outside_seeders: Some(7),
    }
}

/// Torrents of five words and a year each; every other one has both info-hashes.
fn catalog(collections: u32) -> Arc<Catalog> {
    let mut rng = Rng::new(1);
    let mut torrent = |number: u32| {
        let mut hash = [7; 20];
        hash[..4].copy_from_slice(&number.to_be_bytes());
        let mut other = [9; 32];
        other[..4].copy_from_slice(&number.to_be_bytes());
        let words = [(); 5].map(|()| *rng.choose(&WORDS).expect("some"));
        let is_hybrid = number.is_multiple_of(2);
        CatalogTorrent {
            info_hash: InfoHash::V1(hash),
            hashes: InfoHashes { v1: Some(hash), v2: is_hybrid.then_some(other) },
            name: Some(format!("{} {}", words.join("_"), 1_800 + number % 200)),
            size: Some(SIZE),
            redundancy: Redundancy::new(COPIES as u64, None).expect("possible"),
            priority: 0,
            source: Source::Magnet(String::new()),
        }
    };
    let part = TORRENTS / collections;
    let mut collection = |number: u32| CatalogCollection {
        id: CollectionId::from_bytes([u8::try_from(number + 1).expect("few"); 16]),
        name: format!("Archive {number}"),
        redundancy: Redundancy::default(),
        torrents: (number * part..(number + 1) * part).map(&mut torrent).collect(),
    };
    Arc::new(Catalog { collections: (0..collections).map(&mut collection).collect() })
}

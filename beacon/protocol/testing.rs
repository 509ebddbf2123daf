//! Several protocols joined in memory, without loss or delay, for tests.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
    time::Duration,
};

use super::{Profile, Protocol, ProtocolEvent, ProtocolSettings};
use crate::{
    census::Status,
    model::{BeaconId, ByteSize, CollectionId, DialAddress, Instant, LinkId, NetworkId, ObjectHash, TorrentState},
    wire::{Hello, Message, SignedHello, Signer},
};

pub(super) const NETWORK: NetworkId = NetworkId::new([0; 16]);
pub(super) const HEARTBEAT: Duration = Duration::from_mins(1);
pub(super) const GONE_AFTER: Duration = Duration::from_hours(1);

/// Beacons and the links between them.
#[derive(Debug, Default)]
pub(super) struct Net {
    pub(super) now: Instant,
    pub(super) beacons: Vec<Protocol>,
    /// What each told but for messages, in order.
    pub(super) told: Vec<Vec<ProtocolEvent>>,
    /// Every message sent: by whom, on which link.
    pub(super) sent: Vec<(usize, LinkId, Message)>,
    /// For each end of a link whose it is, and the other end.
    ends: BTreeMap<LinkId, (usize, LinkId)>,
    in_flight: VecDeque<(LinkId, Message)>,
}

impl Net {
    /// This many beacons that know nobody yet.
    pub(super) fn of(count: u8) -> Self {
        let mut net = Self::default();
        (1..=count).for_each(|byte| net.add(protocol(byte, net.now)));
        net
    }

    pub(super) fn add(&mut self, beacon: Protocol) {
        self.beacons.push(beacon);
        self.told.push(Vec::new());
    }

    /// Joins two beacons, the first of which dials; its end of the link, then the other's.
    pub(super) fn join(&mut self, dialer: usize, other: usize) -> (LinkId, LinkId) {
        let next = self.ends.keys().next_back().map_or(1, |link| link.0 + 1);
        let (near, far) = (LinkId(next), LinkId(next + 1));
        self.ends.insert(near, (dialer, far));
        self.ends.insert(far, (other, near));
        let ids = [dialer, other].map(|place| self.beacons[place].id());
        self.beacons[dialer].link_up(self.now, near, ids[1], address(other), Some(dial(other)));
        self.beacons[other].link_up(self.now, far, ids[0], address(dialer), None);
        self.settle();
        (near, far)
    }

    /// Ends a link.
    pub(super) fn part(&mut self, link: LinkId) {
        let Some((owner, other)) = self.ends.remove(&link) else { return };
        let Some((far_owner, _)) = self.ends.remove(&other) else { return };
        self.beacons[owner].link_down(self.now, link);
        self.beacons[far_owner].link_down(self.now, other);
    }

    /// Hands a beacon a message as if it had come on this link of its.
    pub(super) fn hand(&mut self, link: LinkId, message: Message) {
        let owner = self.ends[&link].0;
        self.beacons[owner].receive(self.now, link, message);
        self.settle();
    }

    /// Delivers whatever is on its way until nothing is.
    pub(super) fn settle(&mut self) {
        loop {
            self.drain();
            let Some((link, message)) = self.in_flight.pop_front() else { return };
            if let Some((owner, _)) = self.ends.get(&link) {
                self.beacons[*owner].receive(self.now, link, message);
            }
        }
    }

    /// Lets time pass, from one timeout to the next.
    pub(super) fn run(&mut self, duration: Duration) {
        let end = self.now + duration;
        loop {
            for beacon in &mut self.beacons {
                beacon.tick(self.now);
            }
            self.settle();
            let next = self.beacons.iter().map(Protocol::next_timeout).min().unwrap_or(end);
            if next > end {
                self.now = end;
                return;
            }
            // Always on, so that a timeout that stays in the past shows as a test that is slow, not as one that hangs.
            self.now = next.max(self.now + Duration::from_millis(1));
        }
    }

    /// The messages that a beacon sent and that `select` names.
    pub(super) fn count_sent(&self, by: usize, select: impl Fn(&Message) -> bool) -> usize {
        self.sent.iter().filter(|(sender, _, message)| *sender == by && select(message)).count()
    }

    fn drain(&mut self) {
        for place in 0..self.beacons.len() {
            while let Some(event) = self.beacons[place].pop_event() {
                match event {
                    ProtocolEvent::Send { link, message } => {
                        if let Some((_, other)) = self.ends.get(&link) {
                            self.in_flight.push_back((*other, message.clone()));
                        }
                        self.sent.push((place, link, message));
                    }
                    event => self.told[place].push(event),
                }
            }
        }
    }
}

pub(super) fn id(byte: u8) -> BeaconId {
    BeaconId::new([byte; 32])
}

pub(super) fn settings() -> ProtocolSettings {
    ProtocolSettings::new(NETWORK, Vec::new(), HEARTBEAT)
}

/// A beacon that signs with a checksum.
pub(super) fn protocol(byte: u8, now: Instant) -> Protocol {
    Protocol::new(now, settings(), Signer::simulated(id(byte)), 1, [], GONE_AFTER, u64::from(byte))
}

pub(super) fn address(place: usize) -> std::net::SocketAddr {
    format!("10.0.0.{}:9000", place + 1).parse().expect("an address")
}

pub(super) fn dial(place: usize) -> DialAddress {
    address(place).to_string().parse().expect("an address")
}

/// A hello as this beacon would sign it.
pub(super) fn hello(byte: u8, incarnation: u64, seq: u64) -> Arc<SignedHello> {
    hello_with(byte, incarnation, seq, |_| ())
}

pub(super) fn hello_with(byte: u8, incarnation: u64, seq: u64, change: impl FnOnce(&mut Hello)) -> Arc<SignedHello> {
    let mut hello = Hello {
        network: NETWORK,
        id: id(byte),
        incarnation,
        seq,
        previous: None,
        name: String::new(),
        zone: String::new(),
        addresses: vec![format!("10.0.1.{byte}:9000").parse().expect("an address")],
        peer_addresses: vec![],
        valid_for: HEARTBEAT,
        budget: ByteSize::ZERO,
        used: ByteSize::ZERO,
        draining: false,
        observer: false,
        root: None,
    };
    change(&mut hello);
    Arc::new(hello.sign(&Signer::simulated(id(byte))))
}

/// A hello whose signature is not the beacon's.
pub(super) fn forged(byte: u8, seq: u64) -> Arc<SignedHello> {
    let mut bytes = hello(byte, 1, seq).bytes().to_vec();
    let last = bytes.len() - 60;
    bytes[last] ^= 1;
    Arc::new(SignedHello::decode(&bytes).expect("its form is right"))
}

/// A status of so many torrents in states that differ from one `salt` to the next.
pub(super) fn status(torrents: u64, salt: u64) -> Arc<Status> {
    let states = (0..torrents).map(|place| {
        let code = crate::model::mix(place ^ crate::model::mix(salt)) % 7;
        TorrentState::ALL[usize::try_from(code).expect("small")]
    });
    Arc::new(Status::new([(CollectionId::from_bytes([1; 16]), ObjectHash::new([2; 32]), states.collect())]))
}

pub(super) fn named(name: &str) -> Profile {
    Profile { name: name.to_owned(), ..Profile::default() }
}

//! What there is at one moment: beacons with their disks, and messages under way.

use std::collections::BTreeSet;

use beacon::{
    model::{BeaconId, Nonce},
    protocol::Claim,
};

/// Everything there is at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct World {
    /// By number; where there are liars, they come last.
    pub(crate) beacons: Vec<Beacon>,
    /// Every message ever sent. It is never taken out, so it may arrive late, twice, in any order, or never.
    pub(crate) network: BTreeSet<Message>,
    /// How often a beacon has crashed so far.
    pub(crate) crashes: u8,
    /// How often a copy that was deleted has been fetched again so far.
    pub(crate) fetches: u8,
}

/// One beacon with its client and its disk.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Beacon {
    /// How far it is with deleting: the very struct that the program runs. A crash loses it.
    pub(crate) claim: Claim,
    pub(crate) process: Process,
    /// A complete copy is on the disk. A crash does not touch it.
    pub(crate) copy: bool,
    /// The ledger on the disk says that the copy is being deleted. A crash does not touch it.
    pub(crate) written_ahead: bool,
    /// Commands to delete the copy that the client has not carried out yet. A crash of the beacon does not call them back.
    pub(crate) commands: u8,
    /// Attempts begun so far, which is also the number of the next nonce.
    pub(crate) attempts: u8,
    /// It has given up an attempt for another that comes first. Nothing depends on it; it is there to be asked for.
    pub(crate) gave_way: bool,
}

/// How far the beacon's program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Process {
    /// It has crashed.
    Down,
    /// It runs again and has not seen its client's torrents yet.
    Started,
    /// It runs and has seen its client's torrents since it started.
    Running,
}

/// A message under way. Beacons go by number, and so do the nonces of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Message {
    /// `from` asks whether it may count on the copy of `to`.
    Ask { from: u8, to: u8, nonce: u8 },
    /// What `from` says to that.
    Answer { from: u8, to: u8, nonce: u8, granted: bool },
    /// `from` told everyone once that it holds a copy. Only the rule that counts such statuses makes anything of it.
    Held { from: u8, to: u8 },
}

/// Something that happens, to the beacon of that number where it is one beacon's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// It begins to attempt, whether there is a surplus or not.
    Attempt(usize),
    /// A message arrives.
    Deliver(Message),
    /// It gives its attempt up, say since nobody answers.
    GiveUp(usize),
    /// It writes its decision down.
    WriteAhead(usize),
    /// It commands its client to delete the copy.
    Command(usize),
    /// The client carries out such a command.
    Delete(usize),
    /// It sees that the copy is gone, and is done.
    Finish(usize),
    /// It takes its decision back before a command is under way.
    Undo(usize),
    /// It fetches the copy again.
    Fetch(usize),
    Crash(usize),
    Restart(usize),
    /// It sees its client's torrents for the first time since it started.
    SeeClient(usize),
}

impl World {
    /// All run and hold a copy, but for the last `liars`, who have none.
    pub(crate) fn new(beacons: usize, liars: usize) -> Self {
        let beacon = |number| Beacon {
            claim: Claim::default(),
            process: Process::Running,
            copy: number < beacons - liars,
            written_ahead: false,
            commands: 0,
            attempts: 0,
            gave_way: false,
        };
        Self { beacons: (0..beacons).map(beacon).collect(), network: BTreeSet::new(), crashes: 0, fetches: 0 }
    }

    /// Beacons with a copy.
    pub(crate) fn copies(&self) -> usize {
        self.beacons.iter().filter(|beacon| beacon.copy).count()
    }
}

impl Beacon {
    /// It attempts.
    pub(crate) const fn is_attempting(&self) -> bool {
        self.claim.nonce().is_some()
    }

    /// It neither attempts nor deletes, and nothing of a deletion is left over.
    pub(crate) fn is_settled(&self) -> bool {
        self.claim == Claim::default() && !self.written_ahead && self.commands == 0
    }
}

/// The id of a beacon.
pub(crate) fn id(number: u8) -> BeaconId {
    BeaconId::new([number + 1; 32])
}

/// A nonce of a beacon: never that of another, and never the same for two numbers.
pub(crate) fn nonce(beacon: u8, number: u8) -> Nonce {
    let mut bytes = [0; 16];
    bytes[..2].copy_from_slice(&[beacon, number]);
    Nonce::new(bytes)
}

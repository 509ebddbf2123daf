//! What can befall beacons and the network, and how beacons can lie.

use std::time::Duration;

use crate::{model::ByteSize, node::Order};

/// Something that happens to a beacon or the network. Beacons and torrents are named by their places in the scenario.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Beacon and client end at once, without a word; others notice once their connections have idled out.
    Crash(usize),
    /// The beacon alone ends at once: its client goes on, with whatever it has been told already.
    Kill(usize),
    /// The next time that a beacon commands something about a copy on its way out, it ends within half a second, and
    /// starts again after a while.
    Trap {
        /// Which.
        beacon: usize,
        /// Whether its client ends with it.
        with_client: bool,
        /// After how long it starts again.
        back_after: Duration,
    },
    /// Beacon and client end and say so.
    Stop(usize),
    /// A beacon that ended starts again, with what its disk holds.
    Start(usize),
    /// Beacon, client and disk are lost for ever.
    Lose(usize),
    /// A client ends, and cannot be asked.
    ClientDown(usize),
    /// A client is there again.
    ClientUp(usize),
    /// The user of a beacon adds a torrent that is complete.
    Add {
        /// Whose.
        beacon: usize,
        /// Which.
        torrent: usize,
    },
    /// The user of a beacon takes a torrent out of the client, with its files.
    Remove {
        /// Whose.
        beacon: usize,
        /// Which.
        torrent: usize,
    },
    /// The user tells the beacon something. While it does not run, nobody hears it.
    Order {
        /// Whose.
        beacon: usize,
        /// What.
        order: Order,
    },
    /// The user gives a beacon another budget, which holds from a restart at once.
    Budget {
        /// Whose.
        beacon: usize,
        /// The most that it may hold from now on.
        budget: ByteSize,
    },
    /// A beacon's clock leaps ahead, as that of a machine that was asleep.
    Leap {
        /// Whose.
        beacon: usize,
        /// How far.
        by: Duration,
    },
    /// Only beacons of the same group reach each other; those named in none are a group of their own.
    Part(Vec<Vec<usize>>),
    /// Nothing gets from these beacons to those any more; the other way it does.
    Cut {
        /// From whom.
        from: Vec<usize>,
        /// To whom.
        to: Vec<usize>,
    },
    /// Parts and cuts are over: all reach each other again.
    Join,
    /// From now on packets are lost, doubled and overtaken as often as this, in millionths.
    Weather {
        /// Lost.
        loss_ppm: u32,
        /// Doubled.
        duplicate_ppm: u32,
        /// Overtaken.
        reorder_ppm: u32,
    },
}

/// How a beacon deceives the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lie {
    /// It says that it holds everything, and has nothing.
    Inflates,
    /// It says that it holds everything, and grants every deletion, whatever it is itself about.
    GrantsAll,
    /// It says that it holds nothing, and fetches nothing.
    Deflates,
    /// It tells some neighbors other things than others.
    Equivocates,
    /// It sends again what it once heard, and things that nobody can read.
    Replays,
}

impl Lie {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Inflates, Self::GrantsAll, Self::Deflates, Self::Equivocates, Self::Replays];

    /// Whether it deceives about what it holds: then its client is told nothing.
    pub const fn is_about_copies(self) -> bool {
        matches!(self, Self::Inflates | Self::GrantsAll | Self::Deflates)
    }

    /// Whether it claims copies that it does not have.
    pub const fn inflates(self) -> bool {
        matches!(self, Self::Inflates | Self::GrantsAll)
    }
}

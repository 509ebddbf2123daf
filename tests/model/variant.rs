//! How many beacons there are, what may happen to them, and which part of the rule they leave out.

use beacon::{
    model::{Domain, InfoHash},
    protocol::{Terms, precedes},
};

use super::world::{World, id};

/// The torrent that everything here is about.
const TORRENT: InfoHash = InfoHash::V1([7; 20]);

/// One model to check.
#[derive(Debug, Clone)]
pub(crate) struct Variant {
    /// Beacons, liars included.
    pub(crate) beacons: usize,
    /// The last of the beacons, who hold no copy and grant to everyone.
    pub(crate) liars: usize,
    /// Copies of honest beacons that there must always be.
    pub(crate) target: u16,
    /// Grants to gather beyond the target.
    pub(crate) margin: u16,
    /// In which domain each beacon is, where at most one copy of a domain counts.
    pub(crate) domains: Option<&'static [u64]>,
    /// The most attempts of each beacon.
    pub(crate) attempts: u8,
    /// The most crashes, of all beacons together.
    pub(crate) crashes: u8,
    /// The most copies fetched again, of all beacons together.
    pub(crate) fetches: u8,
    /// What else is in the model.
    pub(crate) extras: &'static [Extra],
    /// What is done wrong.
    pub(crate) flaw: Option<Flaw>,
}

/// Something that makes a model larger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Extra {
    /// Refusals are sent too. All that one does is to spare the asker a wait.
    Refusals,
    /// Decisions may be taken back as long as no command is under way.
    Undo,
    /// Messages of attempts that are over stay in the network.
    OldMessages,
    /// It is noted who gave way.
    NotesGivingWay,
    /// From every state, a fair run is tried.
    FairRuns,
}

/// A part of the rule that is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Flaw {
    /// Copies that others once told of count as grants.
    CountsStatuses,
    /// The client is commanded before the ledger knows.
    NoWriteAhead,
    /// The nonces begin anew after a crash.
    ReusesNonces,
    /// Grants count whatever the domain.
    IgnoresDomains,
    /// Who attempts grants to whoever comes first, and goes on attempting.
    GrantsAndGoesOn,
    /// Who restarts grants before it has looked at its ledger and its client.
    GrantsUnseen,
    /// A decision is taken back while a command is under way.
    UndoesUnderCommand,
    /// A copy is fetched again, and granted on, while a command is under way.
    FetchesUnderCommand,
    /// Who attempts refuses everyone, whoever comes first. Safe, but it may never end.
    NeverGivesWay,
    /// Who could not be granted enough asks all the same, and others give way to it. Safe, but it may never end.
    AsksInVain,
}

impl Variant {
    /// Beacons that hold a copy each, do as the rule says and attempt once, with nothing going wrong but messages.
    pub(crate) const fn new(beacons: usize, target: u16) -> Self {
        Self {
            beacons,
            liars: 0,
            target,
            margin: 0,
            domains: None,
            attempts: 1,
            crashes: 0,
            fetches: 0,
            extras: &[],
            flaw: None,
        }
    }

    /// The same with a part of the rule left out.
    pub(crate) fn with_flaw(self, flaw: Flaw) -> Self {
        Self { flaw: Some(flaw), ..self }
    }

    /// Whether this is done wrong.
    pub(crate) fn has_flaw(&self, flaw: Flaw) -> bool {
        self.flaw == Some(flaw)
    }

    /// Whether this is in the model.
    pub(crate) fn has(&self, extra: Extra) -> bool {
        self.extras.contains(&extra)
    }

    /// Whether a beacon is a liar.
    pub(crate) const fn is_liar(&self, beacon: usize) -> bool {
        beacon >= self.beacons - self.liars
    }

    /// The domain of a beacon: its own where there are none.
    pub(crate) fn domain(&self, beacon: usize) -> Domain {
        Domain(self.domains.map_or(beacon as u64, |domains| domains[beacon]))
    }

    /// What an attempt has to gather.
    pub(crate) fn terms(&self) -> Terms {
        let per_domain = if self.domains.is_some() && !self.has_flaw(Flaw::IgnoresDomains) { Some(1) } else { None };
        Terms { grants: self.target + self.margin, per_domain }
    }

    /// Whether one beacon comes before another.
    pub(crate) fn precedes(&self, one: u8, other: u8) -> bool {
        !self.has_flaw(Flaw::NeverGivesWay) && precedes(&id(one), &id(other), &TORRENT)
    }

    /// The copies that count: all of them, or one of each domain.
    pub(crate) fn copies_that_count(&self, world: &World) -> usize {
        let has_copy = |domain| (0..self.beacons).any(|it| world.beacons[it].copy && self.domain(it) == Domain(domain));
        (0..self.beacons as u64).filter(|domain| has_copy(*domain)).count()
    }
}

//! The figures of a node for programs that watch it over time: counts only, whatever the network's size.

use std::collections::BTreeMap;

use super::{
    node::Node,
    reclaims::Stage,
    view::{ActionKind, BeaconView, ClientState, CollectionView, DrainView, Liveness, Mode, Severity, StorageView},
};
use crate::model::{ByteSize, ClientInfo, ClientTraffic, Instant};

/// Everything that is counted of a node and its network. No part of it grows with torrents or members.
#[derive(Debug, Clone, PartialEq)]
pub struct FiguresView {
    /// This beacon.
    pub beacon: BeaconView,
    /// How its client is doing.
    pub client: ClientState,
    /// What the client said of itself, once it has answered.
    pub client_info: Option<ClientInfo>,
    /// What the client has moved since it was started; `None` where it does not tell.
    pub client_traffic: Option<ClientTraffic>,
    /// The space this beacon gives.
    pub storage: StorageView,
    /// What is to stay free on the volume whatever the budget says.
    pub keep_free: ByteSize,
    /// How far it is with leaving; `None` where it does not.
    pub drain: Option<DrainView>,
    /// The collections it takes part in, by name.
    pub collections: Vec<CollectionView>,
    /// The beacons it knows.
    pub members: MemberFigures,
    /// What it does.
    pub actions: ActionFigures,
    /// What it plans.
    pub plan: PlanFigures,
    /// How many notices of each severity it shows.
    pub notices: BTreeMap<Severity, usize>,
}

/// The beacons that are known, this one among them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MemberFigures {
    /// How many are in each state.
    pub by_state: BTreeMap<Liveness, usize>,
    /// To how many there is a live connection.
    pub neighbors: usize,
    /// How many that are there are leaving.
    pub draining: usize,
    /// How many that are there only observe.
    pub observers: usize,
    /// What those that are there may hold together.
    pub budget: ByteSize,
    /// What those that are there hold together.
    pub used: ByteSize,
}

/// What a beacon does, counted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActionFigures {
    /// Decided, and waiting.
    pub pending: BTreeMap<ActionKind, usize>,
    /// Under way.
    pub running: BTreeMap<ActionKind, usize>,
    /// What has ended since the beacon was started, by whether it failed.
    pub ended: BTreeMap<(ActionKind, bool), u64>,
}

/// What the last round of planning came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PlanFigures {
    /// Whether it planned nothing, because too little is known.
    pub waits: bool,
    /// Torrents below target that nobody is expected to fetch.
    pub unplaced: usize,
    /// The copies that these lack.
    pub unplaced_copies: u64,
}

impl Node {
    /// Everything that is counted.
    pub fn figures(&mut self, now: Instant) -> FiguresView {
        let mut notices = BTreeMap::new();
        for notice in self.notices() {
            *notices.entry(notice.severity).or_default() += 1;
        }
        FiguresView {
            beacon: self.beacon_view(now),
            client: self.client.clone(),
            client_info: self.client_info.clone(),
            client_traffic: self.client_traffic,
            storage: self.storage(),
            keep_free: self.settings.keep_free,
            drain: self.drain_view(),
            collections: self.collection_views().0,
            members: self.member_figures(),
            actions: self.action_figures(),
            plan: PlanFigures {
                waits: self.waiting.is_some(),
                unplaced: self.plan.unplaced.len(),
                unplaced_copies: self.plan.unplaced.iter().map(|(_, lacking, _)| u64::from(*lacking)).sum(),
            },
            notices,
        }
    }

    fn member_figures(&self) -> MemberFigures {
        let storage = self.storage();
        let mut figures = MemberFigures {
            by_state: BTreeMap::from([(Liveness::Alive, 1)]),
            neighbors: 0,
            draining: usize::from(self.drain.is_some()),
            observers: usize::from(self.settings.mode == Mode::DryRun),
            budget: self.capacity(),
            used: storage.used.saturating_add(storage.reserved),
        };
        for (id, member) in self.protocol.members().iter() {
            *figures.by_state.entry(member.liveness()).or_default() += 1;
            figures.neighbors += usize::from(self.protocol.links().to(id).is_some());
            if !member.liveness().counts() {
                continue;
            }
            let hello = member.hello().hello();
            figures.draining += usize::from(hello.draining);
            figures.observers += usize::from(hello.observer);
            figures.budget = figures.budget.saturating_add(hello.budget);
            figures.used = figures.used.saturating_add(hello.used);
        }
        figures
    }

    fn action_figures(&self) -> ActionFigures {
        let quarantined = self.reclaims.iter().filter(|(_, reclaim)| reclaim.stage == Stage::Quarantined);
        let asking = self.reclaims.iter().filter(|(_, reclaim)| !reclaim.claim.is_committed());
        let mut pending = BTreeMap::from([
            (ActionKind::Fetch, self.actions.intents().count()),
            (ActionKind::Delete, quarantined.count()),
        ]);
        if self.settings.mode == Mode::DryRun {
            *pending.entry(ActionKind::Fetch).or_default() += self.plan.fetch.len();
            *pending.entry(ActionKind::Reclaim).or_default() += self.plan.reclaim.len();
        }
        let mut running = BTreeMap::from([(ActionKind::Reclaim, asking.count())]);
        for (kind, _, _) in self.actions.running() {
            *running.entry(kind).or_default() += 1;
        }
        ActionFigures { pending, running, ended: self.actions.ended().clone() }
    }
}

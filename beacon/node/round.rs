//! A round of planning, and what it leads to.

use std::{collections::BTreeSet, time::Duration};

use super::{
    Output,
    local::LocalTorrent,
    node::Node,
    view::{ActionKind, ClientState, Mode},
};
use crate::{
    census::TorrentIndex,
    model::{BeaconId, InfoHash, Instant, Liveness, TorrentState, readable},
    plan::{CancelReason, Loads, Plan},
};

/// The most fetches begun in a round: whoever is wrong about what is missing does limited harm.
const BEGIN_MAX: usize = 200;
/// The most fetches under way at a time.
const OUTSTANDING_MAX: usize = 500;
/// How often a torrent of ours that is stopped is started again.
const SERVE_AGAIN: Duration = Duration::from_mins(2);
/// For how many rounds at most a beacon that has started waits until nobody new appears: who shares out the work while it
/// knows only a part of the others takes too much of it.
const JOIN_ROUNDS: u32 = 8;
/// How many rounds the statuses of new members are waited for.
const STATUS_ROUNDS: u32 = 4;

/// Why nothing is planned where there is nothing to plan.
pub(super) const NO_COLLECTION: &str = "there is no collection yet";

impl Node {
    /// Plans, and begins what is to be begun.
    pub(super) fn round(&mut self, now: Instant) {
        self.plan_round(now);
        let notices = self.notices();
        self.news.status |= self.notices_before != notices;
        self.notices_before = notices;
    }

    fn plan_round(&mut self, now: Instant) {
        self.observe_fetches(now);
        self.end_requests();
        self.end_drain_in_time(now);
        let domains = self.find_domains();
        if domains != self.domains {
            self.domains = domains;
            self.counts.forget();
            self.news.torrents = true;
        }
        let waiting = self.why_wait(now).or_else(|| self.unknown_status(now));
        self.news.actions |= self.waiting != waiting;
        self.waiting = waiting;
        if self.waiting.is_some() {
            self.plan = Plan { drain: std::mem::take(&mut self.plan.drain), ..Plan::default() };
            self.move_out(now);
            return;
        }
        // Most often there is nothing to plan, and going through thousands of members to find that out would cost much.
        let is_nothing_wanted = self.pins.is_empty() && self.requests.is_empty();
        let idle = is_nothing_wanted && self.domains.is_empty() && self.census.is_met() && !self.is_fetching();
        self.loads = if idle { Loads::default() } else { Loads::of(&self.census) };
        let plan = self.in_situation(now, idle, Plan::make);
        self.news.actions |= self.plan != plan;
        self.plan = plan;
        self.move_out(now);
        if self.settings.mode == Mode::Apply {
            self.carry_out(now);
            self.tell_peers(now);
        }
    }

    /// Ends a drain whose time is over.
    fn end_drain_in_time(&mut self, now: Instant) {
        if self.drain.and_then(|drain| drain.until).is_some_and(|until| until <= now) {
            self.drain = None;
            self.news.status = true;
            self.outputs.push_back(Output::SaveDrain(None));
            self.mark_status_dirty();
            self.note(false, None, "the drain is over: this beacon takes its share again".to_owned());
        }
    }

    /// Goes on with what is on its way out, as long as the client can be relied upon, and begins what the plan says.
    fn move_out(&mut self, now: Instant) {
        let relied_upon = self.local.is_known() && self.client == ClientState::Ready && self.alarmed_until <= now;
        if self.settings.mode == Mode::Apply && relied_upon {
            self.advance_reclaims(now);
            // Where nothing could be planned, nothing is known of a surplus, be it that it stands or that it is gone.
            if self.waiting.is_none() {
                self.begin_reclaims(now);
            }
        }
    }

    /// Why nothing can be planned now: who does not know enough fetches what nobody needs.
    fn why_wait(&self, now: Instant) -> Option<String> {
        let settle = self.settings.plan / 2;
        if self.catalog.collections.is_empty() {
            return Some(NO_COLLECTION.to_owned());
        }
        if !self.local.is_known() || self.client != ClientState::Ready {
            return Some("the client has not answered".to_owned());
        }
        if self.protocol.own().status().is_none() {
            return Some("the client is still checking its data".to_owned());
        }
        if self.alarmed_until > now {
            return Some("much of what the client held vanished at once; look at its disks".to_owned());
        }
        if self.protocol.links().is_empty() && self.protocol.expects_links() {
            return Some("no neighbor can be reached, so nobody knows what others hold".to_owned());
        }
        if now.since(self.started) < settle || self.first_link_at.is_some_and(|at| now.since(at) < settle) {
            return Some("this beacon has just started to listen".to_owned());
        }
        let appearing = self.protocol.members().latest_arrival().is_some_and(|at| now.since(at) < settle);
        if appearing && now.since(self.started) < self.settings.plan * JOIN_ROUNDS {
            return Some("other beacons are just appearing".to_owned());
        }
        None
    }

    /// Whose status is still on its way. That somebody is away does not matter: its copies count as such. New members are
    /// waited for, but not whoever has been known for long, and not for ever: else beacons that are made up would do.
    fn unknown_status(&mut self, now: Instant) -> Option<String> {
        let patience = self.settings.plan * STATUS_ROUNDS;
        let members = self.protocol.members();
        let any_new = members.latest_arrival().is_some_and(|at| now.since(at) < patience);
        let silent = members.iter().take_while(|_| any_new).find(|(_, member)| {
            member.liveness() != Liveness::Gone
                && member.status().is_none()
                && now.since(member.first_heard()) < patience
        });
        let text = silent.map(|(id, member)| {
            format!("what {} holds is not known yet", name_or_id(&member.hello().hello().name, id))
        });
        if text.is_none() {
            self.waiting_for_statuses = None;
            return None;
        }
        let since = *self.waiting_for_statuses.get_or_insert(now);
        text.filter(|_| now.since(since) < patience * 2)
    }

    fn carry_out(&mut self, now: Instant) {
        for (index, reason) in self.plan.cancel.clone() {
            self.cancel(now, index, reason);
        }
        // In a large network news waits for longer than a round before it is told at all.
        let heard_after = self.settings.plan.max(self.protocol.news_delay() * 2);
        for (info_hash, intent) in self.actions.ripe(now, heard_after) {
            let index = self.census.torrents().find(&info_hash);
            let peers = index.map(|index| self.peers_of(index, true)).unwrap_or_default();
            if self.actions.command(now, ActionKind::Fetch, info_hash, intent.reason.clone()) {
                self.local.enter(info_hash);
                self.note(false, Some(info_hash), format!("fetching {}: {}", self.title(&info_hash), intent.reason));
                self.told.insert(info_hash, (now, peers.clone()));
                self.outputs.push_back(Output::Fetch { info_hash, peers: peers.into_iter().collect() });
            }
        }
        let room = OUTSTANDING_MAX.saturating_sub(self.actions.outstanding()).min(BEGIN_MAX);
        let torrents = self.census.torrents();
        let begun: Vec<(InfoHash, String)> = self
            .plan
            .fetch
            .iter()
            // A neighbor may know what a magnet link does not tell: whether it fits, and what to add instead of the link.
            .filter(|(index, _)| self.metainfo_asks.were_quick() || torrents.at(*index).size.is_some())
            .take(room)
            .map(|(index, reason)| (torrents.at(*index).info_hash, self.fetch_reason(*index, *reason)))
            .collect();
        for (info_hash, reason) in begun {
            self.note(false, Some(info_hash), format!("planned: fetch {}: {reason}", self.title(&info_hash)));
            self.actions.intend(now, info_hash, reason);
        }
        self.serve_resting(now);
        self.mark_status_dirty();
    }

    fn cancel(&mut self, now: Instant, index: TorrentIndex, reason: CancelReason) {
        let info_hash = self.census.torrents().at(index).info_hash;
        if self.actions.withdraw(&info_hash) {
            return;
        }
        let is_ours = |torrent: &LocalTorrent| self.local.is_ours(&info_hash, torrent) && !torrent.is_complete();
        let cancels = self.local.find(self.census.torrents(), index).is_some_and(is_ours);
        if cancels && self.actions.command(now, ActionKind::Cancel, info_hash, reason.to_string()) {
            self.note(false, Some(info_hash), format!("giving up {}: {reason}", self.title(&info_hash)));
            self.outputs.push_back(Output::Cancel(info_hash));
        }
    }

    /// Starts complete torrents of ours that are stopped; a user who wants them stopped takes our mark off.
    fn serve_resting(&mut self, now: Instant) {
        let resting: Vec<InfoHash> = self
            .census
            .holdings(&self.id())
            .filter(|(_, state)| *state == TorrentState::Resting)
            .filter_map(|(index, _)| {
                let info_hash = self.census.torrents().at(index).info_hash;
                let torrent = self.local.find(self.census.torrents(), index)?;
                let leaves = self.reclaims.find(&info_hash).is_some_and(|reclaim| reclaim.claim.is_committed());
                (self.local.is_ours(&info_hash, torrent) && !leaves).then_some(info_hash)
            })
            .collect();
        for info_hash in resting {
            let again = self.served.get(&info_hash).is_none_or(|at| now.since(*at) >= SERVE_AGAIN);
            let reason = "complete and this beacon's, but stopped".to_owned();
            if again && self.actions.command(now, ActionKind::Serve, info_hash, reason) {
                self.served.insert(info_hash, now);
                self.outputs.push_back(Output::Serve(info_hash));
            }
        }
    }

    /// Compares what is on its way with what the client shows.
    fn observe_fetches(&mut self, now: Instant) {
        let torrents = self.census.torrents();
        let (mut complete, mut incomplete) = (BTreeSet::new(), BTreeSet::new());
        for (index, torrent) in self.local.listed(torrents) {
            let info_hash = torrents.at(index).info_hash;
            if self.local.is_ours(&info_hash, torrent) {
                if !torrent.is_complete() {
                    incomplete.insert(info_hash);
                } else if self.actions.is_fetching(&info_hash) {
                    complete.insert(info_hash);
                }
            }
        }
        for (info_hash, outcome) in self.actions.observe(now, &complete, &incomplete) {
            self.note(false, Some(info_hash), format!("fetched {}: {outcome}", self.title(&info_hash)));
        }
    }
}

/// What people call a beacon: its name, or the beginning of its id where it has none.
pub(super) fn name_or_id(name: &str, id: &BeaconId) -> String {
    if name.is_empty() { id.short() } else { readable(name) }
}

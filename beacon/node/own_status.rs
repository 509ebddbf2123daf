//! What the client reports, and what this beacon says of itself because of it.

use std::{sync::Arc, time::Duration};

use super::{
    node::Node,
    view::{ClientState, Mode},
};
use crate::{
    census::{Status, TorrentIndex},
    model::{ClientChange, Instant, TorrentState},
    protocol::Profile,
};

/// How long nothing is fetched after much of the client's torrents vanished, and how long a client that just started may
/// check its data before anything is said of it; shorter where the repair delay is.
const WAIT: Duration = Duration::from_hours(1);
/// How long a client may be out of reach before its copies are told as resting; shorter where the repair delay is. Others
/// hear from this beacon all the time, so they have no doubts of their own.
const UNSERVED_AFTER: Duration = Duration::from_hours(24);
/// A client that lost this many complete torrents at once, and half of all, may have lost its disk.
const VANISHED_MIN: usize = 5;

impl Node {
    pub(super) fn apply_client(&mut self, now: Instant, change: ClientChange) {
        let is_news = self.client != ClientState::Ready || !change.is_empty();
        if let ClientState::Trouble(_) = self.client {
            self.note(false, None, "the client answers again".to_owned());
        }
        self.news.status |= self.client != ClientState::Ready;
        self.client = ClientState::Ready;
        self.client_trouble_since = None;
        // Most answers of a client say that nothing has changed; then nothing is gone through.
        if !is_news {
            return;
        }
        let was_known = self.local.is_known();
        let applied = self.local.apply(now, change);
        self.local.find_places(self.census.torrents(), false);
        self.news.torrents |= applied.is_news;
        self.news.status |= applied.is_news;
        if was_known && applied.vanished >= VANISHED_MIN && applied.vanished * 2 > applied.complete_before {
            self.alarmed_until = now + WAIT.min(self.settings.repair_delay);
            let (vanished, before) = (applied.vanished, applied.complete_before);
            self.note(true, None, format!("{vanished} of {before} complete torrents vanished from the client at once; is a disk unmounted? Nothing is fetched for a while"));
        }
        for info_hash in applied.taken_out {
            if self.actions.leave(now, info_hash) {
                let text = format!(
                    "{} was taken out of the client by hand; it is left to others for a while",
                    self.title(&info_hash)
                );
                self.note(false, Some(info_hash), text);
            }
        }
        self.learn_sizes();
        self.status_dirty = true;
    }

    /// Puts what the client holds, and what is meant to be fetched, into this beacon's status.
    pub(super) fn publish_status(&mut self, now: Instant) {
        // While a client that just started checks its data, nothing is said, so that nobody takes its copies for lost.
        let patient = now.since(self.started) < WAIT.min(self.settings.repair_delay);
        let unsure =
            self.protocol.own().status().is_none() && patient && self.local.has_unknown(self.census.torrents());
        if !self.status_dirty || !self.local.is_known() || unsure {
            return;
        }
        self.status_dirty = false;
        let of_torrents = self.states(now);
        // Most rounds find nothing new, and then no pages are made.
        if self.protocol.own().status().is_some() && self.census.says(&self.id(), &of_torrents) {
            return self.update_profile();
        }
        let collections = self.catalog.collections.iter().zip(&self.lists).map(|(collection, (manifest, list))| {
            let of_list = list.iter().map(|index| of_torrents[*index as usize]).collect();
            (collection.id, manifest.hash(), of_list)
        });
        let status = Arc::new(Status::new(collections));
        self.news.torrents = true;
        self.census.set_status(self.id(), &status);
        self.protocol.own_mut().set_status(status);
        self.update_profile();
    }

    fn states(&self, now: Instant) -> Vec<TorrentState> {
        let torrents = self.census.torrents();
        let mut states = vec![TorrentState::Absent; torrents.entries().len()];
        for info_hash in self.actions.coming() {
            if let Some(index) = torrents.find(info_hash) {
                states[index as usize] = TorrentState::Fetching;
            }
        }
        for info_hash in self.actions.refused(now) {
            if let Some(index) = torrents.find(info_hash) {
                states[index as usize] = TorrentState::Stalled;
            }
        }
        // A client that has been out of reach for long serves nobody.
        let patience = UNSERVED_AFTER.min(self.settings.repair_delay);
        let unserved = self.client_trouble_since.is_some_and(|since| now.since(since) > patience);
        for (index, torrent) in self.local.listed(torrents) {
            let state = self.local.state(now, &torrents.at(index).info_hash, torrent);
            let state = self.as_wanted(index, state);
            states[index as usize] = match state {
                state if unserved && state.is_served() => TorrentState::Resting,
                TorrentState::Fetching if unserved => TorrentState::Stalled,
                state => state,
            };
        }
        for info_hash in self.reclaims.committed() {
            if let Some(index) = torrents.find(info_hash) {
                states[index as usize] = TorrentState::Resting;
            }
        }
        states
    }

    /// The state of a torrent as the user's orders make it.
    fn as_wanted(&self, index: TorrentIndex, state: TorrentState) -> TorrentState {
        let info_hash = &self.census.torrents().at(index).info_hash;
        match state {
            TorrentState::Held | TorrentState::Pinned if self.drain.is_some() => TorrentState::Draining,
            TorrentState::Held if self.pins.contains(info_hash) => TorrentState::Pinned,
            TorrentState::Held if self.settings.mode == Mode::Apply && self.plan.drain.contains(&index) => {
                TorrentState::Draining
            }
            state => state,
        }
    }

    /// Puts what this beacon gives into its next hello.
    pub(super) fn update_profile(&mut self) {
        let storage = self.storage();
        let profile = Profile {
            name: self.settings.name.clone(),
            zone: self.settings.zone.clone(),
            addresses: self.beacon_addresses.clone(),
            peer_addresses: self.client_addresses.clone(),
            budget: self.capacity(),
            used: storage.used.saturating_add(storage.reserved),
            draining: self.drain.is_some(),
            observer: self.settings.mode == Mode::DryRun,
        };
        self.protocol.own_mut().set_profile(profile);
    }
}

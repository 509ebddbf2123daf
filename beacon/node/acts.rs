//! What is done, what is about to be, and what is planned, as people are shown it.

use std::collections::BTreeSet;

use super::{
    node::Node,
    reclaims::Stage,
    view::{ActionKind, ActionView, ActionsView, Mode, PlanView, Undo, UnplacedView},
};
use crate::{
    census::TorrentIndex,
    model::{ByteSize, InfoHash, Instant},
};

/// The most actions of a kind in the overview; the plan has them all, a page at a time.
const ACTIONS_SHOWN: usize = 100;
/// The most torrents shown as impossible to place.
const UNPLACED_SHOWN: usize = 1_000;

impl Node {
    /// The plan as it stands: its actions from `offset` on, at most `limit`.
    pub fn plan_view(&self, now: Instant, offset: usize, limit: usize) -> PlanView {
        let torrents = self.census.torrents();
        let pending: Vec<ActionView> = self.pending(now);
        let known: BTreeSet<InfoHash> = pending.iter().map(|action| action.info_hash).collect();
        let is_new = |index: TorrentIndex| known.is_empty() || !known.contains(&torrents.at(index).info_hash);
        // A plan may be as long as the list of torrents, so that only what is shown is put into words.
        let (fetches, cancels) = (self.plan.fetch.len(), self.plan.cancel.len());
        let fetch = self.plan.fetch.iter().map(|(index, _)| *index);
        let cancel = self.plan.cancel.iter().map(|(index, _)| *index);
        let reclaim = self.plan.reclaim.iter().map(|(index, _)| *index);
        let planned: Vec<(usize, TorrentIndex)> =
            fetch.chain(cancel).chain(reclaim).enumerate().filter(|(_, index)| is_new(*index)).collect();
        let in_words = |(place, index): (usize, TorrentIndex)| {
            let (kind, reason) = if place < fetches {
                (ActionKind::Fetch, self.fetch_reason(index, self.plan.fetch[place].1))
            } else if place < fetches + cancels {
                (ActionKind::Cancel, self.plan.cancel[place - fetches].1.to_string())
            } else {
                (ActionKind::Reclaim, self.plan.reclaim[place - fetches - cancels].1.to_string())
            };
            self.action(kind, torrents.at(index).info_hash, reason, now)
        };
        let total = pending.len() + planned.len();
        let rest = planned.into_iter().skip(offset.saturating_sub(pending.len())).map(in_words);
        let actions = pending.into_iter().skip(offset).chain(rest).take(limit).collect();
        let unplaced = self.plan.unplaced.iter().take(UNPLACED_SHOWN).map(|(index, lacking, reason)| UnplacedView {
            info_hash: torrents.at(*index).info_hash,
            name: self.name(*index),
            lacking: u32::from(*lacking),
            reason: reason.to_string(),
        });
        PlanView {
            mode: self.settings.mode,
            waiting: self.waiting.clone(),
            total,
            actions,
            unplaced_total: self.plan.unplaced.len(),
            unplaced: unplaced.collect(),
        }
    }

    pub(super) fn actions_view(&self, now: Instant) -> ActionsView {
        let mut pending = self.pending(now);
        if self.settings.mode == Mode::DryRun {
            let fetch = self.plan.fetch.iter();
            let fetch = fetch.map(|(index, reason)| (ActionKind::Fetch, *index, self.fetch_reason(*index, *reason)));
            let reclaim = self.plan.reclaim.iter();
            let reclaim = reclaim.map(|(index, reason)| (ActionKind::Reclaim, *index, reason.to_string()));
            let planned = fetch.take(ACTIONS_SHOWN).chain(reclaim.take(ACTIONS_SHOWN)).map(|(kind, index, reason)| {
                self.action(kind, self.census.torrents().at(index).info_hash, reason, self.started)
            });
            pending.extend(planned);
        }
        pending.truncate(ACTIONS_SHOWN);
        let running = self
            .actions
            .running()
            .map(|(kind, hash, begun)| self.action(kind, *hash, begun.reason.clone(), begun.since));
        let asking = self.reclaims.iter().filter(|(_, reclaim)| !reclaim.claim.is_committed());
        let asking = asking.map(|(hash, reclaim)| {
            self.action(
                ActionKind::Reclaim,
                *hash,
                reclaim.describe(now, self.settings.reclaim.quarantine),
                reclaim.since,
            )
        });
        let recent = self.actions.recent().take(ACTIONS_SHOWN);
        ActionsView {
            pending,
            running: running.chain(asking).take(ACTIONS_SHOWN).collect(),
            recent: recent
                .map(|ended| ActionView {
                    outcome: Some(ended.outcome.clone()),
                    undo: None,
                    ..self.action(ended.kind, ended.info_hash, ended.reason.clone(), ended.at)
                })
                .collect(),
        }
    }

    fn pending(&self, now: Instant) -> Vec<ActionView> {
        let intents = self
            .actions
            .intents()
            .map(|(hash, intent)| self.action(ActionKind::Fetch, *hash, intent.reason.clone(), intent.since));
        let quarantined = self.reclaims.iter().filter(|(_, reclaim)| reclaim.stage == Stage::Quarantined);
        let quarantined = quarantined.map(|(hash, reclaim)| {
            self.action(
                ActionKind::Delete,
                *hash,
                reclaim.describe(now, self.settings.reclaim.quarantine),
                reclaim.since,
            )
        });
        intents.chain(quarantined).collect()
    }

    fn action(&self, kind: ActionKind, info_hash: InfoHash, reason: String, at: Instant) -> ActionView {
        let index = self.census.torrents().find(&info_hash);
        ActionView {
            kind,
            info_hash,
            name: index.and_then(|index| self.name(index)),
            size: index.and_then(|index| self.census.torrents().at(index).size).map(ByteSize::from_bytes),
            reason,
            outcome: None,
            at,
            undo: self.undo(kind, &info_hash),
        }
    }

    /// The order by which the user can turn an action around.
    fn undo(&self, kind: ActionKind, info_hash: &InfoHash) -> Option<Undo> {
        match kind {
            ActionKind::Reclaim | ActionKind::Quarantine | ActionKind::Delete => {
                (!self.pins.contains(info_hash)).then_some(Undo::Pin)
            }
            ActionKind::Fetch if self.pins.contains(info_hash) => Some(Undo::Unpin),
            ActionKind::Fetch if self.requests.contains(info_hash) => Some(Undo::Unrequest),
            ActionKind::Fetch | ActionKind::Cancel | ActionKind::Serve | ActionKind::Restore => None,
        }
    }
}

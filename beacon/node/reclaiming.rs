//! Being rid of copies: asking the other holders, stopping, keeping for a while, deleting; and granting that to others.

use std::time::Duration;

use super::{
    Outcome, Output,
    local::LocalTorrent,
    node::Node,
    reclaims::{Reclaim, Stage},
    view::{ActionKind, ClientState},
};
use crate::{
    census::TorrentIndex,
    model::{BeaconId, ByteSize, Domain, InfoHash, Instant, LinkId, Liveness, Nonce, Refusal, TorrentState},
    plan::{ReclaimReason, copies_elsewhere, lacks},
    protocol::{Claim, Terms, precedes},
    wire::{GrantAnswer, GrantAsk},
};

/// After so many rounds without enough answers an attempt is given up.
const ATTEMPT_ROUNDS: u32 = 4;
/// After so long a command that was given to the client before a restart has come to it, or never will.
const COMMAND_LASTS: Duration = Duration::from_mins(2);
/// The most holders that are asked beyond those whose grants are needed.
const SPARE_HOLDERS: usize = 16;

impl Node {
    /// Moves on whatever is on its way out.
    pub(super) fn advance_reclaims(&mut self, now: Instant) {
        let under_way: Vec<InfoHash> = self.reclaims.iter().map(|(hash, _)| *hash).collect();
        for info_hash in under_way {
            self.advance(now, info_hash);
        }
    }

    /// Begins to be rid of what the plan says.
    pub(super) fn begin_reclaims(&mut self, now: Instant) {
        let torrents = self.census.torrents();
        let surplus: Vec<(TorrentIndex, InfoHash, ReclaimReason)> =
            self.plan.reclaim.iter().map(|(index, reason)| (*index, torrents.at(*index).info_hash, *reason)).collect();
        self.reclaims.observe(now, surplus.iter().map(|(_, hash, _)| *hash));
        for (index, info_hash, reason) in surplus {
            self.begin_attempt(now, index, info_hash, reason);
        }
    }

    /// Whether this beacon's copy may be counted on, and if so lets it be.
    pub(super) fn take_grant_ask(&mut self, now: Instant, link: LinkId, ask: GrantAsk) {
        let torrents = self.census.torrents();
        let index = torrents.find(&ask.info_hash);
        let holds = index.is_some_and(|index| self.may_be_counted_on(index));
        let listed = index.map_or(ask.info_hash, |index| torrents.at(index).info_hash);
        let target = index.map_or(0, |index| torrents.at(index).redundancy.target());
        let first = precedes(&ask.asker, &self.id(), &ask.info_hash);
        let verdict = match self.reclaims.find_mut(&listed) {
            Some(reclaim) => reclaim.claim.ask(holds, first),
            None => Claim::default().ask(holds, first),
        };
        // The own attempt ended with the grant.
        if verdict.is_ok() && self.reclaims.find(&listed).is_some() {
            self.fail_attempt(now, listed);
        }
        self.protocol.answer_grant(link, ask, verdict.map(|()| target));
    }

    /// A holder has answered.
    pub(super) fn take_grant_answer(&mut self, now: Instant, answer: &GrantAnswer) {
        let GrantAsk { info_hash, nonce, holder, .. } = &answer.ask;
        let margin = self.settings.reclaim.margin;
        let Some(domain) = self.domain_of(holder) else { return };
        let Some(reclaim) = self.reclaims.find_mut(info_hash) else { return };
        let Stage::Asking { holders } = &reclaim.stage else { return };
        if !holders.contains(holder) {
            return;
        }
        match answer.verdict {
            Ok(target) => {
                if reclaim.claim.nonce() == Some(nonce) {
                    reclaim.claim.raise(target.saturating_add(margin));
                }
                if reclaim.claim.take_grant(nonce, *holder, domain) {
                    self.commit(now, *info_hash);
                }
            }
            Err(Refusal::NotHeld | Refusal::Attempting | Refusal::Deleting) => {
                reclaim.claim.take_refusal(nonce, *holder);
            }
        }
    }

    /// A command about a torrent on its way out has ended.
    pub(super) fn follow_up(&mut self, now: Instant, kind: ActionKind, info_hash: InfoHash, outcome: &Outcome) {
        if *outcome != Outcome::Done {
            if let Some(reclaim) = self.reclaims.find_mut(&info_hash) {
                reclaim.fail_command(now, self.settings.plan);
            }
            return;
        }
        if let Some(reclaim) = self.reclaims.find_mut(&info_hash) {
            reclaim.failures = (0, now);
        }
        match (kind, self.reclaims.find_mut(&info_hash)) {
            (ActionKind::Quarantine, Some(reclaim)) if reclaim.stage == Stage::Stopping => {
                reclaim.stage = Stage::Quarantined;
            }
            (ActionKind::Restore, Some(_)) => {
                self.reclaims.end(&info_hash);
                self.note(false, Some(info_hash), format!("{} is kept after all", self.title(&info_hash)));
            }
            (ActionKind::Delete, _) => self.deleted(info_hash),
            _ => {}
        }
    }

    fn begin_attempt(&mut self, now: Instant, index: TorrentIndex, info_hash: InfoHash, reason: ReclaimReason) {
        let settings = self.settings.reclaim;
        let delay = if reason.is_wanted() { Duration::ZERO } else { settings.delay };
        if !self.reclaims.is_due(now, &info_hash, delay) || !self.reclaims.has_room() {
            return;
        }
        // The plan leaves out what is not ours; here it is looked at once more, since nothing would be worse.
        if !self.local.is_ours_by_hash(&info_hash) || self.pins.contains(&info_hash) {
            return;
        }
        let torrent = self.census.torrents().at(index);
        let size = ByteSize::from_bytes(torrent.size.unwrap_or(0));
        if !reason.is_wanted() && !self.reclaims.may_spend(now, size, &settings) {
            return;
        }
        let terms = Terms {
            grants: torrent.redundancy.target().saturating_add(settings.margin),
            per_domain: torrent.redundancy.per_zone(),
        };
        let holders = self.holders_to_ask(index, terms);
        // Who asks in vain makes others give way for nothing.
        let domains: Vec<Domain> = holders.iter().filter_map(|holder| self.domain_of(holder)).collect();
        if !terms.are_met(&domains) {
            return;
        }
        let nonce = Nonce::new(self.fresh_bytes());
        let mut claim = Claim::default();
        claim.attempt(nonce, terms);
        for holder in &holders {
            self.protocol.ask_grant(holder, info_hash, nonce, false);
        }
        let stage = Stage::Asking { holders };
        let wanted = reason.is_wanted();
        self.reclaims.begin(
            info_hash,
            Reclaim { claim, stage, since: now, reason: reason.to_string(), wanted, failures: (0, now) },
        );
    }

    /// Takes the next step with something that is on its way out.
    fn advance(&mut self, now: Instant, info_hash: InfoHash) {
        let Some(reclaim) = self.reclaims.find(&info_hash) else { return };
        let index = self.census.torrents().find(&info_hash);
        let under_way = self.actions.is_commanded(&info_hash) || reclaim.failures.1 > now;
        match &reclaim.stage {
            Stage::Asking { .. } => self.advance_attempt(now, info_hash),
            _ if under_way => {}
            // What is gone already is found to be so by the command, and written down.
            Stage::Deleting if !self.local.has(&info_hash) => {
                self.command_leaving(now, ActionKind::Delete, info_hash);
            }
            // A command from before a restart may still be on its way to the client.
            Stage::Deleting if !self.local.is_ours_by_hash(&info_hash) && now.since(reclaim.since) < COMMAND_LASTS => {}
            _ if !self.local.is_ours_by_hash(&info_hash) => self.hand_over(info_hash),
            Stage::Deleting => self.command_leaving(now, ActionKind::Delete, info_hash),
            Stage::Stopping | Stage::Quarantined if self.is_wanted_again(now, info_hash, index) => {
                if let Some(reclaim) = self.reclaims.find_mut(&info_hash) {
                    reclaim.stage = Stage::Restoring;
                }
                self.command_leaving(now, ActionKind::Restore, info_hash);
            }
            Stage::Restoring => self.command_leaving(now, ActionKind::Restore, info_hash),
            Stage::Stopping => self.command_leaving(now, ActionKind::Quarantine, info_hash),
            Stage::Quarantined if self.is_quarantine_over(now, reclaim.since, index) => {
                if let Some(reclaim) = self.reclaims.find_mut(&info_hash) {
                    reclaim.stage = Stage::Deleting;
                }
                self.command_leaving(now, ActionKind::Delete, info_hash);
            }
            Stage::Quarantined => {}
        }
    }

    /// Asks again whoever has not answered, or gives the attempt up.
    fn advance_attempt(&mut self, now: Instant, info_hash: InfoHash) {
        let planned = |index| self.plan.reclaim.iter().any(|(planned, _)| *planned == index);
        let still = self.census.torrents().find(&info_hash).is_some_and(planned);
        let Some(reclaim) = self.reclaims.find(&info_hash) else { return };
        let Stage::Asking { holders } = &reclaim.stage else { return };
        let silent: Vec<BeaconId> =
            holders.iter().filter(|holder| !reclaim.claim.has_answered(holder)).copied().collect();
        let nonce = reclaim.claim.nonce().copied();
        let too_long = now.since(reclaim.since) >= self.settings.plan * ATTEMPT_ROUNDS;
        match nonce {
            Some(nonce) if still && !silent.is_empty() && !too_long => {
                for holder in &silent {
                    self.protocol.ask_grant(holder, info_hash, nonce, true);
                }
            }
            _ => self.fail_attempt(now, info_hash),
        }
    }

    fn fail_attempt(&mut self, now: Instant, info_hash: InfoHash) {
        let jitter = u32::try_from(self.rng.below(256)).unwrap_or(0);
        self.reclaims.fail(now, info_hash, self.settings.plan * 2, jitter);
    }

    /// Enough holders have granted it: from now on this beacon's copy counts for nobody.
    fn commit(&mut self, now: Instant, info_hash: InfoHash) {
        let quarantine = !self.settings.reclaim.quarantine.is_zero();
        let Some(reclaim) = self.reclaims.find_mut(&info_hash) else { return };
        reclaim.stage = if quarantine { Stage::Stopping } else { Stage::Deleting };
        reclaim.since = now;
        let (reason, wanted) = (reclaim.reason.clone(), reclaim.wanted);
        if !wanted {
            self.reclaims.spend(now, self.size_of(&info_hash));
        }
        self.note(false, Some(info_hash), format!("reclaiming {}: {reason}", self.title(&info_hash)));
        let kind = if quarantine { ActionKind::Quarantine } else { ActionKind::Delete };
        self.command_leaving(now, kind, info_hash);
    }

    fn command_leaving(&mut self, now: Instant, kind: ActionKind, info_hash: InfoHash) {
        let Some(reclaim) = self.reclaims.find(&info_hash) else { return };
        if !self.actions.command(now, kind, info_hash, reclaim.reason.clone()) {
            return;
        }
        self.mark_status_dirty();
        self.outputs.push_back(match kind {
            ActionKind::Quarantine => Output::Quarantine(info_hash),
            ActionKind::Restore => Output::Restore(info_hash),
            _ => Output::Delete(info_hash),
        });
    }

    /// It is gone.
    fn deleted(&mut self, info_hash: InfoHash) {
        self.reclaims.end(&info_hash);
        self.local.forget(&info_hash);
        self.outputs.push_back(Output::LedgerRemove(info_hash));
        self.mark_status_dirty();
        self.note(false, Some(info_hash), format!("deleted {}", self.title(&info_hash)));
    }

    /// The user has taken over what was on its way out, or taken it out of the client.
    fn hand_over(&mut self, info_hash: InfoHash) {
        self.reclaims.end(&info_hash);
        self.local.strike(&info_hash);
        self.outputs.push_back(Output::LedgerRemove(info_hash));
        self.mark_status_dirty();
        let text = format!("{} is not this beacon's any more, so it is left alone", self.title(&info_hash));
        self.note(false, Some(info_hash), text);
    }

    /// Whether something that is stopped should be kept after all: others have too few, the user wants it, or no collection
    /// lists it any more.
    fn is_wanted_again(&self, now: Instant, info_hash: InfoHash, index: Option<TorrentIndex>) -> bool {
        let Some(index) = index else { return true };
        // Others may be fetching it, but nobody can give it to them.
        let unserved = self.census.tally(index).served == 0;
        unserved || self.pins.contains(&info_hash) || self.lacks(now, index)
    }

    fn lacks(&self, now: Instant, index: TorrentIndex) -> bool {
        lacks(&self.census, &self.domains, &self.away(now), self.settings.repair_delay, index) > 0
    }

    /// Whether the files may go: the time is over, and others have enough at this moment. What they granted keeps them from
    /// deleting theirs, but not their disks from dying.
    fn is_quarantine_over(&self, now: Instant, since: Instant, index: Option<TorrentIndex>) -> bool {
        let are_enough = |index| {
            let others = copies_elsewhere(&self.census, &self.domains, &self.id(), index);
            others >= self.census.torrents().at(index).redundancy.target()
        };
        now.since(since) >= self.settings.reclaim.quarantine && index.is_some_and(are_enough)
    }

    /// Whether others may count on the copy here: complete, served, meant to stay, and seen as such by a client that answers.
    fn may_be_counted_on(&self, index: TorrentIndex) -> bool {
        let is_certain = self.local.find(self.census.torrents(), index).is_some_and(LocalTorrent::is_certain);
        self.client == ClientState::Ready && is_certain && self.census.state(&self.id(), index).is_copy()
    }

    /// Whom to ask: beacons that are surely there and say that they hold it.
    fn holders_to_ask(&self, index: TorrentIndex, terms: Terms) -> Vec<BeaconId> {
        let me = self.id();
        let holders = self.census.holders(index).filter(|(id, state, liveness)| {
            *id != me && *liveness == Liveness::Alive && matches!(state, TorrentState::Held | TorrentState::Pinned)
        });
        holders.map(|(id, _, _)| id).take(usize::from(terms.grants) + SPARE_HOLDERS).collect()
    }

    fn domain_of(&self, beacon: &BeaconId) -> Option<Domain> {
        let member = self.protocol.members().find(beacon)?;
        (member.liveness() == Liveness::Alive).then(|| member.hello().hello().domain())
    }

    pub(super) fn size_of(&self, info_hash: &InfoHash) -> ByteSize {
        let torrents = self.census.torrents();
        let size = torrents.find(info_hash).and_then(|index| torrents.at(index).size);
        ByteSize::from_bytes(size.unwrap_or(0))
    }

    fn fresh_bytes(&mut self) -> [u8; 16] {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&self.rng.next_u64().to_le_bytes());
        bytes[8..].copy_from_slice(&self.rng.next_u64().to_le_bytes());
        bytes
    }
}

//! Every beacon known, by its latest hello.

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use super::{
    Member,
    moment::Moment,
    reconcile::{bucket, fingerprint},
};
use crate::{
    model::{BeaconId, IdTable, Instant, Keyed, LinkId, Liveness},
    wire::{HelloId, HighWater, SignedHello},
};

/// The beacons known, this one not among them.
///
/// Of two hellos of a beacon the one with the larger (incarnation, seq) stays, so what two beacons know merges to the same
/// whatever came first, however often. What was once seen is never accepted again, even of a beacon that is forgotten.
#[derive(Debug, Clone)]
pub struct Members {
    by_id: IdTable<Member>,
    /// The newest version seen of beacons that are forgotten or that told two stories.
    marks: BTreeMap<BeaconId, (u64, u64)>,
    sums: Box<[u64; 256]>,
    /// How many there are of each liveness, in their order.
    counts: [usize; 4],
    /// No liveness changes before this, but by a hello.
    quiet_until: Instant,
    /// When the latest of them was first heard of.
    latest_arrival: Option<Instant>,
    /// Whether there may be some whose status, as their hello names it, is not here.
    may_lack: bool,
    /// Who had to make room for someone else since this was last asked.
    evicted: Vec<BeaconId>,
}

/// What came of a hello.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is newer than all before.
    Newer,
    /// It is the one we have.
    Known,
    /// It is older than the one we have.
    Older,
    /// The beacon sends more often than anyone needs to.
    TooOften,
    /// The signature is not the beacon's.
    Forged,
    /// Same version, other words: here is the one we have.
    Equivocation(Arc<SignedHello>),
}

/// The most beacons: a bound on memory, not something to reach.
const MEMBERS_MAX: usize = 20_000;
/// The most versions of forgotten beacons.
const MARKS_MAX: usize = 100_000;

impl Members {
    pub(super) fn new(marks: BTreeMap<BeaconId, (u64, u64)>) -> Self {
        Self {
            by_id: IdTable::default(),
            marks,
            sums: Box::new([0; 256]),
            counts: [0; 4],
            quiet_until: Instant::ZERO,
            latest_arrival: None,
            may_lack: false,
            evicted: Vec::new(),
        }
    }

    /// Every member, by id.
    pub fn iter(&self) -> impl Iterator<Item = (&BeaconId, &Member)> {
        self.by_id.iter().map(|member| (member.id(), member))
    }

    /// One member.
    pub fn find(&self, id: &BeaconId) -> Option<&Member> {
        self.by_id.find(id)
    }

    /// How many there are that are not gone.
    pub const fn present(&self) -> usize {
        self.by_id.len() - self.count(Liveness::Gone)
    }

    /// How many there are of this liveness.
    pub const fn count(&self, liveness: Liveness) -> usize {
        self.counts[liveness as usize]
    }

    /// When the latest of them was first heard of.
    pub const fn latest_arrival(&self) -> Option<Instant> {
        self.latest_arrival
    }

    /// The member of the lowest id that is there.
    pub(super) fn lowest_alive(&self) -> Option<BeaconId> {
        self.by_id.iter().find(|member| member.liveness == Liveness::Alive).map(|member| *member.id())
    }

    /// Notes on which link a member's latest hello came: the way back to it, as hellos take the quickest.
    pub(super) fn came_by(&mut self, id: &BeaconId, link: LinkId) {
        if let Some(member) = self.by_id.find_mut(id) {
            member.came_by = link.low_bits();
        }
    }

    pub(super) fn find_mut(&mut self, id: &BeaconId) -> Option<&mut Member> {
        self.by_id.find_mut(id)
    }

    /// Takes a hello if it is newer than what is known. The signature is checked last, since it costs most.
    pub(super) fn take(
        &mut self,
        now: Instant,
        hello: &Arc<SignedHello>,
        verify: impl Fn(&SignedHello) -> bool,
    ) -> Verdict {
        let id = hello.hello().id;
        if let Some(member) = self.by_id.find_mut(&id) {
            let known = &member.hello;
            match hello.version().cmp(&known.version()) {
                Ordering::Less => return Verdict::Older,
                Ordering::Equal if hello.bytes() == known.bytes() => return Verdict::Known,
                Ordering::Equal if verify(hello) => return Verdict::Equivocation(Arc::clone(known)),
                Ordering::Equal => return Verdict::Forged,
                Ordering::Greater => {}
            }
            if !member.take_token(now) {
                return Verdict::TooOften;
            }
            if !verify(hello) {
                return Verdict::Forged;
            }
            if member.liveness != Liveness::Gone {
                self.sums[bucket(&id)] ^= fingerprint(&member.hello);
            }
            self.sums[bucket(&id)] ^= fingerprint(hello);
            self.counts[member.liveness as usize] -= 1;
            self.counts[Liveness::Alive as usize] += 1;
            member.hello = Arc::clone(hello);
            self.may_lack |= !member.status_is_current();
            member.heard = Moment::of(now);
            member.liveness = Liveness::Alive;
            self.quiet_until = self.quiet_until.min(now + hello.hello().valid_for);
        } else {
            if self.marks.get(&id).is_some_and(|mark| hello.version() <= *mark) {
                return Verdict::Older;
            }
            if !verify(hello) {
                return Verdict::Forged;
            }
            if self.by_id.len() >= MEMBERS_MAX && !self.evict() {
                return Verdict::TooOften;
            }
            self.insert(now, Member::new(now, now, Arc::clone(hello)));
        }
        Verdict::Newer
    }

    /// Notes a member known from before a restart, as last heard then.
    pub(super) fn restore(&mut self, now: Instant, hello: Arc<SignedHello>, heard: Instant) {
        let id = hello.hello().id;
        let is_new = self.marks.get(&id).is_none_or(|mark| hello.version() >= *mark) && self.by_id.find(&id).is_none();
        if is_new && self.by_id.len() < MEMBERS_MAX {
            self.insert(now, Member::new(now, heard.min(now), hello));
        }
    }

    /// Leaves time out of account in which this beacon itself was not running, as while its machine slept: nobody could be
    /// heard then.
    pub(super) fn excuse(&mut self, asleep: Duration) {
        for member in self.by_id.iter_mut() {
            member.heard = Moment::of(member.heard() + asleep);
        }
    }

    /// Who had to make room for others since this was last asked.
    pub(super) fn take_evicted(&mut self) -> Vec<BeaconId> {
        std::mem::take(&mut self.evicted)
    }

    fn insert(&mut self, now: Instant, member: Member) {
        self.sums[bucket(member.id())] ^= fingerprint(&member.hello);
        self.counts[member.liveness as usize] += 1;
        self.quiet_until = self.quiet_until.min(member.heard() + member.hello.hello().valid_for);
        self.latest_arrival = self.latest_arrival.max(Some(now));
        self.may_lack = true;
        self.by_id.insert(member);
    }

    /// Updates everyone's liveness; calls `changed` for each whose it changed. It goes through all members only when some
    /// hello may have become too old since it last did.
    ///
    /// No promise shorter than `step`, the time between two looks, is taken at its word: it would be broken at every look.
    pub(super) fn judge(
        &mut self,
        now: Instant,
        step: Duration,
        gone_after: Duration,
        mut changed: impl FnMut(BeaconId, Liveness),
    ) {
        if now < self.quiet_until {
            return;
        }
        let mut quiet_until = Instant::FAR_FUTURE;
        for member in self.by_id.iter_mut() {
            let silent = now.since(member.heard());
            let valid_for = member.hello.hello().valid_for.max(step);
            let gone_after = gone_after.max(valid_for * 4);
            let (liveness, until) = match silent {
                _ if silent * 2 <= valid_for * 3 => (Liveness::Alive, valid_for * 3 / 2),
                _ if silent * 2 <= valid_for * 7 => (Liveness::Suspect, valid_for * 7 / 2),
                _ if silent <= gone_after => (Liveness::Away, gone_after),
                _ => (Liveness::Gone, Duration::MAX),
            };
            quiet_until = quiet_until.min(member.heard() + until);
            if liveness != member.liveness {
                if (liveness == Liveness::Gone) != (member.liveness == Liveness::Gone) {
                    self.sums[bucket(member.id())] ^= fingerprint(&member.hello);
                }
                self.counts[member.liveness as usize] -= 1;
                self.counts[liveness as usize] += 1;
                member.liveness = liveness;
                changed(*member.id(), liveness);
            }
        }
        self.quiet_until = quiet_until;
    }

    /// Members whose status, as their hello names it, is not here.
    pub(super) fn lacking(&mut self) -> Vec<BeaconId> {
        let members = self.by_id.iter().take_while(|_| self.may_lack);
        let lacking: Vec<_> = members.filter(|member| !member.status_is_current()).map(|member| *member.id()).collect();
        self.may_lack = !lacking.is_empty();
        lacking
    }

    /// Members that have not been heard from for this long.
    pub(super) fn silent_for(&self, now: Instant, duration: Duration) -> Vec<BeaconId> {
        // Most often everyone has been heard from lately.
        if self.count(Liveness::Alive) == self.by_id.len() {
            return Vec::new();
        }
        let silent = self.by_id.iter().filter(|member| now.since(member.heard()) > duration);
        silent.map(|member| *member.id()).collect()
    }

    /// Forgets a member, but not how new its last hello was.
    pub(super) fn forget(&mut self, id: &BeaconId) {
        if let Some(member) = self.remove(id) {
            self.mark(*id, member.hello.version());
        }
    }

    /// The same members but for one.
    pub(super) fn without(&self, id: &BeaconId) -> Self {
        let mut others = self.clone();
        others.remove(id);
        others
    }

    fn remove(&mut self, id: &BeaconId) -> Option<Member> {
        let member = self.by_id.remove(id)?;
        if member.liveness != Liveness::Gone {
            self.sums[bucket(id)] ^= fingerprint(&member.hello);
        }
        self.counts[member.liveness as usize] -= 1;
        Some(member)
    }

    /// Bars every hello of this beacon up to the end of this incarnation.
    pub(super) fn bar(&mut self, id: BeaconId, incarnation: u64) {
        self.forget(&id);
        self.mark(id, (incarnation, u64::MAX));
    }

    /// A number for each range of ids that differs where what is known there differs.
    pub(super) const fn sums(&self) -> &[u64; 256] {
        &self.sums
    }

    /// The versions known in these ranges of ids.
    pub(super) fn known_in(&self, ranges: &BTreeSet<u8>) -> Vec<HighWater> {
        let members = ranges.iter().flat_map(|first| self.by_id.range(*first));
        let present = members.filter(|member| member.liveness != Liveness::Gone);
        present
            .map(|member| {
                let (incarnation, seq) = member.hello.version();
                HighWater { beacon: *member.id(), incarnation, seq }
            })
            .collect()
    }

    /// The member that a short id stands for, if it is known.
    pub(super) fn by_short_id(&self, short: &HelloId) -> Option<&Member> {
        let mut low = [0; 32];
        low[..6].copy_from_slice(&short.beacon);
        self.by_id.at_or_after(&BeaconId::new(low)).filter(|member| member.id().as_bytes()[..6] == short.beacon)
    }

    /// The newest version known or barred of a beacon.
    pub fn newest(&self, id: &BeaconId) -> Option<(u64, u64)> {
        self.by_id.find(id).map(|member| member.hello.version()).max(self.marks.get(id).copied())
    }

    fn mark(&mut self, id: BeaconId, version: (u64, u64)) {
        if self.marks.len() >= MARKS_MAX && !self.marks.contains_key(&id) {
            self.marks.pop_first();
        }
        let mark = self.marks.entry(id).or_insert(version);
        *mark = version.max(*mark);
    }

    /// Makes room by forgetting whoever has been silent longest, unless everyone is there.
    fn evict(&mut self) -> bool {
        let silent = self.by_id.iter().filter(|member| member.liveness != Liveness::Alive);
        let oldest = silent.min_by_key(|member| member.heard()).map(|member| *member.id());
        let Some(oldest) = oldest else { return false };
        self.forget(&oldest);
        self.evicted.push(oldest);
        true
    }
}

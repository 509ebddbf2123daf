//! Pulling statuses and manifests by their addresses, from whoever has them.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::Duration,
};

use super::{Links, event::Outbox};
use crate::{
    census::{PartialStatus, Status, StatusError},
    collection::Manifest,
    model::{BeaconId, Instant, LinkId, ObjectHash},
    wire::Message,
};

/// Statuses and manifests that are on their way here.
#[derive(Debug, Default)]
pub(super) struct Exchange {
    statuses: BTreeMap<BeaconId, StatusPull>,
    manifests: BTreeMap<ObjectHash, Pull>,
    own_manifests: BTreeMap<ObjectHash, Arc<Manifest>>,
    /// Of others, where they differ from our own.
    known_manifests: BTreeMap<ObjectHash, Arc<Manifest>>,
    next_retry: Option<Instant>,
}

#[derive(Debug)]
struct StatusPull {
    root: ObjectHash,
    partial: Option<PartialStatus>,
    pull: Pull,
    /// Neighbors that asked us for it while we do not have it either.
    askers: Vec<LinkId>,
}

/// Whom to ask for something, and who was asked.
#[derive(Debug)]
struct Pull {
    sources: VecDeque<LinkId>,
    /// Who was asked last, and when to ask another.
    asked: Option<(LinkId, Instant)>,
    tries: u32,
}

/// How long an answer may take.
const ANSWER: Duration = Duration::from_secs(5);
/// How long the first answer to a question for a status may take before another neighbor is asked too: it is small, and
/// whoever was asked may wait for somebody else itself.
const ANSWER_FIRST: Duration = Duration::from_millis(300);
/// After this many tries only a newer hello starts another pull.
const TRIES_MAX: u32 = 12;
const SOURCES_MAX: usize = 16;
const ASKERS_MAX: usize = 64;
/// The most manifests of others that are kept; collections differ little, so few are in use.
const MANIFESTS_MAX: usize = 64;
/// A status up to this size is sent whole to whoever asks, without a question for its parts.
const WHOLE_BYTES_MAX: usize = 16 * 1024;

/// What a part of a status led to.
pub(super) enum Progress {
    /// It was not asked for, or more is to come.
    Waiting,
    /// All of it is here.
    Complete(Arc<Status>),
    /// The sender sent what it should not have.
    Offence,
}

impl Exchange {
    /// Asks for a member's status, on `link` first.
    pub(super) fn pull_status(
        &mut self,
        now: Instant,
        beacon: BeaconId,
        root: ObjectHash,
        link: LinkId,
        outbox: &mut Outbox,
    ) {
        let pull = self.statuses.entry(beacon).or_insert_with(|| StatusPull::new(root));
        if pull.root != root {
            let askers = std::mem::take(&mut pull.askers);
            *pull = StatusPull { askers, ..StatusPull::new(root) };
        }
        pull.pull.add_source(link);
        if pull.pull.asked.is_none() {
            let due = pull.ask(now, beacon, outbox);
            self.retry_at(due);
        }
    }

    /// Whether no status is on its way here.
    pub(super) fn awaits_no_status(&self) -> bool {
        self.statuses.is_empty()
    }

    /// Notes that a neighbor may have a status that is on its way here.
    pub(super) fn add_source(&mut self, beacon: &BeaconId, link: LinkId) {
        if let Some(pull) = self.statuses.get_mut(beacon) {
            pull.pull.add_source(link);
        }
    }

    /// Notes that a neighbor wants a status that is on its way here; false where it is not.
    pub(super) fn queue_asker(&mut self, beacon: &BeaconId, root: &ObjectHash, link: LinkId) -> bool {
        match self.statuses.get_mut(beacon) {
            Some(pull) if pull.root == *root && pull.askers.len() < ASKERS_MAX => {
                if !pull.askers.contains(&link) {
                    pull.askers.push(link);
                }
                true
            }
            _ => false,
        }
    }

    /// Takes parts of a member's status. `before` is its status until now, whose pages need not come again. Once it is whole, neighbors that waited for it are sent it.
    pub(super) fn take_status(
        &mut self,
        now: Instant,
        link: LinkId,
        (beacon, root): (BeaconId, ObjectHash),
        parts: &[Arc<[u8]>],
        before: Option<&Status>,
        outbox: &mut Outbox,
    ) -> Progress {
        let Some(pull) = self.statuses.get_mut(&beacon).filter(|pull| pull.root == root) else {
            return Progress::Waiting;
        };
        let (mut partial, rest, mut is_news) = match (pull.partial.take(), parts.split_first()) {
            (Some(partial), _) => (partial, parts, false),
            (None, None) => return Progress::Waiting,
            (None, Some((list, pages))) => {
                let Ok(partial) = PartialStatus::begin(root, list, before) else {
                    pull.refused(now, link, beacon, outbox);
                    self.retry_at(now);
                    return Progress::Offence;
                };
                (partial, pages, true)
            }
        };
        // Pages that the status before had too come along where the whole was asked for; they are no offence.
        for page in rest {
            match partial.add(page) {
                Ok(()) => is_news = true,
                Err(StatusError::Unasked) => {}
                Err(StatusError::Page(_) | StatusError::Malformed | StatusError::Limit(_)) => {
                    pull.partial = Some(partial);
                    pull.refused(now, link, beacon, outbox);
                    self.retry_at(now);
                    return Progress::Offence;
                }
            }
        }
        match partial.finish() {
            Ok(status) => {
                let status = Arc::new(status);
                let askers = self.statuses.remove(&beacon).map(|pull| pull.askers).unwrap_or_default();
                for asker in askers.into_iter().filter(|asker| *asker != link) {
                    outbox.send(asker, status_message(beacon, &status, &[]));
                }
                Progress::Complete(status)
            }
            Err(partial) => {
                pull.partial = Some(partial);
                let mut due = now + ANSWER;
                if !is_news && pull.pull.is_asked(link) {
                    pull.pull.drop_source(link);
                    due = pull.ask(now, beacon, outbox);
                } else if is_news {
                    pull.pull.add_source(link);
                    due = pull.ask(now, beacon, outbox);
                }
                self.retry_at(due);
                Progress::Waiting
            }
        }
    }

    /// Notes that a neighbor does not have a status, and asks another.
    pub(super) fn no_status(
        &mut self,
        now: Instant,
        link: LinkId,
        beacon: BeaconId,
        root: &ObjectHash,
        outbox: &mut Outbox,
    ) {
        let asked = |pull: &&mut StatusPull| pull.root == *root && pull.pull.is_asked(link);
        if let Some(pull) = self.statuses.get_mut(&beacon).filter(asked) {
            pull.pull.drop_source(link);
            pull.ask(now, beacon, outbox);
            self.retry_at(now);
        }
    }

    /// Replaces our own manifests, as they are known to whoever asks. Those until now may still be others'.
    pub(super) fn set_own_manifests(&mut self, manifests: impl IntoIterator<Item = Arc<Manifest>>) {
        let own = manifests.into_iter().map(|manifest| (manifest.hash(), manifest)).collect();
        let before = std::mem::replace(&mut self.own_manifests, own);
        self.known_manifests.extend(before);
        self.known_manifests.retain(|hash, _| !self.own_manifests.contains_key(hash));
        self.manifests.retain(|hash, _| !self.own_manifests.contains_key(hash));
    }

    /// A manifest by its address.
    pub(super) fn manifest(&self, hash: &ObjectHash) -> Option<&Arc<Manifest>> {
        self.own_manifests.get(hash).or_else(|| self.known_manifests.get(hash))
    }

    /// Asks for a manifest, on these links one after another.
    pub(super) fn pull_manifest(&mut self, now: Instant, hash: ObjectHash, links: &[LinkId], outbox: &mut Outbox) {
        if self.manifest(&hash).is_some() || self.manifests.len() >= MANIFESTS_MAX {
            return;
        }
        let pull = self.manifests.entry(hash).or_insert_with(Pull::new);
        for link in links {
            pull.add_source(*link);
        }
        if pull.asked.is_none()
            && let Some(link) = pull.next(now, ANSWER)
        {
            outbox.send(link, Message::WantManifest(hash));
        }
        self.retry_at(now + ANSWER);
    }

    /// Whether a neighbor has been asked for a manifest.
    pub(super) fn awaits_manifest(&self, link: LinkId) -> bool {
        self.manifests.values().any(|pull| pull.is_asked(link))
    }

    /// Whether no more manifests of others can be kept.
    pub(super) fn is_full_of_manifests(&self) -> bool {
        self.known_manifests.len() >= MANIFESTS_MAX
    }

    /// Takes a manifest that was asked for, where there is room for it.
    pub(super) fn take_manifest(&mut self, manifest: Manifest) -> Option<Arc<Manifest>> {
        self.manifests.remove(&manifest.hash())?;
        if self.is_full_of_manifests() {
            return None;
        }
        let manifest = Arc::new(manifest);
        self.known_manifests.insert(manifest.hash(), Arc::clone(&manifest));
        Some(manifest)
    }

    /// Notes that a neighbor does not have a manifest, and asks another.
    pub(super) fn no_manifest(&mut self, now: Instant, link: LinkId, hash: ObjectHash, outbox: &mut Outbox) {
        if let Some(pull) = self.manifests.get_mut(&hash).filter(|pull| pull.is_asked(link)) {
            pull.drop_source(link);
            if let Some(link) = pull.next(now, ANSWER) {
                outbox.send(link, Message::WantManifest(hash));
            }
        }
    }

    /// Forgets manifests of others but those that are used.
    pub(super) fn keep_manifests(&mut self, used: &BTreeSet<ObjectHash>) {
        self.known_manifests.retain(|hash, _| used.contains(hash));
    }

    /// Forgets what a member's status was asked for.
    pub(super) fn forget(&mut self, beacon: &BeaconId) {
        self.statuses.remove(beacon);
    }

    /// Forgets a link that is down; what was asked on it is asked elsewhere.
    pub(super) fn link_down(&mut self, now: Instant, link: LinkId) {
        for pull in self.statuses.values_mut() {
            pull.pull.drop_source(link);
            pull.askers.retain(|asker| *asker != link);
        }
        self.manifests.values_mut().for_each(|pull| pull.drop_source(link));
        self.retry_at(now);
    }

    /// Asks again where no answer came, any link where no source is left.
    pub(super) fn tick(&mut self, now: Instant, links: &Links, outbox: &mut Outbox) {
        if self.next_retry.is_none_or(|at| at > now) {
            return;
        }
        let fallback: Vec<LinkId> = links.iter().map(|(link, _)| link).collect();
        let fallback = fallback.as_slice();
        self.next_retry = None;
        self.statuses.retain(|_, pull| pull.pull.tries < TRIES_MAX);
        self.manifests.retain(|_, pull| pull.tries < TRIES_MAX);
        for (beacon, pull) in &mut self.statuses {
            if pull.pull.is_due(now) {
                pull.pull.refill(fallback);
                pull.ask(now, *beacon, outbox);
            }
        }
        for (hash, pull) in &mut self.manifests {
            if pull.is_due(now) {
                pull.refill(fallback);
                if let Some(link) = pull.next(now, ANSWER) {
                    outbox.send(link, Message::WantManifest(*hash));
                }
            }
        }
        let pulls = self.statuses.values().map(|status| &status.pull).chain(self.manifests.values());
        // Whom nobody could be asked for waits for a neighbor.
        self.next_retry = pulls.map(|pull| pull.asked.map_or(now + ANSWER, |(_, due)| due)).min();
    }

    pub(super) fn next_timeout(&self) -> Instant {
        self.next_retry.unwrap_or(Instant::FAR_FUTURE)
    }

    fn retry_at(&mut self, at: Instant) {
        self.next_retry = Some(self.next_retry.map_or(at, |before| before.min(at)));
    }
}

/// The answer to a question for a status: all of it where it is small, else its list, else the parts asked for.
pub(super) fn status_message(beacon: BeaconId, status: &Status, wanted: &[ObjectHash]) -> Message {
    let parts = match wanted {
        [] if status.bytes_len() > WHOLE_BYTES_MAX => vec![Arc::clone(status.list())],
        wanted => status.parts(wanted),
    };
    Message::Status { beacon, root: status.root(), parts }
}

impl StatusPull {
    const fn new(root: ObjectHash) -> Self {
        Self { root, partial: None, pull: Pull::new(), askers: Vec::new() }
    }

    /// Asks the next source; when to ask another.
    fn ask(&mut self, now: Instant, beacon: BeaconId, outbox: &mut Outbox) -> Instant {
        let first = ANSWER_FIRST.saturating_mul(2_u32.saturating_pow(self.pull.tries)).min(ANSWER);
        let patience = if self.partial.is_some() { ANSWER } else { first };
        let Some(link) = self.pull.next(now, patience) else { return now + ANSWER };
        let parts = self.partial.as_ref().map(|partial| partial.missing(PARTS_AT_ONCE)).unwrap_or_default();
        outbox.send(link, Message::WantStatus { beacon, root: self.root, parts });
        now + patience
    }

    /// What `link` sent is wrong: it is not asked again.
    fn refused(&mut self, now: Instant, link: LinkId, beacon: BeaconId, outbox: &mut Outbox) {
        let was_asked = self.pull.is_asked(link);
        self.pull.drop_source(link);
        if was_asked {
            self.ask(now, beacon, outbox);
        }
    }
}

/// Pages asked for at a time: with their greatest size, three megabytes.
const PARTS_AT_ONCE: usize = 1_024;

impl Pull {
    const fn new() -> Self {
        Self { sources: VecDeque::new(), asked: None, tries: 0 }
    }

    fn add_source(&mut self, link: LinkId) {
        if self.sources.len() < SOURCES_MAX && !self.sources.contains(&link) {
            self.sources.push_back(link);
        }
    }

    fn drop_source(&mut self, link: LinkId) {
        self.sources.retain(|source| *source != link);
        if self.asked.is_some_and(|(asked, _)| asked == link) {
            self.asked = None;
        }
    }

    fn refill(&mut self, fallback: &[LinkId]) {
        if self.sources.is_empty() {
            // Not from the beginning each time, where the one may be that has failed.
            let skip = self.tries as usize % fallback.len().max(1);
            let (before, after) = fallback.split_at(skip);
            self.sources.extend(after.iter().chain(before).copied().take(SOURCES_MAX));
        }
    }

    fn is_asked(&self, link: LinkId) -> bool {
        self.asked.is_some_and(|(asked, _)| asked == link)
    }

    fn is_due(&self, now: Instant) -> bool {
        self.asked.is_none_or(|(_, due)| due <= now)
    }

    /// Whom to ask next: each source in turn.
    fn next(&mut self, now: Instant, patience: Duration) -> Option<LinkId> {
        let link = self.sources.pop_front()?;
        self.sources.push_back(link);
        self.asked = Some((link, now + patience));
        self.tries += 1;
        Some(link)
    }
}

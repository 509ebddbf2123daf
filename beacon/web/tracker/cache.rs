//! What the loop said of torrents a moment ago, so that many announces cost it one question.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use crate::{
    model::Instant,
    tracker::{Known, ShortHash},
};

/// How long an answer of the loop serves; well below the shortest time after which a client comes back.
const FRESH: Duration = Duration::from_secs(2);
/// The most answers that are kept.
const ANSWERS_MAX: usize = 1_024;

/// What the loop said of a torrent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heard {
    /// A collection lists it, and this is known of its clients.
    Tracked(Arc<Known>),
    /// No collection lists it.
    Foreign,
}

/// Answers by torrent.
#[derive(Debug, Default)]
pub(super) struct Cache {
    answers: BTreeMap<ShortHash, (Instant, Heard)>,
}

impl Cache {
    /// What the loop said, if that is not long ago.
    pub(super) fn find(&self, now: Instant, info_hash: &ShortHash) -> Option<Heard> {
        let (at, heard) = self.answers.get(info_hash)?;
        (now.since(*at) < FRESH).then(|| heard.clone())
    }

    /// Keeps what the loop said.
    pub(super) fn put(&mut self, now: Instant, info_hash: ShortHash, heard: Heard) {
        if self.answers.len() >= ANSWERS_MAX {
            self.answers.retain(|_, (at, _)| now.since(*at) < FRESH);
        }
        if self.answers.len() >= ANSWERS_MAX {
            self.answers.clear();
        }
        self.answers.insert(info_hash, (now, heard));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(number: usize) -> ShortHash {
        let mut hash = [0; 20];
        hash[..8].copy_from_slice(&number.to_be_bytes());
        hash
    }

    #[test]
    fn answers_serve_for_a_moment_and_do_not_pile_up() {
        let mut cache = Cache::default();
        let known = Heard::Tracked(Arc::new(Known::default()));
        cache.put(Instant::ZERO, hash(0), known.clone());
        cache.put(Instant::ZERO, hash(1), Heard::Foreign);
        assert_eq!(cache.find(Instant::ZERO, &hash(0)), Some(known));
        assert_eq!(cache.find(Instant::ZERO, &hash(1)), Some(Heard::Foreign));
        assert_eq!(cache.find(Instant::ZERO, &hash(2)), None);
        assert_eq!(cache.find(Instant::ZERO + FRESH, &hash(0)), None);
        for number in 0..ANSWERS_MAX * 3 {
            cache.put(Instant::ZERO, hash(number), Heard::Foreign);
            assert!(cache.answers.len() <= ANSWERS_MAX);
        }
    }
}

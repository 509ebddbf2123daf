//! How far a beacon is with deleting its copy of one torrent.
//!
//! # Why no schedule leaves fewer than R copies
//!
//! A beacon deletes after R others have granted it, each of which at that moment held a complete copy and was not attempting
//! to delete it itself; grants name the attempt, which begins before they are given and ends for others only when the copy
//! is gone. Of all beacons that ever delete their copy, look at the one, d, whose successful attempt began last. Its R
//! grants were given after that. Had one of those who gave them deleted its own copy later, its attempt would have begun
//! after it granted, hence after d's, which was the last. So those R keep their copies. Nothing in this speaks of clocks,
//! of the order of messages, or of how many attempt at once; it needs that a nonce is used for one attempt only, and that a
//! beacon which crashed after it commanded the deletion still counts as attempting: hence the write-ahead.
//!
//! With f liars among the holders, R + f grants hold R honest ones, of which the same is true.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{BeaconId, Domain, InfoHash, Nonce, Refusal, stir};

/// What a beacon does about deleting its copy of one torrent. No claim at all is the same as one that rests.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Claim(Stage);

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
enum Stage {
    /// The copy stays.
    #[default]
    Resting,
    /// Others are asked for their grants.
    Attempting { nonce: Nonce, terms: Terms, granted: BTreeMap<BeaconId, Domain>, refused: BTreeSet<BeaconId> },
    /// Enough have granted: the copy is written off, then deleted. Until it is gone or restored, nothing is granted.
    Committed,
}

/// What an attempt has to gather.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Terms {
    /// Grants of other holders: the target, and as many more as liars are to be withstood.
    pub grants: u16,
    /// The most grants of one domain that count; all of them where `None`.
    pub per_domain: Option<u16>,
}

impl Claim {
    /// The claim of a beacon that starts again. Where a deletion was written ahead, the command may have been given, so
    /// nothing is granted until the client has shown what became of it.
    pub fn after_restart(written_ahead: bool) -> Self {
        Self(if written_ahead { Stage::Committed } else { Stage::Resting })
    }

    /// Begins an attempt under a nonce that was never used before. False where one is under way, or a deletion.
    pub fn attempt(&mut self, nonce: Nonce, terms: Terms) -> bool {
        let may = self.0 == Stage::Resting;
        if may {
            self.0 = Stage::Attempting { nonce, terms, granted: BTreeMap::new(), refused: BTreeSet::new() };
        }
        may
    }

    /// Answers whether another may count on this beacon's copy. `holds` says whether there is one, complete, served, meant
    /// to stay, and seen since the client last started; `asker_precedes` whether the asker comes first of the two.
    ///
    /// # Errors
    /// The reason for a refusal.
    pub fn ask(&mut self, holds: bool, asker_precedes: bool) -> Result<(), Refusal> {
        match self.0 {
            Stage::Committed => Err(Refusal::Deleting),
            _ if !holds => Err(Refusal::NotHeld),
            Stage::Attempting { .. } if !asker_precedes => Err(Refusal::Attempting),
            // An own attempt ends here, before the grant is given.
            Stage::Attempting { .. } | Stage::Resting => {
                self.0 = Stage::Resting;
                Ok(())
            }
        }
    }

    /// Takes a grant of another holder. True where it was the last one needed: from now on this beacon is deleting, which
    /// has to be on the disk before the client is commanded.
    pub fn take_grant(&mut self, nonce: &Nonce, holder: BeaconId, domain: Domain) -> bool {
        let Stage::Attempting { nonce: own, terms, granted, .. } = &mut self.0 else { return false };
        if own != nonce {
            return false;
        }
        granted.insert(holder, domain);
        let enough = terms.are_met(granted.values());
        if enough {
            self.0 = Stage::Committed;
        }
        enough
    }

    /// Takes a refusal of another holder.
    pub fn take_refusal(&mut self, nonce: &Nonce, holder: BeaconId) {
        if let Stage::Attempting { nonce: own, refused, .. } = &mut self.0
            && own == nonce
        {
            refused.insert(holder);
        }
    }

    /// Learns that another wants more grants to be gathered, since it knows a higher target. Grants only ever come to count
    /// for less by it.
    pub const fn raise(&mut self, grants: u16) {
        if let Stage::Attempting { terms, .. } = &mut self.0
            && terms.grants < grants
        {
            terms.grants = grants;
        }
    }

    /// Gives an attempt up. A deletion is not given up by it.
    pub fn give_up(&mut self) {
        if let Stage::Attempting { .. } = self.0 {
            self.0 = Stage::Resting;
        }
    }

    /// The deletion is over: the copy is gone, or it was restored and no command to delete it can be under way.
    pub fn end(&mut self) {
        self.0 = Stage::Resting;
    }

    /// The nonce of the attempt under way.
    pub const fn nonce(&self) -> Option<&Nonce> {
        match &self.0 {
            Stage::Attempting { nonce, .. } => Some(nonce),
            Stage::Resting | Stage::Committed => None,
        }
    }

    /// Whether this beacon is deleting its copy.
    pub const fn is_committed(&self) -> bool {
        matches!(self.0, Stage::Committed)
    }

    /// Who has granted the attempt under way.
    pub fn granted(&self) -> impl Iterator<Item = &BeaconId> {
        let granted = if let Stage::Attempting { granted, .. } = &self.0 { Some(granted.keys()) } else { None };
        granted.into_iter().flatten()
    }

    /// Whether a holder has answered the attempt under way.
    pub fn has_answered(&self, holder: &BeaconId) -> bool {
        match &self.0 {
            Stage::Attempting { granted, refused, .. } => granted.contains_key(holder) || refused.contains(holder),
            Stage::Resting | Stage::Committed => false,
        }
    }
}

impl Terms {
    /// Whether grants of these domains are enough.
    pub fn are_met<'a>(&self, domains: impl IntoIterator<Item = &'a Domain>) -> bool {
        let mut counted: BTreeMap<&Domain, u16> = BTreeMap::new();
        for domain in domains {
            let count = counted.entry(domain).or_default();
            *count = count.saturating_add(1).min(self.per_domain.unwrap_or(u16::MAX));
        }
        counted.values().map(|count| u32::from(*count)).sum::<u32>() >= u32::from(self.grants)
    }
}

/// Whether one beacon comes before another where both attempt to delete the same torrent. It is another order for each
/// torrent, so that nobody always comes first.
pub fn precedes(one: &BeaconId, other: &BeaconId, info_hash: &InfoHash) -> bool {
    let rank = |id: &BeaconId| {
        let bytes = info_hash.as_bytes().iter().chain(id.as_bytes());
        bytes.fold(0, |sum, byte| stir(sum, u64::from(*byte)))
    };
    (rank(one), one) < (rank(other), other)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: Terms = Terms { grants: 2, per_domain: None };

    fn id(byte: u8) -> BeaconId {
        BeaconId::new([byte; 32])
    }

    fn nonce(byte: u8) -> Nonce {
        Nonce::new([byte; 16])
    }

    fn attempting(terms: Terms) -> Claim {
        let mut claim = Claim::default();
        assert!(claim.attempt(nonce(1), terms));
        claim
    }

    #[test]
    fn a_copy_is_given_up_after_enough_grants_of_different_holders() {
        let mut claim = attempting(TWO);
        assert!(!claim.attempt(nonce(2), TWO), "one attempt at a time");
        assert!(!claim.take_grant(&nonce(1), id(1), Domain(1)));
        assert!(!claim.take_grant(&nonce(1), id(1), Domain(1)), "one holder counts once");
        assert!(!claim.take_grant(&nonce(2), id(2), Domain(2)), "a grant for another attempt is worth nothing");
        assert!(claim.take_grant(&nonce(1), id(2), Domain(2)));
        assert!(claim.is_committed());
        assert!(!claim.take_grant(&nonce(1), id(3), Domain(3)), "there is nothing to decide any more");
    }

    #[test]
    fn grants_of_one_domain_count_up_to_their_cap() {
        let mut claim = attempting(Terms { grants: 2, per_domain: Some(1) });
        assert!(!claim.take_grant(&nonce(1), id(1), Domain(7)));
        assert!(!claim.take_grant(&nonce(1), id(2), Domain(7)));
        assert!(claim.take_grant(&nonce(1), id(3), Domain(8)));
    }

    #[test]
    fn who_attempts_grants_only_to_whom_it_gives_way() {
        let mut claim = attempting(TWO);
        assert_eq!(claim.ask(true, false), Err(Refusal::Attempting));
        assert_eq!(claim.nonce(), Some(&nonce(1)));
        assert_eq!(claim.ask(true, true), Ok(()));
        assert_eq!(claim.nonce(), None, "the own attempt ended with the grant");
        assert!(!claim.take_grant(&nonce(1), id(1), Domain(1)), "and its grants with it");
    }

    #[test]
    fn nothing_is_granted_without_a_copy_or_while_deleting() {
        assert_eq!(Claim::default().ask(false, true), Err(Refusal::NotHeld));
        let mut claim = attempting(Terms { grants: 1, per_domain: None });
        assert!(claim.take_grant(&nonce(1), id(1), Domain(1)));
        assert_eq!(claim.ask(true, true), Err(Refusal::Deleting));
        claim.give_up();
        assert_eq!(claim.ask(true, true), Err(Refusal::Deleting), "giving up ends attempts only");
        claim.end();
        assert_eq!(claim.ask(true, true), Ok(()));
    }

    #[test]
    fn a_deletion_that_was_written_ahead_survives_a_restart() {
        assert_eq!(Claim::after_restart(true).ask(true, true), Err(Refusal::Deleting));
        assert_eq!(Claim::after_restart(false), Claim::default());
    }

    #[test]
    fn a_higher_target_of_another_holder_is_met_as_well() {
        let mut claim = attempting(TWO);
        claim.raise(3);
        claim.raise(1);
        assert!(!claim.take_grant(&nonce(1), id(1), Domain(1)));
        assert!(!claim.take_grant(&nonce(1), id(2), Domain(2)));
        assert!(claim.take_grant(&nonce(1), id(3), Domain(3)));
    }

    #[test]
    fn of_two_beacons_exactly_one_comes_first_and_not_always_the_same() {
        let first = |torrent: u8| precedes(&id(1), &id(2), &InfoHash::V1([torrent; 20]));
        for torrent in 0..100 {
            assert_ne!(first(torrent), precedes(&id(2), &id(1), &InfoHash::V1([torrent; 20])));
        }
        assert!((30..70).contains(&(0..100).filter(|torrent| first(*torrent)).count()));
    }
}

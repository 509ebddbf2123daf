//! Who plays: the beacons, the files, and who has which copy at the start.

use crate::model::{Redundancy, RedundancyError};

/// Beacons, files, and the copies of the start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cast {
    /// What the beacons are called.
    pub(super) beacons: Vec<String>,
    /// The files in order.
    pub(super) files: Vec<Role>,
    /// For each beacon the numbers of the files that it has at the start, in order.
    pub(super) holdings: Vec<Vec<usize>>,
    /// The copies wanted of each file, which are also the most.
    pub(super) target: u16,
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Role {
    pub(super) name: &'static str,
    /// The collection that lists it, by its number.
    pub(super) collection: usize,
}

/// What the collections are called.
pub(super) const COLLECTIONS: [&str; 2] = ["Collection 1", "Collection 2"];
/// The beacon that will lose its power, by its number: not the first, whose page is open.
pub(super) const VICTIM: usize = 2;
/// The beacons of the worked example.
pub(super) const BEACONS: u16 = 7;

const FILES: [(&str, usize); 7] =
    [("C1F1", 0), ("C1F2", 0), ("C1F3", 0), ("C1F4", 0), ("C1F5", 0), ("C2F1", 1), ("C2F2", 1)];
/// What each beacon of the worked example has: fourteen copies, one too many of the second file and eight too few of others.
const WORKED: [&[usize]; BEACONS as usize] = [&[0], &[1], &[0, 2, 3, 4], &[5, 6], &[1, 6], &[0, 1], &[1, 6]];
/// The copies of each file in it.
const COPIES: [usize; FILES.len()] = [3, 4, 1, 1, 1, 1, 3];
const TARGET: u16 = 3;

impl Cast {
    /// The worked example, or with another number of beacons the same files with about the same copies, dealt in turn. Of
    /// `beacons` all but one can have a copy, so that one may go: three want two copies of each.
    pub(super) fn new(beacons: u16) -> Self {
        let count = usize::from(beacons);
        let holdings = if beacons == BEACONS { WORKED.map(<[usize]>::to_vec).to_vec() } else { dealt(count) };
        Self {
            beacons: (1..=count).map(|number| format!("P{number}")).collect(),
            files: FILES.map(|(name, collection)| Role { name, collection }).to_vec(),
            holdings,
            target: TARGET.min(beacons.saturating_sub(1)),
        }
    }

    /// What the collections say of copies.
    pub(super) fn redundancy(&self) -> Result<Redundancy, RedundancyError> {
        Redundancy::new(self.target.into(), Some(self.target.into()))
    }

    /// The copies of each file at the start.
    pub(super) fn copies(&self) -> Vec<usize> {
        (0..self.files.len()).map(|file| self.holdings.iter().filter(|held| held.contains(&file)).count()).collect()
    }

    /// The copies that are missing at the start.
    pub(super) fn missing(&self) -> usize {
        self.copies().into_iter().map(|copies| usize::from(self.target).saturating_sub(copies)).sum()
    }
}

fn dealt(beacons: usize) -> Vec<Vec<usize>> {
    let copies = COPIES.into_iter().enumerate().flat_map(|(file, copies)| vec![file; copies.min(beacons)]);
    let mut holdings = vec![Vec::new(); beacons];
    for (turn, file) in copies.enumerate() {
        holdings[turn % beacons].push(file);
    }
    holdings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seven_play_the_worked_example() {
        let cast = Cast::new(7);
        assert_eq!(cast.copies(), COPIES);
        assert_eq!((cast.missing(), cast.target), (8, 3));
        assert_eq!(cast.holdings[VICTIM].len(), 4);
    }

    #[test]
    fn nobody_is_dealt_a_file_twice_and_everyone_can_be_missed() {
        for beacons in 3..=25 {
            let cast = Cast::new(beacons);
            assert!(cast.holdings.iter().all(|held| held.windows(2).all(|two| two[0] < two[1])), "{beacons}");
            assert!(cast.copies().iter().all(|copies| *copies > 0));
            assert!(cast.target < beacons && cast.redundancy().is_ok());
        }
        assert_eq!(Cast::new(3).target, 2);
    }
}

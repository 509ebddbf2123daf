//! How long a beacon that is away is waited for before its copies are made anew.
//!
//! Who is silent will most likely return; the longer the silence, the less likely. The lengths of absences have heavy tails:
//! much of what can be learnt from silence is learnt early, and after a week another day says little. So the doubt whether
//! a beacon returns is taken to grow with the fourth root of its silence, from nothing to certainty at the repair delay.
//! The doubts of all copies of a torrent add up, and each whole copy in doubt is made anew: one absence is waited for as
//! long as the repair delay, two that began together a sixteenth of it, three an eighty-first. Copies that live beyond the
//! target make up for doubt, so that after a return the next absences cost nothing (Chun et al., NSDI 2006).
//!
//! The shape and the default were chosen by simulating years of churn; see docs/PERFORMANCE.md and `sim::churn`.

use std::time::Duration;

use super::by_torrent::ByTorrent;
use crate::{
    census::{Census, MemberView, TorrentIndex},
    model::BeaconId,
};

/// The doubt whether a beacon returns with its copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Doubt {
    /// In millionths, so that sums are exact and do not depend on their order.
    millionths: u32,
}

impl Doubt {
    const WHOLE: u32 = 1_000_000;

    /// The doubt after this silence.
    pub fn after(silent: Duration, repair_delay: Duration) -> Self {
        if silent >= repair_delay {
            return Self { millionths: Self::WHOLE };
        }
        let share = silent.as_secs_f64() / repair_delay.as_secs_f64();
        // Two square roots, which are the same on every machine, as powers are not.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to a million")]
        let millionths = (share.sqrt().sqrt() * f64::from(Self::WHOLE)) as u32;
        Self { millionths }
    }

    /// In whole percent.
    pub const fn percent(self) -> u32 {
        self.millionths / 10_000
    }
}

/// How many of the copies in `doubts` are counted on, where `target` copies are wanted: all but one for each whole copy in
/// doubt. Where fewer than three are wanted, half a copy in doubt is as bad, since then the last one may be at stake.
pub fn counted_on(doubts: impl IntoIterator<Item = Doubt>, target: u16) -> u16 {
    let (mut copies, mut doubt) = (0_u16, 0_u64);
    for one in doubts {
        copies = copies.saturating_add(1);
        doubt += u64::from(one.millionths);
    }
    let most = u64::from(if target < 3 { Doubt::WHOLE / 2 } else { Doubt::WHOLE });
    copies.saturating_sub(u16::try_from(doubt / most).unwrap_or(u16::MAX))
}

/// Who is away, with what is needed to ask much of them quickly.
#[derive(Debug)]
pub(super) struct Absences<'a> {
    doubted: Vec<(Doubt, MemberView<'a>)>,
    /// The doubts of all copies, by torrent, where every torrent is asked for.
    by_torrent: Option<ByTorrent<Doubt>>,
}

impl<'a> Absences<'a> {
    /// Looks up the beacons that are away, each with how long it has been silent.
    pub(super) fn new(census: &'a Census, away: &[(BeaconId, Duration)], repair_delay: Duration) -> Self {
        let hopeful = away.iter().filter(|(_, silent)| *silent < repair_delay);
        let doubted =
            |(id, silent): &(BeaconId, Duration)| Some((Doubt::after(*silent, repair_delay), census.member(id)?));
        Self { doubted: hopeful.filter_map(doubted).collect(), by_torrent: None }
    }

    /// The same, made ready to be asked for each of so many torrents.
    pub(super) fn of_all(self, torrents: usize) -> Self {
        let copies = self.doubted.iter().flat_map(|(doubt, view)| {
            view.holdings().filter(|(_, state)| state.is_copy()).map(|(torrent, _)| (torrent, *doubt))
        });
        let by_torrent = (!self.doubted.is_empty()).then(|| ByTorrent::new(torrents, copies));
        Self { by_torrent, ..self }
    }

    /// How many copies of beacons that are away are still waited for.
    pub(super) fn expected_back(&self, torrent: TorrentIndex, target: u16) -> u16 {
        if let Some(by_torrent) = &self.by_torrent {
            return counted_on(by_torrent.of(torrent).iter().copied(), target);
        }
        let copies = self.doubted.iter().filter(|(_, view)| view.state(torrent).is_copy());
        counted_on(copies.map(|(doubt, _)| *doubt), target)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DELAY: Duration = Duration::from_hours(16);

    fn counted(hours: &[u64], target: u16) -> u16 {
        let doubt = |hours: &u64| Doubt::after(Duration::from_hours(*hours), DELAY);
        counted_on(hours.iter().map(doubt), target)
    }

    #[test]
    fn one_absence_is_waited_for_as_long_as_the_repair_delay() {
        assert_eq!(counted(&[15], 3), 1);
        assert_eq!(counted(&[16], 3), 0);
        assert_eq!(counted(&[99], 3), 0);
    }

    #[test]
    fn doubts_of_several_absences_add_up() {
        assert_eq!(counted(&[1, 0], 3), 2);
        assert_eq!(counted(&[1, 1], 3), 1, "half a doubt each");
        assert_eq!(counted(&[1, 1, 1, 1], 5), 2);
        assert_eq!(counted(&[16, 16, 1], 3), 1, "what is given up and half a doubt more");
    }

    #[test]
    fn where_two_copies_are_wanted_the_last_one_is_not_left_alone_for_long() {
        assert_eq!(counted(&[0], 2), 1);
        assert_eq!(counted(&[1], 2), 0);
        assert_eq!(counted(&[1], 1), 0);
    }

    #[test]
    fn doubt_grows_with_silence_and_never_beyond_certainty() {
        let after = |minutes| Doubt::after(Duration::from_mins(minutes), DELAY);
        assert!((0..2_000).all(|minutes| after(minutes) <= after(minutes + 1)));
        assert_eq!((after(0).percent(), after(60).percent(), after(960).percent()), (0, 50, 100));
        assert_eq!(after(9_999), after(960));
        assert_eq!(Doubt::after(Duration::ZERO, Duration::ZERO).percent(), 100);
    }
}

//! How long messages take, which are lost, and who can reach whom.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use super::{event::End, scenario::NetworkModel};
use crate::model::Rng;

/// The connections that there are, and the state of the network beneath them.
#[derive(Debug)]
pub(super) struct Network {
    model: NetworkModel,
    rng: Rng,
    /// The beacon at each end of every connection there ever was; `None` where that end is closed.
    ends: Vec<[Option<u32>; 2]>,
    /// The group of each beacon while the network is parted; those not named are of group 0.
    groups: BTreeMap<usize, usize>,
    /// From whom to whom nothing gets.
    cuts: BTreeSet<(usize, usize)>,
}

impl Network {
    pub(super) const fn new(model: NetworkModel, rng: Rng) -> Self {
        Self { model, rng, ends: Vec::new(), groups: BTreeMap::new(), cuts: BTreeSet::new() }
    }

    pub(super) const fn model(&self) -> &NetworkModel {
        &self.model
    }

    /// Opens a connection; the first end is the dialer's.
    pub(super) fn open(&mut self, dialer: usize, acceptor: usize) -> [End; 2] {
        self.ends.push([dialer, acceptor].map(|beacon| u32::try_from(beacon).ok()));
        End::both(self.ends.len() as u64 - 1)
    }

    /// Closes one end; whose it was, if it was open.
    pub(super) fn close(&mut self, end: End) -> Option<usize> {
        let (connection, side) = place(end);
        self.ends.get_mut(connection)?[side].take().map(|beacon| beacon as usize)
    }

    /// Who is at an open end.
    pub(super) fn beacon_at(&self, end: End) -> Option<usize> {
        let (connection, side) = place(end);
        self.ends.get(connection)?[side].map(|beacon| beacon as usize)
    }

    /// Every open connection's dialer end, with the beacons at its ends.
    pub(super) fn connections(&self) -> impl Iterator<Item = (End, usize, usize)> {
        (0..).zip(&self.ends).filter_map(|(connection, ends)| match ends {
            [Some(dialer), Some(acceptor)] => Some((End::both(connection)[0], *dialer as usize, *acceptor as usize)),
            _ => None,
        })
    }

    pub(super) fn part(&mut self, groups: &[Vec<usize>]) {
        self.groups =
            (1..).zip(groups).flat_map(|(group, beacons)| beacons.iter().map(move |beacon| (*beacon, group))).collect();
    }

    pub(super) fn cut(&mut self, from: &[usize], to: &[usize]) {
        self.cuts.extend(from.iter().flat_map(|from| to.iter().map(move |to| (*from, *to))));
    }

    pub(super) fn join(&mut self) {
        self.groups.clear();
        self.cuts.clear();
    }

    pub(super) const fn set_weather(&mut self, loss_ppm: u32, duplicate_ppm: u32, reorder_ppm: u32) {
        self.model.loss_ppm = loss_ppm;
        self.model.duplicate_ppm = duplicate_ppm;
        self.model.reorder_ppm = reorder_ppm;
    }

    /// Whether packets get from one beacon to another at all.
    pub(super) fn reaches(&self, one: usize, other: usize) -> bool {
        let group = |beacon: usize| self.groups.get(&beacon).copied().unwrap_or(0);
        group(one) == group(other) && !self.cuts.contains(&(one, other))
    }

    /// Whether packets get from one to the other and back, as a connection needs.
    pub(super) fn connects(&self, one: usize, other: usize) -> bool {
        self.reaches(one, other) && self.reaches(other, one)
    }

    /// How long one packet takes.
    pub(super) fn hop(&mut self) -> Duration {
        let jitter = millis(self.model.jitter);
        let spread = self.rng.below(usize::try_from(jitter * 2 + 1).unwrap_or(1)) as u64;
        Duration::from_millis((millis(self.model.hop) + spread).saturating_sub(jitter).max(1))
    }

    /// How long a datagram takes; `None` where it is lost.
    pub(super) fn datagram(&mut self) -> Option<Duration> {
        let lost = self.rng.chance_ppm(self.model.loss_ppm);
        (!lost).then(|| self.hop_of_datagram())
    }

    /// How long the second of a datagram takes that arrives twice; `None` where it does not.
    pub(super) fn duplicate(&mut self) -> Option<Duration> {
        let twice = self.model.duplicate_ppm > 0 && self.rng.chance_ppm(self.model.duplicate_ppm);
        twice.then(|| self.hop_of_datagram())
    }

    fn hop_of_datagram(&mut self) -> Duration {
        let late = self.model.reorder_ppm > 0 && self.rng.chance_ppm(self.model.reorder_ppm);
        if late { self.hop() * (2 + u32::try_from(self.rng.below(9)).unwrap_or(0)) } else { self.hop() }
    }

    /// How long so many packets take that are sent again until they are there, and how many are sent again.
    pub(super) fn stream(&mut self, packets: u64) -> (Duration, u64) {
        let (mut delay, mut missing, mut again) = (self.hop(), packets, 0);
        loop {
            missing = (0..missing).map(|_| u64::from(self.rng.chance_ppm(self.model.loss_ppm))).sum();
            if missing == 0 {
                return (delay, again);
            }
            again += missing;
            delay += self.resend();
        }
    }

    /// How long it takes until a packet that was lost is sent again and there: it is missed, asked for, and sent.
    pub(super) const fn resend(&self) -> Duration {
        self.model.hop.saturating_mul(3)
    }
}

/// The connection that an end is of, and which of its two it is.
fn place(end: End) -> (usize, usize) {
    (usize::try_from(end.0 / 2).unwrap_or(usize::MAX), usize::from(end.0 % 2 == 1))
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

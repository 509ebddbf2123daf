//! How far the news has spread, and what the overlay looks like.

use std::collections::{BTreeMap, BTreeSet};

use super::simulation::Simulation;
use crate::{census::Status, model::Liveness};

/// How much the beacons that run know of each other. A pair is one beacon that runs and another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knowledge {
    /// All pairs.
    pub pairs: usize,
    /// Those where the first has heard of the second and takes it to be alive.
    pub members: usize,
    /// Those where the first knows by a hello which status is the second's.
    pub roots: usize,
    /// Those where the first has the second's status as it is now.
    pub statuses: usize,
}

/// What the links between the beacons that run look like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlay {
    /// How many beacons have 0, 1, 2, ... links.
    pub degrees: Vec<usize>,
    /// Links, each counted once.
    pub links: usize,
    /// Links on which hellos go in full in at least one direction.
    pub eager_links: usize,
    /// Into how many parts that are not linked to each other the beacons fall.
    pub parts: usize,
    /// The most links between any beacon and the first.
    pub depth: usize,
}

impl Knowledge {
    /// Whether everyone knows everyone, and what everyone holds.
    pub const fn is_full(&self) -> bool {
        self.members == self.pairs && self.statuses == self.pairs
    }
}

impl Simulation {
    /// How far the news has spread.
    pub fn knowledge(&self) -> Knowledge {
        let nodes: Vec<_> = self.beacons.iter().filter_map(|beacon| beacon.node.as_deref()).collect();
        let roots: BTreeMap<_, _> =
            nodes.iter().map(|node| (node.id(), node.protocol().own().status().map(|status| status.root()))).collect();
        let mut knowledge =
            Knowledge { pairs: nodes.len() * nodes.len().saturating_sub(1), members: 0, roots: 0, statuses: 0 };
        for node in &nodes {
            // Both are in the order of the ids, so one walk through each is enough.
            let mut roots = roots.iter().peekable();
            for (id, member) in
                node.protocol().members().iter().filter(|(_, member)| member.liveness() == Liveness::Alive)
            {
                while roots.next_if(|(other, _)| *other < id).is_some() {}
                let Some((_, root)) = roots.next_if(|(other, _)| *other == id) else { continue };
                knowledge.members += 1;
                knowledge.roots += usize::from(root.is_some() && member.hello().hello().root == *root);
                let known = member.status().map(|status: &std::sync::Arc<Status>| status.root());
                knowledge.statuses += usize::from(root.is_some() && known == *root);
            }
        }
        knowledge
    }

    /// What the links look like.
    pub fn overlay(&self) -> Overlay {
        let up: BTreeSet<usize> = (0..self.beacons.len()).filter(|place| self.beacons[*place].is_up()).collect();
        let mut overlay = Overlay { degrees: Vec::new(), links: 0, eager_links: 0, parts: 0, depth: 0 };
        for place in &up {
            let degree = self.beacons[*place].links.len();
            if overlay.degrees.len() <= degree {
                overlay.degrees.resize(degree + 1, 0);
            }
            overlay.degrees[degree] += 1;
        }
        for (end, one, other) in self.network.connections() {
            overlay.links += 1;
            let eager = |place: usize, end: super::event::End| {
                let link = crate::model::LinkId(end.0);
                self.node(place).and_then(|node| node.protocol().links().find(link)).is_some_and(|link| link.is_eager())
            };
            overlay.eager_links += usize::from(eager(one, end) || eager(other, end.other()));
        }
        let mut unseen = up;
        while let Some(first) = unseen.pop_first() {
            let mut depth = 0;
            let mut rim = vec![first];
            while !rim.is_empty() {
                let beyond = rim.iter().flat_map(|place| self.beacons[*place].links.keys().copied());
                rim = beyond.filter(|place| unseen.remove(place)).collect();
                depth += usize::from(!rim.is_empty());
            }
            if overlay.parts == 0 {
                overlay.depth = depth;
            }
            overlay.parts += 1;
        }
        overlay
    }
}

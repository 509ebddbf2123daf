//! One act of the demo, once it is over.

use super::{cast::Cast, scene::Scene, tally::Totals};

/// One act of the demo, once it is over.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Act {
    pub(super) title: String,
    /// What was done in it.
    pub(super) totals: Totals,
    /// From its beginning until every file had its copies.
    pub(super) seconds: f64,
    /// Who had all of each file in the end, in the order of the cast.
    pub(super) holders: Vec<Vec<usize>>,
    /// What was not as it should be when the patience was at its end.
    pub(super) unmet: Vec<String>,
}

/// What is not yet as it should be: each file has its target and no more, every beacon knows it, and none has anything to do.
pub(super) fn unmet(cast: &Cast, scene: &Scene) -> Vec<String> {
    let mut unmet = Vec::new();
    for (file, role) in cast.files.iter().enumerate() {
        let (copies, target) = (scene.holders(file).len(), usize::from(cast.target));
        if copies != target {
            unmet.push(format!("{} has {copies} of {target} copies", role.name));
        }
        let disagrees = |place: &usize| scene.beacons[*place].counts.get(file) != Some(&copies);
        if let Some(place) = running(scene).find(disagrees) {
            unmet.push(format!("{} counts the copies of {} otherwise", cast.beacons[place], role.name));
        }
    }
    let busy = running(scene).filter(|place| scene.beacons[*place].is_busy);
    unmet.extend(busy.map(|place| format!("{} still has something to do", cast.beacons[place])));
    unmet
}

fn running(scene: &Scene) -> impl Iterator<Item = usize> {
    (0..scene.beacons.len()).filter(|place| scene.beacons[*place].runs)
}

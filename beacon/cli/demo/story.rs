//! What happens, in sentences: the differences between two scenes.

use super::{
    cast::Cast,
    scene::{Cell, Scene},
};

/// What happened between two scenes, a line each; copies are counted as if it had happened one after the other.
pub(super) fn changes(cast: &Cast, before: &Scene, now: &Scene) -> Vec<String> {
    let mut lines = Vec::new();
    let mut copies: Vec<usize> = (0..cast.files.len()).map(|file| before.holders(file).len()).collect();
    for (place, (old, new)) in before.beacons.iter().zip(&now.beacons).enumerate() {
        // One that has just gone or come tells nothing by that.
        if !old.runs || !new.runs {
            continue;
        }
        for (file, (from, to)) in old.cells.iter().zip(&new.cells).enumerate() {
            let (was_copy, is_copy) = (*from == Cell::Held, *to == Cell::Held);
            copies[file] = copies[file] + usize::from(is_copy) - usize::from(was_copy);
            let Some(text) = change(*from, *to) else { continue };
            let (who, what) = (&cast.beacons[place], cast.files[file].name);
            lines.push(if was_copy == is_copy {
                format!("{who} {text} {what}")
            } else {
                format!("{who} {text} {what}: {} of {} copies", copies[file], cast.target)
            });
        }
    }
    lines
}

fn change(from: Cell, to: Cell) -> Option<&'static str> {
    Some(match (from, to) {
        (Cell::Absent, Cell::Coming) => "means to fetch",
        (Cell::Absent | Cell::Coming, Cell::Fetching(_)) => "fetches",
        (Cell::Absent | Cell::Coming | Cell::Fetching(_), Cell::Held) => "has",
        (Cell::Held, Cell::Leaving) => "lets go of",
        (Cell::Held | Cell::Leaving, Cell::Absent) => "has deleted",
        (Cell::Leaving, Cell::Held) => "keeps",
        (Cell::Coming | Cell::Fetching(_), Cell::Absent) => "gives up",
        (Cell::Held | Cell::Leaving, Cell::Coming | Cell::Fetching(_)) => "has lost something of",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{super::scene::Seen, *};

    fn scene(cells: [Cell; 3]) -> Scene {
        let seen = |cell| Seen { runs: true, cells: vec![cell], ..Seen::default() };
        Scene { beacons: cells.map(seen).to_vec() }
    }

    #[test]
    fn what_changes_is_said_once() {
        let cast = Cast::new(3);
        let before = scene([Cell::Held, Cell::Absent, Cell::Held]);
        let now = scene([Cell::Held, Cell::Fetching(0), Cell::Leaving]);
        assert_eq!(changes(&cast, &before, &now), ["P2 fetches C1F1", "P3 lets go of C1F1: 1 of 2 copies"]);
        let later = scene([Cell::Held, Cell::Fetching(40), Cell::Absent]);
        assert_eq!(changes(&cast, &now, &later), ["P3 has deleted C1F1"]);
        assert_eq!(changes(&cast, &later, &later), [""; 0]);
        assert_eq!(changes(&cast, &Scene::default(), &now), [""; 0], "the start is no change");
    }
}

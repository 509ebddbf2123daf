//! When each beacon is there: all sessions of everyone, made before anything is played.

use std::{cmp::Ordering, time::Duration};

use super::{
    draws::{exponential, log_normal, normal, pareto, unit},
    scenario::{ChurnScenario, Day, Kind},
};
use crate::model::{BeaconId, ByteSize, Instant, Rng, mix};

/// One beacon from its first to its last session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Life {
    pub(super) id: BeaconId,
    pub(super) budget: ByteSize,
    /// When it is up, in order; what reaches beyond the end of the run is cut off there.
    pub(super) sessions: Vec<(Instant, Instant)>,
    /// Whether it never returns after its last session, rather than that the run is over.
    pub(super) leaves: bool,
}

/// The lives of all beacons, in the order of their ids.
pub(super) fn lives(scenario: &ChurnScenario) -> Vec<Life> {
    let mut rng = Rng::new(mix(scenario.seed));
    let end = Instant::ZERO + scenario.lasts();
    let mut lives = Vec::new();
    for kind in &scenario.kinds {
        for _ in 0..kind.beacons {
            let mut rng = rng.fork();
            let mut joins = Instant::ZERO;
            while joins < end {
                let leaves_at = joins + exponential(&mut rng, kind.lifetime);
                lives.extend(life(&mut rng, kind, joins, leaves_at, end));
                joins = leaves_at + exponential(&mut rng, scenario.replaced_after);
            }
        }
    }
    lives.sort_by_key(|life| life.id);
    lives
}

/// One life, if there is any session in it.
fn life(rng: &mut Rng, kind: &Kind, joins: Instant, leaves_at: Instant, end: Instant) -> Option<Life> {
    let mut id = [0; 32];
    for bytes in id.as_chunks_mut::<8>().0 {
        *bytes = rng.next_u64().to_le_bytes();
    }
    let until = leaves_at.min(end);
    let mut absences = Vec::new();
    let mut at = joins;
    loop {
        at += exponential(rng, kind.outages.every);
        if at >= until {
            break;
        }
        let outages = &kind.outages;
        let back = at + pareto(rng, outages.median, outages.alpha, outages.most);
        absences.push((at, back));
        at = back;
    }
    if let Some(trips) = &kind.trips {
        let mut at = joins + exponential(rng, trips.every);
        while at < until {
            let back = at + log_normal(rng, trips.median, trips.sigma);
            absences.push((at, back));
            at = back + exponential(rng, trips.every);
        }
    }
    // Everyone is there for a while when they join, since that is how they join.
    let mut windows = vec![(joins, joins + Duration::from_hours(1))];
    match &kind.day {
        Some(day) => windows.extend(days(rng, day, joins, until)),
        None => windows.push((joins, until)),
    }
    let sessions = up(&windows, &absences, until);
    (!sessions.is_empty()).then_some(Life {
        id: BeaconId::new(id),
        budget: kind.budget,
        sessions,
        leaves: leaves_at < end,
    })
}

/// The hours in which a machine is on, day by day.
fn days(rng: &mut Rng, day: &Day, joins: Instant, until: Instant) -> Vec<(Instant, Instant)> {
    const DAY: Duration = Duration::from_hours(24);
    let hours = |hours: f64| Duration::from_secs_f64(hours.max(0.0) * 3_600.0);
    let mut windows = Vec::new();
    let mut midnight = Instant::ZERO;
    while midnight < until {
        let from = day.from + day.spread * normal(rng);
        let until = day.until + day.spread * normal(rng);
        let skipped = unit(rng) < day.skipped;
        let (from, until) = (midnight + hours(from), midnight + hours(until));
        if !skipped && from < until && until > joins {
            windows.push((from.max(joins), until));
        }
        midnight += DAY;
    }
    windows
}

/// What remains of `windows` without `absences`, until some time; neighboring sessions are joined.
fn up(windows: &[(Instant, Instant)], absences: &[(Instant, Instant)], until: Instant) -> Vec<(Instant, Instant)> {
    // Going along all edges, with the number of windows and absences that are open.
    let mut edges: Vec<(Instant, i32, i32)> = Vec::new();
    edges.extend(windows.iter().flat_map(|(from, to)| [(*from, 1, 0), (*to, -1, 0)]));
    edges.extend(absences.iter().flat_map(|(from, to)| [(*from, 0, 1), (*to, 0, -1)]));
    edges.sort_unstable();
    let mut sessions: Vec<(Instant, Instant)> = Vec::new();
    let (mut on, mut off, mut since) = (0, 0, None);
    for (at, window, absence) in edges {
        on += window;
        off += absence;
        match (since, on > 0 && off == 0) {
            (None, true) => since = Some(at),
            (Some(from), false) => {
                push(&mut sessions, from, at.min(until));
                since = None;
            }
            _ => {}
        }
    }
    sessions
}

fn push(sessions: &mut Vec<(Instant, Instant)>, from: Instant, to: Instant) {
    match sessions.last_mut() {
        Some(last) if last.1 >= from => last.1 = last.1.max(to),
        _ if from.cmp(&to) == Ordering::Less => sessions.push((from, to)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hours: u64) -> Instant {
        Instant::ZERO + Duration::from_hours(hours)
    }

    #[test]
    fn sessions_are_what_absences_leave_of_the_hours_on() {
        let windows = vec![(at(0), at(1)), (at(1), at(4)), (at(10), at(20)), (at(30), at(99))];
        let absences = vec![(at(2), at(12)), (at(3), at(5)), (at(15), at(16))];
        let sessions = up(&windows, &absences, at(40));
        assert_eq!(sessions, [(at(0), at(2)), (at(12), at(15)), (at(16), at(20)), (at(30), at(40))]);
    }

    #[test]
    fn kinds_are_up_as_much_as_they_say() {
        let up = |kind: Kind| {
            let scenario = ChurnScenario::new(5, vec![Kind { beacons: 60, ..kind }]);
            let lives = lives(&scenario);
            let of = |life: &Life| -> Duration { life.sessions.iter().map(|(from, to)| to.since(*from)).sum() };
            lives.iter().map(of).sum::<Duration>().as_secs_f64() / scenario.lasts().as_secs_f64() / 60.0
        };
        let close = |share: f64, wanted: f64| assert!((share - wanted).abs() < 0.03, "{share} is not about {wanted}");
        close(up(Kind::servers(1)), 0.98);
        close(up(Kind::home_servers(1)), 0.95);
        close(up(Kind::evening_machines(1)), 0.20);
        close(up(Kind::laptops(1)), 0.32);
    }

    #[test]
    fn about_as_many_leave_as_their_lifetime_says() {
        let scenario = ChurnScenario::new(5, vec![Kind::laptops(500)]);
        let leaving = lives(&scenario).iter().filter(|life| life.leaves).count();
        assert!((420..560).contains(&leaving), "{leaving} of 500 in a year, which is their lifetime");
    }
}

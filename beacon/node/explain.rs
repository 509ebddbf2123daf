//! Why things are as they are with a torrent, and what comes next.

use super::{
    node::Node,
    view::{ClientState, Mode, Standing},
};
use crate::{
    census::{Tally, TorrentIndex},
    model::{BeaconId, InfoHash, Instant, Liveness, Redundancy, TorrentState},
    plan::{Doubt, ReclaimReason, assign, deleters},
};
use std::time::Duration;

/// One sentence each, the verdict first.
pub(super) fn explain(node: &Node, now: Instant, index: TorrentIndex) -> Vec<String> {
    let torrent = *node.census.torrents().at(index);
    let tally = node.census.tally(index);
    let counted = node.counted(index);
    let mut lines = vec![verdict(node.standing(index), Tally { copies: counted, ..tally }, torrent.redundancy)];
    if let Some(cap) = torrent.redundancy.per_zone().filter(|_| counted < tally.copies) {
        lines.push(format!("there are {} copies, but of one zone or subnet no more than {cap} count", tally.copies));
    }
    if node.pins.contains(&torrent.info_hash) {
        lines.push("it is pinned here: this beacon keeps it whatever the counts".to_owned());
    }
    if node.requests.contains(&torrent.info_hash) {
        lines.push("it was asked for here: this beacon fetches it once, and afterwards the counts decide".to_owned());
    }
    lines.extend(holders(node, now, index));
    lines.push(what_next(node, now, index));
    lines.extend(here(node, index));
    lines
}

fn verdict(standing: Standing, tally: Tally, redundancy: Redundancy) -> String {
    let Tally { copies, fetching, .. } = tally;
    let (target, max) = (redundancy.target(), redundancy.max());
    let on_the_way = match fetching {
        0 => String::new(),
        1 => ", one more on its way".to_owned(),
        more => format!(", {more} more on their way"),
    };
    match standing {
        Standing::Missing => format!("missing: no live copy of the {target} wanted{on_the_way}"),
        Standing::Under => format!("under: {copies} of {target} copies{on_the_way}"),
        Standing::Met if max > target => {
            format!("met: {copies} copies, between the target of {target} and the max of {max}")
        }
        Standing::Met => format!("met: {copies} of {target} copies"),
        Standing::Over => format!("over: {copies} copies, more than the max of {max}"),
    }
}

fn holders(node: &Node, now: Instant, index: TorrentIndex) -> Vec<String> {
    let target = node.census.torrents().at(index).redundancy.target();
    let line = |(id, state, liveness): (_, TorrentState, Liveness)| {
        let name = node.beacon_name(&id);
        let heard = node.protocol.members().find(&id).map_or(0, |member| now.since(member.heard()).as_secs());
        match liveness {
            Liveness::Alive => format!("{name}: {state}, {}", meaning(state)),
            Liveness::Suspect => format!("{name}: {state}; not heard from for {heard} s, still counted"),
            Liveness::Away if state.is_copy() => {
                let doubt = Doubt::after(Duration::from_secs(heard), node.settings.repair_delay).percent();
                let measure = if target < 3 { "half a copy" } else { "each whole copy" };
                format!(
                    "{name}: {state}, but away for {heard} s; its return is {doubt} % in doubt, and {measure} in doubt is made anew"
                )
            }
            Liveness::Away => format!("{name}: {state}, but away for {heard} s"),
            Liveness::Gone => format!("{name}: {state} when it was last heard from, {heard} s ago; it does not count"),
        }
    };
    node.census.holders(index).map(line).collect()
}

const fn meaning(state: TorrentState) -> &'static str {
    match state {
        TorrentState::Absent => "nothing is there",
        TorrentState::Fetching => "on its way",
        TorrentState::Stalled => "not complete there and not moving, so nobody counts on it",
        TorrentState::Held => "a copy that the beacon keeps for the network",
        TorrentState::Pinned => "a copy of the user's own, never deleted",
        TorrentState::Draining => "served, but about to go, so not counted",
        TorrentState::Resting => "complete, but its client does not serve it, so not counted",
    }
}

fn what_next(node: &Node, now: Instant, index: TorrentIndex) -> String {
    let info_hash = node.census.torrents().at(index).info_hash;
    if let Some(reclaim) = node.reclaims.find(&info_hash) {
        return format!(
            "this beacon is about to be rid of it: {}",
            reclaim.describe(now, node.settings.reclaim.quarantine)
        );
    }
    if let Some(waiting) = &node.waiting {
        return format!("nothing is planned at present: {waiting}");
    }
    if let Some((_, reason)) = node.plan.fetch.iter().find(|(planned, _)| *planned == index) {
        let will = if node.settings.mode == Mode::DryRun {
            "would fetch it, were this not a dry run"
        } else {
            "is about to fetch it"
        };
        return format!("this beacon {will}: {reason}");
    }
    if let Some((_, reason)) = node.plan.cancel.iter().find(|(planned, _)| *planned == index) {
        return format!("this beacon gives it up: {reason}");
    }
    if let Some((_, lacking, reason)) = node.plan.unplaced.iter().find(|(planned, _, _)| *planned == index) {
        return match lacking {
            1 => format!("one copy cannot be placed: {reason}"),
            more => format!("{more} copies cannot be placed: {reason}"),
        };
    }
    if let Some((_, reason)) = node.plan.reclaim.iter().find(|(planned, _)| *planned == index) {
        return reclaim_to_come(node, now, &info_hash, *reason);
    }
    if let Some((_, intent)) = node.actions.intents().find(|(intended, _)| **intended == info_hash) {
        return format!("this beacon has announced that it will fetch it: {}", intent.reason);
    }
    let tally = Tally { copies: node.counted(index), ..node.census.tally(index) };
    let target = node.census.torrents().at(index).redundancy.target();
    match tally {
        Tally { .. } if node.standing(index) == Standing::Over => surplus_of_others(node, now, index),
        Tally { copies, .. } if copies >= target => "nothing is to be done".to_owned(),
        Tally { copies, fetching, .. } if copies + fetching >= target => "enough copies are on their way".to_owned(),
        Tally { served: 0, .. } if !node.rescues(now) => {
            "nobody is known to have it; a beacon that does may still appear, so it is not looked for elsewhere yet"
                .to_owned()
        }
        Tally { away, .. } if away > 0 => "a beacon that is away is given time to return".to_owned(),
        _ => lacking_elsewhere(node, now, index),
    }
}

/// What this beacon means to be rid of, and when.
fn reclaim_to_come(node: &Node, now: Instant, info_hash: &InfoHash, reason: ReclaimReason) -> String {
    if node.settings.mode == Mode::DryRun {
        return format!(
            "this beacon would ask the other holders whether it may delete it, were this not a dry run: {reason}"
        );
    }
    let stood = node.reclaims.standing(info_hash).map_or(Duration::ZERO, |since| now.since(since));
    let left = node.settings.reclaim.delay.saturating_sub(stood).as_secs();
    if left > 0 && !reason.is_wanted() {
        return format!(
            "this beacon will ask the other holders whether it may delete it if that is still so in {left} s: {reason}"
        );
    }
    format!("this beacon is about to ask the other holders whether it may delete it: {reason}")
}

/// Why a surplus is not for this beacon to reclaim, and whose it is.
fn surplus_of_others(node: &Node, now: Instant, index: TorrentIndex) -> String {
    let (_, deleters) = node.in_situation(now, false, |situation| deleters(situation, index));
    match names(node, &deleters) {
        Some(names) => format!("{names} last in line for it and expected to delete the copy there"),
        None if node.census.holders(index).any(|(_, state, _)| state == TorrentState::Held) => {
            "too few of those who hold it for the network are surely there, so nothing is deleted".to_owned()
        }
        None => "all copies are users' own, which are never deleted".to_owned(),
    }
}

/// Who is expected to fetch it.
fn lacking_elsewhere(node: &Node, now: Instant, index: TorrentIndex) -> String {
    let all = (0..).take(node.census.tallies().len());
    let assigned = node.in_situation(now, false, |situation| assign(situation, all));
    let takers =
        assigned.into_iter().find(|assignment| assignment.torrent == index).map(|assignment| assignment.takers);
    match names(node, &takers.unwrap_or_default()) {
        Some(names) => format!("{names} first in line for it and expected to fetch it"),
        None => "it is waited for what the next round brings".to_owned(),
    }
}

/// The names of beacons, with the verb that follows them.
fn names(node: &Node, beacons: &[BeaconId]) -> Option<String> {
    let (last, others) = beacons.split_last()?;
    let last = node.beacon_name(last);
    let others: Vec<String> = others.iter().map(|id| node.beacon_name(id)).collect();
    Some(if others.is_empty() { format!("{last} is") } else { format!("{} and {last} are", others.join(", ")) })
}

fn here(node: &Node, index: TorrentIndex) -> Option<String> {
    match (&node.client, node.census.torrents().at(index).size) {
        (ClientState::Trouble(reason), _) => Some(format!("this beacon's client is in trouble: {reason}")),
        (_, None) => Some("its size is not known, since nobody has shown its metadata yet".to_owned()),
        _ => None,
    }
}

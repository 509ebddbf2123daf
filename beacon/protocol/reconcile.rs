//! Finding which hellos one of two neighbors lacks, when a link is new and now and then on old ones.
//!
//! Beacon ids fall into 256 ranges by their first byte. Who dials sends a checksum for each; the other answers with the
//! versions it knows in ranges that differ; then each sends what the other lacks. Ten thousand members of whom five
//! changed cost some twelve kilobytes.

use std::{collections::BTreeMap, sync::Arc};

use super::Protocol;
use crate::{
    model::{BeaconId, LinkId},
    wire::{HighWater, Message, SignedHello},
};

/// Hellos go in messages of this many, so that none is large.
const BATCH: usize = 64;

/// A neighbor's checksums: answers with what is known where they differ.
pub(super) fn on_summary(protocol: &mut Protocol, link: LinkId, sums: &[u64; 256]) {
    let ours = protocol.members.sums();
    // This beacon's own hello is in the neighbor's sums and not in its own, and the other way round.
    let ranges: Vec<u8> = (0..=255).filter(|&range| ours[usize::from(range)] != sums[usize::from(range)]).collect();
    if !ranges.is_empty() {
        let known = protocol.members.known_in(&ranges);
        protocol.outbox.send(link, Message::Ranges { ranges, known });
    }
}

/// What a neighbor knows in some ranges: sends it what it lacks, and asks for what is lacking here.
pub(super) fn on_ranges(protocol: &mut Protocol, link: LinkId, ranges: &[u8], known: &[HighWater]) {
    let theirs: BTreeMap<BeaconId, (u64, u64)> =
        known.iter().map(|mark| (mark.beacon, (mark.incarnation, mark.seq))).collect();
    let neighbor = protocol.links.find(link).map(|link| link.beacon);
    let ours = protocol.members.known_in(ranges);
    let to_send: Vec<BeaconId> = ours
        .iter()
        .filter(|mark| theirs.get(&mark.beacon).is_none_or(|version| *version < (mark.incarnation, mark.seq)))
        .map(|mark| mark.beacon)
        .filter(|beacon| Some(*beacon) != neighbor)
        .collect();
    send_hellos(protocol, link, &to_send);

    let me = protocol.id();
    let to_ask: Vec<BeaconId> = theirs
        .into_iter()
        .filter(|(beacon, version)| {
            *beacon != me && protocol.members.newest(beacon).is_none_or(|newest| newest < *version)
        })
        .map(|(beacon, _)| beacon)
        .collect();
    for batch in to_ask.chunks(Message::MEMBERS_MAX) {
        protocol.outbox.send(link, Message::AskMembers(batch.to_vec()));
    }
}

/// A neighbor lacks these.
pub(super) fn on_ask_members(protocol: &mut Protocol, link: LinkId, ids: &[BeaconId]) {
    send_hellos(protocol, link, ids);
}

fn send_hellos(protocol: &mut Protocol, link: LinkId, ids: &[BeaconId]) {
    let hellos: Vec<Arc<SignedHello>> =
        ids.iter().filter_map(|id| protocol.members.find(id)).map(|member| Arc::clone(&member.hello)).collect();
    for batch in hellos.chunks(BATCH) {
        protocol.outbox.send(link, Message::Hellos(batch.to_vec()));
    }
}

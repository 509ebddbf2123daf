//! Finding which hellos one of two neighbors lacks, when a link is new and now and then on old ones.
//!
//! Beacon ids fall into 256 ranges by their first byte. Who dials sends a checksum for each; the other answers with the
//! versions it knows in ranges that differ; then each sends what the other lacks. Neighbors that know the same spend two
//! and a half kilobytes on finding that out.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use super::Protocol;
use crate::{
    model::{BeaconId, Instant, LinkId, stir},
    wire::{HighWater, Message, SignedHello},
};

/// Hellos go in messages of this many, so that none is large.
const BATCH: usize = 64;

/// A neighbor's checksums: answers with what is known where they differ.
pub(super) fn on_summary(protocol: &mut Protocol, now: Instant, link: LinkId, sums: &[u64; 256]) {
    let ours = protocol.sums();
    let differ = |range: &u8| ours[usize::from(*range)] != sums[usize::from(*range)];
    let ranges: BTreeSet<u8> = (0..=255).filter(differ).collect();
    if !ranges.is_empty() {
        let known = protocol.known_in(&ranges);
        protocol.answer(now, link, Message::Ranges { ranges: ranges.into_iter().collect(), known });
    }
}

/// What a neighbor knows in some ranges: sends it what it lacks, and asks for what is lacking here. It counts only as the
/// answer to a summary, since it makes for work.
pub(super) fn on_ranges(protocol: &mut Protocol, now: Instant, link: LinkId, ranges: Vec<u8>, known: &[HighWater]) {
    match protocol.links.find_mut(link) {
        Some(sender) if sender.summaries > 0 => sender.summaries -= 1,
        _ => return,
    }
    let ranges: BTreeSet<u8> = ranges.into_iter().collect();
    let theirs: BTreeMap<BeaconId, (u64, u64)> = known
        .iter()
        .filter(|mark| ranges.contains(&mark.beacon.as_bytes()[0]))
        .map(|mark| (mark.beacon, (mark.incarnation, mark.seq)))
        .collect();
    let lacks = |mark: &HighWater| theirs.get(&mark.beacon).is_none_or(|known| *known < (mark.incarnation, mark.seq));
    let to_send: Vec<BeaconId> = protocol.known_in(&ranges).into_iter().filter(lacks).map(|mark| mark.beacon).collect();
    send_hellos(protocol, now, link, &to_send);

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
pub(super) fn on_ask_members(protocol: &mut Protocol, now: Instant, link: LinkId, ids: &[BeaconId]) {
    send_hellos(protocol, now, link, ids);
}

fn send_hellos(protocol: &mut Protocol, now: Instant, link: LinkId, ids: &[BeaconId]) {
    let neighbor = protocol.links.find(link).map(|link| link.beacon);
    // Each once, however often it was asked for; and nobody needs to be told of itself.
    let ids: BTreeSet<&BeaconId> = ids.iter().filter(|id| Some(**id) != neighbor).collect();
    let hellos: Vec<Arc<SignedHello>> = ids.into_iter().filter_map(|id| protocol.newest_hello(id).cloned()).collect();
    for batch in hellos.chunks(BATCH) {
        protocol.answer(now, link, Message::Hellos(batch.to_vec()));
    }
}

pub(super) const fn bucket(id: &BeaconId) -> usize {
    id.as_bytes()[0] as usize
}

/// A number for a version of a beacon's hello. It need not withstand malice: who lies about sums only hurts itself.
pub(super) fn fingerprint(hello: &SignedHello) -> u64 {
    let id = hello.hello().id;
    let (incarnation, seq) = hello.version();
    let words = id.as_bytes().as_chunks::<8>().0.iter().map(|word| u64::from_le_bytes(*word));
    words.chain([incarnation, seq]).fold(0, stir)
}

//! What holds at one moment, taken out of an observation.

use std::{collections::BTreeMap, time::Duration};

use super::{ClientCondition, EventKind, FailedAction, GoneMember, LackingTorrent, Observation, Subject};

/// Something that holds, with what is said of it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fact<'a> {
    /// A torrent has fewer copies than wanted, or none.
    Lacking(&'a LackingTorrent),
    /// The client does not answer.
    ClientLost(&'a str),
    /// The disk is full.
    DiskFull(super::DiskSeen),
    /// A collection file is broken.
    Broken(&'a str),
    /// All is safe with others.
    Drained(super::DrainSeen),
    /// A member is gone.
    Gone(&'a GoneMember),
    /// Something failed.
    Failed(&'a FailedAction),
}

/// Members that have been gone for longer are not news: whoever switches notifications on knows of them.
pub(super) const GONE_IS_NEWS: Duration = Duration::from_hours(24);

/// Everything that holds.
pub(super) fn facts(observation: &Observation) -> BTreeMap<Subject, Fact<'_>> {
    let mut facts = BTreeMap::new();
    let mut add = |kind, of: String, fact| {
        facts.insert(Subject { kind, of }, fact);
    };
    if observation.counts_known {
        for torrent in &observation.lacking {
            let hash = torrent.info_hash.to_string();
            if torrent.copies == 0 {
                add(EventKind::Missing, hash.clone(), Fact::Lacking(torrent));
            }
            add(EventKind::Under, hash, Fact::Lacking(torrent));
        }
    }
    if let ClientCondition::Trouble(reason) = &observation.client {
        add(EventKind::ClientLost, String::new(), Fact::ClientLost(reason));
    }
    if let Some(disk) = observation.disk.filter(|disk| disk.free <= disk.keep_free) {
        add(EventKind::DiskFull, String::new(), Fact::DiskFull(disk));
    }
    for problem in &observation.problems {
        add(EventKind::CollectionBroken, file_of(problem).to_owned(), Fact::Broken(problem));
    }
    if !is_drain_unknown(observation)
        && let Some(drain) = observation.drain.filter(|drain| drain.waiting == 0)
    {
        add(EventKind::DrainFinished, String::new(), Fact::Drained(drain));
    }
    for member in &observation.gone {
        add(EventKind::MemberGone, member.id.to_string(), Fact::Gone(member));
    }
    for failure in &observation.failures {
        add(EventKind::ActionFailed, format!("{} {}", failure.action, failure.info_hash), Fact::Failed(failure));
    }
    facts
}

/// Whether nothing can be said of a subject at present.
pub(super) fn is_unknown(observation: &Observation, subject: &Subject) -> bool {
    match subject.kind {
        // What is not among those looked at may still hold.
        EventKind::Missing => !observation.counts_known || is_missing_left_out(observation),
        EventKind::Under => !observation.counts_known || observation.lacking_left_out > 0,
        EventKind::ClientLost => observation.client == ClientCondition::Starting,
        EventKind::DiskFull => observation.disk.is_none(),
        EventKind::DrainFinished => observation.drain.is_some() && is_drain_unknown(observation),
        _ => false,
    }
}

/// Whether torrents without a copy may be among those that were not looked at. Those come first, so only where they fill all
/// that is looked at.
fn is_missing_left_out(observation: &Observation) -> bool {
    observation.lacking_left_out > 0 && observation.lacking.last().is_none_or(|last| last.copies == 0)
}

fn is_drain_unknown(observation: &Observation) -> bool {
    !observation.counts_known || observation.client != ClientCondition::Ready
}

/// The file that a problem is about. While somebody edits it, line and message change, and it is the same trouble.
fn file_of(problem: &str) -> &str {
    let is_place = |at: usize| problem[at + 1..].starts_with(|c: char| c == ' ' || c.is_ascii_digit());
    problem.match_indices(':').map(|(at, _)| at).find(|at| is_place(*at)).map_or(problem, |at| &problem[..at])
}

//! What is said: sentences with the way out.
//!
//! Names come from others, and chats obey markup. So what could be markup, a mention or a link is replaced by something that
//! looks alike; the exact names go beside the text.

use std::{collections::BTreeSet, fmt::Write as _, time::Duration};

use super::{
    CollectionSeen, DiskSeen, DrainSeen, Event, EventKind, FailedAction, GoneMember, LackingTorrent, Message, Phase,
};
use crate::model::{Instant, readable};

/// Characters of a name in a sentence.
const NAME_CHARS_MAX: usize = 80;
/// Characters of what a client or a file check said.
const REASON_CHARS_MAX: usize = 400;

/// Torrents that have had no copy, or too few, each since then; `None` for no torrents.
pub(super) fn lacking(
    kind: EventKind,
    torrents: &[(Instant, &LackingTorrent)],
    now: Instant,
    left_out: usize,
) -> Option<Event> {
    let (since, first) = torrents.iter().min_by_key(|(since, torrent)| (*since, torrent.copies))?;
    let count = torrents.len();
    let collections: BTreeSet<&str> = torrents.iter().map(|(_, torrent)| torrent.collection.as_str()).collect();
    let which = match (count, collections.len()) {
        (1, _) => format!("{} of {}", title(first), plain(&first.collection)),
        (_, 1) => format!("{count} torrents of {}, {} among them,", plain(&first.collection), title(first)),
        (_, lists) => format!("{count} torrents of {lists} collections, {} among them,", title(first)),
    };
    let one = count == 1;
    let long = span(now.since(*since));
    let has = if one { "has" } else { "have" };
    let mut text = match kind {
        EventKind::Missing => format!("{which} {has} had no copy for {long}"),
        _ if one => format!("{which} has had {} of {} copies for {long}", first.copies, first.target),
        _ => format!("{which} have had fewer copies than wanted for up to {long}"),
    };
    if left_out > 0 {
        // Writing into a text cannot fail.
        let _ = write!(text, "; {left_out} more lack copies and are not looked at one by one");
    }
    Some(Event {
        kind,
        phase: Phase::Begun,
        since: *since,
        text,
        way_out: lacking_way_out(kind, torrents, first),
        count,
        torrents: torrents
            .iter()
            .take(Message::TORRENTS_MAX)
            .map(|(_, torrent)| (torrent.info_hash, torrent.name.clone()))
            .collect(),
    })
}

fn lacking_way_out(kind: EventKind, torrents: &[(Instant, &LackingTorrent)], first: &LackingTorrent) -> String {
    let explain = format!("`beacon explain {}` says more", first.info_hash);
    let unplaced = torrents.iter().find_map(|(_, torrent)| Some((title(torrent), torrent.unplaced.as_deref()?)));
    match (kind, unplaced) {
        (EventKind::Missing, _) => {
            format!("whoever still has the files brings them back with `beacon share`; {explain}")
        }
        (_, Some((title, reason))) => format!("nobody is expected to fetch {title}: {}; {explain}", quoted(reason)),
        _ if torrents.iter().all(|(_, torrent)| torrent.fetching > 0) => {
            format!("beacons are fetching, but slowly; {explain}")
        }
        _ => explain,
    }
}

/// The client does not answer.
pub(super) fn client_lost(reason: &str, since: Instant, now: Instant) -> Event {
    let text = format!("the BitTorrent client has not answered for {}: {}", span(now.since(since)), quoted(reason));
    let way_out = "its copies stop counting after a day; `beacon status` shows whether it is back";
    event(EventKind::ClientLost, since, text, way_out)
}

/// The disk is full.
pub(super) fn disk_full(disk: DiskSeen, since: Instant) -> Event {
    let text = format!(
        "nothing can be fetched: {} are free where `storage.dir` is, and {} are to stay free",
        disk.free, disk.keep_free
    );
    event(EventKind::DiskFull, since, text, "make room there, or lower `storage.keep_free`")
}

/// A collection file is broken.
pub(super) fn broken(problem: &str, since: Instant) -> Event {
    let text = format!("a collection file cannot be used: {}", quoted(problem));
    let way_out = "its last good version stays in use; `beacon collection check` says when the file is good";
    event(EventKind::CollectionBroken, since, text, way_out)
}

/// Everything is safe with others.
pub(super) fn drained(drain: DrainSeen, since: Instant) -> Event {
    let text = match drain.safe {
        0 => "nothing is here any more that others could need".to_owned(),
        1 => "others have enough copies of the one torrent that is still here".to_owned(),
        safe => format!("others have enough copies of all {safe} torrents that are still here"),
    };
    let way_out = "this beacon may be stopped for good, or stay after all with `beacon drain --stop`";
    event(EventKind::DrainFinished, since, text, way_out)
}

/// A member is gone.
pub(super) fn gone(member: &GoneMember, now: Instant) -> Event {
    let since = Instant::from_millis(now.as_millis().saturating_sub(millis(member.silent)));
    let name = if member.name.is_empty() { member.id.short() } else { plain(&member.name) };
    let text = format!("{name} has not been heard of for {}, and its copies no longer count", span(member.silent));
    event(EventKind::MemberGone, since, text, "others make them anew; its user may know whether it comes back")
}

/// Something failed.
pub(super) fn failed(failure: &FailedAction) -> Event {
    let name = failure.name.as_deref().map_or_else(|| failure.info_hash.to_string(), plain);
    let text = format!("the client could not {} {name}: {}", failure.action, quoted(&failure.outcome));
    let way_out = format!("it is tried again later; `beacon explain {}` says more", failure.info_hash);
    Event {
        count: 1,
        torrents: vec![(failure.info_hash, failure.name.clone())],
        ..event(EventKind::ActionFailed, failure.at, text, &way_out)
    }
}

/// What is over, and had held since then.
pub(super) fn over(kind: EventKind, since: Instant, now: Instant) -> Option<Event> {
    let long = span(now.since(since));
    let text = match kind {
        EventKind::Missing => "every torrent that was missing has a copy again, or is listed no more".to_owned(),
        EventKind::Under => "every torrent that lacked copies has them again, or is listed no more".to_owned(),
        EventKind::ClientLost => format!("the BitTorrent client answers again, after {long}"),
        EventKind::DiskFull => "there is room on the disk again".to_owned(),
        EventKind::CollectionBroken => "the collection files are good again".to_owned(),
        // Nobody waits for the end of these.
        EventKind::ClientBack
        | EventKind::CollectionChanged
        | EventKind::DrainFinished
        | EventKind::MemberGone
        | EventKind::ActionFailed => return None,
    };
    let kind = if kind == EventKind::ClientLost { EventKind::ClientBack } else { kind };
    Some(Event { phase: Phase::Over, ..event(kind, since, text, "") })
}

/// How the collections differ from before.
pub(super) fn changes(before: &[CollectionSeen], after: &[CollectionSeen], now: Instant) -> Vec<Event> {
    let find = |list: &[CollectionSeen], of: &CollectionSeen| list.iter().find(|other| other.id == of.id).cloned();
    let told = |text: String| Event { phase: Phase::Happened, ..event(EventKind::CollectionChanged, now, text, "") };
    let mut events = Vec::new();
    for collection in after {
        let name = plain(&collection.name);
        match find(before, collection) {
            None => events.push(told(format!("the collection {name} is new here, with {}", torrents(collection)))),
            Some(old) if old.list != collection.list => {
                events.push(told(format!(
                    "the collection {name} lists {} now, {}",
                    torrents(collection),
                    more(&old, collection)
                )));
            }
            Some(_) => {}
        }
    }
    for old in before.iter().filter(|old| find(after, old).is_none()) {
        events.push(told(format!(
            "the collection {} is not here any more; the files of its torrents stay",
            plain(&old.name)
        )));
    }
    events
}

fn torrents(collection: &CollectionSeen) -> String {
    if collection.torrents == 1 { "1 torrent".to_owned() } else { format!("{} torrents", collection.torrents) }
}

fn more(old: &CollectionSeen, new: &CollectionSeen) -> String {
    match (old.torrents, new.torrents) {
        (old, new) if new > old => format!("{} more than before", new - old),
        (old, new) if new < old => format!("{} fewer than before", old - new),
        _ => "as many as before, but others, or other copies are wanted".to_owned(),
    }
}

fn event(kind: EventKind, since: Instant, text: String, way_out: &str) -> Event {
    let way_out = way_out.to_owned();
    Event { kind, phase: Phase::Begun, since, text, way_out, count: 0, torrents: Vec::new() }
}

fn title(torrent: &LackingTorrent) -> String {
    torrent.name.as_deref().map_or_else(|| torrent.info_hash.to_string(), plain)
}

/// A name in a sentence, in which nothing is markup, a mention or a link.
pub(super) fn plain(name: &str) -> String {
    inert(name, NAME_CHARS_MAX).replace("://", ": //")
}

/// What a client or a file check said, which may name addresses of this machine.
fn quoted(reason: &str) -> String {
    inert(reason, REASON_CHARS_MAX)
}

fn inert(text: &str, chars_max: usize) -> String {
    let inert = |c| match c {
        '<' => '‹',
        '>' => '›',
        '[' => '(',
        ']' => ')',
        '`' => '\'',
        '@' => '＠',
        c => c,
    };
    let readable = readable(text);
    let cut: String = readable.chars().take(chars_max).map(inert).collect();
    if readable.chars().count() > chars_max { format!("{cut}…") } else { cut }
}

/// A duration as people say it.
pub(super) fn span(duration: Duration) -> String {
    let (minutes, hours) = (duration.as_secs() / 60, duration.as_secs() / 3_600);
    let said = |count: u64, unit: &str| if count == 1 { format!("1 {unit}") } else { format!("{count} {unit}s") };
    match (minutes, hours) {
        (0, _) => "less than a minute".to_owned(),
        (minutes, 0) => said(minutes, "minute"),
        (_, hours) if hours < 48 => said(hours, "hour"),
        (_, hours) => said(hours / 24, "day"),
    }
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_no_markup() {
        assert_eq!(
            plain("<!channel> [gain](https://evil.example) `x` @everyone"),
            "‹!channel› (gain)(https: //evil.example) 'x' ＠everyone"
        );
        assert_eq!(plain("a\nb\u{202e}c"), "a\u{fffd}b\u{fffd}c");
        assert_eq!(plain(&"x".repeat(90)).chars().count(), NAME_CHARS_MAX + 1);
        assert_eq!(quoted("no answer at http://127.0.0.1:8080"), "no answer at http://127.0.0.1:8080");
    }

    #[test]
    fn durations_are_said_as_people_say_them() {
        let said = |secs| span(Duration::from_secs(secs));
        assert_eq!([said(59), said(60), said(3_599)], ["less than a minute", "1 minute", "59 minutes"]);
        assert_eq!([said(3_600), said(172_799), said(172_800)], ["1 hour", "47 hours", "2 days"]);
    }
}

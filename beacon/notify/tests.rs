//! Stories of what is told when, and what holds whatever happens.

use std::{collections::BTreeSet, fmt::Write as _, time::Duration};

use proptest::prelude::{Strategy, any, prop, prop_assert, proptest};

use super::{
    ClientCondition, CollectionSeen, Delivery, DiskSeen, DrainSeen, EventKind, FailedAction, GoneMember,
    LackingTorrent, Message, Notifier, Observation, Policy, Subject,
};
use crate::model::{BeaconId, ByteSize, CollectionId, InfoHash, Instant, ObjectHash};

const START: Instant = Instant::from_millis(1_800_000_000_000);
/// How often the daemon looks.
const STEP: Duration = Duration::from_secs(30);

/// A notifier with one hook, and what it has said.
struct Story {
    notifier: Notifier,
    now: Instant,
    seen: Observation,
    told: Vec<(String, Subject, Instant)>,
    lines: String,
}

impl Story {
    fn new(policy: Policy) -> Self {
        let notifier = Notifier::new(START, vec![("phone".to_owned(), policy)], Vec::new());
        let seen = Observation {
            counts_known: true,
            client: ClientCondition::Ready,
            disk: Some(disk(100)),
            collections: vec![collection(1, "Town archive", 120)],
            ..Observation::default()
        };
        let mut story = Self { notifier, now: START, seen, told: Vec::new(), lines: String::new() };
        story.look();
        story
    }

    fn everything() -> Self {
        Self::new(Policy { kinds: EventKind::ALL.into(), ..Policy::default() })
    }

    /// One look; how many messages came of it.
    fn look(&mut self) -> usize {
        let (deliveries, changes) = self.notifier.look(self.now, &self.seen);
        for change in changes {
            self.told.retain(|(_, subject, _)| *subject != change.subject);
            self.told.extend(change.since.map(|since| (change.hook, change.subject, since)));
        }
        for Delivery { message, .. } in &deliveries {
            let minutes = message.at.since(START).as_secs() / 60;
            let kinds: Vec<_> =
                message.events.iter().map(|event| format!("{} {}", event.kind.word(), event.phase.word())).collect();
            writeln!(self.lines, "{minutes:>4} min [{}] {}", kinds.join(", "), message.text()).expect("written");
        }
        deliveries.len()
    }

    /// Time passes, and nothing changes but what changes with it.
    fn pass(&mut self, duration: Duration) -> usize {
        let end = self.now + duration;
        let mut messages = 0;
        while self.now < end {
            self.now += STEP;
            messages += self.look();
        }
        messages
    }

    fn minutes(&mut self, minutes: u64) -> &mut Self {
        self.pass(Duration::from_mins(minutes));
        self
    }

    fn restart(&mut self, policy: Policy) {
        self.notifier = Notifier::new(self.now, vec![("phone".to_owned(), policy)], self.told.clone());
    }
}

fn disk(free: u64) -> DiskSeen {
    DiskSeen { free: ByteSize::from_bytes(free * 1_000_000_000), keep_free: ByteSize::from_bytes(10_000_000_000) }
}

fn collection(number: u8, name: &str, torrents: usize) -> CollectionSeen {
    let list = ObjectHash::of("manifest", name.as_bytes());
    CollectionSeen { id: CollectionId::from_bytes([number; 16]), name: name.to_owned(), torrents, list }
}

fn torrent(number: u8, copies: u16) -> LackingTorrent {
    LackingTorrent {
        info_hash: InfoHash::V1([number; 20]),
        name: Some(format!("letters {number}")),
        collection: "Town archive".to_owned(),
        copies,
        target: 3,
        fetching: 0,
        unplaced: None,
    }
}

#[test]
fn what_lacks_copies_for_long_is_told_once_until_it_is_over() {
    let mut story = Story::everything();
    story.seen.lacking = vec![torrent(1, 2), torrent(2, 1)];
    story.minutes(23 * 60);
    assert_eq!(story.lines, "", "most of what lacks copies has them within a day");
    story.seen.lacking[1].unplaced = Some("no beacon has room for 4 GB".to_owned());
    story.minutes(48 * 60).seen.lacking.push(torrent(3, 0));
    story.minutes(60).seen.lacking[2].copies = 1;
    story.minutes(30).seen.lacking.clear();
    story.minutes(3).seen.lacking = vec![torrent(1, 2)];
    story.minutes(60).seen.lacking.clear();
    story.minutes(60);
    insta::assert_snapshot!(story.lines, @"
    1440 min [under begun] 2 torrents of Town archive, letters 2 among them, have had fewer copies than wanted for up to 24 hours; nobody is expected to fetch letters 2: no beacon has room for 4 GB; `beacon explain 0202020202020202020202020202020202020202` says more
    4270 min [missing begun] letters 3 of Town archive has had no copy for 10 minutes; whoever still has the files brings them back with `beacon share`; `beacon explain 0303030303030303030303030303030303030303` says more
    4325 min [missing over] every torrent that was missing has a copy again, or is listed no more
    4418 min [under over] every torrent that lacked copies has them again, or is listed no more
    ");
}

#[test]
fn nothing_is_told_of_counts_that_are_not_known() {
    let mut story = Story::everything();
    story.seen.lacking = vec![torrent(1, 0)];
    story.seen.counts_known = false;
    story.minutes(24 * 60);
    assert_eq!(story.lines, "");
    story.seen.counts_known = true;
    story.minutes(11);
    assert_eq!(story.told.len(), 1);
    story.seen.counts_known = false;
    story.seen.lacking.clear();
    story.minutes(24 * 60);
    assert_eq!(story.lines.lines().count(), 1, "it is not over because nothing is known: {}", story.lines);
    story.seen.counts_known = true;
    story.minutes(6);
    assert_eq!(story.lines.lines().count(), 2, "{}", story.lines);
}

#[test]
fn a_client_that_comes_back_at_once_bothers_nobody() {
    let mut story = Story::everything();
    let trouble = ClientCondition::Trouble("the client cannot be reached at http://127.0.0.1:8080: refused".to_owned());
    story.seen.client = trouble.clone();
    story.minutes(4).seen.client = ClientCondition::Ready;
    story.minutes(30);
    assert_eq!(story.lines, "");
    story.seen.client = trouble;
    story.minutes(30).seen.client = ClientCondition::Starting;
    story.minutes(30).seen.client = ClientCondition::Ready;
    story.minutes(30);
    insta::assert_snapshot!(story.lines, @"
    39 min [client_lost begun] the BitTorrent client has not answered for 5 minutes: the client cannot be reached at http://127.0.0.1:8080: refused; its copies stop counting after a day; `beacon status` shows whether it is back
    99 min [client_back over] the BitTorrent client answers again, after 1 hour
    ");
}

#[test]
fn disks_files_drains_members_and_actions_are_told() {
    let mut story = Story::everything();
    story.seen.disk = Some(disk(9));
    story.minutes(10).seen.disk = Some(disk(200));
    story.minutes(10).seen.problems = vec!["collections/maps.json:3:14: a comma is missing".to_owned()];
    story.minutes(10).seen.problems = vec!["collections/maps.json:4:1: a brace is missing".to_owned()];
    story.minutes(10).seen.problems.clear();
    story.minutes(10).seen.drain = Some(DrainSeen { safe: 4, waiting: 1 });
    story.minutes(10).seen.drain = Some(DrainSeen { safe: 5, waiting: 0 });
    story.minutes(10).seen.drain = None;
    let day = Duration::from_hours(24);
    let gone = |number, name: &str, gone| GoneMember {
        id: BeaconId::new([number; 32]),
        name: name.to_owned(),
        silent: 21 * day + gone,
        gone,
    };
    story.minutes(10).seen.gone = vec![gone(1, "barn", Duration::from_mins(1)), gone(2, "mill", 30 * day)];
    let failure = FailedAction {
        at: story.now,
        action: "fetch",
        info_hash: InfoHash::V1([9; 20]),
        name: Some("maps".to_owned()),
        outcome: "failed: no space left".to_owned(),
    };
    story.minutes(10).seen.failures = vec![failure];
    story.minutes(60);
    insta::assert_snapshot!(story.lines, @"
     5 min [disk_full begun] nothing can be fetched: 9 GB are free where `storage.dir` is, and 10 GB are to stay free; make room there, or lower `storage.keep_free`
    15 min [disk_full over] there is room on the disk again
    21 min [collection_broken begun] a collection file cannot be used: collections/maps.json:3:14: a comma is missing; its last good version stays in use; `beacon collection check` says when the file is good
    45 min [collection_broken over] the collection files are good again
    61 min [drain_finished begun] others have enough copies of all 5 torrents that are still here; this beacon may be stopped for good, or stay after all with `beacon drain --stop`
    80 min [member_gone begun] barn has not been heard of for 21 days, and its copies no longer count; others make them anew; its user may know whether it comes back
    90 min [action_failed begun] the client could not fetch maps: failed: no space left; it is tried again later; `beacon explain 0909090909090909090909090909090909090909` says more
    ");
}

#[test]
fn changes_of_collections_are_told_but_not_those_of_a_start() {
    let mut story = Story::everything();
    story.minutes(1).seen.collections =
        vec![CollectionSeen { name: "Town <b>archive</b>".to_owned(), ..collection(1, "more", 123) }];
    story.minutes(1).seen.collections.push(collection(2, "Maps", 1));
    story.minutes(1).seen.collections.remove(0);
    story.minutes(1);
    insta::assert_snapshot!(story.lines, @"
    1 min [collection_changed happened] the collection Town ‹b›archive‹/b› lists 123 torrents now, 3 more than before
    2 min [collection_changed happened] the collection Maps is new here, with 1 torrent
    3 min [collection_changed happened] the collection Town ‹b›archive‹/b› is not here any more; the files of its torrents stay
    ");
    let policy = Policy { kinds: EventKind::ALL.into(), ..Policy::default() };
    story.restart(policy);
    story.seen.collections = vec![collection(3, "Photographs", 9)];
    assert_eq!(story.pass(Duration::from_mins(10)), 0);
}

#[test]
fn a_restart_tells_nothing_twice_and_still_tells_the_end() {
    let mut story = Story::everything();
    story.seen.lacking = vec![torrent(1, 0), torrent(2, 0)];
    story.seen.disk = Some(disk(1));
    assert_eq!(story.pass(Duration::from_mins(20)), 2);
    story.restart(Policy { kinds: EventKind::ALL.into(), ..Policy::default() });
    story.seen.counts_known = false;
    assert_eq!(story.pass(Duration::from_mins(10)), 0);
    story.seen.counts_known = true;
    assert_eq!(story.pass(Duration::from_hours(20)), 0);
    story.seen.lacking.clear();
    assert_eq!(story.pass(Duration::from_hours(1)), 1);
    let subjects: Vec<_> = story.told.iter().map(|(_, subject, _)| subject.kind).collect();
    assert_eq!(subjects, [EventKind::DiskFull]);
}

#[test]
fn what_comes_too_fast_is_gathered() {
    let mut story =
        Story::new(Policy { kinds: BTreeSet::from([EventKind::CollectionChanged]), per_hour: 2, ..Policy::default() });
    let mut messages = 0;
    for number in 0..150 {
        let name = format!("list {number}");
        story.seen.collections = vec![collection(1, &name, 120 + usize::from(number % 2 == 0))];
        story.now += STEP;
        messages += story.look();
    }
    // 75 minutes: two at once, and what came in the rest of the hour as the third, then one more.
    assert_eq!(messages, 4, "{}", story.lines);
    let gathered = story.lines.split(" min ").nth(3).expect("the third");
    assert!(gathered.contains("things happened:") && gathered.contains(" more; `beacon status`"), "{gathered}");
}

#[test]
fn what_is_over_before_it_could_be_told_is_not_told() {
    let mut story = Story::new(Policy { per_hour: 0, ..Policy::default() });
    story.seen.disk = Some(disk(1));
    story.minutes(30).seen.disk = Some(disk(100));
    story.minutes(30);
    story.restart(Policy::default());
    story.minutes(30);
    assert_eq!((story.lines.as_str(), story.told.len()), ("", 0));
}

#[test]
fn the_end_is_told_though_more_was_waiting_to_be_told() {
    let mut story = Story::new(Policy { per_hour: 1, ..Policy::default() });
    story.seen.lacking = vec![torrent(1, 0)];
    story.minutes(15).seen.lacking.push(torrent(2, 0));
    story.minutes(15).seen.lacking.clear();
    story.minutes(60).seen.lacking = vec![torrent(3, 0)];
    story.minutes(20).seen.lacking.clear();
    story.minutes(60);
    insta::assert_snapshot!(story.lines, @"
    10 min [missing begun] letters 1 of Town archive has had no copy for 10 minutes; whoever still has the files brings them back with `beacon share`; `beacon explain 0101010101010101010101010101010101010101` says more
    70 min [missing over] every torrent that was missing has a copy again, or is listed no more
    ");
    assert_eq!(story.told, []);
}

#[test]
fn what_is_missing_ends_where_too_much_lacks_copies_to_look_at_it_all() {
    let mut story = Story::everything();
    story.seen.lacking = vec![torrent(1, 0), torrent(2, 0)];
    story.seen.lacking_left_out = 7;
    story.minutes(15).seen.lacking.remove(0);
    story.minutes(15).seen.lacking = vec![torrent(2, 0)];
    assert_eq!(story.told.len(), 2, "the first may be among those that are not looked at");
    story.seen.lacking = vec![torrent(2, 0), torrent(3, 1)];
    story.minutes(15);
    assert_eq!(story.told.len(), 1, "all that are missing are looked at");
    story.seen.lacking = vec![torrent(3, 1)];
    story.minutes(15);
    insta::assert_snapshot!(story.lines, @"
    10 min [missing begun] 2 torrents of Town archive, letters 1 among them, have had no copy for 10 minutes; whoever still has the files brings them back with `beacon share`; `beacon explain 0101010101010101010101010101010101010101` says more
    50 min [missing over] every torrent that was missing has a copy again, or is listed no more
    ");
}

#[test]
fn what_waits_for_its_turn_outlives_a_restart() {
    let policy = Policy { per_hour: 0, ..Policy::default() };
    let mut story = Story::new(policy);
    story.seen.disk = Some(disk(1));
    story.seen.lacking = vec![torrent(1, 0)];
    story.minutes(30);
    assert_eq!((story.lines.as_str(), story.told.len()), ("", 0));
    story.restart(Policy::default());
    assert_eq!(story.pass(Duration::from_mins(30)), 2);
    assert_eq!(story.told.len(), 2);
}

#[test]
fn hooks_are_told_what_each_wants() {
    let only = |kind, after| Policy { kinds: BTreeSet::from([kind]), after, ..Policy::default() };
    let hooks = vec![
        ("fast".to_owned(), only(EventKind::Under, Duration::ZERO)),
        ("slow".to_owned(), only(EventKind::Under, Duration::from_mins(2))),
        ("other".to_owned(), only(EventKind::DiskFull, Duration::ZERO)),
    ];
    let mut notifier = Notifier::new(START, hooks, Vec::new());
    let seen = Observation { counts_known: true, lacking: vec![torrent(1, 0)], ..Observation::default() };
    let mut told = |secs| {
        let (deliveries, _) = notifier.look(START + Duration::from_secs(secs), &seen);
        deliveries.iter().map(|delivery| delivery.hook).collect::<Vec<_>>()
    };
    assert_eq!(told(0), [0], "whoever did not ask for `missing` is told of it as lacking copies");
    assert_eq!(told(60), [0_usize; 0]);
    assert_eq!(told(120), [1]);
}

/// One step of a story that nobody wrote: which torrents lack how many copies, and whether that is known.
fn step() -> impl Strategy<Value = (Vec<(u8, u16)>, bool, bool, u64)> {
    (prop::collection::vec((0_u8..6, 0_u16..3), 0..6), any::<bool>(), any::<bool>(), 1_u64..40)
}

proptest! {
    /// Nothing is told twice without its end between, and no hook is told more often than it may be.
    #[test]
    fn whatever_happens_nothing_is_told_twice(steps in prop::collection::vec(step(), 1..60), limit in 0_u32..5) {
        // Where nothing ever waits, what is remembered is what was told.
        let per_hour = if limit == 0 { 1_000 } else { limit };
        let policy = Policy { kinds: EventKind::ALL.into(), after: Duration::from_mins(20), per_hour };
        let mut story = Story::new(policy.clone());
        let (mut all, mut messages): (Vec<Message>, Vec<Message>) = Default::default();
        for (lacking, known, restart, minutes) in steps {
            let mut seen = BTreeSet::new();
            story.seen.lacking =
                lacking.into_iter().filter(|(number, _)| seen.insert(*number)).map(|(number, copies)| torrent(number, copies)).collect();
            story.seen.counts_known = known;
            if restart {
                story.restart(policy.clone());
                all.append(&mut messages);
            }
            for _ in 0..minutes * 2 {
                story.now += STEP;
                let (deliveries, changes) = story.notifier.look(story.now, &story.seen);
                for change in changes {
                    let was_told = story.told.iter().any(|(_, subject, _)| *subject == change.subject);
                    prop_assert!(!was_told || change.since.is_none() || limit > 0, "{:?} is told twice", change.subject);
                    story.told.retain(|(_, subject, _)| *subject != change.subject);
                    story.told.extend(change.since.map(|since| (change.hook, change.subject, since)));
                }
                messages.extend(deliveries.into_iter().map(|delivery| delivery.message));
                let is_late = |message: &&Message| story.now.since(message.at) < Duration::from_hours(1);
                prop_assert!(messages.iter().filter(is_late).count() <= per_hour as usize);
            }
        }
        all.append(&mut messages);
        prop_assert!(all.iter().all(|message| !message.events.is_empty() && message.text().len() < 2_000));
    }
}

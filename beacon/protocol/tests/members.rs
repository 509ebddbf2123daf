//! What hellos make of what is known.

use std::{collections::BTreeMap, time::Duration};

use proptest::prelude::*;

use crate::{
    model::{BeaconId, Instant, Liveness},
    protocol::{
        members::{Members, Verdict},
        testing::{GONE_AFTER, HEARTBEAT, forged, hello, hello_with, id},
    },
    wire::{SignedHello, Verifier},
};

const STEP: Duration = Duration::from_secs(15);

fn members() -> Members {
    Members::new(BTreeMap::new())
}

fn verify(hello: &SignedHello) -> bool {
    hello.verify(Verifier::Simulated)
}

fn take(members: &mut Members, now: Instant, hello: &std::sync::Arc<SignedHello>) -> Verdict {
    members.take(now, hello, verify)
}

fn known(members: &Members) -> Vec<(BeaconId, (u64, u64))> {
    members.iter().map(|(id, member)| (*id, member.hello().version())).collect()
}

proptest! {
    /// The merge law: whatever the order, and however often each comes, the same hellos give the same knowledge.
    #[test]
    fn the_order_of_hellos_does_not_matter(
        first in proptest::collection::vec((1_u8..6, 1_u64..3, 0_u64..4), 0..40), seed in any::<u64>()
    ) {
        let mut second: Vec<_> = first.iter().chain(&first).copied().collect();
        crate::model::Rng::new(seed).shuffle(&mut second);
        let [one, other] = [&first, &second].map(|order| {
            let mut members = members();
            for (minute, (beacon, incarnation, seq)) in (0..).zip(order) {
                take(&mut members, Instant::from_millis(minute * 60_000), &hello(*beacon, *incarnation, *seq));
            }
            members
        });
        prop_assert_eq!(known(&one), known(&other));
        prop_assert_eq!(one.sums(), other.sums());
        prop_assert_eq!(one.present(), one.iter().count());
    }

    #[test]
    fn sums_are_equal_only_where_knowledge_is(
        a in proptest::collection::btree_map(1_u8..5, 0_u64..3, 0..4),
        b in proptest::collection::btree_map(1_u8..5, 0_u64..3, 0..4),
    ) {
        let [one, other] = [&a, &b].map(|hellos| {
            let mut members = members();
            for (beacon, seq) in hellos {
                take(&mut members, Instant::ZERO, &hello(*beacon, 1, *seq));
            }
            members
        });
        prop_assert_eq!(one.sums() == other.sums(), a == b);
    }
}

#[test]
fn old_never_replaces_new_and_nothing_forgotten_is_reborn() {
    let mut members = members();
    assert_eq!(take(&mut members, Instant::ZERO, &hello(1, 2, 5)), Verdict::Newer);
    assert_eq!(take(&mut members, Instant::ZERO, &hello(1, 2, 5)), Verdict::Known);
    assert_eq!(take(&mut members, Instant::ZERO, &hello(1, 2, 4)), Verdict::Older);
    assert_eq!(take(&mut members, Instant::ZERO, &hello(1, 1, 9)), Verdict::Older);
    members.forget(&id(1));
    assert_eq!((members.present(), members.sums()), (0, &[0; 256]));
    assert_eq!(take(&mut members, Instant::ZERO, &hello(1, 2, 5)), Verdict::Older);
    assert_eq!(take(&mut members, Instant::ZERO, &hello(1, 2, 6)), Verdict::Newer);
}

#[test]
fn a_restart_restores_members_whose_versions_are_marked_and_bars_whoever_was_barred() {
    let marks = BTreeMap::from([(id(1), (2, 5)), (id(2), (1, u64::MAX))]);
    let mut members = Members::new(marks);
    let now = Instant::from_millis(9_000_000);
    members.restore(now, hello(1, 2, 5), Instant::ZERO);
    members.restore(now, hello(2, 1, 7), Instant::ZERO);
    assert_eq!(known(&members), [(id(1), (2, 5))]);
    let member = members.find(&id(1)).expect("restored");
    assert_eq!((member.heard(), member.first_heard()), (Instant::ZERO, now));
    assert_eq!(take(&mut members, now, &hello(1, 2, 5)), Verdict::Known);
    assert_eq!(take(&mut members, now, &hello(2, 1, 8)), Verdict::Older);
    assert_eq!(take(&mut members, now, &hello(2, 2, 0)), Verdict::Newer);
}

#[test]
fn whoever_sends_too_often_is_not_listened_to_for_a_while() {
    let mut members = members();
    let taken = |members: &mut Members, now, from: u64| {
        (from..from + 30).filter(|seq| take(members, now, &hello(1, 1, *seq)) == Verdict::Newer).count()
    };
    assert_eq!(taken(&mut members, Instant::ZERO, 0), 11, "the first makes it known, then ten");
    assert_eq!(taken(&mut members, Instant::from_millis(400), 40), 0);
    assert_eq!(taken(&mut members, Instant::from_millis(1_000), 80), 2);
}

#[test]
fn members_grow_suspect_then_away_then_gone_and_come_back() {
    let mut members = members();
    take(&mut members, Instant::ZERO, &hello(1, 1, 0));
    let at = |heartbeats_tenths: u32| Instant::ZERO + HEARTBEAT * heartbeats_tenths / 10;
    let mut judged = |now| {
        members.judge(now, STEP, GONE_AFTER, |_, _| ());
        (members.find(&id(1)).expect("known").liveness(), members.present())
    };
    assert_eq!(judged(at(15)), (Liveness::Alive, 1));
    assert_eq!(judged(at(16)), (Liveness::Suspect, 1));
    assert_eq!(judged(at(35)), (Liveness::Suspect, 1));
    assert_eq!(judged(at(36)), (Liveness::Away, 1));
    assert_eq!(judged(Instant::ZERO + GONE_AFTER), (Liveness::Away, 1));
    assert_eq!(judged(Instant::ZERO + GONE_AFTER + STEP), (Liveness::Gone, 0));
    assert_eq!(members.sums(), &[0; 256], "nobody is told of who is gone");
    take(&mut members, Instant::ZERO + GONE_AFTER * 2, &hello(1, 1, 1));
    assert_eq!(members.present(), 1);
    assert_ne!(members.sums(), &[0; 256]);
}

#[test]
fn a_promise_too_short_to_be_kept_does_not_make_a_member_flap() {
    let mut members = members();
    take(&mut members, Instant::ZERO, &hello_with(1, 1, 0, |hello| hello.valid_for = Duration::from_millis(1)));
    let mut changes = 0;
    members.judge(Instant::ZERO + STEP, STEP, GONE_AFTER, |_, _| changes += 1);
    assert_eq!(changes, 0);
}

#[test]
fn a_full_table_makes_room_only_by_forgetting_the_silent() {
    let mut members = members();
    let of = |place: u32, seq| {
        let mut bytes = [9; 32];
        bytes[..4].copy_from_slice(&place.to_be_bytes());
        let signer = crate::wire::Signer::simulated(BeaconId::new(bytes));
        let mut fields = hello(1, 1, seq).hello().clone();
        fields.id = signer.id();
        std::sync::Arc::new(fields.sign(&signer))
    };
    for place in 0..20_000 {
        assert_eq!(take(&mut members, Instant::ZERO, &of(place, 0)), Verdict::Newer);
    }
    assert_eq!(take(&mut members, Instant::ZERO, &of(20_000, 0)), Verdict::TooOften, "everyone is there");
    let later = Instant::ZERO + HEARTBEAT * 2;
    for place in 1..20_000 {
        take(&mut members, later, &of(place, 1));
    }
    members.judge(later, STEP, GONE_AFTER, |_, _| ());
    assert_eq!(take(&mut members, later, &of(20_000, 0)), Verdict::Newer);
    assert_eq!(members.take_evicted(), [of(0, 0).hello().id]);
    assert_eq!((members.present(), members.iter().count()), (20_000, 20_000));
}

#[test]
fn a_forged_hello_changes_nothing() {
    let mut members = members();
    take(&mut members, Instant::ZERO, &hello(1, 1, 3));
    let before = known(&members);
    for forgery in [forged(1, 4), forged(1, 3), forged(2, 0)] {
        assert_eq!(take(&mut members, Instant::ZERO, &forgery), Verdict::Forged);
    }
    assert_eq!(known(&members), before);
}

//! Two beacons keep one link, whoever dialed.

use super::harness::{Beacon, assert_works, link, linked, soon, start};
use crate::{
    model::LinkId,
    net::{DialFailure, NetEvent},
};

/// Takes events until the own dial has an outcome and a link is up; the link.
async fn settle(beacon: &mut Beacon) -> LinkId {
    let (mut up, mut dial_ended) = (None, false);
    while up.is_none() || !dial_ended {
        match beacon.next().await {
            NetEvent::LinkUp { link, dialed, .. } => {
                assert_eq!(up.replace(link), None, "two links at once");
                dial_ended |= dialed.is_some();
            }
            NetEvent::DialFailed { reason, .. } => {
                assert!(matches!(reason, DialFailure::AlreadyLinked { .. }), "{reason:?}");
                dial_ended = true;
            }
            other => panic!("{other:?}"),
        }
    }
    up.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_both_dial_at_once_both_keep_the_same_link() {
    for round in 0..30 {
        let (mut one, mut two) = (start(1).await, start(2).await);
        // Different head starts make the two dials meet in different states.
        one.net.dial(two.address());
        for _ in 0..round * 20 {
            tokio::task::yield_now().await;
        }
        two.net.dial(one.address());
        let (there, back) = tokio::join!(settle(&mut one), settle(&mut two));
        assert_works(&one, there, &mut two).await;
        assert_works(&two, back, &mut one).await;
    }
}

#[tokio::test]
async fn a_second_dial_to_a_neighbor_changes_nothing() {
    let (mut one, there, mut two, back) = linked().await;
    for again in [two.address(), two.pinned()] {
        one.net.dial(again);
        assert_eq!(one.dial_failed().await, DialFailure::AlreadyLinked { beacon: two.id });
    }
    two.net.dial(one.address());
    assert_eq!(two.dial_failed().await, DialFailure::AlreadyLinked { beacon: one.id });
    assert_works(&one, there, &mut two).await;
    assert_works(&two, back, &mut one).await;
}

#[tokio::test]
async fn one_of_many_dials_at_once_wins() {
    let (mut one, mut two) = (start(1).await, start(2).await);
    for _ in 0..10 {
        one.net.dial(two.address());
    }
    let (mut up, mut failed) = (0, 0);
    while up + failed < 10 {
        match one.next().await {
            NetEvent::LinkUp { .. } => up += 1,
            NetEvent::DialFailed { reason: DialFailure::AlreadyLinked { .. }, .. } => failed += 1,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((up, failed), (1, 9));
    two.link_up().await;
    assert!(two.events.try_recv().is_none());
}

/// The old process was killed and could not say goodbye: its link is still up at the other end.
#[test]
fn a_restarted_beacon_replaces_its_old_link_at_once() {
    let survivor = tokio::runtime::Runtime::new().unwrap();
    // Both orders of the ids, since the rule for simultaneous dials depends on it.
    for (seed, other) in [(1, 2), (2, 1)] {
        let doomed = tokio::runtime::Runtime::new().unwrap();
        let mut two = survivor.block_on(start(other));
        let mut killed = doomed.block_on(start(seed));
        // The survivor dialed, so that by the rule for simultaneous dials it would defend its link.
        let address = killed.address();
        let old = survivor.block_on(async {
            two.net.dial(address);
            two.link_up().await.0
        });
        doomed.block_on(killed.link_up());
        doomed.shutdown_background();
        survivor.block_on(async {
            let mut one = start(seed).await;
            soon(async {
                let (_, back) = link_after_down(&mut one, &mut two, old).await;
                assert_works(&two, back, &mut one).await;
            })
            .await;
        });
        drop(killed);
    }
}

async fn link_after_down(one: &mut Beacon, two: &mut Beacon, old: LinkId) -> (LinkId, LinkId) {
    one.net.dial(two.address());
    let (down, reason) = two.link_down().await;
    assert_eq!(down, old, "the old link is told down before the new one is told up");
    assert!(reason.contains("newer link"), "{reason}");
    (one.link_up().await.0, two.link_up().await.0)
}

#[tokio::test]
async fn a_link_that_one_end_gave_up_can_be_made_again() {
    let (mut one, there, mut two, back) = linked().await;
    one.net.close(there, "no longer wanted");
    assert_eq!(one.link_down().await, (there, "no longer wanted".to_owned()));
    one.net.dial(two.address());
    // Whichever the other end hears of first, the goodbye or the new link.
    assert_eq!(two.link_down().await.0, back);
    two.link_up().await;
    let (there, _) = one.link_up().await;
    assert_works(&one, there, &mut two).await;
    drop(two);
    assert_eq!(one.link_down().await.0, there);
    let mut three = start(3).await;
    link(&mut three, &mut one).await;
}

//! Questions for grants and their answers on their way.

use std::{sync::Arc, time::Duration};

use crate::{
    model::{InfoHash, Nonce, Refusal},
    protocol::{
        ProtocolEvent,
        testing::{NETWORK, Net, id},
    },
    wire::{GrantAnswer, GrantAsk, Message, Signed, Signer},
};

const HASH: InfoHash = InfoHash::V1([1; 20]);
const NONCE: Nonce = Nonce::new([7; 16]);

/// Five beacons of which each knows the next.
fn chain() -> Net {
    let mut net = Net::of(5);
    net.run(Duration::from_secs(1));
    (1..5).for_each(|place| {
        net.join(place, place - 1);
    });
    net.run(Duration::from_secs(5));
    net
}

fn asked(net: &Net, at: usize) -> Vec<(crate::model::LinkId, GrantAsk)> {
    let told = net.told[at].iter();
    told.filter_map(|event| match event {
        ProtocolEvent::GrantAsked { link, ask } => Some((*link, *ask)),
        _ => None,
    })
    .collect()
}

fn answers(net: &Net, at: usize) -> Vec<GrantAnswer> {
    let told = net.told[at].iter();
    told.filter_map(|event| match event {
        ProtocolEvent::GrantAnswered(answer) => Some(*answer),
        _ => None,
    })
    .collect()
}

#[test]
fn a_question_and_its_answer_find_their_way_through_others() {
    let mut net = chain();
    net.beacons[0].ask_grant(&id(5), HASH, NONCE, false);
    net.settle();
    let [(link, ask)] = asked(&net, 4)[..] else { panic!("it came once") };
    assert_eq!((ask.asker, ask.holder, ask.info_hash, ask.nonce), (id(1), id(5), HASH, NONCE));
    net.beacons[4].answer_grant(link, ask, Err(Refusal::Deleting));
    net.settle();
    assert_eq!(answers(&net, 0), [GrantAnswer { ask, verdict: Err(Refusal::Deleting) }]);
    assert!((1..4).all(|place| asked(&net, place).is_empty() && answers(&net, place).is_empty()));
    let sent = |place| net.count_sent(place, |message| matches!(message, Message::GrantAsk { .. }));
    assert_eq!((0..5).map(sent).collect::<Vec<_>>(), [1, 1, 1, 1, 0], "no beacon sends it twice");
}

#[test]
fn what_goes_round_in_circles_ends() {
    let mut net = chain();
    let ask = GrantAsk { network: NETWORK, asker: id(1), holder: id(5), info_hash: HASH, nonce: NONCE };
    let ask = Arc::new(Signed::sign(ask, &Signer::simulated(id(1))));
    let (_, far) = net.join(4, 0);
    net.hand(far, Message::GrantAsk { hops: 0, ask });
    assert_eq!(asked(&net, 4), [], "nobody may pass it on any more");
}

#[test]
fn nobody_asks_or_answers_in_the_name_of_another() {
    let mut net = chain();
    let ask = GrantAsk { network: NETWORK, asker: id(1), holder: id(2), info_hash: HASH, nonce: NONCE };
    let forged = Arc::new(Signed::sign(ask, &Signer::simulated(id(3))));
    let (near, _) = net.join(1, 2);
    net.hand(near, Message::GrantAsk { hops: 3, ask: forged });
    assert_eq!(asked(&net, 1), []);
    let answer = GrantAnswer { ask: GrantAsk { asker: id(2), holder: id(5), ..ask }, verdict: Ok(2) };
    let forged = Arc::new(Signed::sign(answer, &Signer::simulated(id(3))));
    net.hand(near, Message::GrantAnswer { hops: 3, answer: forged });
    assert_eq!(answers(&net, 1), []);
}

#[test]
fn who_is_asked_again_is_dialed_where_there_is_no_link() {
    let mut net = chain();
    let mut profile = net.beacons[4].own().profile().clone();
    profile.addresses = vec![crate::protocol::testing::address(4)];
    net.beacons[4].own_mut().set_profile(profile);
    net.run(Duration::from_secs(30));
    net.told[0].clear();
    net.beacons[0].ask_grant(&id(5), HASH, NONCE, true);
    net.settle();
    assert!(net.told[0].iter().any(|event| matches!(event, ProtocolEvent::Dial(to) if to.id == Some(id(5)))));
    net.told[0].clear();
    net.beacons[0].ask_grant(&id(2), HASH, NONCE, true);
    net.settle();
    assert!(!net.told[0].iter().any(|event| matches!(event, ProtocolEvent::Dial(_))), "it is a neighbor");
}

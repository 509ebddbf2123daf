//! Proof that a beacon tells two stories.

use super::{Protocol, event::ProtocolEvent};
use crate::{
    model::{Instant, LinkId},
    wire::{Message, SignedHello},
};

impl Protocol {
    /// Two hellos of one version that differ, both signed by the beacon: proof that it tells two stories. It is barred for
    /// this incarnation, and the proof is passed on once.
    ///
    /// A proof counts as bringing a newcomer: each is told to everyone, and whoever makes up beacons can prove as many.
    pub(super) fn take_equivocation(
        &mut self,
        now: Instant,
        from: Option<LinkId>,
        one: &SignedHello,
        other: &SignedHello,
    ) {
        let id = one.hello().id;
        let newest = self.members.newest(&id);
        // Whoever has been restarted since tells one story again; and a proof that changes nothing here must not go round.
        let barred = newest.is_some_and(|newest| newest >= (one.hello().incarnation, u64::MAX));
        if barred || id == self.id() {
            return;
        }
        if let Some(link) = from
            && !self.links.find_mut(link).is_some_and(|sender| sender.newcomers.spend(now, 1))
        {
            return;
        }
        let network = one.hello().network;
        let proven = other.hello().id == id
            && self.settings.accepts(&network)
            && other.hello().network == network
            && one.version() == other.version()
            && one.bytes() != other.bytes()
            && one.verify(self.verifier)
            && other.verify(self.verifier);
        if !proven {
            if let Some(link) = from {
                self.offence(link, "its proof of two stories proves nothing");
            }
            return;
        }
        self.members.bar(id, one.hello().incarnation);
        self.exchange.forget(&id);
        self.outbox.push(ProtocolEvent::Equivocated(id));
        for (link, _) in self.links.iter().filter(|(link, _)| Some(*link) != from) {
            self.outbox.send(link, Message::Equivocation(Box::new((one.clone(), other.clone()))));
        }
    }
}

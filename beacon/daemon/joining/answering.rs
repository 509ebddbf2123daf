//! What is asked about neighbors, answered between two turns of the loop.

use crate::{
    daemon::event_loop::EventLoop,
    model::{DialAddress, Invitation},
    node::{NEIGHBORS_MAX, NeighborError, NeighborSource},
    web::{JoinRefusal, Joined, NeighborsQuestion, Topic},
};

impl EventLoop {
    pub(in crate::daemon) fn answer_neighbors(&mut self, question: NeighborsQuestion) {
        let now = self.clock.now();
        // Whoever asked may be gone; then nobody minds.
        match question {
            NeighborsQuestion::List(reply) => {
                let views = self.failures.explain(&self.node, self.node.neighbors(now));
                drop(reply.send(views));
            }
            NeighborsQuestion::Add(address, reply) => {
                let result = self.name(address);
                self.if_written(|| drop(reply.send(result)));
            }
            NeighborsQuestion::Remove(address, reply) => {
                let result = self.node.remove_neighbor(&address);
                self.drain();
                self.if_written(|| drop(reply.send(result)));
            }
            NeighborsQuestion::Invite { with_key, reply } => {
                let known = self.node.protocol().own().addresses();
                drop(reply.send(self.inviter.invite(&known, with_key)));
            }
            NeighborsQuestion::Join(invitation, reply) => {
                let result = self.join(&invitation);
                self.if_written(|| drop(reply.send(result)));
            }
        }
    }

    fn name(&mut self, address: DialAddress) -> Result<String, NeighborError> {
        let result = self.node.add_neighbor(self.clock.now(), address);
        self.drain();
        result
    }

    fn join(&mut self, invitation: &Invitation) -> Result<Joined, JoinRefusal> {
        let named = self.node.neighbors(self.clock.now());
        let ordered = named.iter().filter(|view| view.source == NeighborSource::Order).count();
        let is_new = |address: &DialAddress| !named.iter().any(|view| view.address == *address);
        let mut new: Vec<_> = invitation.neighbors().filter(is_new).collect();
        new.sort();
        new.dedup();
        if ordered + new.len() > NEIGHBORS_MAX {
            return Err(NeighborError::TooMany.into());
        }
        let joined = self.inviter.accept(invitation)?;
        for address in new {
            self.name(address)?;
        }
        Ok(joined)
    }

    /// What is answered has been written down; otherwise the beacon stops.
    fn if_written(&self, answer: impl FnOnce()) {
        if self.unwritten.is_none() {
            answer();
        }
        self.changes.raise(&[Topic::Members]);
    }
}

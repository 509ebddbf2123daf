//! A stand-in for the loop's part that neighbors and invitations are about, for tests of the API and of the command line.

use std::time::Duration;

use super::{Invited, JoinRefusal, Joined, NeighborsQuestion};
use crate::{
    model::{BeaconId, DialAddress, Invitation, NetworkId, SharedKey},
    node::{NeighborError, NeighborSource, NeighborState, NeighborView},
};

/// One neighbor of the configuration, which is linked, and those that are added, which never answer. The network is closed.
#[derive(Debug, Default)]
pub(crate) struct FakeNeighbors {
    added: Vec<DialAddress>,
}

/// The beacon that invites.
pub(crate) const INVITER: BeaconId = BeaconId::new([0xbe; 32]);
/// Its network.
pub(crate) const NETWORK: NetworkId = NetworkId::new([0xcd; 16]);

impl FakeNeighbors {
    /// Answers as a beacon would.
    pub(crate) fn answer(&mut self, question: NeighborsQuestion) {
        match question {
            NeighborsQuestion::List(reply) => drop(reply.send(self.list())),
            NeighborsQuestion::Add(address, reply) => drop(reply.send(self.add(address))),
            NeighborsQuestion::Remove(address, reply) => drop(reply.send(self.remove(&address))),
            NeighborsQuestion::Invite { with_key, reply } => drop(reply.send(invited(with_key))),
            NeighborsQuestion::Join(invitation, reply) => drop(reply.send(self.join(&invitation))),
        }
    }

    fn list(&self) -> Vec<NeighborView> {
        let linked = NeighborView {
            address: set(),
            source: NeighborSource::Config,
            state: NeighborState::Linked,
            beacon: Some(BeaconId::new([7; 32])),
            failures: 0,
            retry_in: None,
            problem: None,
        };
        let waiting = |address: &DialAddress| NeighborView {
            address: address.clone(),
            source: NeighborSource::Order,
            state: NeighborState::Waiting,
            beacon: None,
            failures: 3,
            retry_in: Some(Duration::from_millis(4_500)),
            problem: Some("no connection to 198.51.100.7:9000: no answer within 10 s".to_owned()),
        };
        std::iter::once(linked).chain(self.added.iter().map(waiting)).collect()
    }

    fn add(&mut self, address: DialAddress) -> Result<String, NeighborError> {
        if address == set() || self.added.contains(&address) {
            return Err(NeighborError::Already(address));
        }
        let said = format!("{address} is a neighbor now");
        self.added.push(address);
        Ok(said)
    }

    fn remove(&mut self, address: &DialAddress) -> Result<String, NeighborError> {
        match self.added.iter().position(|known| known == address) {
            Some(place) => Ok(format!("{} is not dialed any more", self.added.remove(place))),
            None if *address == set() => Err(NeighborError::Configured(address.clone())),
            None => Err(NeighborError::Unknown(address.clone())),
        }
    }

    fn join(&mut self, invitation: &Invitation) -> Result<Joined, JoinRefusal> {
        match invitation.network {
            _ if invitation.id == INVITER => Err(JoinRefusal::Itself),
            Some(NETWORK) => {
                self.added.extend(invitation.neighbors());
                Ok(Joined { message: "its addresses are neighbors now".to_owned(), restart_needed: false })
            }
            Some(_) => Err(JoinRefusal::OtherNetwork),
            None => Err(JoinRefusal::OpenNetwork),
        }
    }
}

fn set() -> DialAddress {
    DialAddress { id: None, host: "192.0.2.1".to_owned(), port: 9000 }
}

fn invited(with_key: bool) -> Invited {
    Invited {
        invitation: Invitation {
            id: INVITER,
            addresses: vec![DialAddress { id: None, host: "attic.example".to_owned(), port: 9000 }],
            network: Some(NETWORK),
            key: with_key.then_some(SharedKey::new([0xef; 32])),
        },
        is_closed: true,
        warning: with_key.then(|| "the key is in it".to_owned()),
    }
}

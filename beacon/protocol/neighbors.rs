//! Neighbors that the user names while the beacon runs, and how it stands with all that were named.

use super::{Links, Protocol, overlay::Overlay};
use crate::model::{BeaconId, DialAddress, Instant};

/// How it stands with an address that the user named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neighbor {
    /// The address.
    pub address: DialAddress,
    /// Whether the settings name it; else it was named while the beacon ran.
    pub is_set: bool,
    /// Who is at the other end of the link to it; `None` where there is no link.
    pub beacon: Option<BeaconId>,
    /// Whether it is being dialed now.
    pub is_dialed: bool,
    /// How often in a row it did not answer as it should.
    pub failures: u32,
    /// When it is dialed again at the earliest; `None` where nothing keeps it from being dialed.
    pub not_before: Option<Instant>,
}

impl Protocol {
    /// Names a neighbor: it is dialed now, and for ever. Whether it was not named before.
    pub fn add_neighbor(&mut self, now: Instant, address: DialAddress) -> bool {
        self.overlay.add_named(now, address)
    }

    /// Takes back that a neighbor was named while the beacon ran: it is dialed no more than any other member is, and a link
    /// that is up stays as long as any other. Whether it was named so.
    pub fn remove_neighbor(&mut self, address: &DialAddress) -> bool {
        self.overlay.remove_named(address)
    }

    /// Every neighbor that was named, those of the settings first.
    pub fn neighbors(&self) -> Vec<Neighbor> {
        self.overlay.neighbors(&self.links)
    }
}

impl Overlay {
    fn neighbors(&self, links: &Links) -> Vec<Neighbor> {
        let neighbor = |(address, is_set): (&DialAddress, bool)| {
            let dialed = links.iter().find(|(_, link)| link.dialed.as_ref() == Some(address));
            let settled = || links.find(*self.settled.get(address)?);
            let by_id = || links.find(links.to(&address.id?)?);
            let link = dialed.map(|(_, link)| link).or_else(settled).or_else(by_id);
            let attempt = self.attempts.get(address).filter(|_| link.is_none());
            Neighbor {
                address: address.clone(),
                is_set,
                beacon: link.map(|link| link.beacon),
                is_dialed: attempt.is_some_and(|attempt| attempt.under_way),
                failures: attempt.map_or(0, |attempt| attempt.failures),
                not_before: attempt.filter(|attempt| !attempt.under_way).map(|attempt| attempt.not_before),
            }
        };
        let named = self.named.iter().map(|address| (address, true));
        named.chain(self.added.iter().map(|address| (address, false))).map(neighbor).collect()
    }
}

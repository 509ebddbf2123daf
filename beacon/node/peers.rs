//! Where the clients of beacons are, for whoever asks the tracker.

use super::node::Node;
use crate::{
    model::TorrentState,
    tracker::{Known, KnownPeer, ShortHash},
};

/// The most clients of a torrent that are told of at once: more than any client connects to.
const KNOWN_MAX: usize = 1_000;

impl Node {
    /// What is known of a torrent's clients; `None` where no collection lists it.
    pub fn known_peers(&self, info_hash: &ShortHash) -> Option<Known> {
        let index = self.census.torrents().find_short(info_hash)?;
        let me = self.id();
        let present = self.census.holders(index).filter(|(_, state, liveness)| liveness.counts() && has_client(*state));
        let peers = present.filter_map(|(id, state, _)| {
            let addresses = if id == me {
                self.client_addresses.clone()
            } else {
                self.protocol.members().find(&id)?.hello().hello().peer_addresses.clone()
            };
            // Whom nobody can reach is no use to anybody, and no peer.
            let is_reachable = !addresses.is_empty();
            is_reachable.then_some(KnownPeer { addresses, is_complete: state.is_served(), is_own: id == me })
        });
        Some(Known { peers: peers.take(KNOWN_MAX).collect(), own: self.client_addresses.clone() })
    }
}

/// Whether the client of a beacon that says this of a torrent takes part in it.
pub(super) const fn has_client(state: TorrentState) -> bool {
    state.is_served() || matches!(state, TorrentState::Fetching | TorrentState::Stalled)
}

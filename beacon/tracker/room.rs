//! The clients that announced, within limits, so that nobody can fill the memory or push the others out.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
};

use super::{Asker, ShortHash};
use crate::model::Instant;

/// The most clients in all: some twenty megabytes.
const CLIENTS_MAX: usize = 100_000;
/// The most clients of one torrent; each hears of a random few of them anyway.
const CLIENTS_OF_TORRENT_MAX: usize = 2_000;
/// The most clients in all that come from one source elsewhere, so that filling everything takes many.
const CLIENTS_OF_SOURCE_MAX: usize = 2_000;
/// The most clients of one torrent that come from one source elsewhere: a household, not an army of invented ports.
const CLIENTS_OF_HOUSEHOLD_MAX: usize = 16;

/// A client that announced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Client {
    pub(super) peer_id: [u8; 20],
    pub(super) is_complete: bool,
    /// Whether it runs on this machine.
    pub(super) is_here: bool,
    pub(super) expires: Instant,
}

/// Every client that announced, by torrent and by where it is reached.
#[derive(Debug, Default)]
pub(super) struct Room {
    torrents: BTreeMap<ShortHash, BTreeMap<(IpAddr, u16), Client>>,
    /// How many clients come from each source elsewhere.
    sources: BTreeMap<IpAddr, usize>,
    clients: usize,
}

impl Room {
    /// Takes a client in, or notes its news; what was known of it before. Where there is no room it stays out.
    pub(super) fn put(&mut self, info_hash: ShortHash, asker: Asker, port: u16, client: Client) -> Option<Client> {
        let place = (asker.ip, port);
        if let Some(before) = self.torrents.get_mut(&info_hash).and_then(|clients| clients.get_mut(&place)) {
            return Some(std::mem::replace(before, client));
        }
        if self.has_room(&info_hash, asker) {
            self.torrents.entry(info_hash).or_default().insert(place, client);
            self.clients += 1;
            if !asker.is_here {
                *self.sources.entry(asker.source()).or_default() += 1;
            }
        }
        None
    }

    /// Takes a client out; what was known of it.
    pub(super) fn remove(&mut self, info_hash: &ShortHash, asker: Asker, port: u16) -> Option<Client> {
        let clients = self.torrents.get_mut(info_hash)?;
        let gone = clients.remove(&(asker.ip, port))?;
        if clients.is_empty() {
            self.torrents.remove(info_hash);
        }
        self.clients -= 1;
        discount(&mut self.sources, asker.ip, &gone);
        Some(gone)
    }

    /// Forgets who has not come back.
    pub(super) fn expire(&mut self, now: Instant) {
        let Self { torrents, sources, clients: total } = self;
        torrents.retain(|_, clients| {
            clients.retain(|(ip, _), client| {
                let stays = client.expires > now;
                if !stays {
                    *total -= 1;
                    discount(sources, *ip, client);
                }
                stays
            });
            !clients.is_empty()
        });
    }

    /// The clients of a torrent, and where each is reached.
    pub(super) fn of(&self, info_hash: &ShortHash) -> impl Iterator<Item = (SocketAddr, &Client)> {
        let clients = self.torrents.get(info_hash).into_iter().flatten();
        clients.map(|((ip, port), client)| (SocketAddr::new(*ip, *port), client))
    }

    /// How many torrents have clients, and how many clients there are.
    pub(super) fn sizes(&self) -> (usize, usize) {
        (self.torrents.len(), self.clients)
    }

    fn has_room(&self, info_hash: &ShortHash, asker: Asker) -> bool {
        let clients = self.torrents.get(info_hash);
        if self.clients >= CLIENTS_MAX || clients.is_some_and(|clients| clients.len() >= CLIENTS_OF_TORRENT_MAX) {
            return false;
        }
        let places = (asker.source(), 0)..=(asker.last_of_source(), u16::MAX);
        let of_household = || clients.map_or(0, |clients| clients.range(places).count());
        let of_source = || self.sources.get(&asker.source()).copied().unwrap_or(0);
        asker.is_here || (of_source() < CLIENTS_OF_SOURCE_MAX && of_household() < CLIENTS_OF_HOUSEHOLD_MAX)
    }
}

fn discount(sources: &mut BTreeMap<IpAddr, usize>, ip: IpAddr, gone: &Client) {
    if gone.is_here {
        return;
    }
    let source = Asker { ip, is_here: false }.source();
    if let Some(count) = sources.get_mut(&source) {
        *count -= 1;
        if *count == 0 {
            sources.remove(&source);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    const NOW: Instant = Instant::ZERO;

    fn asker(number: u32) -> Asker {
        Asker { ip: Ipv4Addr::from_bits(0x0b00_0000 + number).into(), is_here: false }
    }

    fn client(expires: u64) -> Client {
        Client { peer_id: [0; 20], is_complete: false, is_here: false, expires: Instant::from_millis(expires) }
    }

    fn hash(number: u16) -> ShortHash {
        let mut hash = [0; 20];
        hash[..2].copy_from_slice(&number.to_be_bytes());
        hash
    }

    #[test]
    fn an_address_gets_only_so_many_places_in_a_torrent() {
        let mut room = Room::default();
        for port in 1..100 {
            room.put(hash(1), asker(1), port, client(1));
        }
        room.put(hash(1), asker(2), 1, client(1));
        assert_eq!(room.sizes(), (1, CLIENTS_OF_HOUSEHOLD_MAX + 1));
        let here = Asker { is_here: true, ..asker(1) };
        for port in 100..200 {
            room.put(hash(1), here, port, Client { is_here: true, ..client(1) });
        }
        assert_eq!(room.sizes(), (1, CLIENTS_OF_HOUSEHOLD_MAX + 101));
    }

    #[test]
    fn all_addresses_of_a_house_are_one_household() {
        let mut room = Room::default();
        for number in 0..100_u16 {
            let ip = std::net::Ipv6Addr::new(0x2001, 0xdb8, 0, 7, 0, 0, 0, number).into();
            room.put(hash(1), Asker { ip, is_here: false }, 6881, client(1));
        }
        assert_eq!(room.sizes(), (1, CLIENTS_OF_HOUSEHOLD_MAX));
    }

    #[test]
    fn a_source_gets_only_so_many_places_and_gets_them_back() {
        let mut room = Room::default();
        for torrent in 0..5_000 {
            room.put(hash(torrent), asker(1), 1, client(1));
        }
        assert_eq!(room.sizes(), (CLIENTS_OF_SOURCE_MAX, CLIENTS_OF_SOURCE_MAX));
        assert!(room.remove(&hash(0), asker(1), 1).is_some());
        room.put(hash(4_000), asker(1), 1, client(1));
        assert_eq!(room.sizes().1, CLIENTS_OF_SOURCE_MAX);
        room.expire(Instant::from_millis(1));
        assert_eq!((room.sizes(), room.sources.len()), ((0, 0), 0));
    }

    #[test]
    fn a_torrent_and_all_together_have_an_end() {
        let mut room = Room::default();
        for number in 0..3_000 {
            room.put(hash(1), asker(number), 1, client(1));
        }
        assert_eq!(room.sizes(), (1, CLIENTS_OF_TORRENT_MAX));
        for torrent in 2..60 {
            for number in 0..2_000 {
                room.put(hash(torrent), asker(number), 1, client(1));
            }
        }
        assert_eq!(room.sizes().1, CLIENTS_MAX);
    }

    #[test]
    fn who_does_not_come_back_is_forgotten() {
        let mut room = Room::default();
        room.put(hash(1), asker(1), 1, client(10));
        room.put(hash(1), asker(2), 1, client(10));
        assert_eq!(room.put(hash(1), asker(1), 1, client(20)), Some(client(10)));
        room.expire(NOW);
        assert_eq!(room.sizes(), (1, 2));
        room.expire(Instant::from_millis(10));
        assert_eq!(room.of(&hash(1)).map(|(address, _)| address.ip()).collect::<Vec<_>>(), [asker(1).ip]);
    }
}

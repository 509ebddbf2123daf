//! Ten peers and one origin. Who there is each is told at the beginning, as a beacon tells its client of the holders.

use std::{net::SocketAddr, time::Duration};

use super::fetcher::Fetcher;
use crate::support::{Port, TestTorrent, Weather, World};

const PEERS: usize = 10;
const PIECES: usize = 20;
const PIECE_BYTES: usize = 16 << 10;
/// Of the origin: all pieces once take it a second and a half, so that who has a piece can pass it on meanwhile.
const RATE: u64 = 200_000;
const TIME_MAX: Duration = Duration::from_mins(2);

/// Has every peer fetch, of whom the first so many know the origin, and all know each other; the bytes the origin sent.
async fn spread(know_origin: usize) -> (u64, usize) {
    let world = World::new();
    let torrent = TestTorrent::single("chunks.bin", PIECES * PIECE_BYTES, 1);
    let origin = Fetcher::sharing(&world.dir().join("origin"), &torrent).await;
    let port = Port::open(origin.address, Weather { rate: RATE, faults: None }).await;
    let mut peers = Vec::new();
    for place in 0..PEERS {
        peers.push(Fetcher::start(&world.dir().join(format!("peer-{place}"))).await);
    }
    let addresses: Vec<SocketAddr> = peers.iter().map(|peer| peer.address).collect();
    for (place, peer) in peers.iter_mut().enumerate() {
        let others = addresses.iter().copied().filter(|address| *address != peer.address);
        let peers = others.chain((place < know_origin).then_some(port.address)).collect();
        peer.fetch(&torrent, peers).await;
    }
    for peer in &mut peers {
        peer.complete(TIME_MAX).await;
        torrent.assert_data(&peer.files());
    }
    torrent.assert_data(&origin.files());
    (port.carried(), torrent.size())
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_peers_and_one_origin_all_complete() {
    spread(PEERS).await;
}

/// Eight of the ten get everything from peers that are fetching themselves.
#[tokio::test(flavor = "multi_thread")]
async fn peers_pass_on_what_they_have_before_they_have_all() {
    let (sent, size) = spread(2).await;
    assert!(sent < 3 * size as u64, "the origin sent {sent} bytes of {size}");
}

//! The door for peers from outside: it looks whom they want, wakes that torrent, and lets them through to the engine.
//!
//! The engine itself listens on loopback only. Without this door every torrent would have to be awake all the time, since the
//! engine turns away whoever asks for one that is not.

use std::{
    collections::BTreeMap,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, BufReader, copy_buf},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};

use super::{EmbeddedError, engine::Engine, torrent_files::poisonless};

/// The listening socket, before anybody is let in.
#[derive(Debug)]
pub(super) struct Gate {
    listener: TcpListener,
    pub(super) port: u16,
}

/// The part of a handshake (BEP 3) up to and with the info-hash.
const HANDSHAKE: usize = 48;
const PROTOCOL: &[u8; 20] = b"\x13BitTorrent protocol";
/// How long somebody may take to say what they want.
const PATIENCE: Duration = Duration::from_secs(10);
/// People who are inside or at the door at once;
const GUESTS_MAX: usize = 1_024;
/// and of one address, or one IPv6 network of a house.
const GUESTS_OF_ADDRESS_MAX: usize = 128;
/// How long one side may go on after the other has ended.
const FAREWELL: Duration = Duration::from_secs(10);
/// What is carried at once in each direction; requests are small, blocks have 16 KiB.
const OUTWARD_BYTES: usize = 256 << 10;
const INWARD_BYTES: usize = 64 << 10;

/// How many guests there are of each address.
type Guests = Arc<Mutex<BTreeMap<IpAddr, usize>>>;

impl Gate {
    pub(super) async fn open(address: SocketAddr) -> Result<Self, EmbeddedError> {
        let opened = async {
            let listener = TcpListener::bind(address).await?;
            Ok(Self { port: listener.local_addr()?.port(), listener })
        };
        opened.await.map_err(|reason| EmbeddedError::Listen { address, reason })
    }

    /// Lets peers in for as long as the engine is there.
    pub(super) async fn serve(self, engine: Arc<Engine>) {
        let Some(inside) = engine.session.listen_addr() else { return };
        let places = Arc::new(Semaphore::new(GUESTS_MAX));
        let guests = Guests::default();
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let (peer, address) = match self.listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    // As a rule too many files are open; it passes.
                    tracing::debug!("a peer could not come in: {error}");
                    sleep(Duration::from_secs(1)).await;
                    continue;
                }
            };
            let Some(guest) = Guest::enter(&guests, address.ip()) else { continue };
            let engine = Arc::clone(&engine);
            tokio::spawn(async move {
                if let Err(error) = let_in(peer, inside, &engine).await {
                    tracing::debug!("a peer was let go: {error}");
                }
                drop((place, guest));
            });
        }
    }
}

/// One guest's place among those of its address, until it is dropped.
struct Guest {
    guests: Guests,
    ip: IpAddr,
}

impl Guest {
    /// `None` where there are enough of that address.
    fn enter(guests: &Guests, ip: IpAddr) -> Option<Self> {
        let ip = match ip.to_canonical() {
            // Whoever has one address of such a network has all of it.
            IpAddr::V6(ip) => IpAddr::V6((ip.to_bits() >> 64 << 64).into()),
            v4 @ IpAddr::V4(_) => v4,
        };
        let mut counts = poisonless(guests);
        let count = counts.entry(ip).or_default();
        if *count >= GUESTS_OF_ADDRESS_MAX {
            return None;
        }
        *count += 1;
        drop(counts);
        Some(Self { guests: Arc::clone(guests), ip })
    }
}

impl Drop for Guest {
    fn drop(&mut self) {
        let mut counts = poisonless(&self.guests);
        if let Some(count) = counts.get_mut(&self.ip) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.ip);
            }
        }
    }
}

async fn let_in(mut peer: TcpStream, inside: SocketAddr, engine: &Engine) -> io::Result<()> {
    let mut handshake = [0; HANDSHAKE];
    timeout(PATIENCE, peer.read_exact(&mut handshake)).await??;
    let (protocol, rest) = handshake.split_at(PROTOCOL.len());
    let key: Option<[u8; 20]> = rest.last_chunk().copied().filter(|_| protocol == PROTOCOL);
    let Some(key) = key else { return Err(io::ErrorKind::InvalidData.into()) };
    engine.wake(&key).await.map_err(io::Error::other)?;
    let mut engine_side = TcpStream::connect(inside).await?;
    peer.set_nodelay(true)?;
    engine_side.set_nodelay(true)?;
    engine_side.write_all(&handshake).await?;
    carry(peer, engine_side).await
}

/// Carries bytes both ways until one side ends, and the other shortly after. Whoever keeps a connection open from which nothing comes
/// any more must not keep its place.
async fn carry(peer: TcpStream, engine: TcpStream) -> io::Result<()> {
    let (from_peer, mut to_peer) = peer.into_split();
    let (from_engine, mut to_engine) = engine.into_split();
    let mut inward = pin!(async {
        copy_buf(&mut BufReader::with_capacity(INWARD_BYTES, from_peer), &mut to_engine).await?;
        to_engine.shutdown().await
    });
    let mut outward = pin!(async {
        copy_buf(&mut BufReader::with_capacity(OUTWARD_BYTES, from_engine), &mut to_peer).await?;
        to_peer.shutdown().await
    });
    tokio::select! {
        ended = &mut inward => {
            ended?;
            timeout(FAREWELL, outward).await?
        }
        ended = &mut outward => {
            ended?;
            timeout(FAREWELL, inward).await?
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_cannot_take_all_places() {
        let guests = Guests::default();
        let enter = |ip: &str| Guest::enter(&guests, ip.parse().expect("an address"));
        let all: Vec<Guest> = (0..GUESTS_OF_ADDRESS_MAX).filter_map(|_| enter("2001:db8::1")).collect();
        assert_eq!(all.len(), GUESTS_OF_ADDRESS_MAX);
        assert!(enter("2001:db8::2").is_none(), "of the same network");
        assert!(enter("2001:db8:0:1::1").is_some() && enter("192.0.2.1").is_some());
        drop(all);
        assert!(enter("2001:db8::2").is_some());
        assert!(poisonless(&guests).is_empty());
    }
}

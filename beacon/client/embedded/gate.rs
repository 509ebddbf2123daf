//! The door for peers from outside: it looks whom they want, wakes that torrent, and lets them through to the engine.
//!
//! The engine itself listens on loopback only. Without this door every torrent would have to be awake all the time, since the
//! engine turns away whoever asks for one that is not.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional_with_sizes},
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::{sleep, timeout},
};

use super::{EmbeddedError, engine::Engine};

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
/// People who are inside or at the door at once.
const GUESTS_MAX: usize = 1_024;
/// What is carried at once in each direction; requests are small, blocks have 16 KiB.
const OUTWARD_BYTES: usize = 256 << 10;
const INWARD_BYTES: usize = 64 << 10;

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
        let guests = Arc::new(Semaphore::new(GUESTS_MAX));
        loop {
            let Ok(place) = Arc::clone(&guests).acquire_owned().await else { return };
            let peer = match self.listener.accept().await {
                Ok((peer, _)) => peer,
                Err(error) => {
                    // As a rule too many files are open; it passes.
                    tracing::debug!("a peer could not come in: {error}");
                    sleep(Duration::from_secs(1)).await;
                    continue;
                }
            };
            let engine = Arc::clone(&engine);
            tokio::spawn(async move {
                if let Err(error) = let_in(peer, inside, &engine).await {
                    tracing::debug!("a peer was let go: {error}");
                }
                drop(place);
            });
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
    copy_bidirectional_with_sizes(&mut peer, &mut engine_side, INWARD_BYTES, OUTWARD_BYTES).await?;
    Ok(())
}

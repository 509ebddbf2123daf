//! A port between two programs that carries what it can: at a rate, with pauses, broken connections and times when it is shut.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use beacon::model::Rng;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    task::{JoinHandle, JoinSet},
    time::{Instant, sleep, sleep_until, timeout_at},
};

/// A port to somebody who serves. It is gone when dropped, with every connection through it.
#[derive(Debug)]
pub(crate) struct Port {
    pub(crate) address: SocketAddr,
    lane: Arc<Lane>,
    task: JoinHandle<()>,
}

/// What a port is like.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weather {
    /// Bytes a second from who serves to who fetches, over all connections; requests are not limited.
    pub(crate) rate: u64,
    /// What goes wrong, from a seed; `None` for nothing.
    pub(crate) faults: Option<Faults>,
}

/// What goes wrong with a port.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Faults {
    pub(crate) seed: u64,
    /// Of a million parcels (of [`PARCEL_BYTES`]), so many are lost once: what comes behind them waits for a while.
    pub(crate) lost_ppm: u32,
    /// For how long it waits then.
    pub(crate) wait: Duration,
    /// It is open for half to one and a half times as long, on the average for this long; then every connection is reset.
    pub(crate) open: Duration,
    /// How long it then is shut, varied likewise.
    pub(crate) shut: Duration,
}

/// What all connections through a port share.
#[derive(Debug)]
struct Lane {
    weather: Weather,
    free_at: Mutex<Instant>,
    dice: Mutex<Rng>,
    carried: AtomicU64,
}

/// What is carried at once: small, so that a rate of a few kilobytes is even.
const PARCEL_BYTES: usize = 512;

impl Port {
    /// Opens a port of the system's choice that leads to `target`.
    pub(crate) async fn open(target: SocketAddr, weather: Weather) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
        let address = listener.local_addr().expect("bound");
        let lane = Arc::new(Lane {
            weather,
            free_at: Mutex::new(Instant::now()),
            dice: Mutex::new(Rng::new(weather.faults.map_or(0, |faults| faults.seed))),
            carried: AtomicU64::new(0),
        });
        let task = tokio::spawn(serve(listener, address, target, Arc::clone(&lane)));
        Self { address, lane, task }
    }

    /// Bytes carried from who serves to who fetches, of the protocol and of the data.
    pub(crate) fn carried(&self) -> u64 {
        self.lane.carried.load(Ordering::SeqCst)
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn serve(mut listener: TcpListener, address: SocketAddr, target: SocketAddr, lane: Arc<Lane>) {
    loop {
        let Some(faults) = lane.weather.faults else { return accept(&listener, target, &lane, None).await };
        let open = lane.varied(faults.open);
        accept(&listener, target, &lane, Some(Instant::now() + open)).await;
        drop(listener);
        sleep(lane.varied(faults.shut)).await;
        listener = loop {
            match TcpListener::bind(address).await {
                Ok(listener) => break listener,
                // Some other program has it for a moment.
                Err(_) => sleep(Duration::from_millis(10)).await,
            }
        };
    }
}

/// Carries until then, and resets every connection.
async fn accept(listener: &TcpListener, target: SocketAddr, lane: &Arc<Lane>, end: Option<Instant>) {
    let mut connections = JoinSet::new();
    loop {
        let accepted = match end {
            Some(end) => match timeout_at(end, listener.accept()).await {
                Ok(accepted) => accepted,
                Err(_) => return,
            },
            None => listener.accept().await,
        };
        let Ok((stream, _)) = accepted else { continue };
        // Dropped unfinished, it ends with a reset and not with a farewell.
        if socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).is_err() {
            continue;
        }
        let lane = Arc::clone(lane);
        connections.spawn(async move { carry(stream, target, &lane).await });
    }
}

async fn carry(fetcher: TcpStream, target: SocketAddr, lane: &Lane) -> io::Result<()> {
    let server = TcpStream::connect(target).await?;
    let (mut from_fetcher, to_fetcher) = fetcher.into_split();
    let (from_server, mut to_server) = server.into_split();
    tokio::select! {
        done = copy(&mut from_fetcher, &mut to_server) => done.map(|_| ()),
        done = carry_data(from_server, to_fetcher, lane) => done,
    }
}

async fn carry_data(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, lane: &Lane) -> io::Result<()> {
    let mut parcel = [0; PARCEL_BYTES];
    loop {
        let bytes = from.read(&mut parcel).await?;
        if bytes == 0 {
            return Ok(());
        }
        sleep_until(lane.turn(bytes)).await;
        if let Some(wait) = lane.loss() {
            sleep(wait).await;
        }
        to.write_all(&parcel[..bytes]).await?;
        lane.carried.fetch_add(bytes as u64, Ordering::SeqCst);
    }
}

impl Lane {
    /// When so many bytes have their turn. What was not used before is lost.
    fn turn(&self, bytes: usize) -> Instant {
        let time = Duration::from_micros(bytes as u64 * 1_000_000 / self.weather.rate);
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        *free_at = (*free_at).max(Instant::now()) + time;
        *free_at
    }

    fn loss(&self) -> Option<Duration> {
        let faults = self.weather.faults?;
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        dice.chance_ppm(faults.lost_ppm).then_some(faults.wait)
    }

    /// Half to one and a half times as long.
    fn varied(&self, time: Duration) -> Duration {
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        time * u32::try_from(500 + dice.below(1_001)).unwrap_or(1_000) / 1_000
    }
}

//! Reading messages that come as streams, with bounds on their size, their number and their slowness.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use quinn::{ConnectionError, ReadError, RecvStream};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, timeout_at},
};

use super::{close::CloseCode, link::MESSAGE_BYTES_MAX};

/// How many streams of one link are read at once.
pub(super) const READING_MAX: usize = 8;

/// The memory for large messages: one at a time for a link, a few for all.
#[derive(Debug, Clone)]
pub(super) struct LargeRoom {
    all: Arc<Semaphore>,
    link: Arc<Semaphore>,
}

/// Why a link cannot go on.
#[derive(Debug)]
pub(super) enum Fault {
    /// The connection ended.
    Ended(ConnectionError),
    /// The other end breaks a rule; the link is to be closed with these words.
    Offence(CloseCode, &'static str),
    /// Nobody takes our events any more.
    OwnerGone,
}

impl From<ConnectionError> for Fault {
    fn from(error: ConnectionError) -> Self {
        Self::Ended(error)
    }
}

/// A message, and the room that it takes until it is handed over.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) bytes: Bytes,
    /// Given back when the event is taken.
    pub(super) room: Option<OwnedSemaphorePermit>,
    /// Given back when the event is queued.
    _turn: Option<OwnedSemaphorePermit>,
}

impl LargeRoom {
    pub(super) fn new() -> Self {
        Self { all: Arc::new(Semaphore::new(LARGE_MAX)), link: Arc::new(Semaphore::new(1)) }
    }

    /// The same memory for all, a turn of its own for another link.
    pub(super) fn for_another_link(&self) -> Self {
        Self { all: self.all.clone(), link: Arc::new(Semaphore::new(1)) }
    }

    async fn take(&self) -> Option<(OwnedSemaphorePermit, OwnedSemaphorePermit)> {
        // Neither semaphore is ever closed.
        let turn = self.link.clone().acquire_owned().await.ok()?;
        let room = self.all.clone().acquire_owned().await.ok()?;
        Some((turn, room))
    }
}

/// Reads one message to its end; `None` where the other end gave it up.
pub(super) async fn read(mut stream: RecvStream, large: LargeRoom) -> Result<Option<Message>, Fault> {
    let mut bytes = Vec::new();
    let (mut room, mut turn) = (None, None);
    let mut start = Instant::now();
    loop {
        let deadline = start + GRACE + Duration::from_secs(bytes.len() as u64 / BYTES_PER_SECOND_MIN);
        let chunk = match timeout_at(deadline, stream.read_chunk(CHUNK_BYTES_MAX, true)).await {
            Err(_elapsed) => return Err(Fault::Offence(CloseCode::TooSlow, "a message came too slowly")),
            Ok(Err(ReadError::ConnectionLost(error))) => return Err(error.into()),
            Ok(Err(_given_up)) => return Ok(None),
            Ok(Ok(None)) => return Ok(Some(Message { bytes: bytes.into(), room, _turn: turn })),
            Ok(Ok(Some(chunk))) => chunk.bytes,
        };
        let length = bytes.len() + chunk.len();
        if length > MESSAGE_BYTES_MAX {
            return Err(Fault::Offence(CloseCode::TooLarge, "a message was larger than 16 MiB"));
        }
        if length > SMALL_BYTES_MAX && room.is_none() {
            let asked = Instant::now();
            if let Some((of_link, of_all)) = large.take().await {
                (turn, room) = (Some(of_link), Some(of_all));
            }
            // Waiting for our own memory is not the other end's slowness.
            start += asked.elapsed();
        }
        bytes.extend_from_slice(&chunk);
    }
}

/// Messages above this wait for room: 8 streams of 64 links at this size are 32 MiB.
const SMALL_BYTES_MAX: usize = 64 << 10;
/// How many large messages are in memory at once: 128 MiB at most.
const LARGE_MAX: usize = 8;
/// How much is taken from a stream at once.
const CHUNK_BYTES_MAX: usize = 64 << 10;
/// How long a message may take however small it is.
const GRACE: Duration = Duration::from_secs(10);
/// The least speed of a message beyond that: a line of 1 Mbit/s can carry [`READING_MAX`] of them.
const BYTES_PER_SECOND_MIN: u64 = 8 << 10;

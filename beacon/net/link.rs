//! A link as others in this process hold it: to send over, to close, to ask.

use std::sync::{
    OnceLock,
    atomic::{AtomicUsize, Ordering},
};

use bytes::Bytes;
use quinn::{Connection, ConnectionError, SendDatagramError};
use thiserror::Error;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::{
    admission::Instance,
    close::{CloseCode, describe},
};
use crate::model::{BeaconId, Channel, LinkId};

/// The largest message: more than the .torrent file of any archive we know, small enough to hold in memory.
pub const MESSAGE_BYTES_MAX: usize = 16 << 20;
/// The largest message that is sent as a datagram; fits a packet on every path that QUIC works on.
pub const DATAGRAM_BYTES_MAX: usize = 1100;

/// Why a message was not taken for sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SendError {
    /// The link is gone.
    #[error("the link is gone")]
    Gone,
    /// The message is larger than any beacon takes.
    #[error("a message of {bytes} bytes is larger than the {MESSAGE_BYTES_MAX} allowed")]
    TooLarge {
        /// The size of the message.
        bytes: usize,
    },
    /// The other end takes messages too slowly; the link is closed.
    #[error("more than {OUTBOX_BYTES_MAX} bytes are waiting for this link; it is closed")]
    Overflow,
}

/// One live connection to another beacon.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) id: LinkId,
    pub(super) beacon: BeaconId,
    /// Which run of the other beacon this is.
    pub(super) instance: Instance,
    /// Whether we dialed.
    pub(super) dialed: bool,
    pub(super) connection: Connection,
    outbox: UnboundedSender<Bytes>,
    /// Bytes in the outbox and being written; what bounds the outbox.
    waiting: AtomicUsize,
    /// Why we closed it, where it was we.
    farewell: OnceLock<String>,
}

impl Link {
    /// A new link, and the messages that are to be sent over it as streams.
    pub(super) fn new(
        id: LinkId,
        beacon: BeaconId,
        instance: Instance,
        dialed: bool,
        connection: Connection,
    ) -> (Self, UnboundedReceiver<Bytes>) {
        let (outbox, messages) = unbounded_channel();
        let (waiting, farewell) = (AtomicUsize::new(0), OnceLock::new());
        (Self { id, beacon, instance, dialed, connection, outbox, waiting, farewell }, messages)
    }

    /// Takes a message for sending; never waits.
    pub(super) fn send(&self, channel: Channel, bytes: Bytes) -> Result<(), SendError> {
        if bytes.len() > MESSAGE_BYTES_MAX {
            return Err(SendError::TooLarge { bytes: bytes.len() });
        }
        if channel == Channel::Datagram && self.send_datagram(&bytes)? {
            return Ok(());
        }
        let cost = Self::cost(&bytes);
        if self.waiting.fetch_add(cost, Ordering::Relaxed) + cost > OUTBOX_BYTES_MAX {
            self.close(CloseCode::Overflow, "the other beacon takes messages too slowly");
            return Err(SendError::Overflow);
        }
        self.outbox.send(bytes).map_err(|_closed| SendError::Gone)
    }

    /// Gives back the room of a message that was written.
    pub(super) fn written(&self, bytes: &Bytes) {
        self.waiting.fetch_sub(Self::cost(bytes), Ordering::Relaxed);
    }

    /// Closes the link; the first reason counts.
    pub(super) fn close(&self, code: CloseCode, reason: &str) {
        let _earlier_reason = self.farewell.set(reason.to_owned());
        self.connection.close(code.as_var_int(), reason.as_bytes());
    }

    /// Waits until the link's last event was told.
    pub(super) async fn finished(&self) {
        self.outbox.closed().await;
    }

    /// Why the link ended, for people.
    pub(super) fn epitaph(&self, error: &ConnectionError) -> String {
        match self.farewell.get() {
            Some(reason) => reason.clone(),
            None => describe(error),
        }
    }

    /// Whether it went as a datagram; if not, it does not fit into one.
    fn send_datagram(&self, bytes: &Bytes) -> Result<bool, SendError> {
        if bytes.len() > DATAGRAM_BYTES_MAX {
            return Ok(false);
        }
        match self.connection.send_datagram(bytes.clone()) {
            Ok(()) => Ok(true),
            Err(SendDatagramError::ConnectionLost(_)) => Err(SendError::Gone),
            Err(SendDatagramError::TooLarge | SendDatagramError::UnsupportedByPeer | SendDatagramError::Disabled) => {
                Ok(false)
            }
        }
    }

    fn cost(bytes: &Bytes) -> usize {
        bytes.len() + MESSAGE_OVERHEAD_BYTES
    }
}

/// What may wait for one link: the largest message, and a good deal beside it.
const OUTBOX_BYTES_MAX: usize = 2 * MESSAGE_BYTES_MAX;
/// What a queued message costs beside its bytes, so that the number of empty ones is bounded too.
const MESSAGE_OVERHEAD_BYTES: usize = 64;

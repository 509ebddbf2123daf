//! What the network tells its owner, and the bounded queue it comes through.

use std::net::SocketAddr;

use bytes::Bytes;
use thiserror::Error;
use tokio::sync::{OwnedSemaphorePermit, mpsc};

use crate::model::{BeaconId, Channel, DialAddress, LinkId};

/// Something that happened on the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NetEvent {
    /// A link to another beacon is up: its identity is proved, and it knows the network key.
    LinkUp {
        /// The new link.
        link: LinkId,
        /// Who is at the other end.
        beacon: BeaconId,
        /// Where it is, as seen from here.
        address: SocketAddr,
        /// What we dialed; `None` where the other beacon dialed us.
        dialed: Option<DialAddress>,
    },
    /// A link is gone. Comes once after each `LinkUp`, and nothing of this link comes later.
    LinkDown {
        /// The link that was up.
        link: LinkId,
        /// Why, for people.
        reason: String,
    },
    /// A message came.
    Received {
        /// Over which link.
        link: LinkId,
        /// How it travelled.
        channel: Channel,
        /// The message, at most [`MESSAGE_BYTES_MAX`](super::MESSAGE_BYTES_MAX).
        bytes: Bytes,
    },
    /// Dialing came to nothing.
    DialFailed {
        /// What was dialed.
        to: DialAddress,
        /// Why it did not work.
        reason: DialFailure,
    },
    /// A beacon of our network was heard on the local network; its id is set.
    LanBeacon {
        /// Where it says it can be dialed.
        address: DialAddress,
    },
    /// Our own address as the internet sees it.
    PublicAddress(SocketAddr),
}

/// Why dialing came to nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DialFailure {
    /// The host name has no address.
    #[error("the host name cannot be resolved: {0}")]
    Unresolved(String),
    /// The host has addresses, but none that this beacon can send to.
    #[error("none of its addresses can be reached from {listen}; listen on [::] for both IPv4 and IPv6")]
    NoUsableAddress {
        /// Where this beacon listens.
        listen: SocketAddr,
    },
    /// Nobody answered in time, or the connection could not be set up.
    #[error("no connection to {address}: {reason}")]
    Unreachable {
        /// The last address tried.
        address: SocketAddr,
        /// What happened.
        reason: String,
    },
    /// Another beacon than the one asked for answered.
    #[error("{address} is beacon {answered}, not {expected}")]
    WrongBeacon {
        /// Where.
        address: SocketAddr,
        /// The id that was dialed.
        expected: BeaconId,
        /// The id that answered.
        answered: BeaconId,
    },
    /// It is our own address.
    #[error("it is this beacon itself")]
    Itself,
    /// There is, or will be in a moment, another link to the same beacon. Not a fault of the address.
    #[error("there is a link to {beacon} already")]
    AlreadyLinked {
        /// Who answered.
        beacon: BeaconId,
    },
    /// The other beacon, or this one, does not want the link.
    #[error("{address} refused: {reason}")]
    Refused {
        /// Where.
        address: SocketAddr,
        /// What was said, or found wrong.
        reason: String,
    },
    /// This beacon has as many links as it may have, or dials as many as it may at once.
    #[error("this beacon has no room for another link")]
    Full,
}

/// The network's events, in order of arrival; those of one link in the order they happened.
#[derive(Debug)]
pub struct NetEvents {
    queue: mpsc::Receiver<Queued>,
}

impl NetEvents {
    /// The next event; `None` once the network is shut down and everything was taken. Safe to cancel.
    pub async fn recv(&mut self) -> Option<NetEvent> {
        self.queue.recv().await.map(Queued::open)
    }

    /// The next event where one is waiting.
    pub fn try_recv(&mut self) -> Option<NetEvent> {
        self.queue.try_recv().ok().map(Queued::open)
    }
}

/// The end of the queue that events are put into.
#[derive(Debug, Clone)]
pub(super) struct EventSender {
    queue: mpsc::Sender<Queued>,
}

/// An event, and the memory that is set aside for it until it is taken.
#[derive(Debug)]
struct Queued {
    event: NetEvent,
    _room: Option<OwnedSemaphorePermit>,
}

impl Queued {
    fn open(self) -> NetEvent {
        self.event
    }
}

/// The owner has gone: nobody takes events any more.
#[derive(Debug)]
pub(super) struct OwnerGone;

impl EventSender {
    /// Waits until there is room.
    pub(super) async fn send(&self, event: NetEvent) -> Result<(), OwnerGone> {
        self.send_with(event, None).await
    }

    /// Waits until there is room; `room` is given back when the event is taken.
    pub(super) async fn send_with(&self, event: NetEvent, room: Option<OwnedSemaphorePermit>) -> Result<(), OwnerGone> {
        self.queue.send(Queued { event, _room: room }).await.map_err(|_event| OwnerGone)
    }

    /// Drops the event where there is no room: for what may be lost, or comes again.
    pub(super) fn offer(&self, event: NetEvent) {
        let _no_room = self.queue.try_send(Queued { event, _room: None });
    }
}

/// A queue for events. Small messages are at most 64 KiB, so that a full queue holds at most 64 MiB of them; large ones
/// have a bound of their own.
pub(super) fn queue() -> (EventSender, NetEvents) {
    let (sender, receiver) = mpsc::channel(EVENTS_MAX);
    (EventSender { queue: sender }, NetEvents { queue: receiver })
}

const EVENTS_MAX: usize = 1024;

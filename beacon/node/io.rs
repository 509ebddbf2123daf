//! What goes into a node and what comes out: all there is between it and the world.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use super::{
    Listing,
    view::{ActionKind, Drain, ModeOrder},
};
use crate::{
    model::{BeaconId, ByteSize, Catalog, ClientChange, ClientInfo, ClientTraffic, DialAddress, InfoHash, LinkId},
    wire::{Message, SignedHello},
};

/// Something that happened.
#[derive(Debug, Clone)]
pub enum Input {
    /// A connection is up; the other end has proved who it is.
    LinkUp {
        /// Names it from now on.
        link: LinkId,
        /// Who is there.
        beacon: BeaconId,
        /// From where its packets come.
        address: SocketAddr,
        /// The address that was dialed; `None` where the other side did.
        dialed: Option<DialAddress>,
    },
    /// A connection is down.
    LinkDown(LinkId),
    /// How long packets take on each live link, there and back, as measured now.
    RoundTrips(Vec<(LinkId, Duration)>),
    /// A message came.
    Received(LinkId, Message),
    /// Something came that is not a message.
    Unreadable(LinkId),
    /// An address did not answer, or not as it should.
    DialFailed(DialAddress),
    /// A beacon showed itself on the local network.
    Nearby(DialAddress),
    /// Where this beacon and its client can be reached has changed.
    Addresses {
        /// The beacon.
        beacon: Vec<SocketAddr>,
        /// The BitTorrent client.
        client: Vec<SocketAddr>,
    },
    /// The collections were read, or read again.
    Catalog {
        /// What they say; of a file that is wrong, the last version that was right.
        catalog: Arc<Catalog>,
        /// What is wrong with which file.
        problems: Vec<String>,
    },
    /// The same, made ready before: off the loop, or once for many nodes in one process.
    Listing {
        /// What the collections say.
        listing: Arc<Listing>,
        /// What is wrong with which file.
        problems: Vec<String>,
    },
    /// The collections are the same as before; what is wrong with which file is not.
    Problems(Vec<String>),
    /// The client was asked, and answered.
    Client(ClientChange),
    /// The client said what it is.
    ClientInfo(ClientInfo),
    /// The client said what it has moved.
    ClientTraffic(ClientTraffic),
    /// The client could not be asked.
    ClientTrouble(String),
    /// A command to the client has ended.
    Outcome {
        /// What it was.
        kind: ActionKind,
        /// To which torrent.
        info_hash: InfoHash,
        /// How it went.
        outcome: Outcome,
    },
    /// What is free on the volume of the storage directory.
    DiskFree(ByteSize),
    /// A .torrent that was asked for with [`Output::ReadMetainfo`]; `None` where there is none.
    Metainfo {
        /// Who wants it.
        link: LinkId,
        /// Of which torrent.
        info_hash: InfoHash,
        /// The file.
        bytes: Option<Arc<[u8]>>,
    },
}

/// How a command to the client went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it should.
    Done,
    /// The torrent was in the client already: it is the user's.
    AlreadyThere,
    /// It failed; the text says why.
    Failed(String),
}

/// Something to do, in this order.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Send a message.
    Send(LinkId, Message),
    /// Connect to an address.
    Dial(DialAddress),
    /// End a connection.
    Close {
        /// Which.
        link: LinkId,
        /// Why, for both sides' logs.
        reason: &'static str,
    },
    /// Write to the ledger that this torrent is the beacon's, then add it to the client.
    Fetch {
        /// Which.
        info_hash: InfoHash,
        /// Where its holders can be reached.
        peers: Vec<SocketAddr>,
    },
    /// Remove a torrent that is not complete from the client, then from the ledger.
    Cancel(InfoHash),
    /// Start a complete torrent of ours that is stopped.
    Serve(InfoHash),
    /// Write to the ledger that this torrent is on its way out, then stop it in the client.
    Quarantine(InfoHash),
    /// Write to the ledger that this torrent is being deleted, keep its .torrent file, delete it from the client with its
    /// files, and take it out of the ledger once it is gone.
    Delete(InfoHash),
    /// Write to the ledger that this torrent stays, then start it in the client.
    Restore(InfoHash),
    /// Remember that the user wants a torrent here, or no longer.
    SavePin {
        /// Which.
        info_hash: InfoHash,
        /// Whether it is wanted.
        pinned: bool,
    },
    /// Remember that the user wants a torrent fetched once, or no longer.
    SaveRequest {
        /// Which.
        info_hash: InfoHash,
        /// Whether it is to be fetched.
        requested: bool,
    },
    /// Remember what the user ordered in place of the mode of the configuration; `None` where that holds.
    SaveMode(Option<ModeOrder>),
    /// Remember that the user named a neighbor, or took that back.
    SaveNeighbor {
        /// Where it is.
        address: DialAddress,
        /// Whether it is to be dialed after the next start too.
        is_kept: bool,
    },
    /// Remember whether the user is draining this beacon.
    SaveDrain(Option<Drain>),
    /// Tell the client where others that have or want a torrent can be reached.
    AddPeers {
        /// Which.
        info_hash: InfoHash,
        /// Where.
        peers: Vec<SocketAddr>,
    },
    /// Take a torrent out of the ledger: it is not the beacon's, or no longer.
    LedgerRemove(InfoHash),
    /// Find a .torrent file and hand it in as [`Input::Metainfo`].
    ReadMetainfo {
        /// Who wants it.
        link: LinkId,
        /// Of which torrent.
        info_hash: InfoHash,
    },
    /// Keep a .torrent file that came from another beacon, checked against its info-hash.
    SaveMetainfo {
        /// Of which torrent.
        info_hash: InfoHash,
        /// The file.
        bytes: Arc<[u8]>,
        /// The name that it tells.
        name: String,
        /// The size that it tells.
        size: u64,
    },
    /// Remember a member.
    SaveMember(Arc<SignedHello>),
    /// Forget a member, but not how new its last hello was.
    ForgetMember(BeaconId),
    /// Remember that this beacon goes on under a later incarnation.
    SaveIncarnation(u64),
    /// Tell the user, in the log and the history.
    Note(Note),
}

/// Something worth a line in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Whether it needs attention.
    pub is_warning: bool,
    /// Which torrent it is about, if any.
    pub info_hash: Option<InfoHash>,
    /// What happened.
    pub text: String,
}

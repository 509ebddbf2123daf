//! What the protocol asks of whoever drives it, and what it tells.

use std::{collections::VecDeque, sync::Arc};

use crate::{
    collection::Manifest,
    model::{BeaconId, DialAddress, InfoHash, LinkId, Liveness},
    wire::{GrantAnswer, GrantAsk, Message},
};

/// One thing to do or to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProtocolEvent {
    /// Another beacon asks for this one's leave to delete its copy; to be answered with [`Protocol::answer_grant`].
    ///
    /// [`Protocol::answer_grant`]: super::Protocol::answer_grant
    GrantAsked {
        /// On which link it came, which need not be the asker's own.
        link: LinkId,
        /// What is asked; the signature is the asker's.
        ask: GrantAsk,
    },
    /// A holder has answered a question of this beacon; the signature is the holder's.
    GrantAnswered(GrantAnswer),
    /// Send this.
    Send {
        /// On which link.
        link: LinkId,
        /// What.
        message: Message,
    },
    /// Connect to this address; answered by a link or a failure.
    Dial(DialAddress),
    /// End this link.
    Close {
        /// Which.
        link: LinkId,
        /// Why, for the log of both sides.
        reason: &'static str,
    },
    /// A member's hello is new or newer than before.
    Hello {
        /// Whose.
        beacon: BeaconId,
        /// Whether it says anything else than the one before.
        is_news: bool,
    },
    /// A member's status is here.
    Status(BeaconId),
    /// A member's liveness has changed.
    Liveness(BeaconId, Liveness),
    /// A member has not been heard from for so long that it is forgotten.
    Forgotten(BeaconId),
    /// A member told two stories; nothing of it counts any more.
    Equivocated(BeaconId),
    /// Another beacon's manifest is here.
    Manifest(Arc<Manifest>),
    /// A neighbor asks for a .torrent; answer with [`Message::Metainfo`] or [`Message::NoMetainfo`].
    MetainfoWanted {
        /// On which link to answer.
        link: LinkId,
        /// Of which torrent.
        info_hash: InfoHash,
    },
    /// A neighbor sent a .torrent, not checked yet.
    Metainfo {
        /// On which link it came.
        link: LinkId,
        /// Of which torrent it should be.
        info_hash: InfoHash,
        /// The file.
        bytes: Arc<[u8]>,
    },
    /// A neighbor does not have a .torrent.
    NoMetainfo {
        /// Who.
        link: LinkId,
        /// Of which torrent.
        info_hash: InfoHash,
    },
    /// Others have seen a later incarnation of this beacon than this one; it goes on under this one.
    IncarnationRaised(u64),
}

/// Events in the order in which they came about.
#[derive(Debug, Default)]
pub(super) struct Outbox(VecDeque<ProtocolEvent>);

impl Outbox {
    pub(super) fn push(&mut self, event: ProtocolEvent) {
        self.0.push_back(event);
    }

    pub(super) fn send(&mut self, link: LinkId, message: Message) {
        self.push(ProtocolEvent::Send { link, message });
    }

    pub(super) fn pop(&mut self) -> Option<ProtocolEvent> {
        self.0.pop_front()
    }
}

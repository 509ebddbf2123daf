//! What beacons say to each other.

use std::{net::SocketAddr, sync::Arc};

use thiserror::Error;

use super::{GrantAnswer, GrantAsk, HelloError, HelloId, RecordError, Signed, SignedHello, frame::Frame};
use crate::model::{BeaconId, Channel, InfoHash, ObjectHash};

/// One message between two neighbors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The first on every link: the address from which the other is seen.
    Welcome {
        /// Where the other's packets come from.
        observed: SocketAddr,
    },
    /// Hellos in full: flooded, asked for, or found missing by reconciliation.
    Hellos(Vec<Arc<SignedHello>>),
    /// "I have these hellos": sent on the links on which they do not go in full.
    HaveHellos(Vec<HelloId>),
    /// "Send me these": whatever is as new as these or newer.
    AskHellos(Vec<HelloId>),
    /// "Send me hellos in full": too many had to be asked for, so this link joins the tree.
    Graft,
    /// "Send me ids only": this link brought a hello in full that was here already.
    Prune,
    /// A checksum of the hellos known, a number for each of 256 ranges of beacon ids.
    Summary(Box<[u64; 256]>),
    /// What is known in ranges whose checksums differ.
    Ranges {
        /// The first bytes of the ids in these ranges.
        ranges: Vec<u8>,
        /// Every hello known there.
        known: Vec<HighWater>,
    },
    /// "Send me the hellos of these beacons."
    AskMembers(Vec<BeaconId>),
    /// "Send me the status of this beacon."
    WantStatus {
        /// Whose.
        beacon: BeaconId,
        /// Which, by the address in its hello.
        root: ObjectHash,
        /// The parts wanted, by their addresses; all of it where empty.
        parts: Vec<ObjectHash>,
    },
    /// Parts of a status, each checked against its address by who receives it.
    Status {
        /// Whose.
        beacon: BeaconId,
        /// Which.
        root: ObjectHash,
        /// The bytes of the parts, the list of collections first where it is among them.
        parts: Vec<Arc<[u8]>>,
    },
    /// "I do not have that status, and am not about to."
    NoStatus {
        /// Whose.
        beacon: BeaconId,
        /// Which.
        root: ObjectHash,
    },
    /// "Send me this manifest."
    WantManifest(ObjectHash),
    /// A manifest.
    Manifest(Arc<[u8]>),
    /// "I do not have that manifest."
    NoManifest(ObjectHash),
    /// "Send me the .torrent of this info-hash."
    WantMetainfo(InfoHash),
    /// A .torrent, checked against its info-hash by who receives it.
    Metainfo {
        /// Its info-hash.
        info_hash: InfoHash,
        /// The whole file.
        bytes: Arc<[u8]>,
    },
    /// "I do not have that .torrent."
    NoMetainfo(InfoHash),
    /// Two different hellos of one beacon with one (incarnation, seq): proof that it tells two stories.
    Equivocation(Box<(SignedHello, SignedHello)>),
    /// A question for a holder's leave to delete a copy, passed on from beacon to beacon until it is there.
    GrantAsk {
        /// How many more beacons may pass it on.
        hops: u8,
        /// The question.
        ask: Arc<Signed<GrantAsk>>,
    },
    /// The answer to it, passed on likewise.
    GrantAnswer {
        /// How many more beacons may pass it on.
        hops: u8,
        /// The answer.
        answer: Arc<Signed<GrantAnswer>>,
    },
}

/// How new the newest hello of a beacon is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HighWater {
    /// Whose.
    pub beacon: BeaconId,
    /// Its incarnation.
    pub incarnation: u64,
    /// Its sequence number.
    pub seq: u64,
}

/// Why bytes are not a message.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum MessageError {
    /// Larger than [`Message::BYTES_MAX`].
    #[error("a message of {0} bytes is larger than {max}", max = Message::BYTES_MAX)]
    TooLarge(usize),
    /// A version of the format that is not known.
    #[error("a message of version {0}, which is not known here")]
    Version(u8),
    /// Not in the form of any message, or with bytes left over.
    #[error("a message that cannot be read")]
    Malformed,
    /// A list longer than its limit.
    #[error("a message with more {0} than allowed")]
    Limit(&'static str),
    /// A hello in it is not one.
    #[error(transparent)]
    Hello(#[from] HelloError),
    /// A signed record in it is not one.
    #[error(transparent)]
    Record(#[from] RecordError),
}

impl Message {
    /// The word for its kind in what people read.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Welcome { .. } => "welcome",
            Self::Hellos(_) => "hellos",
            Self::HaveHellos(_) => "have-hellos",
            Self::AskHellos(_) => "ask-hellos",
            Self::Graft => "graft",
            Self::Prune => "prune",
            Self::Summary(_) => "summary",
            Self::Ranges { .. } => "ranges",
            Self::AskMembers(_) => "ask-members",
            Self::WantStatus { .. } => "want-status",
            Self::Status { .. } => "status",
            Self::NoStatus { .. } => "no-status",
            Self::WantManifest(_) => "want-manifest",
            Self::Manifest(_) => "manifest",
            Self::NoManifest(_) => "no-manifest",
            Self::WantMetainfo(_) => "want-metainfo",
            Self::Metainfo { .. } => "metainfo",
            Self::NoMetainfo(_) => "no-metainfo",
            Self::Equivocation(_) => "equivocation",
            Self::GrantAsk { .. } => "grant-ask",
            Self::GrantAnswer { .. } => "grant-answer",
        }
    }

    /// The largest message: a .torrent file of the largest kind that is accepted, and some room.
    pub const BYTES_MAX: usize = (16 << 20) + 1024;
    /// The most hellos in a message; more go in several.
    pub const HELLOS_MAX: usize = 512;
    /// The most short ids in a message: as many as fit a datagram of 1,100 bytes.
    pub const IDS_MAX: usize = 90;
    /// The most members of a message; more go in several.
    pub const MEMBERS_MAX: usize = 50_000;
    /// The most parts of a status in a message.
    pub const PARTS_MAX: usize = 4_096;
    /// The most bytes that travel in a datagram; what is larger goes on a stream.
    pub const DATAGRAM_BYTES_MAX: usize = 1_100;

    pub(super) const VERSION: u8 = 1;

    /// The bytes of it.
    pub fn encode(&self) -> Vec<u8> {
        let bytes = vec![Self::VERSION];
        postcard::to_extend(&Frame::from(self), bytes).expect("encoding into memory cannot fail")
    }

    /// Reads a message and checks its limits. Signatures and addresses in it are not checked here.
    pub fn decode(bytes: &[u8]) -> Result<Self, MessageError> {
        if bytes.len() > Self::BYTES_MAX {
            return Err(MessageError::TooLarge(bytes.len()));
        }
        match bytes.split_first() {
            Some((&Self::VERSION, body)) => match postcard::take_from_bytes::<Frame<'_>>(body) {
                Ok((frame, [])) => frame.into_message(),
                _ => Err(MessageError::Malformed),
            },
            Some((&version, _)) => Err(MessageError::Version(version)),
            None => Err(MessageError::Malformed),
        }
    }

    /// How it should travel: what is small, frequent and sent again by other ways goes in datagrams.
    pub fn channel(&self) -> Channel {
        match self {
            Self::HaveHellos(_) | Self::AskHellos(_) | Self::Prune => Channel::Datagram,
            _ => Channel::Stream,
        }
    }

    /// How many bytes [`Message::encode`] gives, to within a few, without encoding: for counting in simulations.
    pub fn size_estimate(&self) -> usize {
        let id = |count: usize| 1 + count * 12;
        2 + match self {
            Self::Welcome { .. } => 14,
            Self::Hellos(hellos) => hellos.iter().map(|hello| hello.bytes().len() + 2).sum::<usize>() + 1,
            Self::HaveHellos(ids) | Self::AskHellos(ids) => id(ids.len()),
            Self::Prune | Self::Graft => 0,
            Self::Summary(_) => 256 * 10,
            Self::Ranges { ranges, known } => ranges.len() + 2 + known.len() * 37,
            Self::AskMembers(members) => members.len() * 32 + 2,
            Self::WantStatus { parts, .. } => 65 + parts.len() * 32,
            Self::Status { parts, .. } => 66 + parts.iter().map(|part| part.len() + 2).sum::<usize>(),
            Self::NoStatus { .. } => 64,
            Self::WantManifest(_) | Self::NoManifest(_) => 32,
            Self::Manifest(bytes) => bytes.len() + 3,
            Self::WantMetainfo(hash) | Self::NoMetainfo(hash) => hash.as_bytes().len() + 1,
            Self::Metainfo { bytes, .. } => bytes.len() + 36,
            Self::GrantAsk { ask, .. } => ask.bytes().len() + 3,
            Self::GrantAnswer { answer, .. } => answer.bytes().len() + 3,
            Self::Equivocation(pair) => pair.0.bytes().len() + pair.1.bytes().len() + 4,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::{any, proptest};

    use super::*;
    use crate::{
        model::{ByteSize, NetworkId, Nonce},
        wire::{Hello, Signer},
    };

    fn hello(seq: u64) -> SignedHello {
        let signer = Signer::from_seed(&[1; 32]);
        Hello {
            network: NetworkId::new([0; 16]),
            id: signer.id(),
            incarnation: 1,
            seq,
            previous: None,
            name: "attic".to_owned(),
            zone: String::new(),
            addresses: vec!["198.51.100.7:9000".parse().expect("an address")],
            peer_addresses: vec![],
            valid_for: Duration::from_mins(1),
            budget: ByteSize::from_bytes(5),
            used: ByteSize::ZERO,
            draining: false,
            observer: true,
            root: None,
        }
        .sign(&signer)
    }

    fn one_of_each() -> Vec<Message> {
        let hash = ObjectHash::new([4; 32]);
        let beacon = BeaconId::new([5; 32]);
        let id = hello(3).short_id();
        let signer = Signer::from_seed(&[1; 32]);
        let ask = GrantAsk {
            network: NetworkId::new([0; 16]),
            asker: signer.id(),
            holder: signer.id(),
            info_hash: InfoHash::V1([1; 20]),
            nonce: Nonce::new([9; 16]),
        };
        vec![
            Message::Welcome { observed: "[2001:db8::1]:9000".parse().expect("an address") },
            Message::Hellos(vec![Arc::new(hello(1)), Arc::new(hello(2))]),
            Message::HaveHellos(vec![id; Message::IDS_MAX]),
            Message::AskHellos(vec![id]),
            Message::Prune,
            Message::Graft,
            Message::Summary(Box::new([u64::MAX; 256])),
            Message::Ranges { ranges: vec![1, 2], known: vec![HighWater { beacon, incarnation: 1, seq: 900 }] },
            Message::AskMembers(vec![beacon]),
            Message::WantStatus { beacon, root: hash, parts: vec![hash] },
            Message::Status { beacon, root: hash, parts: vec![Arc::from([1, 2, 3].as_slice())] },
            Message::NoStatus { beacon, root: hash },
            Message::WantManifest(hash),
            Message::Manifest(Arc::from([7; 1000].as_slice())),
            Message::NoManifest(hash),
            Message::WantMetainfo(InfoHash::V1([1; 20])),
            Message::Metainfo { info_hash: InfoHash::V2([1; 32]), bytes: Arc::from([7; 1000].as_slice()) },
            Message::NoMetainfo(InfoHash::V1([1; 20])),
            Message::Equivocation(Box::new((hello(1), hello(2)))),
            Message::GrantAsk { hops: 3, ask: Arc::new(Signed::sign(ask, &signer)) },
            Message::GrantAnswer {
                hops: 0,
                answer: Arc::new(Signed::sign(GrantAnswer { ask, verdict: Ok(3) }, &signer)),
            },
        ]
    }

    #[test]
    fn every_message_survives_the_wire() {
        for message in one_of_each() {
            let bytes = message.encode();
            assert_eq!(Message::decode(&bytes), Ok(message.clone()));
            let estimate = message.size_estimate();
            assert!(bytes.len().abs_diff(estimate) <= 8 + bytes.len() / 8, "{} bytes, not {estimate}", bytes.len());
            if message.channel() == Channel::Datagram {
                assert!(bytes.len() <= Message::DATAGRAM_BYTES_MAX, "{} bytes", bytes.len());
            }
        }
    }

    #[test]
    fn cut_or_lengthened_messages_are_refused() {
        for message in one_of_each() {
            let mut bytes = message.encode();
            bytes.push(0);
            assert_eq!(Message::decode(&bytes), Err(MessageError::Malformed), "{message:?}");
            bytes.truncate(bytes.len() - 2);
            assert!(Message::decode(&bytes).is_err(), "{message:?}");
        }
        assert_eq!(Message::decode(&[9, 0]), Err(MessageError::Version(9)));
        assert_eq!(Message::decode(&[]), Err(MessageError::Malformed));
    }

    #[test]
    fn lists_over_their_limit_are_refused() {
        let ids = Message::HaveHellos(vec![hello(1).short_id(); Message::IDS_MAX + 1]);
        assert_eq!(Message::decode(&ids.encode()), Err(MessageError::Limit("ids")));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            let _ = Message::decode(&bytes);
            let _ = Message::decode(&[&[Message::VERSION], bytes.as_slice()].concat());
        }
    }
}

//! The form of messages on the wire. The order of kinds and fields is the format: new kinds go at the end.

use std::{borrow::Cow, net::SocketAddr, sync::Arc};

use serde::{Deserialize, Serialize};

use super::{HelloId, HighWater, Message, MessageError, Signed, SignedHello};
use crate::model::{BeaconId, InfoHash, ObjectHash};

type Bytes<'a> = Cow<'a, [u8]>;

#[derive(Serialize, Deserialize)]
pub(super) enum Frame<'a> {
    Welcome {
        observed: SocketAddr,
    },
    #[serde(borrow)]
    Hellos(Vec<&'a [u8]>),
    HaveHellos(Cow<'a, [HelloId]>),
    AskHellos(Cow<'a, [HelloId]>),
    Prune,
    Summary(Cow<'a, [u64]>),
    Ranges {
        #[serde(borrow)]
        ranges: Bytes<'a>,
        known: Vec<([u8; 32], u64, u64)>,
    },
    AskMembers(Vec<[u8; 32]>),
    WantStatus {
        beacon: [u8; 32],
        root: [u8; 32],
        parts: Vec<[u8; 32]>,
    },
    Status {
        beacon: [u8; 32],
        root: [u8; 32],
        #[serde(borrow)]
        parts: Vec<&'a [u8]>,
    },
    NoStatus {
        beacon: [u8; 32],
        root: [u8; 32],
    },
    WantManifest([u8; 32]),
    #[serde(borrow)]
    Manifest(&'a [u8]),
    NoManifest([u8; 32]),
    WantMetainfo(HashForm),
    Metainfo {
        info_hash: HashForm,
        #[serde(borrow)]
        bytes: &'a [u8],
    },
    NoMetainfo(HashForm),
    Equivocation(&'a [u8], &'a [u8]),
    Graft,
    GrantAsk(u8, &'a [u8]),
    GrantAnswer(u8, &'a [u8]),
}

#[derive(Serialize, Deserialize)]
pub(super) enum HashForm {
    V1([u8; 20]),
    V2([u8; 32]),
}

impl<'a> From<&'a Message> for Frame<'a> {
    fn from(message: &'a Message) -> Self {
        match message {
            Message::Welcome { observed } => Self::Welcome { observed: *observed },
            Message::Hellos(hellos) => Self::Hellos(hellos.iter().map(|hello| hello.bytes()).collect()),
            Message::HaveHellos(ids) => Self::HaveHellos(Cow::Borrowed(ids)),
            Message::AskHellos(ids) => Self::AskHellos(Cow::Borrowed(ids)),
            Message::Prune => Self::Prune,
            Message::Graft => Self::Graft,
            Message::Summary(sums) => Self::Summary(Cow::Borrowed(&sums[..])),
            Message::Ranges { ranges, known } => Self::Ranges {
                ranges: Cow::Borrowed(ranges),
                known: known.iter().map(|mark| (*mark.beacon.as_bytes(), mark.incarnation, mark.seq)).collect(),
            },
            Message::AskMembers(members) => Self::AskMembers(members.iter().map(|id| *id.as_bytes()).collect()),
            Message::WantStatus { beacon, root, parts } => Self::WantStatus {
                beacon: *beacon.as_bytes(),
                root: *root.as_bytes(),
                parts: parts.iter().map(|part| *part.as_bytes()).collect(),
            },
            Message::Status { beacon, root, parts } => Self::Status {
                beacon: *beacon.as_bytes(),
                root: *root.as_bytes(),
                parts: parts.iter().map(|part| &**part).collect(),
            },
            Message::NoStatus { beacon, root } => Self::NoStatus { beacon: *beacon.as_bytes(), root: *root.as_bytes() },
            Message::WantManifest(hash) => Self::WantManifest(*hash.as_bytes()),
            Message::Manifest(bytes) => Self::Manifest(bytes),
            Message::NoManifest(hash) => Self::NoManifest(*hash.as_bytes()),
            Message::WantMetainfo(hash) => Self::WantMetainfo(hash.into()),
            Message::Metainfo { info_hash, bytes } => Self::Metainfo { info_hash: info_hash.into(), bytes },
            Message::NoMetainfo(hash) => Self::NoMetainfo(hash.into()),
            Message::GrantAsk { hops, ask } => Self::GrantAsk(*hops, ask.bytes()),
            Message::GrantAnswer { hops, answer } => Self::GrantAnswer(*hops, answer.bytes()),
            Message::Equivocation(pair) => Self::Equivocation(pair.0.bytes(), pair.1.bytes()),
        }
    }
}

impl Frame<'_> {
    pub(super) fn into_message(self) -> Result<Message, MessageError> {
        Ok(match self {
            Self::Welcome { observed } => Message::Welcome { observed },
            Self::Hellos(hellos) => {
                within(hellos.len(), Message::HELLOS_MAX, "hellos")?;
                Message::Hellos(
                    hellos
                        .into_iter()
                        .map(|bytes| SignedHello::decode(bytes).map(Arc::new))
                        .collect::<Result<_, _>>()?,
                )
            }
            Self::HaveHellos(ids) => Message::HaveHellos(short_ids(ids)?),
            Self::AskHellos(ids) => Message::AskHellos(short_ids(ids)?),
            Self::Prune => Message::Prune,
            Self::Graft => Message::Graft,
            Self::Summary(sums) => match <[u64; 256]>::try_from(sums.as_ref()) {
                Ok(sums) => Message::Summary(Box::new(sums)),
                Err(_) => return Err(MessageError::Malformed),
            },
            Self::Ranges { ranges, known } => {
                within(ranges.len(), 256, "ranges")?;
                within(known.len(), Message::MEMBERS_MAX, "members")?;
                let mark = |(id, incarnation, seq)| HighWater { beacon: BeaconId::new(id), incarnation, seq };
                Message::Ranges { ranges: ranges.into_owned(), known: known.into_iter().map(mark).collect() }
            }
            Self::AskMembers(members) => {
                within(members.len(), Message::MEMBERS_MAX, "members")?;
                Message::AskMembers(members.into_iter().map(BeaconId::new).collect())
            }
            Self::WantStatus { beacon, root, parts } => {
                within(parts.len(), Message::PARTS_MAX, "parts")?;
                Message::WantStatus {
                    beacon: BeaconId::new(beacon),
                    root: ObjectHash::new(root),
                    parts: parts.into_iter().map(ObjectHash::new).collect(),
                }
            }
            Self::Status { beacon, root, parts } => {
                within(parts.len(), Message::PARTS_MAX, "parts")?;
                Message::Status {
                    beacon: BeaconId::new(beacon),
                    root: ObjectHash::new(root),
                    parts: parts.into_iter().map(Arc::from).collect(),
                }
            }
            Self::NoStatus { beacon, root } => {
                Message::NoStatus { beacon: BeaconId::new(beacon), root: ObjectHash::new(root) }
            }
            Self::WantManifest(hash) => Message::WantManifest(ObjectHash::new(hash)),
            Self::Manifest(bytes) => Message::Manifest(bytes.into()),
            Self::NoManifest(hash) => Message::NoManifest(ObjectHash::new(hash)),
            Self::WantMetainfo(hash) => Message::WantMetainfo(hash.into()),
            Self::Metainfo { info_hash, bytes } => {
                Message::Metainfo { info_hash: info_hash.into(), bytes: bytes.into() }
            }
            Self::NoMetainfo(hash) => Message::NoMetainfo(hash.into()),
            Self::GrantAsk(hops, bytes) => Message::GrantAsk { hops, ask: Arc::new(Signed::decode(bytes)?) },
            Self::GrantAnswer(hops, bytes) => Message::GrantAnswer { hops, answer: Arc::new(Signed::decode(bytes)?) },
            Self::Equivocation(first, second) => {
                Message::Equivocation(Box::new((SignedHello::decode(first)?, SignedHello::decode(second)?)))
            }
        })
    }
}

impl From<&InfoHash> for HashForm {
    fn from(hash: &InfoHash) -> Self {
        match hash {
            InfoHash::V1(bytes) => Self::V1(*bytes),
            InfoHash::V2(bytes) => Self::V2(*bytes),
        }
    }
}

impl From<HashForm> for InfoHash {
    fn from(form: HashForm) -> Self {
        match form {
            HashForm::V1(bytes) => Self::V1(bytes),
            HashForm::V2(bytes) => Self::V2(bytes),
        }
    }
}

fn short_ids(ids: Cow<'_, [HelloId]>) -> Result<Vec<HelloId>, MessageError> {
    within(ids.len(), Message::IDS_MAX, "ids")?;
    Ok(ids.into_owned())
}

const fn within(count: usize, limit: usize, what: &'static str) -> Result<(), MessageError> {
    if count > limit { Err(MessageError::Limit(what)) } else { Ok(()) }
}

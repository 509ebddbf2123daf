//! The hello: a beacon's signed sign of life, with where it is, what it gives, and a digest of what it holds.

use std::{fmt, net::SocketAddr, time::Duration};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Signer, Verifier};
use crate::model::{BeaconId, ByteSize, Domain, NetworkId, ObjectHash};

/// What a beacon says of itself. Of two hellos of one beacon the one with the larger (incarnation, seq) counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hello {
    /// The network it is for.
    pub network: NetworkId,
    /// Who says it.
    pub id: BeaconId,
    /// Rises with every start of the beacon.
    pub incarnation: u64,
    /// Rises with every hello of an incarnation, from 0.
    pub seq: u64,
    /// The hash of the beacon's hello before this one; `None` in the first of an incarnation.
    pub previous: Option<ObjectHash>,
    /// The name its user gave it, at most [`Hello::NAME_BYTES_MAX`].
    pub name: String,
    /// The failure domain its user declared, at most [`Hello::NAME_BYTES_MAX`]; empty where none.
    pub zone: String,
    /// Where it can be reached, at most [`Hello::ADDRESSES_MAX`].
    pub addresses: Vec<SocketAddr>,
    /// Where its BitTorrent client can be reached, at most [`Hello::ADDRESSES_MAX`].
    pub peer_addresses: Vec<SocketAddr>,
    /// How long until the next hello at the latest.
    pub valid_for: Duration,
    /// The most that it may hold at present: its budget, or less where its disk is fuller than that.
    pub budget: ByteSize,
    /// What it holds of its own, with what is on its way.
    pub used: ByteSize,
    /// Whether it is leaving.
    pub draining: bool,
    /// Whether it only observes.
    pub observer: bool,
    /// The address of its status; `None` while it knows nothing of its client.
    pub root: Option<ObjectHash>,
}

impl Hello {
    /// Whether it says of its beacon what another hello of it does; that it was said again, or when, is left out.
    pub fn says_as(&self, other: &Self) -> bool {
        self.name == other.name
            && self.zone == other.zone
            && self.addresses == other.addresses
            && self.peer_addresses == other.peer_addresses
            && (self.budget, self.used) == (other.budget, other.used)
            && (self.draining, self.observer) == (other.draining, other.observer)
    }

    /// The longest name: enough for people, and it keeps a hello in one datagram.
    pub const NAME_BYTES_MAX: usize = 64;
    /// The most addresses of each kind.
    pub const ADDRESSES_MAX: usize = 6;
    /// The largest hello with its signature: it fits a datagram of 1,100 bytes.
    pub const BYTES_MAX: usize = 900;
    /// The longest interval that is believed: a beacon that died is counted for three and a half of them.
    pub const VALID_FOR_MAX: Duration = Duration::from_hours(1);

    const KIND: &'static str = "hello";

    /// What its beacon shares the fate of, as far as it tells.
    pub fn domain(&self) -> Domain {
        let addresses = self.addresses.iter().chain(&self.peer_addresses);
        Domain::new(&self.id, &self.zone, addresses.map(SocketAddr::ip))
    }

    /// Signs and encodes it.
    pub fn sign(self, signer: &Signer) -> SignedHello {
        let mut bytes = postcard::to_allocvec(&Form::from(&self)).expect("encoding into memory cannot fail");
        let signature = signer.sign(&self.network, Self::KIND, &bytes);
        bytes.extend_from_slice(&signature);
        SignedHello { hello: self, bytes: bytes.into() }
    }
}

/// A hello with its bytes as they are passed on.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedHello {
    hello: Hello,
    bytes: Box<[u8]>,
}

/// Twelve bytes that stand for a hello where its whole text is not sent: who, and how new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct HelloId {
    /// The first bytes of the beacon's id.
    pub beacon: [u8; 6],
    /// The low bits of the incarnation.
    #[serde(with = "postcard::fixint::le")]
    pub incarnation: u16,
    /// The low bits of the sequence number.
    #[serde(with = "postcard::fixint::le")]
    pub seq: u32,
}

/// Why bytes are not a hello.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum HelloError {
    /// Larger than [`Hello::BYTES_MAX`].
    #[error("a hello of {0} bytes is larger than {max}", max = Hello::BYTES_MAX)]
    TooLarge(usize),
    /// Not in the form of a hello.
    #[error("a hello that cannot be read")]
    Malformed,
    /// A version of the form that is not known.
    #[error("a hello of version {0}, which is not known here")]
    Version(u8),
    /// A name, zone, interval or list of addresses over its limit.
    #[error("a hello with a {0} over its limit")]
    Limit(&'static str),
}

impl SignedHello {
    /// Reads a hello and checks its limits, but not its signature, which costs more: see [`SignedHello::verify`].
    pub fn decode(bytes: &[u8]) -> Result<Self, HelloError> {
        if bytes.len() > Hello::BYTES_MAX {
            return Err(HelloError::TooLarge(bytes.len()));
        }
        let body = bytes.len().checked_sub(64).map(|end| &bytes[..end]).ok_or(HelloError::Malformed)?;
        match body.first() {
            Some(&Form::VERSION) => {}
            Some(&version) => return Err(HelloError::Version(version)),
            None => return Err(HelloError::Malformed),
        }
        let Ok((form, [])) = postcard::take_from_bytes::<Form>(body) else { return Err(HelloError::Malformed) };
        Ok(Self { hello: form.into_hello()?, bytes: bytes.into() })
    }

    /// Whether the beacon it names has signed it.
    pub fn verify(&self, verifier: Verifier) -> bool {
        let (body, signature) = self.bytes.split_at(self.bytes.len() - 64);
        verifier.accepts(&self.hello.id, &self.hello.network, Hello::KIND, body, signature)
    }

    /// What it says.
    pub const fn hello(&self) -> &Hello {
        &self.hello
    }

    /// Its bytes, signature included.
    pub const fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Its hash, as the next hello of the beacon names it.
    pub fn hash(&self) -> ObjectHash {
        ObjectHash::of(Hello::KIND, &self.bytes)
    }

    /// (incarnation, seq): which of two hellos of a beacon is newer.
    pub const fn version(&self) -> (u64, u64) {
        (self.hello.incarnation, self.hello.seq)
    }

    /// The twelve bytes that stand for it.
    pub fn short_id(&self) -> HelloId {
        HelloId::new(&self.hello.id, self.hello.incarnation, self.hello.seq)
    }
}

impl fmt::Debug for SignedHello {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedHello({} {}.{})", self.hello.id.short(), self.hello.incarnation, self.hello.seq)
    }
}

impl HelloId {
    /// The twelve bytes that stand for a beacon's hello of this version.
    pub fn new(beacon: &BeaconId, incarnation: u64, seq: u64) -> Self {
        let mut prefix = [0; 6];
        prefix.copy_from_slice(&beacon.as_bytes()[..6]);
        #[expect(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
        Self { beacon: prefix, incarnation: incarnation as u16, seq: seq as u32 }
    }

    /// Whether this stands for a newer hello than `other`, of the same beacon. Numbers wrap, so half of their range is
    /// taken as newer.
    pub fn is_newer_than(&self, other: &Self) -> bool {
        match self.incarnation.wrapping_sub(other.incarnation) {
            0 => matches!(self.seq.wrapping_sub(other.seq), 1..0x8000_0000),
            difference => difference < 0x8000,
        }
    }
}

/// The form of a hello on the wire. Field order is the format.
#[derive(Serialize, Deserialize)]
struct Form {
    version: u8,
    network: [u8; 16],
    id: [u8; 32],
    incarnation: u64,
    seq: u64,
    previous: Option<[u8; 32]>,
    name: String,
    zone: String,
    addresses: Vec<SocketAddr>,
    peer_addresses: Vec<SocketAddr>,
    valid_for_ms: u64,
    budget: u64,
    used: u64,
    flags: u8,
    root: Option<[u8; 32]>,
}

impl Form {
    const VERSION: u8 = 1;
    const DRAINING: u8 = 1;
    const OBSERVER: u8 = 2;

    fn into_hello(self) -> Result<Hello, HelloError> {
        let valid_for = Duration::from_millis(self.valid_for_ms);
        let over = [
            ("name", self.name.len() > Hello::NAME_BYTES_MAX),
            ("zone", self.zone.len() > Hello::NAME_BYTES_MAX),
            ("list of addresses", self.addresses.len() > Hello::ADDRESSES_MAX),
            ("list of peer addresses", self.peer_addresses.len() > Hello::ADDRESSES_MAX),
            ("interval", valid_for > Hello::VALID_FOR_MAX || valid_for.is_zero()),
        ];
        if let Some((what, _)) = over.iter().find(|(_, over)| *over) {
            return Err(HelloError::Limit(what));
        }
        Ok(Hello {
            network: NetworkId::new(self.network),
            id: BeaconId::new(self.id),
            incarnation: self.incarnation,
            seq: self.seq,
            previous: self.previous.map(ObjectHash::new),
            name: self.name,
            zone: self.zone,
            addresses: self.addresses,
            peer_addresses: self.peer_addresses,
            valid_for,
            budget: ByteSize::from_bytes(self.budget),
            used: ByteSize::from_bytes(self.used),
            draining: self.flags & Self::DRAINING != 0,
            observer: self.flags & Self::OBSERVER != 0,
            root: self.root.map(ObjectHash::new),
        })
    }
}

impl From<&Hello> for Form {
    fn from(hello: &Hello) -> Self {
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        Self {
            version: Self::VERSION,
            network: *hello.network.as_bytes(),
            id: *hello.id.as_bytes(),
            incarnation: hello.incarnation,
            seq: hello.seq,
            previous: hello.previous.map(|hash| *hash.as_bytes()),
            name: hello.name.clone(),
            zone: hello.zone.clone(),
            addresses: hello.addresses.clone(),
            peer_addresses: hello.peer_addresses.clone(),
            valid_for_ms: u64::try_from(hello.valid_for.as_millis()).unwrap_or(u64::MAX),
            budget: hello.budget.bytes(),
            used: hello.used.bytes(),
            flags: flag(hello.draining, Self::DRAINING) | flag(hello.observer, Self::OBSERVER),
            root: hello.root.map(|hash| *hash.as_bytes()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, proptest};

    use super::*;

    fn hello() -> Hello {
        Hello {
            network: NetworkId::new([3; 16]),
            id: Signer::from_seed(&[1; 32]).id(),
            incarnation: 4,
            seq: 70_000,
            previous: Some(ObjectHash::new([9; 32])),
            name: "n".repeat(Hello::NAME_BYTES_MAX),
            zone: "z".repeat(Hello::NAME_BYTES_MAX),
            addresses: vec!["[2001:db8::7]:9000".parse().expect("an address"); Hello::ADDRESSES_MAX],
            peer_addresses: vec!["198.51.100.7:6881".parse().expect("an address"); Hello::ADDRESSES_MAX],
            valid_for: Duration::from_mins(1),
            budget: ByteSize::MAX,
            used: ByteSize::MAX,
            draining: true,
            observer: false,
            root: Some(ObjectHash::new([8; 32])),
        }
    }

    #[test]
    fn the_largest_hello_survives_the_wire_and_fits_a_datagram() {
        let signed = hello().sign(&Signer::from_seed(&[1; 32]));
        assert!(signed.bytes().len() <= Hello::BYTES_MAX, "{} bytes", signed.bytes().len());
        let read = SignedHello::decode(signed.bytes()).expect("a hello");
        assert_eq!(read, signed);
        assert!(read.verify(Verifier::Ed25519));
    }

    #[test]
    fn a_changed_hello_is_not_accepted() {
        let signed = hello().sign(&Signer::from_seed(&[1; 32]));
        let mut bytes = signed.bytes().to_vec();
        bytes[90] ^= 1;
        assert!(!SignedHello::decode(&bytes).is_ok_and(|hello| hello.verify(Verifier::Ed25519)));
    }

    #[test]
    fn limits_are_checked_when_reading() {
        let long = Hello { name: "n".repeat(65), ..hello() }.sign(&Signer::from_seed(&[1; 32]));
        assert_eq!(SignedHello::decode(long.bytes()), Err(HelloError::Limit("name")));
        let eternal = Hello { valid_for: Duration::MAX, ..hello() }.sign(&Signer::from_seed(&[1; 32]));
        assert_eq!(SignedHello::decode(eternal.bytes()), Err(HelloError::Limit("interval")));
        assert_eq!(SignedHello::decode(&[2; 100]), Err(HelloError::Version(2)));
        assert_eq!(SignedHello::decode(&[0; 9999]), Err(HelloError::TooLarge(9999)));
    }

    #[test]
    fn newer_is_told_from_the_short_id_even_when_numbers_wrap() {
        let id = BeaconId::new([5; 32]);
        let newer =
            |a: (u64, u64), b: (u64, u64)| HelloId::new(&id, a.0, a.1).is_newer_than(&HelloId::new(&id, b.0, b.1));
        assert!(newer((1, 6), (1, 5)));
        assert!(newer((2, 0), (1, 5)));
        assert!(newer((1, 1 << 32), (1, (1 << 32) - 1)));
        assert!(!newer((1, 5), (1, 5)));
        assert!(!newer((1, 4), (1, 5)));
        assert!(!newer((1, 9), (2, 0)));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let _ = SignedHello::decode(&bytes);
        }
    }
}

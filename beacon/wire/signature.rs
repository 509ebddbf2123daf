//! Signatures that say who made a record, on which network, and of what kind it is.

use std::fmt;

use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use sha2::{Digest, Sha256};

use crate::model::{BeaconId, NetworkId};

/// Signs a beacon's records.
pub struct Signer(Scheme);

enum Scheme {
    Ed25519 { pair: Box<Ed25519KeyPair>, id: BeaconId },
    Simulated(BeaconId),
}

/// How the signatures of others are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verifier {
    /// Ed25519 (RFC 8032), as beacons use it.
    Ed25519,
    /// A checksum instead of a signature, for simulations of thousands of beacons. It protects from nothing.
    Simulated,
}

impl Signer {
    /// A signer with the ed25519 key that this seed stands for.
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).expect("32 bytes are always a seed");
        let mut id = [0; 32];
        id.copy_from_slice(pair.public_key().as_ref());
        Self(Scheme::Ed25519 { pair: Box::new(pair), id: BeaconId::new(id) })
    }

    /// A signer for simulations; see [`Verifier::Simulated`].
    pub const fn simulated(id: BeaconId) -> Self {
        Self(Scheme::Simulated(id))
    }

    /// Whose signatures these are.
    pub const fn id(&self) -> BeaconId {
        match &self.0 {
            Scheme::Ed25519 { id, .. } | Scheme::Simulated(id) => *id,
        }
    }

    /// Signs `bytes` as a record of `kind` on `network`.
    pub fn sign(&self, network: &NetworkId, kind: &str, bytes: &[u8]) -> [u8; 64] {
        match &self.0 {
            Scheme::Ed25519 { pair, .. } => {
                let mut signature = [0; 64];
                signature.copy_from_slice(pair.sign(&signed_text(network, kind, bytes)).as_ref());
                signature
            }
            Scheme::Simulated(id) => checksum(id, network, kind, bytes),
        }
    }

    /// The check that accepts what this signer signs.
    pub const fn verifier(&self) -> Verifier {
        match self.0 {
            Scheme::Ed25519 { .. } => Verifier::Ed25519,
            Scheme::Simulated(_) => Verifier::Simulated,
        }
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.id().short())
    }
}

impl Verifier {
    /// Whether `signature` is `id`'s for this record.
    pub fn accepts(self, id: &BeaconId, network: &NetworkId, kind: &str, bytes: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519 => UnparsedPublicKey::new(&ED25519, id.as_bytes())
                .verify(&signed_text(network, kind, bytes), signature)
                .is_ok(),
            Self::Simulated => checksum(id, network, kind, bytes) == signature,
        }
    }
}

/// Domain separation: a signature for one network or kind of record is worth nothing for another.
fn signed_text(network: &NetworkId, kind: &str, bytes: &[u8]) -> Vec<u8> {
    [b"beacon/1 ", kind.as_bytes(), b"\0", network.as_bytes(), bytes].concat()
}

fn checksum(id: &BeaconId, network: &NetworkId, kind: &str, bytes: &[u8]) -> [u8; 64] {
    let mut hasher = Sha256::new();
    hasher.update(id.as_bytes());
    hasher.update(signed_text(network, kind, bytes));
    let mut signature = [0; 64];
    signature[..32].copy_from_slice(&hasher.finalize());
    signature
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPEN: NetworkId = NetworkId::new([0; 16]);
    const OTHER: NetworkId = NetworkId::new([1; 16]);

    #[test]
    fn a_signature_holds_for_one_beacon_network_kind_and_text() {
        for signer in [Signer::from_seed(&[7; 32]), Signer::simulated(BeaconId::new([7; 32]))] {
            let verifier = signer.verifier();
            let signature = signer.sign(&OPEN, "hello", b"text");
            assert!(verifier.accepts(&signer.id(), &OPEN, "hello", b"text", &signature));
            assert!(!verifier.accepts(&signer.id(), &OTHER, "hello", b"text", &signature));
            assert!(!verifier.accepts(&signer.id(), &OPEN, "grant", b"text", &signature));
            assert!(!verifier.accepts(&signer.id(), &OPEN, "hello", b"texT", &signature));
            assert!(!verifier.accepts(&BeaconId::new([8; 32]), &OPEN, "hello", b"text", &signature));
            assert!(!verifier.accepts(&signer.id(), &OPEN, "hello", b"text", &signature[..63]));
        }
    }
}

//! Identities: of beacons, networks, collections and objects.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};
use thiserror::Error;
use uuid::Uuid;

use super::hex;

/// A text that should have been an id and is not.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{text}` is not {expected}")]
pub struct ParseIdError {
    text: String,
    expected: &'static str,
}

macro_rules! byte_id {
    ($(#[$doc:meta])* $name:ident, $length:literal, $expected:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $length]);

        impl $name {
            /// Wraps the raw bytes.
            pub const fn new(bytes: [u8; $length]) -> Self {
                Self(bytes)
            }

            /// The raw bytes.
            pub const fn as_bytes(&self) -> &[u8; $length] {
                &self.0
            }

            /// The first eight hexadecimal digits: enough for people to tell one from another.
            pub fn short(&self) -> String {
                self.to_string()[..8].to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                hex::write(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.short())
            }
        }

        impl FromStr for $name {
            type Err = ParseIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                hex::read(text)
                    .map(Self)
                    .ok_or_else(|| ParseIdError { text: text.to_owned(), expected: $expected })
            }
        }
    };
}

byte_id! {
    /// A beacon: its ed25519 public key (RFC 8032), written as 64 hexadecimal digits.
    BeaconId, 32, "a beacon id (64 hexadecimal digits)"
}

byte_id! {
    /// A network: beacons of different networks never exchange anything. Zero is the open network.
    NetworkId, 16, "a network id (32 hexadecimal digits)"
}

byte_id! {
    /// Names one attempt to reclaim a copy: drawn anew for each, so that grants for one are worth nothing for another.
    Nonce, 16, "a nonce (32 hexadecimal digits)"
}

byte_id! {
    /// The SHA-256 of a content-addressed object.
    ObjectHash, 32, "an object hash (64 hexadecimal digits)"
}

impl ObjectHash {
    /// The address of an object: SHA-256 over the name of its kind, a zero byte, and its bytes, so that an object of one
    /// kind can never be taken for one of another.
    pub fn of(kind: &str, bytes: &[u8]) -> Self {
        let mut hasher = Sha256::new();
        hasher.update(kind.as_bytes());
        hasher.update([0]);
        hasher.update(bytes);
        Self(hasher.finalize().into())
    }
}

/// A collection: the UUID in its file (RFC 9562).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CollectionId(Uuid);

impl CollectionId {
    /// Wraps a UUID.
    pub const fn new(uuid: Uuid) -> Self {
        Self(uuid)
    }

    /// The raw bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        self.0.as_bytes()
    }

    /// From raw bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }
}

impl fmt::Display for CollectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl fmt::Debug for CollectionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CollectionId({self})")
    }
}

impl FromStr for CollectionId {
    type Err = ParseIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match Uuid::try_parse(text) {
            Ok(uuid) => Ok(Self(uuid)),
            Err(_) => Err(ParseIdError {
                text: text.to_owned(),
                expected: "a collection id (a UUID such as 0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90)",
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_survive_being_written_and_read() {
        let id = BeaconId::new([0xab; 32]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!(id.to_string().to_uppercase().parse(), Ok(id));
        assert_eq!(id.short(), "abababab");
        let collection: CollectionId = "0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90".parse().expect("a UUID");
        assert_eq!(collection.to_string().parse(), Ok(collection));
    }

    #[test]
    fn a_wrong_length_is_refused_with_what_was_expected() {
        let error = "abcd".parse::<BeaconId>().expect_err("too short");
        assert_eq!(error.to_string(), "`abcd` is not a beacon id (64 hexadecimal digits)");
        assert!("é".repeat(32).parse::<BeaconId>().is_err());
    }
}

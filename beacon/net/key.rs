//! The secret of a closed network, which every beacon proves to know before a link is up.

use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER_PERMISSIVE;
use ring::{digest, hmac};
use thiserror::Error;

use crate::model::{NetworkId, SharedKey};

/// One secret of a network.
///
/// A beacon shows a proof of it to whoever it dials, so a key that can be guessed can be found by trying: draw it at
/// random.
#[derive(Clone, PartialEq, Eq)]
pub struct NetworkKey([u8; 32]);

/// The secrets a beacon knows: none in the open network, one as a rule, two while the group changes its key.
///
/// To change the key without an interruption, everyone first adds the new key as second line, then everyone swaps the
/// lines, then everyone removes the old one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct NetworkKeys {
    /// The first proves this beacon's membership; each is accepted from others.
    keys: Vec<NetworkKey>,
}

/// Why a network key cannot be used.
#[derive(Debug, Error)]
pub enum NetworkKeyError {
    /// The file cannot be read.
    #[error("cannot read the network key file {}: {source}", path.display())]
    Read {
        /// The key file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line is too short to be a secret.
    #[error(
        "a network key of {bytes} bytes is too short; take {KEY_BYTES_MIN} or more, best from `openssl rand -hex 32`"
    )]
    Short {
        /// How long the line is.
        bytes: usize,
    },
    /// The file has no key.
    #[error("the network key file {} is empty; write a key into it, or set no key file to be open", .0.display())]
    Empty(PathBuf),
    /// More keys than a rotation needs.
    #[error("the network key file {} has more than two keys; keep the current one and the next", .0.display())]
    TooMany(PathBuf),
    /// Larger than any key file.
    #[error("the network key file {} is larger than {FILE_BYTES_MAX} bytes; is it the right file?", .0.display())]
    Huge(PathBuf),
}

impl NetworkKey {
    /// From what people write: 64 hexadecimal digits are the key itself, any other text of at least 16 bytes is hashed.
    pub fn parse(text: &str) -> Result<Self, NetworkKeyError> {
        let text = text.trim();
        if let Ok(key) = HEXLOWER_PERMISSIVE.decode(text.as_bytes())
            && let Ok(key) = key.try_into()
        {
            return Ok(Self(key));
        }
        if text.len() < KEY_BYTES_MIN {
            return Err(NetworkKeyError::Short { bytes: text.len() });
        }
        Ok(Self(separated_hash(b"beacon network key from text 1", text.as_bytes())))
    }

    /// The network that this key is the secret of.
    pub fn network_id(&self) -> NetworkId {
        let hash = separated_hash(b"beacon network id 1", &self.0);
        let mut id = [0; 16];
        id.copy_from_slice(&hash[..16]);
        NetworkId::new(id)
    }
}

impl From<SharedKey> for NetworkKey {
    /// The key as invitations have it.
    fn from(key: SharedKey) -> Self {
        Self(*key.reveal())
    }
}

impl fmt::Debug for NetworkKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NetworkKey(..)")
    }
}

impl NetworkKeys {
    /// No key: the network that everyone may join.
    pub const fn open() -> Self {
        Self { keys: Vec::new() }
    }

    /// One key, and the other that is accepted too while the group changes it.
    pub fn new(key: NetworkKey, also_accepted: Option<NetworkKey>) -> Self {
        Self { keys: std::iter::once(key).chain(also_accepted).collect() }
    }

    /// Reads one or two lines from a file.
    pub fn read(path: &Path) -> Result<Self, NetworkKeyError> {
        let unreadable = |source| NetworkKeyError::Read { path: path.to_owned(), source };
        if fs::metadata(path).map_err(unreadable)?.len() > FILE_BYTES_MAX {
            return Err(NetworkKeyError::Huge(path.to_owned()));
        }
        let text = fs::read_to_string(path).map_err(unreadable)?;
        let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        match lines.as_slice() {
            [] => Err(NetworkKeyError::Empty(path.to_owned())),
            [key] => Ok(Self::new(NetworkKey::parse(key)?, None)),
            [key, also] => Ok(Self::new(NetworkKey::parse(key)?, Some(NetworkKey::parse(also)?))),
            _ => Err(NetworkKeyError::TooMany(path.to_owned())),
        }
    }

    /// Whether everyone may join.
    pub const fn is_open(&self) -> bool {
        self.keys.is_empty()
    }

    /// The key to give to those who are invited: the first. A text that was chosen as a key is not told, only what is made
    /// of it. `None` in the open network.
    pub fn shared(&self) -> Option<SharedKey> {
        self.keys.first().map(|key| SharedKey::new(key.0))
    }

    /// The network this beacon says it is in: that of the first key, zero in the open network.
    pub fn network_id(&self) -> NetworkId {
        self.keys.first().map_or(NetworkId::new([0; 16]), NetworkKey::network_id)
    }

    /// The network of the second key, whose members are ours too while the key changes.
    pub fn also_accepted(&self) -> Option<NetworkId> {
        self.keys.get(1).map(NetworkKey::network_id)
    }

    /// Whether a beacon that says it is in `network` is in ours.
    pub fn accepts(&self, network: &NetworkId) -> bool {
        *network == self.network_id() || self.also_accepted() == Some(*network)
    }

    /// The proof over `challenge` that this beacon knows the key (HMAC-SHA256, RFC 2104); `None` in the open network.
    pub(super) fn prove(&self, challenge: &[u8]) -> Option<[u8; 32]> {
        let key = self.keys.first()?;
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key.0), challenge);
        Some(tag.as_ref().try_into().expect("HMAC-SHA256 gives 32 bytes"))
    }

    /// Whether `proof` was made over `challenge` with any of the keys; takes the same time whatever differs.
    pub(super) fn verify(&self, challenge: &[u8], proof: &[u8; 32]) -> bool {
        let verifies =
            |key: &NetworkKey| hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &key.0), challenge, proof).is_ok();
        self.keys.iter().filter(|key| verifies(key)).count() > 0
    }
}

/// Shorter secrets can be guessed.
const KEY_BYTES_MIN: usize = 16;
/// Two lines of the longest passphrase that anyone would type.
const FILE_BYTES_MAX: u64 = 4096;

/// Hashes for one purpose never equal those for another.
fn separated_hash(purpose: &[u8], content: &[u8]) -> [u8; 32] {
    let mut hasher = digest::Context::new(&digest::SHA256);
    hasher.update(purpose);
    hasher.update(&[0]);
    hasher.update(content);
    hasher.finish().as_ref().try_into().expect("SHA-256 gives 32 bytes")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proof_verifies_under_either_key_and_no_other() {
        let old = NetworkKey::parse("the old secret of our town archive").unwrap();
        let new = NetworkKey::parse(&"5c".repeat(32)).unwrap();
        assert_eq!(new.0, [0x5c; 32]);
        let [only_old, both] = [NetworkKeys::new(old.clone(), None), NetworkKeys::new(new, Some(old))];
        let proof = only_old.prove(b"challenge").unwrap();
        assert!(both.verify(b"challenge", &proof));
        assert!(!both.verify(b"another challenge", &proof));
        assert!(!only_old.verify(b"challenge", &both.prove(b"challenge").unwrap()));
        assert!(!NetworkKeys::open().verify(b"challenge", &proof));
        assert_eq!(NetworkKeys::open().prove(b"challenge"), None);
    }

    #[test]
    fn network_ids_tell_networks_apart_and_not_the_key() {
        let key = NetworkKey::parse(&"5c".repeat(32)).unwrap();
        let other = NetworkKey::parse("another secret of many bytes").unwrap();
        let keys = NetworkKeys::new(key.clone(), Some(other.clone()));
        assert_eq!(keys.network_id(), key.network_id());
        assert!(keys.accepts(&key.network_id()) && keys.accepts(&other.network_id()));
        assert!(!keys.accepts(&NetworkKeys::open().network_id()));
        assert!(NetworkKeys::open().accepts(&NetworkId::new([0; 16])));
        assert_ne!(keys.network_id().as_bytes(), &[0x5c; 16]);
        assert_eq!(format!("{key:?}"), "NetworkKey(..)");
    }

    #[test]
    fn a_key_that_is_shared_is_the_same_key_and_not_the_text_it_was_made_of() {
        let key = NetworkKey::parse("the old secret of our town archive").unwrap();
        let shared = NetworkKeys::new(key.clone(), None).shared().expect("a key");
        assert_eq!(NetworkKey::from(shared), key);
        assert_eq!(NetworkKey::parse(&shared.reveal_digits()).unwrap(), key, "its digits in a file are the key");
        assert_eq!(NetworkKeys::open().shared(), None);
    }

    #[test]
    fn key_files_hold_one_or_two_lines() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("key");
        let read = |text: &str| {
            fs::write(&path, text).unwrap();
            NetworkKeys::read(&path)
        };
        assert_eq!(read("a secret of many bytes\n\n").unwrap().keys.len(), 1);
        assert_eq!(read("a secret of many bytes\r\nanother secret of many bytes").unwrap().keys.len(), 2);
        assert!(matches!(read(" \n"), Err(NetworkKeyError::Empty(_))));
        assert!(matches!(read("secret"), Err(NetworkKeyError::Short { bytes: 6 })));
        assert!(matches!(read(&"a secret of many bytes\n".repeat(3)), Err(NetworkKeyError::TooMany(_))));
        assert!(matches!(read(&"x".repeat(5000)), Err(NetworkKeyError::Huge(_))));
        fs::remove_file(&path).unwrap();
        assert!(matches!(NetworkKeys::read(&path), Err(NetworkKeyError::Read { .. })));
    }
}

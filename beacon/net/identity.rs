//! Who this beacon is: an ed25519 key (RFC 8032) in a file.

use std::{
    fmt, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use ring::{
    rand::{SecureRandom, SystemRandom},
    signature::{Ed25519KeyPair, KeyPair},
};
use thiserror::Error;

use crate::model::BeaconId;

/// The secret that makes a beacon itself, and the id that others know it by.
#[derive(Clone)]
pub struct Identity {
    seed: [u8; 32],
    id: BeaconId,
}

/// Why an identity could not be had.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// The file cannot be read.
    #[error("cannot read the identity file {}: {source}", path.display())]
    Read {
        /// The identity file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file does not exist and cannot be created.
    #[error("cannot create the identity file {}: {source}", path.display())]
    Create {
        /// The identity file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Other users of this machine may read the secret.
    #[error("the identity file {0} can be read by others (mode {mode:o}); run `chmod 600 {0}`", path.display())]
    Exposed {
        /// The identity file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The content is not an identity.
    #[error(
        "the identity file {} is damaged: {problem}; restore it from a backup, or move it away to start as a new beacon",
        path.display()
    )]
    Damaged {
        /// The identity file.
        path: PathBuf,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The system has no randomness to make a key from.
    #[error("the system gives no random bytes to make an identity from")]
    NoRandomness,
}

impl Identity {
    /// Reads the identity in `path`, or makes a new one there on first use.
    ///
    /// A new file appears whole or not at all, and two processes that start at once end up with the same identity.
    pub fn load_or_create(path: &Path) -> Result<Self, IdentityError> {
        match Self::load(path) {
            Err(IdentityError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                let mut seed = [0; 32];
                SystemRandom::new().fill(&mut seed).map_err(|_unspecified| IdentityError::NoRandomness)?;
                create(path, &seed).map_err(|source| IdentityError::Create { path: path.to_owned(), source })?;
                Self::load(path)
            }
            loaded => loaded,
        }
    }

    /// From the 32 secret bytes.
    pub fn from_seed(seed: [u8; 32]) -> Self {
        Self { seed, id: public_key(&seed) }
    }

    /// The public key.
    pub const fn id(&self) -> BeaconId {
        self.id
    }

    /// The secret.
    pub const fn seed(&self) -> &[u8; 32] {
        &self.seed
    }

    fn load(path: &Path) -> Result<Self, IdentityError> {
        let unreadable = |source| IdentityError::Read { path: path.to_owned(), source };
        let length = fs::metadata(path).map_err(unreadable)?.len();
        check_mode(path)?;
        let damaged = |problem| IdentityError::Damaged { path: path.to_owned(), problem };
        if length > FILE_BYTES_MAX {
            return Err(damaged("it is too long"));
        }
        let text = fs::read(path).map_err(unreadable)?;
        let text = str::from_utf8(&text).map_err(|_not_text| damaged("it is not text"))?.trim_end();
        let digits = text.strip_prefix(FILE_PREFIX).ok_or_else(|| damaged("it does not start with its version"))?;
        let seed = HEXLOWER_PERMISSIVE
            .decode(digits.as_bytes())
            .ok()
            .and_then(|seed| <[u8; 32]>::try_from(seed).ok())
            .ok_or_else(|| damaged("the key is not 64 hexadecimal digits"))?;
        Ok(Self::from_seed(seed))
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Identity({})", self.id.short())
    }
}

/// What the file starts with; a change of format changes the number.
const FILE_PREFIX: &str = "beacon-identity-1 ";
/// Far more than any version of the file needs.
const FILE_BYTES_MAX: u64 = 1024;

fn public_key(seed: &[u8; 32]) -> BeaconId {
    let pair = Ed25519KeyPair::from_seed_unchecked(seed).expect("any 32 bytes are an ed25519 seed");
    BeaconId::new(pair.public_key().as_ref().try_into().expect("an ed25519 public key has 32 bytes"))
}

/// Writes the file beside its place and links it there, which fails where another process was quicker.
fn create(path: &Path, seed: &[u8; 32]) -> io::Result<()> {
    let dir = path.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(dir)?;
    let mut draft = path.as_os_str().to_owned();
    draft.push(format!(".new-{}", std::process::id()));
    let draft = PathBuf::from(draft);
    // One of a process with this number that was killed half-way.
    let _absent = fs::remove_file(&draft);
    let placed = write_private(&draft, seed).and_then(|()| place(&draft, path));
    let _renamed = fs::remove_file(&draft);
    placed?;
    sync_dir(dir)
}

fn place(draft: &Path, path: &Path) -> io::Result<()> {
    match fs::hard_link(draft, path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        // Some file systems have no hard links; there the race is not worth refusing to start.
        Err(_) => fs::rename(draft, path),
        Ok(()) => Ok(()),
    }
}

fn write_private(path: &Path, seed: &[u8; 32]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    writeln!(file, "{FILE_PREFIX}{}", HEXLOWER.encode(seed))?;
    file.sync_all()
}

#[cfg(unix)]
fn sync_dir(dir: &Path) -> io::Result<()> {
    fs::File::open(dir)?.sync_all()
}

#[cfg(not(unix))]
fn sync_dir(_dir: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), IdentityError> {
    use std::os::unix::fs::PermissionsExt;

    let metadata = fs::metadata(path).map_err(|source| IdentityError::Read { path: path.to_owned(), source })?;
    let mode = metadata.permissions().mode() & 0o7777;
    if mode & 0o077 != 0 {
        return Err(IdentityError::Exposed { path: path.to_owned(), mode });
    }
    Ok(())
}

#[cfg(not(unix))]
fn check_mode(_path: &Path) -> Result<(), IdentityError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place_for_identity() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("data").join("identity");
        (dir, path)
    }

    #[test]
    fn the_identity_of_the_first_start_is_that_of_the_next() {
        let (_dir, path) = place_for_identity();
        let first = Identity::load_or_create(&path).unwrap();
        let second = Identity::load_or_create(&path).unwrap();
        assert_eq!((first.id(), first.seed()), (second.id(), second.seed()));
        let names: Vec<_> = fs::read_dir(path.parent().unwrap()).unwrap().map(|e| e.unwrap().file_name()).collect();
        assert_eq!(names, ["identity"], "no draft stays behind");
        assert!(!format!("{first:?}").contains(&HEXLOWER.encode(first.seed())), "the secret is never shown");
    }

    #[test]
    fn ids_are_the_public_keys_of_rfc_8032() {
        // RFC 8032, section 7.1, test 1.
        let seed = HEXLOWER.decode(b"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
        let id = Identity::from_seed(seed.try_into().unwrap()).id();
        assert_eq!(id.to_string(), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_others_can_read_is_refused_with_the_way_out() {
        use std::os::unix::fs::PermissionsExt;

        let (_dir, path) = place_for_identity();
        Identity::load_or_create(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let error = Identity::load_or_create(&path).unwrap_err().to_string();
        assert!(error.contains("mode 640") && error.contains("chmod 600"), "{error}");
    }

    #[test]
    fn damaged_files_are_refused_and_left_as_they_are() {
        let (_dir, path) = place_for_identity();
        Identity::load_or_create(&path).unwrap();
        let good = fs::read_to_string(&path).unwrap();
        let short = &good[..good.len() - 5];
        let long = format!("{}{}", good.trim_end(), "00");
        let huge = "x".repeat(5000);
        for bad in [b"".as_slice(), b"\xff\xfe", short.as_bytes(), long.as_bytes(), huge.as_bytes(), &[b'a'; 64]] {
            fs::write(&path, bad).unwrap();
            assert!(matches!(Identity::load_or_create(&path), Err(IdentityError::Damaged { .. })), "{bad:?}");
            assert_eq!(fs::read(&path).unwrap(), bad);
        }
    }

    #[test]
    fn an_identity_that_appears_meanwhile_is_not_overwritten() {
        let (_dir, path) = place_for_identity();
        let first = Identity::load_or_create(&path).unwrap();
        create(&path, &[7; 32]).unwrap();
        assert_eq!(Identity::load_or_create(&path).unwrap().id(), first.id());
    }
}

//! The secret that lets a program order something: made at the first start, in a file that only its owner can read.

use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER;
use ring::rand::{SecureRandom as _, SystemRandom};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// What a program must send as `Authorization: Bearer …` to order something (RFC 6750).
///
/// Who can read the file may order the beacon, as who can reach the page may look at it.
#[derive(Clone, PartialEq, Eq)]
pub struct ApiToken(String);

/// Why there is no token.
#[derive(Debug, Error)]
pub enum TokenError {
    /// The file cannot be read.
    #[error("cannot read the token in {}: {source}; it is for the user that runs the beacon", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file does not exist and cannot be made.
    #[error("cannot write the token into {}: {source}", path.display())]
    Create {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Other users of this machine may read it.
    #[error(
        "the token in {0} can be read by others (mode {mode:o}); run `chmod 600 {0}`, or remove it, and the next start makes a new one",
        path.display()
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The content is no token.
    #[error("{} holds no token; remove it, and the next start of the beacon makes a new one", .0.display())]
    Damaged(PathBuf),
    /// The system has no randomness to make one from.
    #[error("the system gives no random bytes to make a token from")]
    NoRandomness,
}

impl ApiToken {
    /// What the file is called in the data directory.
    pub const FILE_NAME: &str = "api.token";

    /// The token in a data directory; made there on first use. A new file appears whole or not at all. To be called by
    /// the one beacon that has the directory.
    pub fn load_or_create(data_dir: &Path) -> Result<Self, TokenError> {
        match Self::load(data_dir) {
            Err(TokenError::Read { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                let mut secret = [0; SECRET_BYTES];
                SystemRandom::new().fill(&mut secret).map_err(|_unspecified| TokenError::NoRandomness)?;
                let token = Self(format!("{PREFIX}{}", HEXLOWER.encode(&secret)));
                let path = data_dir.join(Self::FILE_NAME);
                token.write(&path).map_err(|source| TokenError::Create { path, source })?;
                Ok(token)
            }
            loaded => loaded,
        }
    }

    /// The token in a data directory.
    pub fn load(data_dir: &Path) -> Result<Self, TokenError> {
        let path = data_dir.join(Self::FILE_NAME);
        let read = fs::metadata(&path).and_then(|metadata| {
            let is_small = metadata.len() <= FILE_BYTES_MAX;
            Ok((mode(&metadata), if is_small { fs::read_to_string(&path)? } else { String::new() }))
        });
        let (mode, text) = match read {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => return Err(TokenError::Damaged(path)),
            Err(source) => return Err(TokenError::Read { path, source }),
        };
        if mode & 0o077 != 0 {
            return Err(TokenError::Exposed { path, mode });
        }
        let text = text.trim_end();
        let digits = text.strip_prefix(PREFIX).and_then(|digits| HEXLOWER.decode(digits.as_bytes()).ok());
        match digits {
            Some(secret) if secret.len() == SECRET_BYTES => Ok(Self(text.to_owned())),
            _ => Err(TokenError::Damaged(path)),
        }
    }

    /// The text to send.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// One that tests know.
    #[cfg(test)]
    pub(super) fn for_test() -> Self {
        Self("beacon1-test".to_owned())
    }

    /// Whether this is what somebody sent. How long it takes tells nothing of how much of it was right.
    pub(super) fn is(&self, sent: &str) -> bool {
        let (ours, theirs) = (Sha256::digest(&self.0), Sha256::digest(sent));
        ours.iter().zip(theirs.iter()).fold(0, |differs, (a, b)| differs | (a ^ b)) == 0
    }

    /// Writes it beside its place and renames it.
    fn write(&self, path: &Path) -> io::Result<()> {
        let draft = path.with_added_extension("new");
        match fs::remove_file(&draft) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&draft)?;
        writeln!(file, "{}", self.0)?;
        file.sync_all()?;
        fs::rename(&draft, path)?;
        match path.parent() {
            Some(dir) if cfg!(unix) => File::open(dir)?.sync_all(),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for ApiToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiToken(hidden)")
    }
}

/// What a token begins with; a change of its form changes the number.
const PREFIX: &str = "beacon1-";
/// Far too many to be guessed.
const SECRET_BYTES: usize = 32;
/// More than any version of the file needs.
const FILE_BYTES_MAX: u64 = 1024;

#[cfg(unix)]
fn mode(metadata: &fs::Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions()) & 0o7777
}

/// Elsewhere files have no such bits.
#[cfg(not(unix))]
fn mode(_metadata: &fs::Metadata) -> u32 {
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_of_the_first_start_is_that_of_the_next() {
        let dir = tempfile::tempdir().expect("a directory");
        let missing = ApiToken::load(dir.path());
        assert!(matches!(missing, Err(TokenError::Read { .. })), "{missing:?}");
        fs::write(dir.path().join("api.token.new"), "half").expect("written");
        let first = ApiToken::load_or_create(dir.path()).expect("made");
        assert_eq!(ApiToken::load_or_create(dir.path()).expect("read"), first);
        let names: Vec<_> = fs::read_dir(dir.path()).expect("read").map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["api.token"], "no draft stays behind");
        assert_eq!(first.reveal().len(), PREFIX.len() + 64);
        assert!(!format!("{first:?}").contains(first.reveal()), "the secret is never shown");
        let other = tempfile::tempdir().expect("a directory");
        assert_ne!(ApiToken::load_or_create(other.path()).expect("made"), first);
    }

    #[test]
    fn only_the_whole_token_is_taken() {
        let dir = tempfile::tempdir().expect("a directory");
        let token = ApiToken::load_or_create(dir.path()).expect("made");
        let text = token.reveal();
        assert!(token.is(text));
        for wrong in ["", &text[..text.len() - 1], &format!("{text}0"), &text.to_uppercase(), &format!(" {text}")] {
            assert!(!token.is(wrong), "{wrong}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_token_that_others_can_read_is_refused_with_the_way_out() {
        use std::os::unix::fs::PermissionsExt as _;

        let dir = tempfile::tempdir().expect("a directory");
        ApiToken::load_or_create(dir.path()).expect("made");
        let path = dir.path().join(ApiToken::FILE_NAME);
        assert_eq!(fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("set");
        let error = ApiToken::load_or_create(dir.path()).expect_err("refused").to_string();
        assert!(error.contains("mode 640") && error.contains("chmod 600"), "{error}");
    }

    #[test]
    fn damaged_files_are_refused_and_left_as_they_are() {
        let dir = tempfile::tempdir().expect("a directory");
        ApiToken::load_or_create(dir.path()).expect("made");
        let path = dir.path().join(ApiToken::FILE_NAME);
        let good = fs::read_to_string(&path).expect("text");
        let long = "x".repeat(5000);
        for bad in [b"".as_slice(), b"\xff\xfe", &good.as_bytes()[..20], &good.as_bytes()[8..], long.as_bytes()] {
            fs::write(&path, bad).expect("written");
            assert!(matches!(ApiToken::load_or_create(dir.path()), Err(TokenError::Damaged(_))), "{bad:?}");
            assert_eq!(fs::read(&path).expect("there"), bad);
        }
    }
}

//! A torrent as it is named on the command line: by its info-hash, or by the beginning of one.

use std::str::FromStr;

use thiserror::Error;

use super::{
    CliError, Env, Options,
    remote::{ask, list, text, title},
};
use crate::model::InfoHash;

/// A torrent as it is named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TorrentArg {
    /// By a whole info-hash.
    Whole(InfoHash),
    /// By the beginning of one, in lower case, which the running beacon completes.
    Beginning(String),
}

/// A text that is no info-hash and no beginning of one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("an info-hash has 40 or 64 hexadecimal digits, of which the first {DIGITS_MIN} will do where they are unique")]
pub struct ParseTorrentArgError;

/// With fewer, too many torrents begin like that.
const DIGITS_MIN: usize = 6;
/// One less than the longest info-hash has.
const DIGITS_MAX: usize = 63;

impl FromStr for TorrentArg {
    type Err = ParseTorrentArgError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(info_hash) = text.parse() {
            return Ok(Self::Whole(info_hash));
        }
        let is_beginning =
            (DIGITS_MIN..=DIGITS_MAX).contains(&text.len()) && text.bytes().all(|digit| digit.is_ascii_hexdigit());
        if is_beginning { Ok(Self::Beginning(text.to_ascii_lowercase())) } else { Err(ParseTorrentArgError) }
    }
}

impl TorrentArg {
    /// The info-hash that is meant; the running beacon is asked where only its beginning was given.
    pub(super) fn resolve(&self, env: &Env, options: &Options) -> Result<InfoHash, CliError> {
        let digits = match self {
            Self::Whole(info_hash) => return Ok(*info_hash),
            Self::Beginning(digits) => digits,
        };
        let answer = ask(env, options, &format!("/api/v1/torrents?prefix={digits}"))?;
        let found = list(&answer, "/torrents");
        match found {
            [] => Err(CliError::NoSuchTorrent(digits.clone())),
            [torrent] => {
                let info_hash = text(torrent, "/info_hash");
                info_hash.parse().map_err(|_no_hash| CliError::Refused(format!("`{info_hash}` is no info-hash")))
            }
            several => {
                let line = |torrent: &_| format!("\n  {} {}", text(torrent, "/info_hash"), title(torrent));
                let torrents = several.iter().map(line).collect();
                Err(CliError::AmbiguousTorrent { digits: digits.clone(), torrents })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_hashes_are_told_from_beginnings() {
        let whole = "ab".repeat(20);
        assert_eq!(whole.parse(), Ok(TorrentArg::Whole(InfoHash::V1([0xab; 20]))));
        assert_eq!("ABCdef".parse(), Ok(TorrentArg::Beginning("abcdef".to_owned())));
        assert_eq!("ab".repeat(25).parse(), Ok(TorrentArg::Beginning("ab".repeat(25))));
        for wrong in ["", "abcde", "letters", &"ab".repeat(33)] {
            assert_eq!(wrong.parse::<TorrentArg>(), Err(ParseTorrentArgError), "{wrong}");
        }
    }
}

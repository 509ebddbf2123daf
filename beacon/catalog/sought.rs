//! What somebody looks for in the collections, as it was written.

use std::str::FromStr;

use thiserror::Error;

use super::fold::fold;
use crate::{
    metainfo::{Magnet, MagnetError},
    model::{InfoHash, InfoHashes},
};

/// What somebody looks for: a torrent by its info-hash or its magnet link, or torrents by words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// By any info-hash, whole.
    Hashes(InfoHashes),
    /// By the beginning of any info-hash.
    Beginning(Digits),
    /// By words of its name or its collection's, all of which must be there.
    Words {
        /// The text without case and accents.
        whole: String,
        /// Its words, each once.
        words: Vec<String>,
        /// The text as the beginning of an info-hash, where it can be one.
        beginning: Option<Digits>,
    },
}

/// The first hexadecimal digits of an info-hash, a number below 16 each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digits(Vec<u8>);

/// Why nothing can be looked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SoughtError {
    /// No word, no hash.
    #[error("nothing to look for was written; give words of a name, an info-hash, or a magnet link")]
    Nothing,
    /// Longer than any name.
    #[error("{0} bytes are more than a name has; {TEXT_BYTES_MAX} are the most that is looked for")]
    TooLong(usize),
    /// A magnet link that is none.
    #[error("the magnet link cannot be read: {0}")]
    Magnet(#[from] MagnetError),
    /// Not digits, or not as many as are worth looking for.
    #[error("the beginning of an info-hash has {min} to {max} hexadecimal digits", min = Digits::MIN, max = Digits::MAX)]
    Digits,
}

/// The longest file name that systems know is 255 bytes; a text of several fits too.
const TEXT_BYTES_MAX: usize = 1024;

impl FromStr for Sought {
    type Err = SoughtError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        if text.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("magnet:")) {
            return Ok(Self::Hashes(Magnet::parse(text)?.hashes));
        }
        if let Ok(info_hash) = text.parse::<InfoHash>() {
            return Ok(Self::Hashes(info_hash.into()));
        }
        if text.len() > TEXT_BYTES_MAX {
            return Err(SoughtError::TooLong(text.len()));
        }
        let whole = fold(text);
        let mut words: Vec<String> = whole.split_whitespace().map(str::to_owned).collect();
        words.sort_unstable();
        words.dedup();
        if words.is_empty() {
            return Err(SoughtError::Nothing);
        }
        Ok(Self::Words { whole, words, beginning: text.parse().ok() })
    }
}

impl Digits {
    /// With fewer, too many info-hashes begin alike.
    pub const MIN: usize = 6;
    /// As many as the longest info-hash has.
    pub const MAX: usize = 64;

    /// Whether an info-hash begins with them.
    pub fn begin(&self, info_hash: &InfoHash) -> bool {
        let bytes = info_hash.as_bytes();
        let mut own = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        self.0.len() <= bytes.len() * 2 && self.0.iter().all(|digit| own.next() == Some(*digit))
    }
}

impl FromStr for Digits {
    type Err = SoughtError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.chars().map(|digit| u8::try_from(digit.to_digit(16)?).ok()).collect::<Option<Vec<u8>>>();
        digits.filter(|digits| (Self::MIN..=Self::MAX).contains(&digits.len())).map(Self).ok_or(SoughtError::Digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sought(text: &str) -> Sought {
        text.parse().expect(text)
    }

    #[test]
    fn hashes_links_and_words_are_told_apart() {
        let hash = "ab".repeat(20);
        let hashes = Sought::Hashes(InfoHash::V1([0xab; 20]).into());
        assert_eq!(sought(&hash.to_uppercase()), hashes);
        assert_eq!(sought(&format!(" Magnet:?dn=x&xt=urn:btih:{hash}\n")), hashes);
        assert_eq!(sought("magnet:?xt=urn:btih:VOV2XK5LVOV2XK5LVOV2XK5LVOV2XK5L"), hashes);
        let v2 = "cd".repeat(32);
        assert_eq!(sought(&v2), Sought::Hashes(InfoHash::V2([0xcd; 32]).into()));
        let both = InfoHashes { v1: Some([0xab; 20]), v2: Some([0xcd; 32]) };
        assert_eq!(sought(&format!("magnet:?xt=urn:btih:{hash}&xt=urn:btmh:1220{v2}")), Sought::Hashes(both));
        let words = |whole: &str, words: &[&str], beginning: Option<&str>| Sought::Words {
            whole: whole.to_owned(),
            words: words.iter().map(|word| (*word).to_owned()).collect(),
            beginning: beginning.map(|digits| digits.parse().expect("digits")),
        };
        assert_eq!(sought("  Town  LETTERS town"), words("town  letters town", &["letters", "town"], None));
        assert_eq!(sought("Facade"), words("facade", &["facade"], Some("facade")));
        assert_eq!(sought("abcde"), words("abcde", &["abcde"], None), "five digits are no beginning");
        assert_eq!(sought("magnetism"), words("magnetism", &["magnetism"], None));
    }

    #[test]
    fn what_cannot_be_looked_for_says_why() {
        let error = |text: &str| text.parse::<Sought>().expect_err(text);
        assert_eq!(error(" \n"), SoughtError::Nothing);
        assert_eq!(error(&"x".repeat(1025)), SoughtError::TooLong(1025));
        assert_eq!(error("magnet:?dn=x"), SoughtError::Magnet(MagnetError::NoInfoHash));
        for digits in ["", "abcde", "letters", &"ab".repeat(33)] {
            assert_eq!(digits.parse::<Digits>(), Err(SoughtError::Digits), "{digits}");
        }
    }

    #[test]
    fn digits_begin_hashes_of_both_kinds() {
        let begins = |digits: &str, hash: InfoHash| digits.parse::<Digits>().expect("digits").begin(&hash);
        assert!(begins("ABABAB", InfoHash::V1([0xab; 20])) && begins(&"ab".repeat(20), InfoHash::V1([0xab; 20])));
        assert!(begins(&"ab".repeat(21), InfoHash::V2([0xab; 32])));
        assert!(!begins(&"ab".repeat(21), InfoHash::V1([0xab; 20])) && !begins("ababac", InfoHash::V1([0xab; 20])));
    }
}

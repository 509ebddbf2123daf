//! The folder a torrent's data goes to: a name people can read, and never that of another torrent.

use std::path::{Path, PathBuf};

use crate::model::InfoHash;

/// The longest readable part, in bytes: with the rest it stays below what file systems allow.
const NAME_BYTES_MAX: usize = 120;

/// The folder for a torrent below `dir`: its name as far as file systems take it, and the beginning of its info-hash.
pub fn save_dir(dir: &Path, name: Option<&str>, info_hash: &InfoHash) -> PathBuf {
    let short = &info_hash.to_string()[..12];
    let readable = name.map(readable).filter(|name| !name.is_empty());
    dir.join(readable.map_or_else(|| short.to_owned(), |name| format!("{name} [{short}]")))
}

/// A name as file systems take it: one part of a path, not too long, and begun with no dot. Empty where nothing is left of it.
pub(super) fn readable(name: &str) -> String {
    let safe = |c: char| match c {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        // Where something stood that cannot be shown.
        c if c.is_control() || c == char::REPLACEMENT_CHARACTER => '_',
        c => c,
    };
    let mut name: String = name.trim().trim_start_matches('.').chars().map(safe).collect();
    name.truncate(name.floor_char_boundary(NAME_BYTES_MAX));
    name.trim_matches([' ', '.']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: InfoHash = InfoHash::V1([0xab; 20]);

    fn folder(name: &str) -> String {
        save_dir(Path::new("/store"), Some(name), &HASH).to_str().expect("text").to_owned()
    }

    #[test]
    fn folders_are_readable_and_stay_below_the_directory() {
        assert_eq!(folder("Letters 1890"), "/store/Letters 1890 [abababababab]");
        assert_eq!(folder("../../etc"), "/store/_.._etc [abababababab]");
        assert_eq!(folder("/etc/passwd"), "/store/_etc_passwd [abababababab]");
        assert_eq!(folder(".."), "/store/abababababab");
        assert_eq!(folder("a\0b\nc"), "/store/a_b_c [abababababab]");
        assert_eq!(folder("letter\u{fffd}"), "/store/letter_ [abababababab]");
        assert!(folder(&"ü".repeat(300)).len() < 160);
    }

    #[test]
    fn two_torrents_of_one_name_do_not_share_a_folder() {
        let other = save_dir(Path::new("/store"), Some("Letters"), &InfoHash::V1([0xcd; 20]));
        assert_ne!(folder("Letters"), other.to_str().expect("text"));
    }
}

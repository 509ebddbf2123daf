//! A collection file: what people write to say which torrents they keep alive together.

use super::{Checked, CollectionError, CollectionFault, error::of_json};
use crate::{
    json::{Document, Located, Position},
    model::{ByteSize, CollectionId, Redundancy},
};

/// A collection file, read and checked as far as that goes without looking at its .torrent files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionFile {
    /// The id that all beacons with this collection share.
    pub id: CollectionId,
    /// What people call it.
    pub name: String,
    /// What holds for torrents that do not say otherwise.
    pub redundancy: Redundancy,
    /// In the order of the file.
    pub torrents: Vec<TorrentEntry>,
}

/// One torrent of a collection file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TorrentEntry {
    /// What the entry names.
    pub source: EntrySource,
    /// The size that stands beside a magnet link.
    pub size: Option<ByteSize>,
    /// The copies wanted: the entry's own numbers, and the collection's for those that it does not give.
    pub redundancy: Redundancy,
    /// Larger is fetched earlier among torrents with equally few copies; 0 where the entry says nothing.
    pub priority: i32,
    /// Where the source stands in the file, for what turns out to be wrong with it later.
    pub at: Position,
}

/// How an entry names its torrent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EntrySource {
    /// The path of a .torrent file, as written: relative to the collection file, with `/` between its parts.
    File(String),
    /// A magnet link, as written.
    Magnet(String),
}

impl CollectionFile {
    /// The most bytes that a collection file may have: a million torrents of 64 bytes each.
    pub const BYTES_MAX: usize = 64 << 20;
    /// The most torrents of one collection: what the project is measured with.
    pub const TORRENTS_MAX: usize = 1_000_000;
    /// The most characters of a collection's name, so that it fits on a page.
    pub const NAME_CHARS_MAX: usize = 200;

    /// Whether a collection can be called so.
    pub fn is_name(name: &str) -> bool {
        !name.trim().is_empty() && name.chars().count() <= Self::NAME_CHARS_MAX && !name.chars().any(char::is_control)
    }

    /// Reads the bytes of a collection file.
    ///
    /// # Errors
    /// The first thing that is wrong with it, and where.
    pub fn read(bytes: &[u8]) -> Result<Self, CollectionError> {
        check_length(bytes.len())?;
        Self::parse(Document::decode(bytes).map_err(of_json)?)
    }

    /// Reads the text of a collection file.
    ///
    /// # Errors
    /// The first thing that is wrong with it, and where.
    pub fn parse(text: &str) -> Result<Self, CollectionError> {
        let Checked { file, mut faults } = Checked::of(text, 1);
        match faults.pop() {
            Some(fault) => Err(fault),
            None => Ok(file),
        }
    }
}

pub(super) fn check_length(bytes: usize) -> Result<(), CollectionError> {
    if bytes > CollectionFile::BYTES_MAX {
        return Err(Located { at: Position::START, error: CollectionFault::TooLarge { bytes } });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90";

    fn with(redundancy: &str, torrents: &str) -> String {
        format!("{{ \"id\": \"{ID}\", \"name\": \"Town\", \"redundancy\": {redundancy},\n\"torrents\": [{torrents}] }}")
    }

    fn problem(text: &str) -> String {
        CollectionFile::parse(text).expect_err(text).to_string()
    }

    #[test]
    fn the_format_of_the_design_is_read() {
        let text = r#"{ "id": "0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90", "name": "Town archive", "redundancy": { "target": 3, "max": 4 },
  "torrents": [ { "file": "letters.torrent" }, { "magnet": "magnet:?xt=urn:btih:..." , "size": 123, "redundancy": { "target": 5 }, "priority": 1 } ] }"#;
        let file = CollectionFile::parse(text).expect("the example");
        assert_eq!((file.id.to_string().as_str(), file.name.as_str()), (ID, "Town archive"));
        assert_eq!(Redundancy::new(3, Some(4)), Ok(file.redundancy));
        assert_eq!(file.torrents[0].source, EntrySource::File("letters.torrent".to_owned()));
        assert_eq!(file.torrents[0].redundancy, file.redundancy);
        assert_eq!(file.torrents[0].at, Position { line: 2, column: 27 });
        let second = &file.torrents[1];
        assert_eq!(second.size, Some(ByteSize::from_bytes(123)));
        assert_eq!((second.redundancy.target(), second.redundancy.max(), second.priority), (5, 5, 1));
    }

    #[test]
    fn an_entry_overrides_only_the_numbers_that_it_gives() {
        let torrents = r#"{"file": "a", "redundancy": {"target": 2}}, {"file": "b", "redundancy": {"max": 9}},
            {"file": "c", "redundancy": {"target": 6, "max": 7}}, {"file": "d", "redundancy": {}}"#;
        let file = CollectionFile::parse(&with(r#"{"target": 3, "max": 4}"#, torrents)).expect("good");
        let numbers: Vec<_> =
            file.torrents.iter().map(|entry| (entry.redundancy.target(), entry.redundancy.max())).collect();
        assert_eq!(numbers, [(2, 4), (3, 9), (6, 7), (3, 4)]);
    }

    #[test]
    fn a_cap_for_zones_holds_for_all_torrents_that_give_none() {
        let torrents = r#"{"file": "a"}, {"file": "b", "redundancy": {"target": 5}},
            {"file": "c", "redundancy": {"max_copies_per_zone": 2}}"#;
        let file = CollectionFile::parse(&with(r#"{"target": 3, "max_copies_per_zone": 1}"#, torrents)).expect("right");
        let caps: Vec<_> = file.torrents.iter().map(|entry| entry.redundancy.per_zone()).collect();
        assert_eq!(caps, [Some(1), Some(1), Some(2)]);
        assert_eq!(file.redundancy.per_zone(), Some(1));
        let none = CollectionFile::parse(&with(r#"{"max_copies_per_zone": 0}"#, ""));
        assert!(none.is_err_and(|error| error.to_string().contains("leave it out")));
    }

    #[test]
    fn without_redundancy_three_copies_are_wanted() {
        let file = CollectionFile::parse(&with("null", "")).expect("good");
        assert_eq!(file.redundancy, Redundancy::default());
        assert!(file.torrents.is_empty());
    }

    #[test]
    fn every_fault_is_told_where_it_stands() {
        let cases = [
            (
                with("{\"target\": 0}", ""),
                "1:90: `target` is 0; a torrent that needs no copies is left out of the collection",
            ),
            (with("{\"target\": 3, \"max\": 2}", ""), "1:100: `max` (2) is below `target` (3)"),
            (with("{}", "\n {\"size\": 1}"), "3:2: this entry names no torrent; give it a \"file\" or a \"magnet\""),
            (
                with("{}", "{\"file\": \"a\", \"magnet\": \"magnet:?\"}"),
                "2:14: this entry has a \"file\" and a \"magnet\"; keep one of them",
            ),
            (with("{}", "{\"file\": \"\"}"), "2:23: `` cannot be the path of a .torrent file"),
            (with("{}", "{\"magnet\": \"x\"}"), "2:25: `x` is no magnet link; it must begin with \"magnet:?\""),
            (
                with("{}", "{\"magnet\": \"magnet:?\", \"size\": \"5 GG\"}"),
                "2:45: `GG` is not a unit of size; known are B, kB, MB, GB, TB, PB, KiB, MiB, GiB, TiB and PiB",
            ),
            (
                with("{}", "{\"file\": \"a\", \"priority\": 1.5}"),
                "2:40: `1.5` is not a whole number from -2147483648 to 2147483647",
            ),
            (with("{}", "{\"flie\": \"a\"}"), "2:15: unknown key `flie`; did you mean `file`?"),
            (
                "{\n \"id\": \"7\" }".to_owned(),
                "2:8: `7` is not a collection id (a UUID such as 0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90)",
            ),
            (
                format!("{{\"id\": \"{ID}\", \"name\": \" \"}}"),
                "1:56: the name must have 1 to 200 characters, and no line breaks",
            ),
            (format!("{{\"id\": \"{ID}\", \"name\": \"x\"}}"), "1:1: the key `torrents` is missing here"),
        ];
        for (text, expected) in cases {
            assert_eq!(problem(&text), expected);
        }
    }

    #[test]
    fn files_beyond_the_limits_are_refused() {
        let huge = vec![b' '; CollectionFile::BYTES_MAX + 1];
        assert!(matches!(CollectionFile::read(&huge), Err(Located { error: CollectionFault::TooLarge { .. }, .. })));
        let many = "{},".repeat(CollectionFile::TORRENTS_MAX) + "{}";
        assert!(problem(&with("{}", &many)).contains("1000001 torrents are too many"));
    }

    #[test]
    fn a_hundred_thousand_entries_in_one_line_are_read_in_time_proportional_to_their_number() {
        let entries: Vec<String> = (0..100_000).map(|n| format!("{{\"file\":\"{n}\"}}")).collect();
        let file = CollectionFile::parse(&with("{}", &entries.join(","))).expect("good");
        assert_eq!(file.torrents.len(), 100_000);
        assert_eq!(file.torrents[1].at, Position { line: 2, column: 22 + 13 });
    }
}

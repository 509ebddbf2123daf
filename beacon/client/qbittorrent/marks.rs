//! The tags by which the beacon knows its own torrents, and users tell it to keep off.

use serde::Deserialize;

/// The tag on everything that the beacon adds. A user who takes it off has taken the torrent over.
const OURS: &str = "beacon";
/// The tag by which a user asks that a torrent is left alone.
const KEEP: &str = "beacon-keep";
/// Longer names of collections are cut in tags.
const COLLECTION_CHARS_MAX: usize = 60;

/// What the tags of a torrent say to a beacon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(from = "String")]
pub(super) struct Marks {
    /// It is the beacon's.
    pub(super) ours: bool,
    /// It is not to be touched.
    pub(super) keep: bool,
}

impl From<String> for Marks {
    fn from(tags: String) -> Self {
        let has = |wanted: &str| tags.split(',').any(|tag| tag.trim() == wanted);
        Self { ours: has(OURS), keep: has(KEEP) }
    }
}

/// The tags of a torrent that is in these collections, as qBittorrent takes them.
pub(super) fn tags<'a>(collections: impl IntoIterator<Item = &'a str>) -> String {
    let mut tags = vec![OURS.to_owned()];
    for name in collections {
        // A comma would end the tag, and what followed could be the tag of another program.
        let plain: String = name.chars().map(|c| if c == ',' || c.is_control() { ' ' } else { c }).collect();
        let plain: String =
            plain.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(COLLECTION_CHARS_MAX).collect();
        if !plain.is_empty() {
            tags.push(format!("{OURS}:{}", plain.trim_end()));
        }
    }
    tags.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_exact_tags_count() {
        let marks = |tags: &str| Marks::from(tags.to_owned());
        assert_eq!(marks("beacon, beacon:Town archive"), Marks { ours: true, keep: false });
        assert_eq!(marks("linux, beacon-keep, beacon"), Marks { ours: true, keep: true });
        assert_eq!(marks("beacon:Town archive, my beacon, Beacon"), Marks::default());
        assert_eq!(marks(""), Marks::default());
    }

    #[test]
    fn the_name_of_a_collection_cannot_smuggle_a_tag() {
        assert_eq!(tags(["Town, beacon-keep", " \n ", "Letters"]), "beacon,beacon:Town beacon-keep,beacon:Letters");
        assert_eq!(tags(["x".repeat(500).as_str()]).len(), "beacon,beacon:".len() + COLLECTION_CHARS_MAX);
    }
}

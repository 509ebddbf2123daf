//! What qBittorrent's states and numbers say of a torrent's data.

use serde::Deserialize;

use crate::model::ContentState;

/// A state as qBittorrent tells it, with those joined that mean the same for the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(from = "String")]
pub(super) enum State {
    /// All wanted files are here and served.
    Up,
    /// All wanted files are here, but not served.
    UpStopped,
    /// On its way.
    Down,
    /// Not complete, and stopped.
    DownStopped,
    /// Without metadata yet.
    Metadata,
    /// Files are missing, or there was an error.
    Broken,
    /// Being checked or moved, or something that is not known here.
    #[default]
    Unclear,
}

/// The numbers of a torrent that tell whether it is whole; all may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Numbers {
    /// Bytes of the files that the user wants.
    pub(super) wanted: Option<u64>,
    /// Bytes of all files.
    pub(super) total: Option<u64>,
    /// Bytes of wanted files that are missing.
    pub(super) left: Option<u64>,
    /// Whether the progress is told to be exactly 1.
    pub(super) finished: bool,
    /// Why less is wanted than there is, if so.
    pub(super) gap: Gap,
}

/// Why the bytes that are wanted are fewer than all bytes.
///
/// The total holds the padding between the files of v2 and hybrid torrents (BEP 47, BEP 52), and what is wanted does not.
/// So a torrent whose files are all wanted cannot be told from a selection by these numbers, but only by its files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Gap {
    /// The files were not asked for yet.
    #[default]
    Unasked,
    /// It is padding: all files are wanted.
    Padding,
    /// The user wants only some of the files.
    Selection,
    /// The files could not be read.
    Unreadable,
}

impl From<String> for State {
    fn from(text: String) -> Self {
        match text.as_str() {
            "uploading" | "stalledUP" | "queuedUP" | "forcedUP" => Self::Up,
            "pausedUP" | "stoppedUP" => Self::UpStopped,
            "downloading" | "stalledDL" | "queuedDL" | "forcedDL" | "checkingDL" | "allocating" => Self::Down,
            "pausedDL" | "stoppedDL" => Self::DownStopped,
            "metaDL" | "forcedMetaDL" => Self::Metadata,
            "missingFiles" | "error" => Self::Broken,
            _ => Self::Unclear,
        }
    }
}

impl State {
    /// What this means for the data. A torrent is complete only where state and all numbers say so.
    pub(super) fn content(self, numbers: Numbers) -> ContentState {
        match self {
            Self::Broken => ContentState::Broken,
            Self::Unclear => ContentState::Unknown,
            Self::Metadata => ContentState::Fetching,
            _ if numbers.has_gap() && numbers.gap == Gap::Selection => ContentState::Partial,
            _ if numbers.has_gap() && numbers.gap != Gap::Padding => ContentState::Unknown,
            Self::Down => ContentState::Fetching,
            Self::DownStopped => ContentState::Paused,
            Self::Up if numbers.is_whole() => ContentState::Serving,
            Self::UpStopped if numbers.is_whole() => ContentState::Resting,
            Self::Up | Self::UpStopped => ContentState::Unknown,
        }
    }
}

impl Numbers {
    /// The size of all files, where there is metadata; with padding where it is not known how much of it there is.
    pub(super) fn size(self) -> Option<u64> {
        let total = self.total.filter(|total| *total > 0)?;
        if self.has_gap() && self.gap == Gap::Padding { self.wanted } else { Some(total) }
    }

    /// Bytes that are here, as far as they belong to wanted files.
    pub(super) fn done(self) -> u64 {
        match (self.size(), self.wanted, self.left) {
            (Some(_), Some(wanted), Some(left)) => wanted.saturating_sub(left),
            _ => 0,
        }
    }

    /// Whether less is wanted than there is.
    pub(super) fn has_gap(self) -> bool {
        matches!((self.total, self.wanted), (Some(total), Some(wanted)) if wanted < total)
    }

    fn is_whole(self) -> bool {
        self.size().is_some_and(|size| size > 0 && self.wanted == Some(size)) && self.left == Some(0) && self.finished
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Numbers =
        Numbers { wanted: Some(100), total: Some(100), left: Some(0), finished: true, gap: Gap::Unasked };

    fn content(state: &str, numbers: Numbers) -> ContentState {
        State::from(state.to_owned()).content(numbers)
    }

    #[test]
    fn every_state_says_what_the_table_says() {
        for (states, expected) in [
            ("uploading stalledUP queuedUP forcedUP", ContentState::Serving),
            ("pausedUP stoppedUP", ContentState::Resting),
            (
                "downloading stalledDL queuedDL forcedDL checkingDL allocating metaDL forcedMetaDL",
                ContentState::Fetching,
            ),
            ("pausedDL stoppedDL", ContentState::Paused),
            ("checkingUP checkingResumeData unknown moving somethingNew", ContentState::Unknown),
            ("missingFiles error", ContentState::Broken),
        ] {
            for state in states.split(' ') {
                assert_eq!(content(state, WHOLE), expected, "{state}");
            }
        }
    }

    #[test]
    fn a_copy_needs_every_number_to_agree() {
        for numbers in [
            Numbers { left: Some(1), ..WHOLE },
            Numbers { left: None, ..WHOLE },
            Numbers { finished: false, ..WHOLE },
            Numbers { total: None, ..WHOLE },
            Numbers { wanted: None, ..WHOLE },
            Numbers { wanted: Some(0), total: Some(0), ..WHOLE },
        ] {
            assert_eq!(content("uploading", numbers), ContentState::Unknown, "{numbers:?}");
        }
    }

    #[test]
    fn a_selection_of_files_is_never_a_copy_nor_on_its_way_to_be_one() {
        let some = Numbers { wanted: Some(40), gap: Gap::Selection, ..WHOLE };
        for state in ["stalledUP", "stoppedUP", "downloading", "pausedDL"] {
            assert_eq!(content(state, some), ContentState::Partial, "{state}");
        }
        assert_eq!(content("moving", some), ContentState::Unknown);
    }

    #[test]
    fn padding_is_not_missing_but_must_be_proved() {
        let padded = |gap| Numbers { wanted: Some(90), gap, ..WHOLE };
        assert_eq!(content("stalledUP", padded(Gap::Padding)), ContentState::Serving);
        assert_eq!(padded(Gap::Padding).size(), Some(90));
        assert_eq!(content("downloading", padded(Gap::Padding)), ContentState::Fetching);
        for state in ["stalledUP", "stoppedUP", "downloading", "stoppedDL"] {
            assert_eq!(content(state, padded(Gap::Unasked)), ContentState::Unknown, "{state}");
            assert_eq!(content(state, padded(Gap::Unreadable)), ContentState::Unknown, "{state}");
        }
        let nothing_wanted = Numbers { wanted: Some(0), gap: Gap::Padding, ..WHOLE };
        assert_eq!(content("stalledUP", nothing_wanted), ContentState::Unknown);
    }

    #[test]
    fn without_metadata_there_is_no_size() {
        let numbers = Numbers { wanted: Some(0), total: None, left: Some(0), ..Numbers::default() };
        assert_eq!((numbers.size(), numbers.done()), (None, 0));
        assert_eq!(Numbers { left: Some(30), ..WHOLE }.done(), 70);
    }
}

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
            _ if numbers.is_selection() => ContentState::Partial,
            Self::Down => ContentState::Fetching,
            Self::DownStopped => ContentState::Paused,
            Self::Up if numbers.is_whole() => ContentState::Serving,
            Self::UpStopped if numbers.is_whole() => ContentState::Resting,
            Self::Up | Self::UpStopped => ContentState::Unknown,
        }
    }
}

impl Numbers {
    /// The size of all files, where there is metadata.
    pub(super) fn size(self) -> Option<u64> {
        self.total.filter(|total| *total > 0)
    }

    /// Bytes that are here, as far as they belong to wanted files.
    pub(super) fn done(self) -> u64 {
        match (self.size(), self.wanted, self.left) {
            (Some(_), Some(wanted), Some(left)) => wanted.saturating_sub(left),
            _ => 0,
        }
    }

    /// The user wants only some of the files.
    fn is_selection(self) -> bool {
        matches!((self.size(), self.wanted), (Some(total), Some(wanted)) if wanted < total)
    }

    fn is_whole(self) -> bool {
        self.size().is_some() && self.wanted == self.total && self.left == Some(0) && self.finished
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: Numbers = Numbers { wanted: Some(100), total: Some(100), left: Some(0), finished: true };

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
        let some = Numbers { wanted: Some(40), ..WHOLE };
        for state in ["stalledUP", "stoppedUP", "downloading", "pausedDL"] {
            assert_eq!(content(state, some), ContentState::Partial, "{state}");
        }
        assert_eq!(content("moving", some), ContentState::Unknown);
    }

    #[test]
    fn without_metadata_there_is_no_size() {
        let numbers = Numbers { wanted: Some(0), total: None, left: Some(0), finished: false };
        assert_eq!((numbers.size(), numbers.done()), (None, 0));
        assert_eq!(Numbers { left: Some(30), ..WHOLE }.done(), 70);
    }
}

//! Versions of the Web API, by which its differences are told (never by the application's own).

use std::fmt;

/// A version of the Web API such as 2.8.19.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ApiVersion([u32; 3]);

impl ApiVersion {
    /// qBittorrent 4.5: the first that exports metainfo and tells v2 info-hashes.
    pub(super) const OLDEST: Self = Self([2, 8, 19]);
    /// qBittorrent 5.0: torrents are stopped and started instead of paused and resumed.
    const STOP_AND_START: Self = Self([2, 11, 0]);

    /// Reads the answer of `app/webapiVersion`; a login page or anything else is no version.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let text = str::from_utf8(text).ok()?.trim();
        let mut numbers = [0; 3];
        let mut parts = text.split('.');
        for number in &mut numbers {
            *number = parts.next().map_or(Some(0), |part| part.parse().ok())?;
        }
        (text.contains('.') && parts.next().is_none()).then_some(Self(numbers))
    }

    pub(super) fn start_endpoint(self) -> &'static str {
        if self >= Self::STOP_AND_START { "torrents/start" } else { "torrents/resume" }
    }

    pub(super) fn stop_endpoint(self) -> &'static str {
        if self >= Self::STOP_AND_START { "torrents/stop" } else { "torrents/pause" }
    }
}

impl fmt::Display for ApiVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "Web API {major}.{minor}.{patch}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_ordered_by_number_and_nothing_else_is_one() {
        let read = |text: &str| ApiVersion::read(text.as_bytes());
        assert_eq!(read("2.8.19"), Some(ApiVersion::OLDEST));
        assert!(read("2.8.2") < read("2.8.19"));
        assert!(read("2.11.4\n") > read("2.9.3"));
        assert_eq!(read("2.16"), Some(ApiVersion([2, 16, 0])));
        for text in ["", "2", "<html>", "2.8.19.1", "2.x", "v2.8", "2..1"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn stopping_is_called_by_the_name_that_the_version_knows() {
        assert_eq!(ApiVersion([2, 9, 3]).stop_endpoint(), "torrents/pause");
        assert_eq!(ApiVersion([2, 11, 2]).stop_endpoint(), "torrents/stop");
        assert_eq!(ApiVersion([2, 15, 1]).start_endpoint(), "torrents/start");
    }
}

//! Words of which names of torrents are made.

/// As people call things, some of them with letters beyond ASCII.
pub(crate) const WORDS: [&str; 16] = [
    "Town",
    "Letters",
    "Photos",
    "Été",
    "Maps",
    "Minutes",
    "of",
    "the",
    "Council",
    "Newspaper",
    "Scans",
    "Radio",
    "Łódź",
    "Parish",
    "Register",
    "Films",
];

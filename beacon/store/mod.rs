//! Floor 4: what outlives the process, in SQLite.

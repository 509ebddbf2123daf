//! Floor 4: configuration: file, environment and flags.

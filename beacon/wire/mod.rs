//! Floor 1: messages to bytes and back, with limits and versions.

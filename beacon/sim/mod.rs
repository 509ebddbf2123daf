//! Floor 4: a deterministic simulator that drives nodes as the daemon does.

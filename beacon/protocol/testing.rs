//! Several protocols joined in memory.

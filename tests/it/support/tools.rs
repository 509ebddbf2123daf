//! What `tests/run` fetches for the tests and keeps under `target/`.

use std::{
    env,
    path::{Path, PathBuf},
};

/// Where a tool is: where the variable says, or else below cargo's target directory.
pub(crate) fn tool(variable: &str, path: &str) -> PathBuf {
    // Cargo gives tests a directory to write into that is in the target directory itself.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("a directory of cargo's");
    env::var_os(variable).map_or_else(|| target.join(path), PathBuf::from)
}

//! Floor 1: collection files and manifests.

mod manifest;

pub use manifest::{Manifest, ManifestError};

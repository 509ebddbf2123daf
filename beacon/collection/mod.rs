//! Floor 1: collection files and manifests.

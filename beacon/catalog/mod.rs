//! Floor 2: collection files joined with the metainfo of their torrents.

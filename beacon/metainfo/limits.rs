//! What is read at most. Every limit is above what the large clients make, and keeps a hostile file cheap.

/// Bytes of a .torrent file or a bare `info` dictionary. Clients refuse larger ones by default, or warn of them; 16 MiB
/// are the piece hashes of 800,000 pieces, or 100,000 files.
pub const METAINFO_BYTES_MAX: usize = 16 << 20;

/// Lists and dictionaries within each other. Only a v2 file tree nests deeply, one level for each directory.
pub(super) const BENCODE_DEPTH_MAX: usize = 100;

/// The parts of a path in a new torrent: what fits into the depth that readers take, with room for what surrounds the
/// file tree.
pub const DRAFT_DEPTH_MAX: usize = BENCODE_DEPTH_MAX - 10;

/// Values in one input: what 16 MiB of a hybrid torrent's file list come to. Each costs 12 bytes while it is read.
pub(super) const BENCODE_TOKENS_MAX: usize = 3_000_000;

/// Files of one torrent, padding included: as many as fit into [`BENCODE_TOKENS_MAX`] with paths of a usual depth.
pub(super) const FILES_MAX: usize = 250_000;

/// Bytes of one path, the torrent's name included: the longest that Linux opens.
pub(super) const PATH_BYTES_MAX: usize = 4095;

/// Bytes of all paths of a torrent together: 250 for each of [`FILES_MAX`] files.
pub(super) const PATHS_BYTES_MAX: usize = 64 << 20;

/// Bytes of one piece: the largest that clients take is 2^29, and none makes pieces above 256 MiB.
pub const PIECE_LENGTH_MAX: u64 = 1 << 29;

/// The least piece length of v2, which is also the size of the blocks whose hashes are its merkle leaves (BEP 52).
pub(super) const BLOCK_LENGTH: u64 = 16 << 10;

/// Trackers or web seeds that are kept of one torrent; lists of thousands exist and help nobody.
pub(super) const URLS_MAX: usize = 100;

/// Trackers or web seeds that are looked at to find those, so that repetitions cost little.
pub(super) const URLS_READ_MAX: usize = 10 * URLS_MAX;

/// Bytes of a magnet link: room for a hundred trackers.
pub const MAGNET_BYTES_MAX: usize = 16 << 10;

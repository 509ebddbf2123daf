//! Floor 1: .torrent files and magnet links (BEP 3, 9, 47, 52, 53).

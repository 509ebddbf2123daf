//! How long the pieces of a new torrent are where nobody says.

use super::limits::{BLOCK_LENGTH, PIECE_LENGTH_MAX};

/// Pieces that a torrent has at most, as long as the pieces need not be longer than [`USUAL_MAX`] for it: fewer are fetched
/// from fewer peers at a time, more make the .torrent large.
const PIECES_MAX: u64 = 2000;

/// The longest usual piece: longer ones take long to fetch before anything of them can be passed on.
const USUAL_MAX: u64 = 16 << 20;

/// Pieces beyond which they grow longer than usual all the same, since the .torrent would become too large.
const PIECES_ANYWAY_MAX: u64 = 200_000;

/// The piece length for so many bytes: the least power of two, 16 KiB or more, with which there are no more than 2,000
/// pieces, so that there are 1,000 to 2,000 of all but small torrents; but no more than 16 MiB, up to 200,000 pieces.
pub(super) fn automatic(size: u64) -> u64 {
    let fits = |length: u64| {
        let pieces = size.div_ceil(length);
        pieces <= PIECES_MAX || length >= USUAL_MAX && pieces <= PIECES_ANYWAY_MAX
    };
    let mut length = BLOCK_LENGTH;
    while !fits(length) && length < PIECE_LENGTH_MAX {
        length *= 2;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_a_thousand_to_two_thousand_pieces() {
        assert_eq!(automatic(0), 16 << 10);
        assert_eq!(automatic(2000 * (16 << 10)), 16 << 10);
        assert_eq!(automatic(2000 * (16 << 10) + 1), 32 << 10);
        assert_eq!(automatic(4 << 30), 4 << 20);
        for size in (25..34).map(|power| 1_u64 << power) {
            let pieces = size.div_ceil(automatic(size));
            assert!((1000..=2000).contains(&pieces), "{size}: {pieces}");
        }
        assert_eq!(automatic(1 << 40), 16 << 20);
        assert_eq!(automatic(4 << 40), 32 << 20);
        assert_eq!(automatic(u64::MAX), PIECE_LENGTH_MAX);
    }
}

//! Who should take a torrent: weighted rendezvous hashing.
//!
//! Thaler and Ravishankar (1998), with the weights of Schindelhauer and Schomaker (2005): each volunteer scores each
//! torrent, and the highest scores take it. All beacons compute the same from the same census, a beacon that joins or
//! leaves moves only its own share, and shares are as the weights are.

use crate::model::{BeaconId, ByteSize, InfoHash, mix};

/// How strongly a beacon is drawn to a torrent; the highest take it.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Score(f64);

/// The score of a beacon with this key and budget for a torrent with this key; see [`beacon_key`] and [`torrent_key`].
pub fn score(beacon: u64, budget: ByteSize, torrent: u64) -> Score {
    #[expect(clippy::cast_precision_loss, reason = "the weight need not be exact")]
    drawn(budget.bytes() as f64, beacon ^ mix(torrent))
}

/// The score of whoever has this weight and draws with this key: of several, each has the highest as often as its weight
/// is large.
pub(super) fn drawn(weight: f64, key: u64) -> Score {
    let bits = mix(key) >> 11;
    // Never 0 and never 1, so that the logarithm is finite and below 0. Both numbers are below 2^53 and so exact.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exact")]
    let unit = (bits as f64 + 0.5) / 9_007_199_254_740_992.0;
    Score(-weight / unit.ln())
}

/// The bits of a beacon's id that placement uses.
pub fn beacon_key(id: &BeaconId) -> u64 {
    first_eight(id.as_bytes())
}

/// The bits of an info-hash that placement uses.
pub fn torrent_key(info_hash: &InfoHash) -> u64 {
    first_eight(info_hash.as_bytes())
}

fn first_eight(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |chunk| u64::from_le_bytes(*chunk))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_as_the_budgets_are() {
        let budgets = [1, 2, 5].map(ByteSize::from_bytes);
        let mut won = [0_u32; 3];
        for torrent in 0..80_000 {
            let scores: Vec<_> =
                (0..).zip(budgets).map(|(beacon, budget)| score(mix(beacon), budget, torrent)).collect();
            let best = (0..3).max_by(|a, b| scores[*a].partial_cmp(&scores[*b]).expect("finite")).expect("three");
            won[best] += 1;
        }
        for (won, share) in won.iter().zip([10_000_u32, 20_000, 50_000]) {
            assert!(won.abs_diff(share) < share / 20, "{won} for a share of {share}");
        }
    }

    #[test]
    fn a_beacon_that_leaves_moves_only_its_own_share() {
        let best = |beacons: &[u64], torrent| {
            let of = |beacon: &&u64| score(mix(**beacon), ByteSize::from_bytes(1), torrent);
            *beacons.iter().max_by(|a, b| of(a).partial_cmp(&of(b)).expect("finite")).expect("some")
        };
        for torrent in 0..1_000 {
            let with = best(&[1, 2, 3, 4], torrent);
            if with != 4 {
                assert_eq!(best(&[1, 2, 3], torrent), with);
            }
        }
    }
}

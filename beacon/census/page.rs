//! One page of a status: what a beacon says of up to 8,192 torrents of a manifest.

use std::sync::Arc;

use thiserror::Error;

use crate::model::{ObjectHash, TorrentState};

/// The states of consecutive torrents of a manifest, with the bytes in which they travel: runs of equal states or three
/// bits a torrent, whichever is shorter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusPage {
    hash: ObjectHash,
    bytes: Arc<[u8]>,
    torrents: u16,
    /// Only what is not absent, in order.
    present: Box<[(u16, TorrentState)]>,
}

/// Why bytes are not a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PageError {
    /// Not in the form of a page.
    #[error("a page of a status that cannot be read")]
    Malformed,
    /// A form that is not known.
    #[error("a page of a status in form {0}, which is not known here")]
    Form(u8),
    /// More torrents than a page has.
    #[error("a page of a status with more than {max} torrents", max = StatusPage::TORRENTS_MAX)]
    TooLong,
    /// A state that is not known.
    #[error("a page of a status with state {0}, which is not known here")]
    State(u8),
}

impl StatusPage {
    /// Torrents of a full page: few enough that a change is cheap to pass on, many enough that the list of pages is short.
    pub const TORRENTS_MAX: usize = 8_192;

    const KIND: &'static str = "status page";
    const RUNS: u8 = 0;
    const PACKED: u8 = 1;

    /// The page of these states.
    ///
    /// # Panics
    /// If there are more than [`StatusPage::TORRENTS_MAX`].
    pub fn new(states: &[TorrentState]) -> Self {
        assert!(states.len() <= Self::TORRENTS_MAX, "the caller cuts a status into pages");
        let runs = encode_runs(states);
        let packed_len = 3 + (states.len() * 3).div_ceil(8);
        let bytes = if runs.len() <= packed_len { runs } else { encode_packed(states) };
        Self::from_states(states, bytes.into())
    }

    /// Reads a page from its bytes.
    pub fn decode(bytes: &Arc<[u8]>) -> Result<Self, PageError> {
        let states = match bytes.split_first() {
            Some((&Self::RUNS, rest)) => decode_runs(rest)?,
            Some((&Self::PACKED, rest)) => decode_packed(rest)?,
            Some((&form, _)) => return Err(PageError::Form(form)),
            None => return Err(PageError::Malformed),
        };
        Ok(Self::from_states(&states, Arc::clone(bytes)))
    }

    /// Its address.
    pub const fn hash(&self) -> ObjectHash {
        self.hash
    }

    /// The address of a page with these bytes.
    pub fn address(bytes: &[u8]) -> ObjectHash {
        ObjectHash::of(Self::KIND, bytes)
    }

    /// Its bytes, to pass on.
    pub const fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// How many torrents it covers.
    pub const fn torrents(&self) -> usize {
        self.torrents as usize
    }

    /// The torrents that are not absent, by their position on the page, in order.
    pub const fn present(&self) -> &[(u16, TorrentState)] {
        &self.present
    }

    fn from_states(states: &[TorrentState], bytes: Arc<[u8]>) -> Self {
        let present = (0_u16..).zip(states).filter(|(_, state)| **state != TorrentState::Absent);
        Self {
            hash: Self::address(&bytes),
            bytes,
            torrents: u16::try_from(states.len()).expect("a page is short"),
            present: present.map(|(position, state)| (position, *state)).collect(),
        }
    }
}

fn code(state: TorrentState) -> u8 {
    let place = TorrentState::ALL.iter().position(|known| *known == state);
    u8::try_from(place.expect("every state is listed")).expect("there are few states")
}

fn state(code: u8) -> Result<TorrentState, PageError> {
    TorrentState::ALL.get(usize::from(code)).copied().ok_or(PageError::State(code))
}

/// A run is its length, with the low three bits for the state: one byte up to 15, two up to 2,047, else three.
fn encode_runs(states: &[TorrentState]) -> Vec<u8> {
    let mut bytes = vec![StatusPage::RUNS];
    for run in states.chunk_by(|a, b| a == b) {
        let mut rest = run.len() << 3 | usize::from(code(run[0]));
        while rest >= 0x80 {
            bytes.push(low_byte(rest) | 0x80);
            rest >>= 7;
        }
        bytes.push(low_byte(rest));
    }
    bytes
}

#[expect(clippy::cast_possible_truncation, reason = "the low bits are what is wanted")]
const fn low_byte(value: usize) -> u8 {
    value as u8
}

fn decode_runs(mut bytes: &[u8]) -> Result<Vec<TorrentState>, PageError> {
    let mut states = Vec::new();
    while !bytes.is_empty() {
        let mut value = 0_usize;
        let mut shift = 0;
        loop {
            let (&byte, rest) = bytes.split_first().ok_or(PageError::Malformed)?;
            bytes = rest;
            value |= usize::from(byte & 0x7f) << shift;
            shift += 7;
            match byte & 0x80 {
                0 => break,
                _ if shift > 14 => return Err(PageError::Malformed),
                _ => {}
            }
        }
        let length = value >> 3;
        if length == 0 {
            return Err(PageError::Malformed);
        }
        if states.len() + length > StatusPage::TORRENTS_MAX {
            return Err(PageError::TooLong);
        }
        states.resize(states.len() + length, state(low_byte(value & 7))?);
    }
    Ok(states)
}

/// Two bytes for the number of torrents, then three bits a torrent, low bits first.
fn encode_packed(states: &[TorrentState]) -> Vec<u8> {
    let count = u16::try_from(states.len()).expect("a page is short");
    let mut bytes = vec![0; 3 + (states.len() * 3).div_ceil(8)];
    bytes[0] = StatusPage::PACKED;
    bytes[1..3].copy_from_slice(&count.to_le_bytes());
    for (index, state) in states.iter().enumerate() {
        let (byte, shift) = (3 + index * 3 / 8, index * 3 % 8);
        let bits = u16::from(code(*state)) << shift;
        bytes[byte] |= (bits & 0xff) as u8;
        if bits > 0xff {
            bytes[byte + 1] |= (bits >> 8) as u8;
        }
    }
    bytes
}

fn decode_packed(bytes: &[u8]) -> Result<Vec<TorrentState>, PageError> {
    let (count, bits) = bytes.split_first_chunk::<2>().ok_or(PageError::Malformed)?;
    let count = usize::from(u16::from_le_bytes(*count));
    if count > StatusPage::TORRENTS_MAX {
        return Err(PageError::TooLong);
    }
    if bits.len() != (count * 3).div_ceil(8) {
        return Err(PageError::Malformed);
    }
    let at = |index: usize| {
        let (byte, shift) = (index * 3 / 8, index * 3 % 8);
        let high = bits.get(byte + 1).map_or(0, |byte| u16::from(*byte) << 8);
        state(((u16::from(bits[byte]) | high) >> shift & 7) as u8)
    };
    (0..count).map(at).collect()
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::*;

    #[test]
    fn a_quiet_page_is_short_and_a_busy_one_takes_three_bits_a_torrent() {
        let quiet = StatusPage::new(&[TorrentState::Absent; 8_192]);
        assert!(quiet.bytes().len() <= 4, "{} bytes", quiet.bytes().len());
        let busy: Vec<_> = (0..8_192).map(|i| TorrentState::ALL[i % 7]).collect();
        assert_eq!(StatusPage::new(&busy).bytes().len(), 3 + 8_192 * 3 / 8);
    }

    #[test]
    fn pages_that_claim_too_much_are_refused() {
        let decode = |bytes: &[u8]| StatusPage::decode(&Arc::from(bytes));
        assert_eq!(decode(&[]), Err(PageError::Malformed));
        assert_eq!(decode(&[9]), Err(PageError::Form(9)));
        assert_eq!(decode(&[0, 0]), Err(PageError::Malformed));
        assert_eq!(decode(&[0, 0x0f]), Err(PageError::State(7)));
        assert_eq!(decode(&[0, 0x88, 0x80, 0x7f]), Err(PageError::TooLong));
        assert_eq!(decode(&[0, 0xff, 0xff, 0xff, 0x01]), Err(PageError::Malformed));
        assert_eq!(decode(&[1, 0xff, 0xff]), Err(PageError::TooLong));
        assert_eq!(decode(&[1, 8, 0, 0]), Err(PageError::Malformed));
    }

    proptest! {
        #[test]
        fn pages_survive_the_wire(states in proptest::collection::vec(select(&TorrentState::ALL[..]), 0..3_000), runs in 1_usize..40) {
            let states: Vec<_> = states.iter().flat_map(|state| std::iter::repeat_n(*state, runs)).take(8_192).collect();
            let page = StatusPage::new(&states);
            prop_assert_eq!(StatusPage::decode(page.bytes()), Ok(page.clone()));
            let mut read = vec![TorrentState::Absent; page.torrents()];
            for (position, state) in page.present() {
                read[usize::from(*position)] = *state;
            }
            prop_assert_eq!(read, states);
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = StatusPage::decode(&Arc::from(bytes));
        }
    }
}

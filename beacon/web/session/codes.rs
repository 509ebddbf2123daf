//! Codes with which a browser logs in once, so that a link can be opened and is worth nothing afterwards.

use std::{collections::VecDeque, time::Duration};

use data_encoding::HEXLOWER;
use ring::rand::{SecureRandom as _, SystemRandom};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;

/// How long a code is good: enough to copy a link to another window.
pub(super) const LIFE: Duration = Duration::from_mins(10);
/// The most that are good at a time; a further one takes the place of the oldest.
const CODES_MAX: usize = 16;
/// Far too many to be guessed in the time.
const CODE_BYTES: usize = 16;

/// The codes that are good, the oldest first. Only their hashes are kept.
#[derive(Debug, Default)]
pub(super) struct Codes {
    good: VecDeque<(Instant, [u8; 32])>,
}

impl Codes {
    /// One more; `None` where the system has no randomness to make it from.
    pub(super) fn make(&mut self, now: Instant) -> Option<String> {
        let mut bytes = [0; CODE_BYTES];
        SystemRandom::new().fill(&mut bytes).ok()?;
        let code = HEXLOWER.encode(&bytes);
        self.forget_old(now);
        if self.good.len() == CODES_MAX {
            self.good.pop_front();
        }
        self.good.push_back((now, Sha256::digest(&code).into()));
        Some(code)
    }

    /// Whether it is good. It is not a second time.
    pub(super) fn take(&mut self, now: Instant, code: &str) -> bool {
        self.forget_old(now);
        // Hashes of secrets are compared, so the time that it takes tells nothing of these.
        let hash: [u8; 32] = Sha256::digest(code).into();
        let place = self.good.iter().position(|(_, good)| *good == hash);
        place.and_then(|place| self.good.remove(place)).is_some()
    }

    fn forget_old(&mut self, now: Instant) {
        self.good.retain(|(made, _)| now.duration_since(*made) < LIFE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_good_once_and_not_for_long() {
        let (begin, mut codes) = (Instant::now(), Codes::default());
        let code = codes.make(begin).expect("a code");
        assert_eq!(code.len(), 2 * CODE_BYTES);
        assert!(!codes.take(begin, &code[1..]) && !codes.take(begin, ""));
        assert!(codes.take(begin, &code));
        assert!(!codes.take(begin, &code), "a second time");
        let code = codes.make(begin).expect("a code");
        assert!(!codes.take(begin + LIFE, &code), "too late");
    }

    #[test]
    fn the_oldest_code_makes_room_for_one_too_many() {
        let (begin, mut codes) = (Instant::now(), Codes::default());
        let made: Vec<_> = (0..=CODES_MAX).filter_map(|_| codes.make(begin)).collect();
        assert!(!codes.take(begin, &made[0]));
        assert!(made[1..].iter().all(|code| codes.take(begin, code)));
    }
}

//! How often somebody may be wrong before being made to wait.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use tokio::time::Instant;

/// The most wrong attempts of one address in a [`WINDOW`]: enough for people who mistype.
const ATTEMPTS_MAX: u32 = 10;
/// After it, an address begins anew.
const WINDOW: Duration = Duration::from_mins(1);
/// The most addresses that are kept count of. More than that at a time are no people, and all others wait.
const ADDRESSES_MAX: usize = 1024;

/// The wrong attempts of late.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    wrong: BTreeMap<IpAddr, (Instant, u32)>,
}

impl Attempts {
    /// How long an address has to wait before it may try; `None` where it need not.
    pub(super) fn wait(&mut self, now: Instant, address: IpAddr) -> Option<Duration> {
        self.wrong.retain(|_, (begin, _)| now.duration_since(*begin) < WINDOW);
        match self.wrong.get(&address) {
            Some((begin, count)) if *count >= ATTEMPTS_MAX => Some(WINDOW.saturating_sub(now.duration_since(*begin))),
            None if self.wrong.len() >= ADDRESSES_MAX => Some(WINDOW),
            _ => None,
        }
    }

    /// Counts one that was wrong.
    pub(super) fn count(&mut self, now: Instant, address: IpAddr) {
        self.wrong.entry(address).or_insert((now, 0)).1 += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u16) -> IpAddr {
        let [high, low] = last.to_be_bytes();
        IpAddr::from([192, 0, high, low])
    }

    #[test]
    fn who_was_wrong_too_often_waits_and_others_need_not() {
        let (begin, mut attempts) = (Instant::now(), Attempts::default());
        for _ in 0..ATTEMPTS_MAX {
            assert_eq!(attempts.wait(begin, address(1)), None);
            attempts.count(begin, address(1));
        }
        let later = begin + Duration::from_secs(20);
        assert_eq!(attempts.wait(later, address(1)), Some(Duration::from_secs(40)));
        assert_eq!(attempts.wait(later, address(2)), None);
        assert_eq!(attempts.wait(begin + WINDOW, address(1)), None);
    }

    #[test]
    fn no_more_addresses_are_kept_than_there_is_room_for() {
        let (begin, mut attempts) = (Instant::now(), Attempts::default());
        for last in 0..2000 {
            if attempts.wait(begin, address(last)).is_none() {
                attempts.count(begin, address(last));
            }
        }
        assert_eq!(attempts.wrong.len(), ADDRESSES_MAX);
        assert_eq!(attempts.wait(begin + WINDOW, address(1999)), None);
    }
}

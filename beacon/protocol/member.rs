//! What is known of one beacon.

use std::sync::Arc;

use super::moment::Moment;
use crate::{
    census::Status,
    model::{BeaconId, IdKey, Instant, Keyed, LinkId, Liveness},
    wire::SignedHello,
};

/// What is known of one beacon, in forty bytes beside what its hello and status take.
#[derive(Debug, Clone)]
pub struct Member {
    pub(super) hello: Arc<SignedHello>,
    pub(super) status: Option<Arc<Status>>,
    key: IdKey,
    /// In seconds, which lasts until 2106.
    first_heard_secs: u32,
    pub(super) heard: Moment,
    tokens_at: Moment,
    tokens: u8,
    pub(super) liveness: Liveness,
    /// On which link its latest hello came, by the low bits of the link's id.
    pub(super) came_by: u16,
}

/// A beacon that sends faster than this is not listened to until it is slower: ten at once, two a second on the whole.
const TOKENS_MAX: u8 = 10;
const TOKEN_MILLIS: u64 = 500;

impl Member {
    /// Not heard of before `now`, by a hello that came at `heard`.
    pub(super) fn new(now: Instant, heard: Instant, hello: Arc<SignedHello>) -> Self {
        Self {
            key: IdKey::of(&hello.hello().id),
            hello,
            status: None,
            first_heard_secs: u32::try_from(now.as_millis() / 1_000).unwrap_or(u32::MAX),
            heard: Moment::of(heard),
            tokens_at: Moment::of(now),
            tokens: TOKENS_MAX,
            liveness: Liveness::Alive,
            came_by: 0,
        }
    }

    /// Its latest hello.
    pub const fn hello(&self) -> &Arc<SignedHello> {
        &self.hello
    }

    /// Its latest status that is here whole, which may be older than its hello.
    pub const fn status(&self) -> Option<&Arc<Status>> {
        self.status.as_ref()
    }

    /// Whether the status that its hello names is here.
    pub fn status_is_current(&self) -> bool {
        self.hello.hello().root == self.status.as_ref().map(|status| status.root())
    }

    /// Whether its latest hello came on this link, as far as can be told.
    pub(super) fn has_come_by(&self, link: LinkId) -> bool {
        self.came_by == link.low_bits()
    }

    /// When its latest hello came.
    pub const fn heard(&self) -> Instant {
        self.heard.instant()
    }

    /// When it was first known, since this beacon started, to the second.
    pub const fn first_heard(&self) -> Instant {
        Instant::from_millis(self.first_heard_secs as u64 * 1_000)
    }

    /// Whether it is there, by the last look.
    pub const fn liveness(&self) -> Liveness {
        self.liveness
    }

    /// Whether its beacon may say another hello now.
    pub(super) fn take_token(&mut self, now: Instant) -> bool {
        let earned = u64::try_from(now.since(self.tokens_at.instant()).as_millis()).unwrap_or(u64::MAX) / TOKEN_MILLIS;
        if earned > 0 {
            let tokens = u64::from(self.tokens).saturating_add(earned).min(u64::from(TOKENS_MAX));
            self.tokens = u8::try_from(tokens).unwrap_or(TOKENS_MAX);
            self.tokens_at = Moment::of(now);
        }
        let allowed = self.tokens > 0;
        self.tokens = self.tokens.saturating_sub(1);
        allowed
    }
}

impl Keyed for Member {
    fn id(&self) -> &BeaconId {
        &self.hello.hello().id
    }

    fn key(&self) -> IdKey {
        self.key
    }
}

#[cfg(test)]
mod tests {
    use super::Member;

    #[test]
    fn a_member_takes_forty_bytes() {
        // Ten thousand beacons of one process know a hundred million.
        assert_eq!(size_of::<Member>(), 40);
    }
}

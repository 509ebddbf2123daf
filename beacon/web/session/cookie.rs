//! The cookie of who is logged in: a moment until which it holds, and a proof that who made it knew the token.
//!
//! Nothing is kept of it, so it holds over restarts, and ends for all when the token is made anew.

use std::{fmt, time::Duration};

use axum::http::{HeaderMap, header};
use data_encoding::HEXLOWER;
use ring::hmac;

use crate::web::ApiToken;

/// How long a browser stays logged in.
pub(super) const LIFE: Duration = Duration::from_hours(24 * 30);
/// A cookie that has lived this long is replaced at the next look, so that who comes often is never logged out.
const RENEWED_AFTER: Duration = Duration::from_hours(24);

/// Makes cookies and knows them again.
pub(super) struct Cookies {
    name: String,
    key: hmac::Key,
}

impl Cookies {
    /// Those that stand for `token`. Browsers send the cookies of a host to all of its ports, so several beacons of one
    /// machine must call theirs differently.
    pub(super) fn new(token: &ApiToken) -> Self {
        let key = hmac::Key::new(hmac::HMAC_SHA256, token.reveal().as_bytes());
        let name = format!("beacon-{}", HEXLOWER.encode(&hmac::sign(&key, b"cookie name").as_ref()[..4]));
        Self { name, key }
    }

    /// What they are called.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The value of `Set-Cookie` that logs in, at a time since 1970.
    pub(super) fn log_in(&self, now: Duration) -> String {
        let until = now.as_secs() + LIFE.as_secs();
        let proof = HEXLOWER.encode(hmac::sign(&self.key, &signed(until)).as_ref());
        self.set(&format!("{until}.{proof}"), LIFE.as_secs())
    }

    /// The value of `Set-Cookie` that logs out.
    pub(super) fn log_out(&self) -> String {
        self.set("", 0)
    }

    /// Whether a request comes from somebody who is logged in.
    pub(super) fn is_logged_in(&self, now: Duration, headers: &HeaderMap) -> bool {
        self.until(headers).is_some_and(|until| now.as_secs() < until)
    }

    /// Whether it is time for a new one.
    pub(super) fn is_old(&self, now: Duration, headers: &HeaderMap) -> bool {
        let renewed_from = LIFE.saturating_sub(RENEWED_AFTER).as_secs();
        self.until(headers).is_some_and(|until| until.saturating_sub(now.as_secs()) < renewed_from)
    }

    /// Until when the request's cookie holds, where it has one of ours. Seconds since 1970.
    fn until(&self, headers: &HeaderMap) -> Option<u64> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
        let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        let mut ours = pairs.filter(|(name, _)| *name == self.name).map(|(_, value)| value);
        // Another page of this machine may have set one of the same name beside it.
        ours.find_map(|value| self.read(value))
    }

    fn read(&self, value: &str) -> Option<u64> {
        let (until, proof) = value.split_once('.')?;
        let until = until.parse().ok()?;
        let proof = HEXLOWER.decode(proof.as_bytes()).ok()?;
        hmac::verify(&self.key, &signed(until), &proof).ok().map(|()| until)
    }

    fn set(&self, value: &str, age_s: u64) -> String {
        format!("{}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={age_s}", self.name)
    }
}

impl fmt::Debug for Cookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cookies").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What the proof is of; another form of cookies has another first word.
fn signed(until: u64) -> Vec<u8> {
    format!("session1 {until}").into_bytes()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const NOW: Duration = Duration::from_hours(500_000);

    fn cookies() -> Cookies {
        Cookies::new(&ApiToken::for_test())
    }

    fn request(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_str(cookie).expect("a header"));
        headers
    }

    /// What a browser sends back of a `Set-Cookie`.
    fn sent(set: &str) -> String {
        set.split(';').next().expect("a pair").to_owned()
    }

    #[test]
    fn who_is_logged_in_stays_so_for_thirty_days_also_with_another_of_the_name() {
        let cookie = sent(&cookies().log_in(NOW));
        for text in [cookie.clone(), format!("a=b; {cookie}; c=d"), format!("{}=stale; {cookie}", cookies().name())] {
            assert!(cookies().is_logged_in(NOW, &request(&text)), "{text}");
        }
        let headers = request(&cookie);
        assert!(cookies().is_logged_in(NOW + LIFE.saturating_sub(Duration::from_secs(1)), &headers));
        assert!(!cookies().is_logged_in(NOW + LIFE, &headers));
        assert!(!cookies().is_old(NOW + Duration::from_hours(23), &headers));
        assert!(cookies().is_old(NOW + Duration::from_hours(25), &headers));
    }

    #[test]
    fn what_was_not_made_with_the_token_is_worth_nothing() {
        let (name, cookie) = (cookies().name().to_owned(), sent(&cookies().log_in(NOW)));
        let value = cookie.split_once('=').expect("a pair").1;
        let (until, proof) = value.split_once('.').expect("two parts");
        let later: u64 = until.parse::<u64>().expect("a number") + 1;
        for bad in [
            String::new(),
            format!("{name}="),
            format!("{name}={later}.{proof}"),
            format!("{name}={until}.{}", &proof[2..]),
            format!("{name}={until}."),
            format!("other={value}"),
            sent(&cookies().log_out()),
        ] {
            assert!(!cookies().is_logged_in(NOW, &request(&bad)), "{bad}");
        }
        assert!(!cookies().is_logged_in(NOW, &HeaderMap::new()));
    }

    #[test]
    fn each_beacon_calls_its_cookies_differently_and_takes_only_its_own() {
        let (mine, other) = (tempfile::tempdir().expect("a directory"), cookies());
        let mine = Cookies::new(&ApiToken::load_or_create(mine.path()).expect("made"));
        assert_ne!(mine.name(), other.name());
        let value = sent(&other.log_in(NOW));
        let value = value.split_once('=').expect("a pair").1;
        assert!(!mine.is_logged_in(NOW, &request(&format!("{}={value}", mine.name()))));
        assert!(!format!("{other:?}").contains("beacon1"), "the secret is never shown");
    }
}

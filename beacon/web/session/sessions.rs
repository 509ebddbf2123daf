//! Who is let in: by the token, by a code, by a cookie.

use std::{
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use axum::http::HeaderMap;
use tokio::time::Instant;

use super::{attempts::Attempts, codes::Codes, cookie::Cookies};
use crate::web::ApiToken;

/// Lets in who knows the token, and makes codes with which a browser is let in once.
#[derive(Debug)]
pub struct Sessions {
    token: ApiToken,
    cookies: Cookies,
    codes: Mutex<Codes>,
    attempts: Mutex<Attempts>,
}

/// Why somebody is not let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NotLetIn {
    /// It is not the token, or no code that is still good.
    Wrong,
    /// There were too many wrong ones of late.
    Wait(Duration),
}

impl Sessions {
    /// For the beacon with this token.
    pub fn new(token: ApiToken) -> Self {
        Self { cookies: Cookies::new(&token), token, codes: Mutex::default(), attempts: Mutex::default() }
    }

    /// A code with which a browser logs in once within ten minutes; `None` where the system has no randomness for it.
    pub fn new_code(&self) -> Option<String> {
        locked(&self.codes).make(Instant::now())
    }

    /// The link that logs a browser in, by a code, at the page of `origin`. The code stands behind `#`, which browsers keep to
    /// themselves, so that no log and no `Referer` ever has it.
    pub fn link(origin: &str, code: &str) -> String {
        format!("{origin}/#login={code}")
    }

    /// What the cookies are called.
    pub(in crate::web) fn cookie_name(&self) -> &str {
        self.cookies.name()
    }

    /// Whether this is the token.
    pub(in crate::web) fn is_token(&self, sent: &str) -> bool {
        self.token.is(sent)
    }

    /// Whether a request has the cookie of somebody who is logged in.
    pub(in crate::web) fn is_logged_in(&self, headers: &HeaderMap) -> bool {
        self.cookies.is_logged_in(now(), headers)
    }

    /// The `Set-Cookie` that renews the one of the request, where it is time for that.
    pub(super) fn renewed(&self, headers: &HeaderMap) -> Option<String> {
        let now = now();
        let is_due = self.cookies.is_logged_in(now, headers) && self.cookies.is_old(now, headers);
        is_due.then(|| self.cookies.log_in(now))
    }

    /// The `Set-Cookie` for whoever is at `address`, if `is_right`.
    pub(super) fn let_in(&self, address: IpAddr, is_right: impl FnOnce(&Self) -> bool) -> Result<String, NotLetIn> {
        let moment = Instant::now();
        let mut attempts = locked(&self.attempts);
        // What is right is let in however often somebody else at this address, such as of a proxy, was wrong. No number of
        // attempts guesses it: the limit is there to say so, and to keep the log short.
        if is_right(self) {
            return Ok(self.cookies.log_in(now()));
        }
        if let Some(wait) = attempts.wait(moment, address) {
            return Err(NotLetIn::Wait(wait));
        }
        attempts.count(moment, address);
        Err(NotLetIn::Wrong)
    }

    /// Whether this is a code that is still good. It is not a second time.
    pub(super) fn take_code(&self, code: &str) -> bool {
        locked(&self.codes).take(Instant::now(), code)
    }

    /// The `Set-Cookie` that logs out.
    pub(super) fn log_out(&self) -> String {
        self.cookies.log_out()
    }
}

/// Cookies outlive the process, so they go by the time of day.
#[expect(clippy::disallowed_methods, reason = "the web is an edge, where clocks are read")]
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO)
}

/// Both are consistent between any two statements, so a panic elsewhere leaves nothing half done.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

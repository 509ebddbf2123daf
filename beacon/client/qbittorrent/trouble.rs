//! What is wrong with the client at present, said once, and when to ask it again.

use std::{mem::discriminant, time::Duration};

use tokio::time::Instant;
use tracing::{info, warn};

use crate::model::ClientProblem;

/// How long to keep away from a client in trouble.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Pause {
    /// Longer with every failure in a row.
    Growing,
    /// As long as a ban lasts.
    Ban,
    /// For ever: only other settings, and so another instance, can help.
    Forever,
}

/// The present trouble with a client, if any.
#[derive(Debug, Default)]
pub(super) struct Trouble {
    present: Option<(ClientProblem, Pause, Instant)>,
    failures: u32,
}

/// The first pause; it doubles with every further failure.
const PAUSE_MIN: Duration = Duration::from_secs(2);
/// The longest pause: a client that comes back is seen within a minute.
const PAUSE_MAX: Duration = Duration::from_mins(1);
/// A ban lasts an hour where the user has not set it otherwise.
const BAN: Duration = Duration::from_mins(61);

impl Trouble {
    /// The problem that stands, while it is too early to ask again.
    pub(super) fn check(&self, now: Instant) -> Result<(), ClientProblem> {
        match &self.present {
            Some((problem, Pause::Forever, _)) => Err(problem.clone()),
            Some((problem, _, until)) if now < *until => Err(problem.clone()),
            _ => Ok(()),
        }
    }

    /// Remembers a problem; it goes to the log if it is another than before.
    pub(super) fn note(&mut self, problem: &ClientProblem, pause: Pause, now: Instant) {
        if self.is_news(problem) {
            warn!("{problem}");
        }
        self.failures = self.failures.saturating_add(1);
        let wait = match pause {
            Pause::Growing => PAUSE_MIN.saturating_mul(1 << (self.failures - 1).min(10)).min(PAUSE_MAX),
            Pause::Ban | Pause::Forever => BAN,
        };
        self.present = Some((problem.clone(), pause, now + wait));
    }

    /// Whether it is another problem than the present one; a changing detail of the same one is no news.
    fn is_news(&self, problem: &ClientProblem) -> bool {
        self.present.as_ref().is_none_or(|(last, ..)| discriminant(last) != discriminant(problem))
    }

    /// Everything is well; after trouble this is said too.
    pub(super) fn clear(&mut self, url: &str) {
        if self.present.take().is_some() {
            info!("the client at {url} answers again");
        }
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unreachable() -> ClientProblem {
        ClientProblem::Unreachable { url: "http://nas".to_owned(), reason: "connection refused".to_owned() }
    }

    #[test]
    fn pauses_double_up_to_a_minute_and_start_anew_after_success() {
        let mut trouble = Trouble::default();
        let mut waits = Vec::new();
        for _ in 0..8 {
            let start = Instant::now();
            trouble.note(&unreachable(), Pause::Growing, start);
            let wait = (0..600).find(|s| trouble.check(start + Duration::from_secs(*s)).is_ok());
            waits.push(wait.unwrap());
        }
        assert_eq!(waits, [2, 4, 8, 16, 32, 60, 60, 60]);
        trouble.clear("http://nas");
        let now = Instant::now();
        assert_eq!(trouble.check(now), Ok(()));
        trouble.note(&unreachable(), Pause::Growing, now);
        assert_eq!(trouble.check(now + Duration::from_secs(3)), Ok(()));
    }

    #[test]
    fn a_problem_is_said_once() {
        let mut trouble = Trouble::default();
        assert!(trouble.is_news(&unreachable()));
        trouble.note(&unreachable(), Pause::Growing, Instant::now());
        let other_words =
            ClientProblem::Unreachable { url: "http://nas".to_owned(), reason: "it did not answer in time".to_owned() };
        assert!(!trouble.is_news(&other_words));
        assert!(trouble.is_news(&ClientProblem::Banned { url: "http://nas".to_owned() }));
        trouble.clear("http://nas");
        assert!(trouble.is_news(&unreachable()));
    }

    #[test]
    fn a_ban_is_sat_out_and_wrong_credentials_stay_wrong() {
        let now = Instant::now();
        let mut trouble = Trouble::default();
        let banned = ClientProblem::Banned { url: "http://nas".to_owned() };
        trouble.note(&banned, Pause::Ban, now);
        assert_eq!(trouble.check(now + Duration::from_hours(1)), Err(banned));
        assert_eq!(trouble.check(now + Duration::from_hours(2)), Ok(()));
        let refused = ClientProblem::Refused { url: "http://nas".to_owned(), reason: "wrong password".to_owned() };
        trouble.note(&refused, Pause::Forever, now);
        assert_eq!(trouble.check(now + Duration::from_hours(10_000)), Err(refused));
    }
}

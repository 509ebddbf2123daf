//! Being let in, and never banned: who asks what, and when a login may be tried.
//!
//! qBittorrent bans an address after a few failed logins and never forgets one. So a login is tried only after an
//! unauthenticated question was refused, once; credentials that were wrong once are never tried again; and logins whose
//! answer is lost, which may have failed, are counted too.

use serde::de::DeserializeOwned;
use tokio::time::Instant;

use super::{
    http::{Answer, Call, Http, HttpError},
    settings::{QbittorrentSettings, SettingsError},
    trouble::{Pause, Trouble},
    version::ApiVersion,
};
use crate::model::ClientProblem;

/// A conversation with one Web API.
#[derive(Debug)]
pub(super) struct Session {
    http: Http,
    url: String,
    settings: QbittorrentSettings,
    /// Known while the Web API answers us.
    version: Option<ApiVersion>,
    logins_unanswered: u32,
    trouble: Trouble,
}

/// A problem and how long it keeps us away.
type Setback = (ClientProblem, Pause);

/// Logins without an answer may all have failed on the other side, where five of them mean a ban.
const LOGINS_UNANSWERED_MAX: u32 = 3;

impl Session {
    pub(super) fn new(settings: QbittorrentSettings) -> Result<Self, SettingsError> {
        let http = Http::new(&settings)?;
        let url = http.shown();
        Ok(Self { http, url, settings, version: None, logins_unanswered: 0, trouble: Trouble::default() })
    }

    /// Sends a request, logging in where needed. The answer may still be one of refusal (4xx, but neither 401 nor 403).
    pub(super) async fn call(&mut self, call: &Call) -> Result<Answer, ClientProblem> {
        self.trouble.check(Instant::now())?;
        match self.attempt(call).await {
            Ok(answer) => Ok(answer),
            Err((problem, pause)) => Err(self.note(problem, pause)),
        }
    }

    /// Asks for JSON.
    pub(super) async fn json<T: DeserializeOwned>(&mut self, call: &Call) -> Result<T, ClientProblem> {
        let answer = self.call(call).await?;
        if !answer.is_success() {
            return Err(self.unexpected(call.endpoint, &answer));
        }
        serde_json::from_slice(&answer.body).map_err(|error| match answer.body.as_slice() {
            [] => self.garbage(format!("`{}` answered nothing", call.endpoint)),
            _ => self.garbage(format!("`{}` answered \"{}\" ({error})", call.endpoint, answer.text())),
        })
    }

    /// The version of the Web API, asked for where it is not known.
    pub(super) async fn version(&mut self) -> Result<ApiVersion, ClientProblem> {
        self.trouble.check(Instant::now())?;
        match self.open().await {
            Ok(version) => Ok(version),
            Err((problem, pause)) => Err(self.note(problem, pause)),
        }
    }

    /// Remembers that an answer made no sense.
    pub(super) fn garbage(&mut self, reason: String) -> ClientProblem {
        let problem = self.nonsense(reason);
        self.note(problem, Pause::Growing)
    }

    /// Remembers that an endpoint answered with a status that it should not have.
    pub(super) fn unexpected(&mut self, endpoint: &str, answer: &Answer) -> ClientProblem {
        self.garbage(format!("`{endpoint}` answered HTTP {} \"{}\"", answer.status, answer.text()))
    }

    /// Everything was understood: former trouble is over.
    pub(super) fn well(&mut self) {
        self.trouble.clear(&self.url);
    }

    fn note(&mut self, problem: ClientProblem, pause: Pause) -> ClientProblem {
        // After any trouble another version may be running there.
        self.version = None;
        self.trouble.note(&problem, pause, Instant::now());
        problem
    }

    async fn attempt(&mut self, call: &Call) -> Result<Answer, Setback> {
        self.open().await?;
        let answer = self.send(call).await?;
        if answer.status != 403 {
            return Ok(answer);
        }
        // The session ended: it timed out, or the client was restarted. One login, then the same again.
        self.version = None;
        self.open().await?;
        match self.send(call).await? {
            answer if answer.status == 403 => Err((self.session_not_kept(), Pause::Growing)),
            answer => Ok(answer),
        }
    }

    /// Makes sure that the Web API answers us, and in a version that is known.
    async fn open(&mut self) -> Result<ApiVersion, Setback> {
        if let Some(version) = self.version {
            return Ok(version);
        }
        let probe = Call::get("app/webapiVersion");
        let mut answer = self.send(&probe).await?;
        if answer.status == 403 {
            self.log_in().await?;
            answer = self.send(&probe).await?;
            if answer.status == 403 {
                return Err((self.session_not_kept(), Pause::Growing));
            }
        }

        let version = match ApiVersion::read(&answer.body) {
            Some(version) if answer.is_success() => version,
            _ => {
                let reason = format!(
                    "`{}` answered HTTP {} \"{}\"; is this the address of qBittorrent's Web UI?",
                    probe.endpoint,
                    answer.status,
                    answer.text()
                );
                return Err((self.nonsense(reason), Pause::Growing));
            }
        };
        if version < ApiVersion::OLDEST {
            let problem =
                ClientProblem::TooOld { url: self.url.clone(), found: version.to_string(), needed: "qBittorrent 4.5" };
            return Err((problem, Pause::Growing));
        }
        self.version = Some(version);
        Ok(version)
    }

    /// Logs in, once. Called only when an unauthenticated question was refused.
    async fn log_in(&mut self) -> Result<(), Setback> {
        if self.has_key() {
            let reason = "the API key is not accepted (keys exist from qBittorrent 5.2 on); set `client.api_key` anew";
            return Err((self.refused(reason), Pause::Forever));
        }
        if !self.settings.can_log_in() {
            // Asking without a login is harmless, and the user may lift the need for one.
            let reason = "it asks for a login; set `client.username` and `client.password`";
            return Err((self.refused(reason), Pause::Growing));
        }
        if self.logins_unanswered >= LOGINS_UNANSWERED_MAX {
            let reason =
                "several logins were never answered, and more could lead to a ban; restart the beacon to try again";
            return Err((self.refused(reason), Pause::Forever));
        }

        let call = Call::post("auth/login")
            .with("username", self.settings.username.as_str())
            .with("password", self.settings.password.as_str());
        // Counted before it is sent: whoever drops this future half-way has used up an attempt all the same.
        self.logins_unanswered += 1;
        let answer = match self.http.send(&call).await {
            Ok(answer) => answer,
            Err(error) => {
                if matches!(error, HttpError::NotSent(_)) {
                    self.logins_unanswered -= 1;
                }
                return Err(self.unreachable(&error));
            }
        };
        match (answer.status, answer.text().as_str()) {
            (200..=299, "" | "Ok.") => {
                self.logins_unanswered = 0;
                Ok(())
            }
            (200..=299, "Fails.") | (401, _) => {
                let reason = "user name or password is wrong; correct `client.username` and `client.password`, since nothing is tried again until then";
                Err((self.refused(reason), Pause::Forever))
            }
            (403, _) => {
                self.logins_unanswered = 0;
                Err((ClientProblem::Banned { url: self.url.clone() }, Pause::Ban))
            }
            (status, text) => {
                let reason = format!("`{}` answered HTTP {status} \"{text}\"", call.endpoint);
                Err((self.nonsense(reason), Pause::Growing))
            }
        }
    }

    /// Sends a request as it is, and turns what is wrong in general into a problem.
    async fn send(&self, call: &Call) -> Result<Answer, Setback> {
        let answer = self.http.send(call).await.map_err(|error| self.unreachable(&error))?;
        match answer.status {
            401 if answer.challenged => {
                let reason = "a proxy before it asks for a login of its own; let `client.url` lead past the proxy";
                Err((self.refused(reason), Pause::Growing))
            }
            401 => Err((ClientProblem::HostRefused { url: self.url.clone() }, Pause::Growing)),
            300..=399 => {
                let target = answer.location.unwrap_or_else(|| "elsewhere".to_owned());
                Err((
                    self.nonsense(format!("it redirects to {target}; set `client.url` to where the Web UI is")),
                    Pause::Growing,
                ))
            }
            500..=599 => {
                let reason = format!("HTTP {} \"{}\"", answer.status, answer.text());
                Err((ClientProblem::Unreachable { url: self.url.clone(), reason }, Pause::Growing))
            }
            _ => Ok(answer),
        }
    }

    fn has_key(&self) -> bool {
        self.settings.api_key.as_deref().is_some_and(|key| !key.trim().is_empty())
    }

    fn session_not_kept(&self) -> ClientProblem {
        self.refused("it took the login, but not the session that it gave; does a proxy between drop cookies?")
    }

    fn refused(&self, reason: &str) -> ClientProblem {
        ClientProblem::Refused { url: self.url.clone(), reason: reason.to_owned() }
    }

    fn nonsense(&self, reason: String) -> ClientProblem {
        ClientProblem::Garbage { url: self.url.clone(), reason }
    }

    fn unreachable(&self, error: &HttpError) -> Setback {
        let problem = match error {
            HttpError::TooLarge { .. } => self.nonsense(error.to_string()),
            HttpError::NotSent(_) | HttpError::NotAnswered(_) => {
                ClientProblem::Unreachable { url: self.url.clone(), reason: error.to_string() }
            }
        };
        (problem, Pause::Growing)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test]
    async fn logins_that_are_never_answered_are_not_tried_for_ever() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let settings = QbittorrentSettings {
            username: "admin".to_owned(),
            password: "perhaps wrong".to_owned(),
            timeout: Duration::from_millis(50),
            ..QbittorrentSettings::at(url)
        };
        let mut session = Session::new(settings).unwrap();
        for _ in 0..LOGINS_UNANSWERED_MAX {
            assert!(matches!(session.log_in().await, Err((ClientProblem::Unreachable { .. }, Pause::Growing))));
        }
        assert!(matches!(session.log_in().await, Err((ClientProblem::Refused { .. }, Pause::Forever))));
    }

    #[tokio::test]
    async fn logins_that_never_arrive_do_not_count() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let settings = QbittorrentSettings { username: "admin".to_owned(), ..QbittorrentSettings::at(url) };
        let mut session = Session::new(settings).unwrap();
        for _ in 0..10 {
            assert!(matches!(session.log_in().await, Err((ClientProblem::Unreachable { .. }, _))));
        }
    }

    #[test]
    fn an_https_address_is_no_reason_to_panic() {
        // Where the system has no certificates this is an error, which is said.
        let session = Session::new(QbittorrentSettings::at("https://nas:8080"));
        assert!(matches!(session, Ok(_) | Err(SettingsError::Http(_))));
    }
}

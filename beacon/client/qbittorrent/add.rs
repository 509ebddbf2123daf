//! Adding a torrent: never one that the user has already, and never believed before it shows.

use std::{sync::Arc, time::Duration};

use serde::Deserialize;
use tokio::time::{Instant, sleep};

use super::{
    client::Qbittorrent,
    http::{Answer, Call},
    marks,
    paths::Place,
    record::Record,
};
use crate::{
    client::{AddOutcome, AddRequest, AddSource, CommandError, Owner},
    model::{ClientProblem, InfoHash},
};

/// What the client said to an upload.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// It is or will be added.
    Taken,
    /// It was not added; it may be there already.
    NotTaken(String),
    /// It is not a torrent for this client.
    Bad(String),
}

/// The counts that 5.2 and later answer with.
#[derive(Debug, Deserialize)]
struct Counts {
    #[serde(default)]
    success_count: u64,
    #[serde(default)]
    pending_count: u64,
}

/// How often it is looked whether something shows.
const LOOK_INTERVAL: Duration = Duration::from_millis(250);
/// qBittorrent takes 64 MiB in one request, of which the other fields need little.
const UPLOAD_MAX: usize = 60 << 20;

impl Qbittorrent {
    /// Adds a torrent, or finds out that it is there.
    pub(super) async fn add_torrent(&mut self, request: &AddRequest) -> Result<AddOutcome, CommandError> {
        let hash = request.info_hash;
        let save_dir = usable_dir(request)?;
        let upload = self.upload(request, save_dir)?;
        if let Some(record) = self.fresh(&hash).await? {
            return Ok(as_found(&record, save_dir));
        }

        if request.owner == Owner::Beacon {
            self.ensure_category().await?;
        }
        let answer = self.session.call(&upload).await?;
        let verdict = verdict(&answer).ok_or_else(|| self.session.unexpected(upload.endpoint, &answer))?;
        match verdict {
            Verdict::Bad(reason) => Err(CommandError::Rejected { info_hash: hash, reason }),
            Verdict::NotTaken(reason) => match self.fresh(&hash).await? {
                Some(record) => Ok(as_found(&record, save_dir)),
                None => Err(CommandError::Rejected { info_hash: hash, reason }),
            },
            Verdict::Taken => {
                let record = self.shown(&hash).await?.ok_or(CommandError::NoEffect(hash))?;
                let is_new = record.marks.ours || request.owner == Owner::User;
                Ok(if is_new { AddOutcome::Added } else { AddOutcome::AlreadyThere })
            }
        }
    }

    /// Waits until the torrent shows.
    async fn shown(&mut self, hash: &InfoHash) -> Result<Option<Record>, ClientProblem> {
        let deadline = Instant::now() + self.settings.patience;
        loop {
            let record = self.fresh(hash).await?;
            if record.is_some() || Instant::now() >= deadline {
                return Ok(record);
            }
            sleep(LOOK_INTERVAL).await;
        }
    }

    /// Waits until the torrent is gone; says whether it is.
    pub(super) async fn vanished(&mut self, hash: &InfoHash) -> Result<bool, ClientProblem> {
        let deadline = Instant::now() + self.settings.patience;
        while self.fresh(hash).await?.is_some() {
            if Instant::now() >= deadline {
                return Ok(false);
            }
            sleep(LOOK_INTERVAL).await;
        }
        Ok(true)
    }

    async fn ensure_category(&mut self) -> Result<(), ClientProblem> {
        if self.category_made {
            return Ok(());
        }
        let call =
            Call::post("torrents/createCategory").with("category", self.settings.category.trim()).with("savePath", "");
        let answer = self.session.call(&call).await?;
        // A conflict means that it exists.
        if !answer.is_success() && answer.status != 409 {
            return Err(self.session.unexpected(call.endpoint, &answer));
        }
        self.category_made = true;
        Ok(())
    }

    fn upload(&self, request: &AddRequest, save_dir: &str) -> Result<Call, CommandError> {
        let rejected =
            |reason: &str| CommandError::Rejected { info_hash: request.info_hash, reason: reason.to_owned() };
        let call = match &request.source {
            AddSource::Metainfo(file) if file.len() > UPLOAD_MAX => {
                return Err(rejected("its .torrent file is larger than qBittorrent takes"));
            }
            AddSource::Metainfo(file) => {
                Call::upload("torrents/add", format!("{}.torrent", request.info_hash), Arc::clone(file))
            }
            // Anything else would be fetched from the web, and a second line would be a second torrent.
            AddSource::Magnet(link) if !link.starts_with("magnet:?") || link.contains(char::is_whitespace) => {
                return Err(rejected("its magnet link is not one"));
            }
            AddSource::Magnet(link) => Call::post("torrents/add").with("urls", link.as_str()),
        };
        let call = match request.owner {
            Owner::User => call,
            Owner::Beacon => call
                .with("category", self.settings.category.trim())
                .with("tags", marks::tags(request.collections.iter().map(String::as_str))),
        };
        Ok(call
            .with("savepath", save_dir)
            // The user's directory for what is incomplete is not the beacon's.
            .with("useDownloadPath", "false")
            .with("autoTMM", "false")
            .with("contentLayout", "Original")
            .with("stopCondition", "None")
            // The first name is that of 4.x, the second that of 5.x.
            .with("paused", "false")
            .with("stopped", "false")
            .with("ratioLimit", "-1")
            .with("seedingTimeLimit", "-1")
            .with("inactiveSeedingTimeLimit", "-1"))
    }
}

/// The directory as it is sent, which must be absolute and plain, or the client would put it below its own.
fn usable_dir(request: &AddRequest) -> Result<&str, CommandError> {
    match request.save_dir.to_str() {
        // qBittorrent trims what it is given.
        Some(text) if Place::read(text).is_some() && text.trim() == text => Ok(text),
        _ => Err(CommandError::Rejected {
            info_hash: request.info_hash,
            reason: format!("{} is not an absolute path that can be told to the client", request.save_dir.display()),
        }),
    }
}

/// A torrent that was found before anything was added is the beacon's only if an earlier, lost attempt put it there.
fn as_found(record: &Record, save_dir: &str) -> AddOutcome {
    let in_place = record.save_dir().is_some_and(|dir| Some(dir) == Place::read(save_dir));
    if record.marks.ours && in_place { AddOutcome::Added } else { AddOutcome::AlreadyThere }
}

/// Reads the answer to an upload, which differs between versions; `None` for one that no version gives.
fn verdict(answer: &Answer) -> Option<Verdict> {
    let said = || match answer.text() {
        text if text.is_empty() => format!("HTTP {}", answer.status),
        text => text,
    };
    match answer.status {
        202 | 204 => Some(Verdict::Taken),
        200..=299 if answer.text() == "Ok." => Some(Verdict::Taken),
        200..=299 if answer.text() == "Fails." => Some(Verdict::NotTaken(said())),
        200..=299 => {
            let counts: Counts = serde_json::from_slice(&answer.body).ok()?;
            let taken = counts.success_count + counts.pending_count > 0;
            Some(if taken { Verdict::Taken } else { Verdict::NotTaken(said()) })
        }
        409 => Some(Verdict::NotTaken(said())),
        400 | 413 | 415 => Some(Verdict::Bad(said())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(status: u16, body: &str) -> Option<Verdict> {
        verdict(&Answer { status, location: None, challenged: false, body: body.as_bytes().to_vec() })
    }

    #[test]
    fn the_answers_of_all_versions_are_understood() {
        assert_eq!(heard(200, "Ok."), Some(Verdict::Taken));
        assert_eq!(heard(200, "Fails."), Some(Verdict::NotTaken("Fails.".to_owned())));
        let counts = r#"{"success_count":1,"failure_count":0,"pending_count":0,"added_torrent_ids":["00"]}"#;
        assert_eq!(heard(200, counts), Some(Verdict::Taken));
        assert_eq!(heard(202, r#"{"pending_count":1}"#), Some(Verdict::Taken));
        assert!(matches!(heard(200, r#"{"failure_count":1}"#), Some(Verdict::NotTaken(_))));
        assert_eq!(heard(409, ""), Some(Verdict::NotTaken("HTTP 409".to_owned())));
        assert_eq!(heard(415, "not valid"), Some(Verdict::Bad("not valid".to_owned())));
        assert_eq!(heard(200, "<html>log in</html>"), None);
        assert_eq!(heard(404, "Not Found"), None);
    }
}

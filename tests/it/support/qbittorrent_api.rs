//! What a user of qBittorrent does and sees, through its web API.

use std::{collections::BTreeSet, net::SocketAddr, path::Path};

use serde_json::Value;

use super::{
    http::{Answer, request},
    torrent::TestTorrent,
};

const BOUNDARY: &str = "a-boundary-that-no-data-has";

/// The web API of one qBittorrent, used as its user.
#[derive(Debug, Clone)]
pub(crate) struct QbtApi {
    server: SocketAddr,
    cookie: Option<String>,
}

impl QbtApi {
    pub(crate) fn new(server: SocketAddr) -> Self {
        Self { server, cookie: None }
    }

    /// Logs in, for an instance that wants a password.
    pub(crate) fn log_in(&mut self, username: &str, password: &str) -> Result<(), String> {
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        let body = format!("username={username}&password={}", password.replace(' ', "%20"));
        let answer = self.ask("POST", "auth/login", &form, body.as_bytes())?;
        let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
        self.cookie = Some(cookie.ok_or(format!("no cookie: {}", answer.text()))?.to_owned());
        Ok(())
    }

    /// The version of the program, such as `v4.5.2`.
    pub(crate) fn version(&self) -> Result<String, String> {
        self.ask("GET", "app/version", &[], b"").map(|answer| answer.text())
    }

    /// Every torrent with all its fields.
    pub(crate) fn torrents(&self) -> Result<Vec<Value>, String> {
        let answer = self.ask("GET", "torrents/info", &[], b"")?;
        serde_json::from_slice(&answer.body).map_err(|error| error.to_string())
    }

    /// One torrent with all its fields.
    pub(crate) fn torrent(&self, torrent: &TestTorrent) -> Result<Value, String> {
        let of_v2 = |entry: &Value| torrent.v2_hash.as_ref().is_some_and(|hash| entry["infohash_v2"] == **hash);
        let found = self.torrents()?.into_iter().find(|entry| entry["hash"] == torrent.info_hash || of_v2(entry));
        found.ok_or_else(|| format!("the client has no torrent {}", torrent.name))
    }

    /// The hashes of every torrent.
    pub(crate) fn hashes(&self) -> Result<BTreeSet<String>, String> {
        Ok(self.torrents()?.iter().filter_map(|entry| entry["hash"].as_str()).map(str::to_owned).collect())
    }

    /// The hashes of every torrent that is complete and checked.
    pub(crate) fn complete(&self) -> Result<BTreeSet<String>, String> {
        let served = |state: &str| matches!(state, "uploading" | "stalledUP" | "queuedUP" | "forcedUP");
        let complete = |entry: &&Value| entry["amount_left"] == 0 && entry["state"].as_str().is_some_and(served);
        let torrents = self.torrents()?;
        Ok(torrents.iter().filter(complete).filter_map(|entry| entry["hash"].as_str()).map(str::to_owned).collect())
    }

    /// Adds a torrent as a user does who has its data in `save_dir` already; the client checks what is there.
    pub(crate) fn add_by_hand(&self, torrent: &TestTorrent, save_dir: &Path, category: &str, tags: &str) {
        let save_dir = save_dir.to_str().expect("UTF-8");
        let mut body = fields(&[("savepath", save_dir), ("category", category), ("tags", tags)]);
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"torrents\"; filename=\"{}\"\r\n\
             Content-Type: application/x-bittorrent\r\n\r\n",
            torrent.file_name()
        );
        body.extend([head.as_bytes(), &torrent.metainfo, b"\r\n"].concat());
        self.add(body, &torrent.name);
    }

    /// Adds a magnet link as a user does, with nothing of its data.
    pub(crate) fn add_magnet(&self, link: &str, save_dir: &Path) {
        self.add(fields(&[("urls", link), ("savepath", save_dir.to_str().expect("UTF-8"))]), link);
    }

    fn add(&self, mut form: Vec<u8>, what: &str) {
        form.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
        let kind = format!("multipart/form-data; boundary={BOUNDARY}");
        let answer = self.ask("POST", "torrents/add", &[("Content-Type", &kind)], &form).expect("an answer");
        assert_eq!(answer.text(), "Ok.", "{what} was not added");
    }

    /// Takes a torrent out as a user does, with what it has on the disk.
    pub(crate) fn delete_by_hand(&self, torrent: &TestTorrent) {
        let form = [("Content-Type", "application/x-www-form-urlencoded")];
        let body = format!("hashes={}&deleteFiles=true", torrent.info_hash);
        self.ask("POST", "torrents/delete", &form, body.as_bytes()).expect("an answer");
    }

    fn ask(&self, method: &str, action: &str, headers: &[(&str, &str)], body: &[u8]) -> Result<Answer, String> {
        let mut headers = headers.to_vec();
        if let Some(cookie) = &self.cookie {
            headers.push(("Cookie", cookie));
        }
        let path = format!("/api/v2/{action}");
        let answer = request(self.server, method, &path, &headers, body).map_err(|error| error.to_string())?;
        match answer.status {
            200..=299 => Ok(answer),
            status => Err(format!("{action} answered {status}: {}", answer.text())),
        }
    }
}

/// The first parts of a form that adds a torrent.
fn fields(own: &[(&str, &str)]) -> Vec<u8> {
    let all = own.iter().chain(&[("autoTMM", "false"), ("paused", "false")]);
    let part = |(name, value): &(&str, &str)| {
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    all.map(part).collect::<Vec<_>>().concat().into_bytes()
}

//! What has to be known to talk to a qBittorrent.

use std::{fmt, path::PathBuf, time::Duration};

use reqwest::{Url, header::HeaderValue};
use thiserror::Error;

/// Where a qBittorrent is, how to log in, and how patient to be with it.
#[derive(Clone, PartialEq, Eq)]
pub struct QbittorrentSettings {
    /// The address of its Web UI, such as `http://127.0.0.1:8080`; a path in it is kept, for reverse proxies.
    pub url: String,
    /// The Web UI's user name; may be empty where the Web UI asks for none.
    pub username: String,
    /// The Web UI's password.
    pub password: String,
    /// An API key (qBittorrent 5.2 and later), used instead of user name and password.
    pub api_key: Option<String>,
    /// The category given to what the beacon adds.
    pub category: String,
    /// The directory below which the beacon's torrents go, to tell whether the free space qBittorrent reports is theirs.
    pub storage_dir: Option<PathBuf>,
    /// The longest time for one whole request.
    pub timeout: Duration,
    /// The longest time that the effect of a command may take to show.
    pub patience: Duration,
}

/// Settings that no qBittorrent can be reached with.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SettingsError {
    /// The address is not a URL with a host.
    #[error("`{url}` is not the address of a Web UI ({reason}); write it like \"http://127.0.0.1:8080\"")]
    NotAnAddress {
        /// What was written.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Credentials in the address would be tried with every request, and lead to a ban where they are wrong.
    #[error("the Web UI's address holds a user name or password; write them into `username` and `password` instead")]
    CredentialsInUrl,
    /// The API key holds characters that cannot be sent.
    #[error("the API key holds characters that no key has; copy it anew from the Web UI's settings")]
    ApiKey,
    /// The category cannot be one of qBittorrent's.
    #[error("`{0}` cannot be a category; use letters and digits, without slashes, commas or backslashes")]
    Category(String),
    /// The HTTP library could not be set up.
    #[error("cannot set up connections to the Web UI: {0}")]
    Http(String),
}

/// The longest time for one request: a full list of a large library takes seconds on a small computer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Adding is asynchronous in qBittorrent; after this time it is taken to have failed.
const PATIENCE: Duration = Duration::from_secs(30);

impl QbittorrentSettings {
    /// The settings for a Web UI at `url` that asks for no login; everything else is at its default.
    pub fn at(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            username: String::new(),
            password: String::new(),
            api_key: None,
            category: "beacon".to_owned(),
            storage_dir: None,
            timeout: TIMEOUT,
            patience: PATIENCE,
        }
    }

    /// Whether there is anything to log in with.
    pub(super) fn can_log_in(&self) -> bool {
        !(self.username.is_empty() && self.password.is_empty())
    }

    /// The address, always with a slash at its end, so that endpoints can be joined to it.
    pub(super) fn base(&self) -> Result<Url, SettingsError> {
        let wrong = |reason: String| SettingsError::NotAnAddress { url: self.url.clone(), reason };
        let mut base = Url::parse(self.url.trim()).map_err(|error| wrong(error.to_string()))?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(wrong("it does not begin with http:// or https://".to_owned()));
        }
        if !base.username().is_empty() || base.password().is_some() {
            return Err(SettingsError::CredentialsInUrl);
        }
        base.set_query(None);
        base.set_fragment(None);
        if !base.path().ends_with('/') {
            let path = format!("{}/", base.path());
            base.set_path(&path);
        }
        Ok(base)
    }

    /// The `Authorization` header of the API key, where there is one.
    pub(super) fn bearer(&self) -> Result<Option<HeaderValue>, SettingsError> {
        let Some(key) = self.api_key.as_deref().map(str::trim).filter(|key| !key.is_empty()) else { return Ok(None) };
        let mut value = HeaderValue::from_str(&format!("Bearer {key}"))
            .ok()
            .filter(|_| key.is_ascii())
            .ok_or(SettingsError::ApiKey)?;
        value.set_sensitive(true);
        Ok(Some(value))
    }

    /// The category, where qBittorrent would take it.
    pub(super) fn checked_category(&self) -> Result<&str, SettingsError> {
        let usable = |c: char| !matches!(c, '\\' | '/' | ',') && !c.is_control();
        match self.category.trim() {
            "" => Err(SettingsError::Category(self.category.clone())),
            category if category.chars().all(usable) => Ok(category),
            _ => Err(SettingsError::Category(self.category.clone())),
        }
    }
}

impl fmt::Debug for QbittorrentSettings {
    /// Leaves out the secrets, so that no log can hold them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("QbittorrentSettings")
            .field("url", &self.url)
            .field("username", &self.username)
            .field("category", &self.category)
            .field("storage_dir", &self.storage_dir)
            .field("timeout", &self.timeout)
            .field("patience", &self.patience)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_in_the_address_is_kept() {
        let base = |url| QbittorrentSettings::at(url).base().map(|url| url.to_string());
        assert_eq!(base("http://nas:8080"), Ok("http://nas:8080/".to_owned()));
        assert_eq!(base(" https://nas/qbt?x=1#y "), Ok("https://nas/qbt/".to_owned()));
        assert!(matches!(base("nas:8080"), Err(SettingsError::NotAnAddress { .. })));
        assert!(matches!(base("ftp://nas"), Err(SettingsError::NotAnAddress { .. })));
        assert_eq!(base("http://admin:secret@nas"), Err(SettingsError::CredentialsInUrl));
    }

    #[test]
    fn secrets_are_not_shown() {
        let settings = QbittorrentSettings {
            password: "hunter2".to_owned(),
            api_key: Some("qbt_hunter3".to_owned()),
            ..QbittorrentSettings::at("http://nas")
        };
        assert!(!format!("{settings:?}").contains("hunter"));
        assert_eq!(settings.bearer().unwrap().unwrap(), "Bearer qbt_hunter3");
    }

    #[test]
    fn an_impossible_category_or_key_is_refused() {
        let at = QbittorrentSettings::at("http://nas");
        assert_eq!(at.checked_category(), Ok("beacon"));
        for category in ["", "a,b", "a/b"] {
            let settings = QbittorrentSettings { category: category.to_owned(), ..at.clone() };
            assert_eq!(settings.checked_category(), Err(SettingsError::Category(category.to_owned())));
        }
        let settings = QbittorrentSettings { api_key: Some("qbt_\n".repeat(2)), ..at };
        assert_eq!(settings.bearer(), Err(SettingsError::ApiKey));
    }
}

//! The part of the configuration that is about the BitTorrent client.

use std::{fs, net::SocketAddr, path::PathBuf};

use reqwest::Url;

use super::{
    ClientKind, ClientSettings, ConfigError, ConfigFault, EmbeddedSettings, QbittorrentSettings, Secret, given::Given,
    key::KEYS, layers::Layers,
};
use crate::model::ByteSize;

/// Reads the client's keys. `resolve` makes paths absolute.
pub(super) fn client(
    layers: &Layers<'_>,
    resolve: impl Fn(&Given<'_>) -> Result<PathBuf, ConfigError>,
) -> Result<ClientSettings, ConfigError> {
    let words = ClientKind::ALL.map(ClientKind::word);
    let kind = match layers.given("client.type") {
        Some(given) => ClientKind::ALL[given.word(&words)?],
        None => ClientKind::Embedded,
    };
    refuse_keys_of_others(layers, kind)?;
    match kind {
        ClientKind::Embedded => embedded(layers).map(ClientSettings::Embedded),
        ClientKind::Qbittorrent => qbittorrent(layers, resolve).map(ClientSettings::Qbittorrent),
    }
}

fn embedded(layers: &Layers<'_>) -> Result<EmbeddedSettings, ConfigError> {
    // No speed at all would be an odd way to say "stop", so 0 means what `null` means: no limit.
    let limit = |key| match layers.given(key).map(|given| given.size()).transpose()? {
        Some(limit) if limit > ByteSize::ZERO => Ok(Some(limit)),
        _ => Ok(None),
    };
    Ok(EmbeddedSettings {
        listen: match layers.given("client.listen") {
            Some(given) => given.socket_address()?,
            None => SocketAddr::from(([0, 0, 0, 0], 6881)),
        },
        dht: layers.given("client.dht").map_or(Ok(true), |given| given.flag())?,
        upload_limit: limit("client.upload_limit")?,
        download_limit: limit("client.download_limit")?,
    })
}

fn refuse_keys_of_others(layers: &Layers<'_>, chosen: ClientKind) -> Result<(), ConfigError> {
    for key in KEYS {
        if let Some(owner) = key.client.filter(|owner| *owner != chosen)
            && let Some(given) = layers.given(key.path)
        {
            return Err(given.error(ConfigFault::KeyOfOtherClient { key: key.parts().1, owner, chosen }));
        }
    }
    Ok(())
}

fn qbittorrent(
    layers: &Layers<'_>,
    resolve: impl Fn(&Given<'_>) -> Result<PathBuf, ConfigError>,
) -> Result<QbittorrentSettings, ConfigError> {
    let text = |path| layers.given(path).map(|given| given.string()).transpose();
    let url = match layers.given("client.url") {
        Some(given) => url(&given)?,
        None => "http://127.0.0.1:8080".to_owned(),
    };
    let username = text("client.username")?.unwrap_or_default();
    let mut password = Secret::new(text("client.password")?.unwrap_or_default());
    let mut password_file = None;
    if let Some(given) = layers.given("client.password_file") {
        if !password.is_empty() {
            return Err(given.error(ConfigFault::TwoPasswords));
        }
        let path = resolve(&given)?;
        password = match fs::read_to_string(&path) {
            // Editors end files with a line break, which is not part of the password.
            Ok(text) => Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()),
            Err(reason) => return Err(given.error(ConfigFault::PasswordFile { path, reason })),
        };
        password_file = Some(path);
    }
    let mut api_key = None;
    if let Some(given) = layers.given("client.api_key") {
        let key = Secret::new(given.string()?.trim().to_owned());
        let other_login = !username.is_empty() || !password.is_empty();
        if other_login && !key.is_empty() {
            return Err(given.error(ConfigFault::TwoLogins));
        }
        api_key = Some(key).filter(|key| !key.is_empty());
    }
    let peer_address = layers.given("client.peer_address").map(|given| peer_address(&given)).transpose()?;
    Ok(QbittorrentSettings { url, username, password, password_file, api_key, peer_address })
}

fn url(given: &Given<'_>) -> Result<String, ConfigError> {
    let text = given.string()?;
    let not_a_url = || given.error(ConfigFault::Url(text.clone()));
    let url = Url::parse(text.trim()).map_err(|_not_an_address| not_a_url())?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(given.error(ConfigFault::CredentialsInUrl));
    }
    if !matches!(url.scheme(), "http" | "https") || url.query().is_some() || url.fragment().is_some() {
        return Err(not_a_url());
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

fn peer_address(given: &Given<'_>) -> Result<SocketAddr, ConfigError> {
    let address = given.socket_address()?;
    match address.port() {
        0 => Err(given.error(ConfigFault::PortZero(address.to_string()))),
        _ => Ok(address),
    }
}

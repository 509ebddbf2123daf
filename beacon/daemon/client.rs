//! The client that the settings name.

use std::num::NonZeroU32;

use tokio::{sync::mpsc, task::JoinHandle};

use super::{
    DaemonError,
    driver::{ClientTask, Driver},
};
use crate::{
    client::{
        embedded::{Embedded, EmbeddedSettings, SpeedLimits},
        qbittorrent::{Qbittorrent, QbittorrentSettings},
    },
    config::{self, ClientSettings, Settings},
    model::ByteSize,
};

/// One of the clients that a beacon can drive.
#[derive(Debug)]
pub(super) enum Client {
    /// A qBittorrent beside the beacon.
    Qbittorrent(Box<Qbittorrent>),
    /// The engine within.
    Embedded(Box<Embedded>),
}

/// Commands that wait for the client; the node begins far fewer.
const TASKS_MAX: usize = 4_096;

/// Whether the client's settings make sense, as far as that can be said without it.
pub(super) fn check(settings: &ClientSettings) -> Result<(), DaemonError> {
    match settings {
        ClientSettings::Qbittorrent(client) => drop(Qbittorrent::new(qbittorrent(client))?),
        ClientSettings::Embedded(_) => {}
    }
    Ok(())
}

/// Sets the client up. A qBittorrent is not talked to yet; the engine within starts, and asks the tracker
/// at this URL.
pub(super) async fn open(settings: &Settings, tracker: Option<String>, seed: u64) -> Result<Client, DaemonError> {
    Ok(match &settings.client {
        ClientSettings::Qbittorrent(client) => {
            let storage_dir = Some(settings.storage.dir.clone());
            let client = QbittorrentSettings { storage_dir, ..qbittorrent(client) };
            Client::Qbittorrent(Box::new(Qbittorrent::new(client)?))
        }
        ClientSettings::Embedded(client) => {
            let client = EmbeddedSettings {
                listen: client.listen,
                state_dir: settings.data_dir.join("embedded"),
                tracker,
                dht: client.dht,
                limits: SpeedLimits {
                    upload: client.upload_limit.and_then(per_second),
                    download: client.download_limit.and_then(per_second),
                },
            };
            Client::Embedded(Box::new(Embedded::start(&client, seed).await?))
        }
    })
}

impl Driver<()> {
    /// Begins to drive a client. The task ends when nobody can command it any more.
    pub(super) fn start(self, client: Client) -> (mpsc::Sender<ClientTask>, JoinHandle<()>) {
        let (tasks, commands) = mpsc::channel(TASKS_MAX);
        let driving = match client {
            Client::Qbittorrent(client) => tokio::spawn(self.with(*client).run(commands)),
            Client::Embedded(client) => tokio::spawn(self.with(*client).run(commands)),
        };
        (tasks, driving)
    }

    /// The same, with its client.
    pub(super) fn with<C>(self, client: C) -> Driver<C> {
        let Self { client: (), keeper, clock, storage_dir, poll, reports } = self;
        Driver { client, keeper, clock, storage_dir, poll, reports }
    }
}

fn qbittorrent(client: &config::QbittorrentSettings) -> QbittorrentSettings {
    QbittorrentSettings {
        username: client.username.clone(),
        password: client.password.reveal().to_owned(),
        api_key: client.api_key.as_ref().map(|key| key.reveal().to_owned()),
        ..QbittorrentSettings::at(&client.url)
    }
}

/// A limit as the engine takes it; one of 4 GiB a second or more is none.
fn per_second(limit: ByteSize) -> Option<NonZeroU32> {
    u32::try_from(limit.bytes()).ok().and_then(NonZeroU32::new)
}

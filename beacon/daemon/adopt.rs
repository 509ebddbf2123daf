//! Giving a beacon torrents from before its first run.

use std::{collections::BTreeSet, io, path::Path, sync::Arc, time::Duration};

use tokio::{sync::mpsc, time::sleep};

use super::{
    DaemonError,
    client::{self, Client},
    clock::Clock,
    driver::{Driver, NewTorrent},
    folder::save_dir,
    memory::Keeper,
    start::{QUEUE, make_dir, seed},
};
use crate::{
    client::{AddSource, TorrentClient},
    config::Settings,
    metainfo::Metainfo,
    model::{ClientChange, ContentState, Holding, InfoHash},
    node::Outcome,
    store::{LedgerRow, LedgerStage, Store},
};

/// A torrent whose data a beacon is to have.
#[derive(Debug, Clone)]
pub struct Adopted {
    /// The whole .torrent file.
    pub torrent: Arc<[u8]>,
    /// What it says.
    pub metainfo: Metainfo,
}

/// How often the client is asked whether it has looked at all data.
const LOOK: Duration = Duration::from_millis(20);

/// Makes a beacon that does not run hold torrents as its own, in the same way and with the same records as if it had
/// fetched them in an earlier run. `lay` puts the data of each below the directory that it is given, where the client then
/// checks all of it.
///
/// # Errors
/// Where the data directory or the client cannot be used, and where the data are not what the torrent says.
pub async fn adopt(
    settings: &Settings,
    torrents: &[Adopted],
    lay: impl Fn(&Adopted, &Path) -> io::Result<()>,
) -> Result<(), DaemonError> {
    make_dir(&settings.data_dir)?;
    let keeper = Keeper::new(Store::open(&settings.data_dir)?);
    let clock = Clock::start();
    for adopted in torrents {
        let row = row(settings, adopted, clock);
        keeper.lock().ledger_put(&row)?;
        make_dir(&row.save_dir)?;
        lay(adopted, &row.save_dir).map_err(|error| not_adopted(adopted, error.to_string()))?;
    }
    let (reports, _unheard) = mpsc::channel(QUEUE);
    let storage_dir = settings.storage.dir.clone();
    let driver = Driver { client: (), keeper, clock, storage_dir, poll: settings.timing.poll, reports };
    match client::open(settings, None, seed()?).await? {
        Client::Embedded(client) => hand_over(driver.with(*client), torrents).await,
        Client::Qbittorrent(client) => hand_over(driver.with(*client), torrents).await,
    }
}

/// What is written down before the data is there, so that what a crash leaves is known to be the beacon's.
fn row(settings: &Settings, adopted: &Adopted, clock: Clock) -> LedgerRow {
    let info_hash = adopted.metainfo.info_hash();
    LedgerRow {
        info_hash,
        stage: LedgerStage::Adding,
        name: Some(adopted.metainfo.name.clone()),
        size: Some(adopted.metainfo.size),
        save_dir: save_dir(&settings.storage.dir, Some(&adopted.metainfo.name), &info_hash),
        at: clock.now(),
        leaving_since: None,
    }
}

/// Adds the torrents to the client and waits until it has looked at all of their data.
async fn hand_over<C: TorrentClient>(mut driver: Driver<C>, torrents: &[Adopted]) -> Result<(), DaemonError> {
    for adopted in torrents {
        let outcome = driver.add(new_torrent(adopted)).await;
        if let Outcome::Failed(reason) = outcome {
            return Err(not_adopted(adopted, reason));
        }
    }
    let mut unchecked: BTreeSet<InfoHash> = torrents.iter().map(|adopted| adopted.metainfo.info_hash()).collect();
    while !unchecked.is_empty() {
        let changed = match driver.client.poll().await.map_err(DaemonError::Trouble)? {
            ClientChange::Full(changed) | ClientChange::Delta { changed, .. } => changed,
        };
        for holding in changed {
            let adopted = torrents.iter().find(|adopted| holding.hashes.contains(&adopted.metainfo.info_hash()));
            let Some(adopted) = adopted else { continue };
            if holding.content == ContentState::Serving {
                unchecked.remove(&adopted.metainfo.info_hash());
            } else if is_wrong(&holding) {
                return Err(not_adopted(adopted, "its data are not what the .torrent says".to_owned()));
            }
        }
        sleep(LOOK).await;
    }
    Ok(())
}

fn is_wrong(holding: &Holding) -> bool {
    let lacks = holding.size.is_none_or(|size| holding.done < size);
    holding.content == ContentState::Broken || (holding.content == ContentState::Fetching && lacks)
}

fn new_torrent(adopted: &Adopted) -> NewTorrent {
    NewTorrent {
        info_hash: adopted.metainfo.info_hash(),
        name: Some(adopted.metainfo.name.clone()),
        size: Some(adopted.metainfo.size),
        source: AddSource::Metainfo(Arc::clone(&adopted.torrent)),
        collections: Vec::new(),
        peers: Vec::new(),
    }
}

fn not_adopted(adopted: &Adopted, reason: String) -> DaemonError {
    DaemonError::NotAdopted { name: adopted.metainfo.name.clone(), reason }
}

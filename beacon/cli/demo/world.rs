//! The network of a demo before it runs: collections, settings, and the copies of the start.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use futures_util::future::try_join_all;
use tokio::runtime::Builder;
use uuid::Uuid;

use super::{
    DemoError,
    cast::{COLLECTIONS, Cast},
    files::DemoFile,
    interrupt::Interrupt,
};
use crate::{
    cli::CliError,
    collection::{EntrySource, NewEntry, append, template},
    config::{ClientSettings, EmbeddedSettings, Reclaim, Settings, Storage, Timing, TrackerSettings},
    daemon::{Adopted, DaemonError, adopt, free_space, save_dir},
    model::{ByteSize, CollectionId, DialAddress},
    node::view::Mode,
};

/// Everything that the beacons of a demo share.
#[derive(Debug)]
pub(super) struct World {
    pub(super) cast: Cast,
    pub(super) files: Vec<DemoFile>,
    pub(super) size: ByteSize,
    dir: PathBuf,
}

/// What happens in days elsewhere happens in seconds here.
const HEARTBEAT: Duration = Duration::from_secs(1);
const POLL: Duration = Duration::from_millis(250);
const PLAN: Duration = Duration::from_secs(1);
const RECLAIM_DELAY: Duration = Duration::from_secs(2);
const QUARANTINE: Duration = Duration::from_secs(1);
/// A beacon is taken for away when it has missed three and a half signs of life, and waited for a little longer.
const REPAIR_DELAY_MIN: Duration = Duration::from_secs(6);
/// In larger networks signs of life are rarer, by about this for each beacon.
const REPAIR_DELAY_EACH: Duration = Duration::from_millis(850);

impl World {
    /// Makes the files and the collections, and gives the beacons what they have at the start.
    pub(super) fn make(cast: Cast, size: ByteSize, dir: &Path, interrupt: &Interrupt) -> Result<Self, CliError> {
        let dir = dir.to_owned();
        check_room(&cast, size, &dir)?;
        let originals = dir.join("originals");
        let files = DemoFile::all(&cast, size, &originals, interrupt)?;
        let world = Self { cast, files, size, dir };
        world.write_key()?;
        world.write_collections()?;
        world.place(interrupt)?;
        // From here on data comes from beacons only.
        fs::remove_dir_all(&originals).map_err(|reason| DemoError::Directory { path: originals, reason })?;
        Ok(world)
    }

    /// The settings of a beacon. All ports come from the system.
    pub(super) fn settings(&self, place: usize, neighbor: Option<DialAddress>) -> Settings {
        let name = &self.cast.beacons[place];
        let dir = self.dir.join(name);
        let any_port = ([127, 0, 0, 1], 0).into();
        let count = u32::try_from(self.cast.beacons.len()).unwrap_or(u32::MAX);
        Settings {
            file: None,
            name: name.clone(),
            zone: String::new(),
            listen: any_port,
            advertise: Vec::new(),
            dashboard: any_port,
            dashboard_dir: None,
            read_only: false,
            host_names: Vec::new(),
            data_dir: dir.join("data"),
            collections_dir: self.collections_dir(),
            create_from: Vec::new(),
            neighbors: neighbor.into_iter().collect(),
            network_key_file: Some(self.key_file()),
            stun_servers: Vec::new(),
            lan_discovery: false,
            mode: Mode::Apply,
            notify: Vec::new(),
            storage: Storage { dir: dir.join("torrents"), budget: self.all_files(), keep_free: ByteSize::ZERO },
            client: ClientSettings::Embedded(EmbeddedSettings {
                listen: any_port,
                dht: false,
                upload_limit: None,
                download_limit: None,
            }),
            tracker: TrackerSettings { listen: None },
            timing: Timing {
                heartbeat: HEARTBEAT,
                poll: POLL,
                plan: PLAN,
                repair_delay: REPAIR_DELAY_MIN.max(REPAIR_DELAY_EACH * count),
                reclaim_delay: RECLAIM_DELAY,
            },
            reclaim: Reclaim {
                quarantine: QUARANTINE,
                torrents_per_day: u32::MAX,
                bytes_per_day: ByteSize::MAX,
                margin: 0,
            },
        }
    }

    /// Where a beacon has a file, if it has it.
    pub(super) fn folder(&self, place: usize, file: &DemoFile) -> PathBuf {
        let storage = self.dir.join(&self.cast.beacons[place]).join("torrents");
        save_dir(&storage, Some(file.name), &file.info_hash())
    }

    /// The id of a collection.
    pub(super) fn collection_id(number: usize) -> CollectionId {
        let mut bytes = *b"beacon demo, no.";
        bytes[15] = u8::try_from(number).unwrap_or(u8::MAX);
        CollectionId::from_bytes(bytes)
    }

    fn all_files(&self) -> ByteSize {
        ByteSize::from_bytes(self.size.bytes() * self.files.len() as u64)
    }

    fn collections_dir(&self) -> PathBuf {
        self.dir.join("collections")
    }

    fn key_file(&self) -> PathBuf {
        self.dir.join("network.key")
    }

    /// A network of its own, whoever else has beacons on this machine.
    #[expect(clippy::disallowed_methods, reason = "a key has to be drawn somewhere")]
    fn write_key(&self) -> Result<(), DemoError> {
        let key = format!("{}{}\n", Uuid::new_v4().simple(), Uuid::new_v4().simple());
        write(&self.key_file(), key.as_bytes())
    }

    fn write_collections(&self) -> Result<(), CliError> {
        let dir = self.collections_dir();
        fs::create_dir_all(&dir).map_err(|reason| DemoError::Directory { path: dir.clone(), reason })?;
        for (number, name) in COLLECTIONS.iter().enumerate() {
            let mut entries = Vec::new();
            for file in self.files.iter().filter(|file| file.collection == number) {
                let torrent = format!("{}.torrent", file.name);
                write(&dir.join(&torrent), &file.torrent())?;
                entries.push(NewEntry::new(EntrySource::File(torrent)));
            }
            let text = template(Self::collection_id(number), name, self.cast.redundancy()?);
            let text = append(&text, &entries).map_err(|error| CliError::Collection(error.to_string()))?;
            write(&dir.join(format!("c{}.json", number + 1)), text.as_bytes())?;
        }
        Ok(())
    }

    /// Gives each beacon its copies, checked by its own engine and written in its own ledger.
    fn place(&self, interrupt: &Interrupt) -> Result<(), CliError> {
        let runtime =
            Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(DaemonError::System)?;
        let each = (0..self.cast.beacons.len()).map(|place| self.place_at(place, interrupt));
        let placed = runtime.block_on(try_join_all(each));
        runtime.shutdown_timeout(Duration::from_secs(1));
        if interrupt.is_raised() {
            return Err(DemoError::Interrupted.into());
        }
        placed?;
        Ok(())
    }

    async fn place_at(&self, place: usize, interrupt: &Interrupt) -> Result<(), DaemonError> {
        let settings = self.settings(place, None);
        let files: Vec<&DemoFile> = self.cast.holdings[place].iter().map(|number| &self.files[*number]).collect();
        let torrents: Vec<Adopted> = files.iter().map(|file| file.adopted.clone()).collect();
        let lay = |adopted: &Adopted, folder: &Path| {
            if interrupt.is_raised() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            let info_hash = adopted.metainfo.info_hash();
            files.iter().filter(|file| file.info_hash() == info_hash).try_for_each(|file| file.lay(folder))
        };
        adopt(&settings, &torrents, lay).await
    }
}

/// Whether all copies fit: the originals, those that are wanted, and one more of each while a beacon is away.
fn check_room(cast: &Cast, size: ByteSize, dir: &Path) -> Result<(), DemoError> {
    let copies = cast.files.len() as u64 * (u64::from(cast.target) + 2);
    let needed = ByteSize::from_bytes(size.bytes().saturating_mul(copies));
    match free_space(dir) {
        Some(free) if free < needed => Err(DemoError::NoRoom { needed, free, dir: dir.to_owned() }),
        _ => Ok(()),
    }
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), DemoError> {
    fs::write(path, bytes).map_err(|reason| DemoError::Directory { path: path.to_owned(), reason })
}

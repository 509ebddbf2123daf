//! From file, environment and flags to settings.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
    time::Duration,
};

use super::{
    ClientSettings, ConfigError, ConfigFault, Override, Reclaim, Settings, Storage, Timing, TrackerSettings,
    client::client,
    given::Given,
    layers::{Layers, in_file},
    notify::hooks,
};
use crate::{
    json::Document,
    model::{ByteSize, DialAddress},
    node::{NodeSettings, ReclaimSettings, view::Mode},
    wire::Hello,
};

/// The file that is read where none is named.
pub const DEFAULT_FILE: &str = "config.json";
/// A configuration is written by hand; what is larger than this is something else.
pub(super) const FILE_BYTES_MAX: u64 = 1 << 20;

const DURATION_MIN: Duration = Duration::from_millis(100);
const INTERVAL_MAX: Duration = Duration::from_hours(1);
const DELAY_MAX: Duration = Duration::from_hours(24 * 365);

/// Where settings may come from.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    /// The configuration file, where one is named; it must exist. Else [`DEFAULT_FILE`] is read where it exists.
    pub file: Option<PathBuf>,
    /// The working directory: the default file is looked for there, and paths in variables and flags start from it.
    /// Paths in the file start from the file's own directory.
    pub dir: PathBuf,
    /// The environment, of which only what begins with `BEACON_` is looked at.
    pub variables: BTreeMap<String, String>,
    /// Flags, of which the last counts.
    pub flags: Vec<Override>,
    /// What the beacon is called where nothing says; see [`host_name`].
    pub default_name: String,
}

/// Reads and joins all sources.
///
/// # Errors
/// The first thing that is wrong, and where it stands.
pub fn load(sources: &Sources) -> Result<Settings, ConfigError> {
    let shown = sources.file.as_deref().unwrap_or(Path::new(DEFAULT_FILE));
    let path = sources.dir.join(shown);
    let name = shown.display().to_string();
    let bytes = match read(&path) {
        Ok(bytes) => Some(bytes),
        Err(ConfigFault::Unreadable(error)) if error.kind() == io::ErrorKind::NotFound && sources.file.is_none() => {
            None
        }
        Err(fault) => return Err(ConfigError { origin: name, fault }),
    };
    let located = |error| in_file(&name, error);
    let document = bytes.as_deref().map(Document::decode).transpose().map_err(located)?.map(Document::new);
    let root = document.as_ref().map(Document::root).transpose().map_err(located)?;
    let layers = Layers::new(root.map(|root| (name.as_str(), root)), &sources.variables, &sources.flags)?;
    let file_dir = path.parent().unwrap_or(&sources.dir);
    let file = root.map(|_| path.clone());
    settings(&layers, file, file_dir, sources)
}

/// The name of this machine, or `beacon` where it has none.
pub fn host_name() -> String {
    sysinfo::System::host_name().ok().filter(|name| !name.trim().is_empty()).unwrap_or_else(|| "beacon".to_owned())
}

fn read(path: &Path) -> Result<Vec<u8>, ConfigFault> {
    let file = File::open(path).map_err(ConfigFault::Unreadable)?;
    let mut bytes = Vec::new();
    file.take(FILE_BYTES_MAX + 1).read_to_end(&mut bytes).map_err(ConfigFault::Unreadable)?;
    match bytes.len() as u64 {
        0..=FILE_BYTES_MAX => Ok(bytes),
        _ => Err(ConfigFault::TooLarge),
    }
}

fn settings(
    layers: &Layers<'_>,
    file: Option<PathBuf>,
    file_dir: &Path,
    sources: &Sources,
) -> Result<Settings, ConfigError> {
    let resolve = |given: &Given<'_>| {
        let start = if given.is_from_file() { file_dir } else { &sources.dir };
        given.path().map(|path| start.join(path))
    };
    let path = |key, default| layers.given(key).map_or_else(|| Ok(file_dir.join(default)), |given| resolve(&given));
    let socket = |key, default: ([u8; 4], u16)| {
        layers.given(key).map_or_else(|| Ok(default.into()), |given| given.socket_address())
    };
    let size = |key, default| layers.given(key).map_or(Ok(ByteSize::from_bytes(default)), |given| given.size());

    let client = client(layers, resolve)?;
    Ok(Settings {
        file,
        name: name(layers, &sources.default_name)?,
        zone: zone(layers)?,
        listen: socket("listen", ([0, 0, 0, 0], 9000))?,
        advertise: advertise(layers)?,
        dashboard: socket("dashboard", ([127, 0, 0, 1], 9001))?,
        dashboard_dir: layers.given("dashboard_dir").map(|given| resolve(&given)).transpose()?,
        read_only: layers.given("read_only").map_or(Ok(false), |given| given.flag())?,
        host_names: host_names(layers)?,
        data_dir: path("data_dir", "beacon-data")?,
        collections_dir: path("collections_dir", "collections")?,
        create_from: create_from(layers, resolve)?,
        neighbors: layers.given("neighbors").map_or_else(|| Ok(Vec::new()), |given| given.addresses())?,
        network_key_file: layers.given("network_key_file").map(|given| resolve(&given)).transpose()?,
        stun_servers: match layers.given("stun_servers") {
            Some(given) => given.addresses_without_id()?,
            None => default_stun_servers(),
        },
        lan_discovery: layers.given("lan_discovery").map_or(Ok(true), |given| given.flag())?,
        mode: mode(layers, &client)?,
        notify: hooks(layers, file_dir, &sources.dir)?,
        storage: Storage {
            dir: path("storage.dir", "beacon-data/torrents")?,
            budget: size("storage.budget", 500_000_000_000)?,
            keep_free: size("storage.keep_free", 10_000_000_000)?,
        },
        client,
        tracker: TrackerSettings {
            listen: layers.given("tracker.listen").map(|given| given.socket_address()).transpose()?,
        },
        timing: timing(layers)?,
        reclaim: reclaim(layers)?,
    })
}

fn create_from(
    layers: &Layers<'_>,
    resolve: impl Fn(&Given<'_>) -> Result<PathBuf, ConfigError>,
) -> Result<Vec<PathBuf>, ConfigError> {
    let Some(given) = layers.given("create_from") else { return Ok(Vec::new()) };
    given.items()?.iter().map(resolve).collect()
}

fn host_names(layers: &Layers<'_>) -> Result<Vec<String>, ConfigError> {
    let Some(given) = layers.given("host_names") else { return Ok(Vec::new()) };
    given.items()?.iter().map(Given::host_name).collect()
}

fn name(layers: &Layers<'_>, default: &str) -> Result<String, ConfigError> {
    let Some(given) = layers.given("name") else {
        // A machine's name may be longer than a beacon's; what is cut off is not missed.
        let end = default.floor_char_boundary(Hello::NAME_BYTES_MAX);
        return Ok(default[..end].to_owned());
    };
    let name = given.string()?.trim().to_owned();
    if name.is_empty() || !fits_hello(&name) {
        return Err(given.error(ConfigFault::Name));
    }
    Ok(name)
}

fn zone(layers: &Layers<'_>) -> Result<String, ConfigError> {
    let Some(given) = layers.given("zone") else { return Ok(String::new()) };
    let zone = given.string()?.trim().to_owned();
    if fits_hello(&zone) { Ok(zone) } else { Err(given.error(ConfigFault::Zone)) }
}

fn fits_hello(text: &str) -> bool {
    text.len() <= Hello::NAME_BYTES_MAX && !text.chars().any(char::is_control)
}

fn advertise(layers: &Layers<'_>) -> Result<Vec<DialAddress>, ConfigError> {
    let Some(given) = layers.given("advertise") else { return Ok(Vec::new()) };
    let addresses = given.addresses_without_id()?;
    if addresses.len() > Hello::ADDRESSES_MAX {
        return Err(given.error(ConfigFault::TooManyAddresses(addresses.len())));
    }
    Ok(addresses)
}

/// The embedded client's directory is the beacon's own, so it may act at once; in a user's qBittorrent it first shows
/// what it would do.
fn mode(layers: &Layers<'_>, client: &ClientSettings) -> Result<Mode, ConfigError> {
    const WORDS: [&str; 2] = ["dry-run", "apply"];
    const MODES: [Mode; 2] = [Mode::DryRun, Mode::Apply];
    match (layers.given("mode"), client) {
        (Some(given), _) => Ok(MODES[given.word(&WORDS)?]),
        (None, ClientSettings::Embedded(_)) => Ok(Mode::Apply),
        (None, ClientSettings::Qbittorrent(_)) => Ok(Mode::DryRun),
    }
}

fn timing(layers: &Layers<'_>) -> Result<Timing, ConfigError> {
    let duration = |key, default: u64, max| match layers.given(key) {
        Some(given) => given.duration(DURATION_MIN, max),
        None => Ok(Duration::from_secs(default)),
    };
    Ok(Timing {
        heartbeat: duration("timing.heartbeat", 60, INTERVAL_MAX)?,
        poll: duration("timing.poll", 5, INTERVAL_MAX)?,
        plan: duration("timing.plan", 15, INTERVAL_MAX)?,
        repair_delay: duration("timing.repair_delay", NodeSettings::REPAIR_DELAY.as_secs(), DELAY_MAX)?,
        reclaim_delay: duration("timing.reclaim_delay", ReclaimSettings::default().delay.as_secs(), DELAY_MAX)?,
    })
}

/// Without a word of the user's a deletion can be undone for a day, and no more goes in a day than one could fetch in one.
fn reclaim(layers: &Layers<'_>) -> Result<Reclaim, ConfigError> {
    let given = |key| layers.given(key);
    Ok(Reclaim {
        quarantine: match given("reclaim.quarantine") {
            Some(given) => given.duration(Duration::ZERO, DELAY_MAX)?,
            None => Duration::from_hours(24),
        },
        torrents_per_day: given("reclaim.torrents_per_day").map_or(Ok(100), |given| given.count())?,
        bytes_per_day: match given("reclaim.bytes_per_day") {
            Some(given) => given.size()?,
            None => ByteSize::from_bytes(500_000_000_000),
        },
        margin: given("reclaim.margin").map_or(Ok(0), |given| given.count())?,
    })
}

/// Two servers of different operators, so that one may fail.
fn default_stun_servers() -> Vec<DialAddress> {
    [("stun.l.google.com", 19302), ("stun.cloudflare.com", 3478)]
        .map(|(host, port)| DialAddress { id: None, host: host.to_owned(), port })
        .into()
}

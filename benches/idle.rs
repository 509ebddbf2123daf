//! What a beacon with the client within costs while nothing happens: `cargo bench --bench idle -- [TORRENTS] [SECONDS]`.
//!
//! The torrents are complete and nobody wants them. Half of the runs are with trackers (that do not answer, on this machine), so
//! that every torrent is woken for its rounds.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

#[path = "parts/process.rs"]
mod process;

use std::{
    collections::BTreeMap,
    error::Error,
    fs, io,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
    thread::sleep,
    time::Duration,
};

use beacon::{
    config::{Override, Settings, Sources, load},
    create::{Prepared, Wanted, Watch},
    daemon::{Adopted, adopt},
    metainfo::Version,
    model::Rng,
};
use process::{resident, ticks};

type Failure = Box<dyn Error>;

const FILE_BYTES: usize = 64 << 10;
/// After a start everything is read and checked once; that is not what is measured.
const SETTLING: Duration = Duration::from_mins(1);

fn main() -> Result<(), Failure> {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse().ok());
    let torrents: usize = numbers.next().unwrap_or(1_000);
    let seconds = numbers.next().unwrap_or(120) as u64;
    for tracker in [None, Some("http://127.0.0.1:9/announce")] {
        let with = tracker.map_or("no trackers", |_| "a tracker each");
        let (percent, bytes) = measured(torrents, seconds, tracker)?;
        println!("{torrents} torrents with {with}: {percent:.2} % of a core, {:.0} MB resident", bytes as f64 / 1e6);
    }
    Ok(())
}

/// Processor time in percent of a core, and resident bytes, of a beacon that idles.
fn measured(torrents: usize, seconds: u64, tracker: Option<&str>) -> Result<(f64, u64), Failure> {
    let dir = tempfile::tempdir()?;
    let settings = settings(dir.path())?;
    let made = (0..torrents).map(|number| make(dir.path(), number, tracker)).collect::<Result<Vec<_>, _>>()?;
    list(dir.path(), &made)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(adopt(&settings, &made, |torrent, below| {
        let name = &torrent.metainfo.name;
        fs::rename(dir.path().join("made").join(name), below.join(name))
    }))?;
    drop(runtime);

    let mut beacon = start(dir.path())?;
    sleep(SETTLING);
    let before = ticks(&beacon)?;
    sleep(Duration::from_secs(seconds));
    let spent = ticks(&beacon)? - before;
    let bytes = resident(&beacon)?;
    beacon.kill()?;
    beacon.wait()?;
    // Linux counts in hundredths of a second.
    Ok((spent as f64 / seconds as f64, bytes))
}

fn flags(dir: &Path) -> [(&'static str, String); 8] {
    let below = |name: &str| dir.join(name).display().to_string();
    [
        ("data_dir", below("data")),
        ("collections_dir", below("collections")),
        ("storage.dir", below("torrents")),
        ("listen", "127.0.0.1:0".to_owned()),
        ("client.listen", "127.0.0.1:0".to_owned()),
        ("client.dht", "false".to_owned()),
        ("lan_discovery", "false".to_owned()),
        ("stun_servers", "[]".to_owned()),
    ]
}

fn settings(dir: &Path) -> Result<Settings, Failure> {
    let flags = flags(dir).map(|(key, value)| Override { key: key.to_owned(), flag: format!("--set {key}"), value });
    Ok(load(&Sources {
        file: None,
        dir: dir.to_owned(),
        variables: BTreeMap::new(),
        flags: flags.into(),
        default_name: "idle".to_owned(),
    })?)
}

struct Unwatched;

impl Watch for Unwatched {
    fn read(&self, _: u64) -> bool {
        true
    }
}

fn make(dir: &Path, number: usize, tracker: Option<&str>) -> Result<Adopted, Failure> {
    let path = dir.join("made").join(format!("item {number}"));
    fs::create_dir_all(dir.join("made"))?;
    let mut rng = Rng::new(number as u64);
    let bytes: Vec<u8> = (0..FILE_BYTES / 8).flat_map(|_| rng.next_u64().to_le_bytes()).collect();
    fs::write(&path, bytes)?;
    let wanted = Wanted {
        name: None,
        version: Version::V1,
        piece_length: None,
        private: false,
        trackers: tracker.into_iter().map(str::to_owned).collect(),
        created: None,
    };
    let torrent = Prepared::new(&path, None, &wanted)?.hash(&Unwatched)?;
    Ok(Adopted { torrent: Arc::from(torrent.bytes), metainfo: torrent.metainfo })
}

fn list(dir: &Path, torrents: &[Adopted]) -> io::Result<()> {
    let collections = dir.join("collections");
    fs::create_dir_all(&collections)?;
    let mut entries = Vec::new();
    for (number, torrent) in torrents.iter().enumerate() {
        fs::write(collections.join(format!("{number}.torrent")), &torrent.torrent)?;
        entries.push(format!("{{ \"file\": \"{number}.torrent\" }}"));
    }
    let text = format!(
        "{{ \"id\": \"0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90\", \"name\": \"Idle\", \"redundancy\": {{ \"target\": 1 }}, \
         \"torrents\": [{}] }}",
        entries.join(", ")
    );
    fs::write(collections.join("idle.json"), text)
}

fn start(dir: &Path) -> Result<Child, Failure> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut command = Command::new(env!("CARGO_BIN_EXE_beacon"));
    command.arg("run").arg("--set").arg(format!("dashboard=127.0.0.1:{port}"));
    for (key, value) in flags(dir) {
        command.arg("--set").arg(format!("{key}={value}"));
    }
    let log = fs::File::create(dir.join("log"))?;
    Ok(command.current_dir(dir).stdout(Stdio::null()).stderr(log).spawn()?)
}

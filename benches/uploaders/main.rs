//! How long 200 MB take from one to five uploaders on one machine, with the embedded client and beside aria2, Transmission
//! and qBittorrent.
//!
//! `cargo bench --bench uploaders -- [--rounds 5] [--uploaders beacon|libtorrent] [--megabytes 200] [--only NAME]`
//!
//! Everyone gets the same: uploaders in a process of their own that do not know who asks, addresses of their own in a network
//! of this process's own (Transmission takes no peers at 127.0.0.1), a tracker that names the uploaders, a .torrent with it,
//! files in memory, no DHT, no peer exchange, no local discovery, no encryption. The clock runs from the moment a client
//! that is up is told of the torrent until it says that it has checked the last piece; then its files are compared.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]
#![expect(clippy::print_stderr, reason = "progress is for people, not for the tables")]
#![expect(clippy::disallowed_methods, reason = "it measures wall time")]

mod embedded;
mod processes;
mod programs;
mod table;
mod tracker;
#[path = "../../tests/it/support/http.rs"]
mod web;

use std::{
    fs,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    process::{Command, ExitCode},
    time::{Duration, Instant},
};

use beacon::{
    create::{Prepared, Wanted, Watch},
    metainfo::Version,
    model::Rng,
};
use processes::Uploaders;
use programs::Program;
use table::{Measured, Table};
use tracker::Tracker;

const MEGABYTES: usize = 200;
const SEED: u64 = 20_260_401;
const UPLOADERS_MAX: usize = 5;
/// Of the network that exists only for this process and its children.
const OWN: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 1);
const DOWNLOADER: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 2);
/// Of whoever downloads; not the uploaders', since aria2 takes it at all addresses.
const PORT: u16 = 6_991;
const FIRST_UPLOADER: Ipv4Addr = Ipv4Addr::new(10, 77, 0, 11);
/// A client that takes longer than this is stuck.
const TIME_MAX: Duration = Duration::from_mins(3);
/// How often a client is asked whether it is done.
const LOOK: Duration = Duration::from_millis(10);
const FILE: &str = "archive.bin";

/// What is fetched, by whom and how often.
struct Feat {
    dir: PathBuf,
    torrent: Vec<u8>,
    data: Vec<u8>,
    tracker: Tracker,
}

/// What the command line wants.
struct Options {
    rounds: usize,
    megabytes: usize,
    by: String,
    only: Option<String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["--upload", dir, count] => embedded::upload(Path::new(dir), count.parse().expect("a number")),
        ["--download", dir] => embedded::download(Path::new(dir)),
        ["--inside", ref options @ ..] => return compare(&Options::read(options)),
        ref options => return in_own_network(options),
    }
    ExitCode::SUCCESS
}

impl Options {
    fn read(words: &[&str]) -> Self {
        let value = |name: &str| words.iter().position(|word| *word == name).and_then(|at| words.get(at + 1));
        Self {
            rounds: value("--rounds").map_or(5, |rounds| rounds.parse().expect("--rounds is a number")),
            megabytes: value("--megabytes").map_or(MEGABYTES, |size| size.parse().expect("--megabytes is a number")),
            by: value("--uploaders").map_or("beacon", |by| *by).to_owned(),
            only: value("--only").map(|only| (*only).to_owned()),
        }
    }
}

/// Runs itself again in a network without any way out, with addresses for everyone.
fn in_own_network(options: &[&str]) -> ExitCode {
    let script = "ip link set lo up && for end in 1 2 11 12 13 14 15; do ip addr add 10.77.0.$end/24 dev lo || exit; done && exec \"$0\" --inside \"$@\"";
    let own = std::env::current_exe().expect("this program has a path");
    let status = Command::new("unshare").args(["-rn", "sh", "-c", script]).arg(own).args(options).status();
    match status {
        Ok(status) if status.success() => ExitCode::SUCCESS,
        Ok(status) => {
            eprintln!(
                "it ended with {status}; it needs `unshare -rn` and `ip` (util-linux, iproute2), and what it named above"
            );
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("`unshare` (util-linux) cannot be run: {error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(options: &Options) -> ExitCode {
    let (programs, missing) = Program::all(options.only.as_deref());
    for program in &missing {
        eprintln!("MISSING: {program}; nothing is said of it below");
    }
    let feat = Feat::prepare(options.megabytes * 1_000_000);
    let uploaders = Uploaders::start(&options.by, &feat.dir, UPLOADERS_MAX);
    let mut table = Table::default();
    for round in 0..options.rounds {
        for count in 1..=UPLOADERS_MAX {
            feat.tracker.tell(&uploaders.addresses[..count]);
            for place in 0..programs.len() {
                // Nobody is always first.
                let program = programs[(place + round + count) % programs.len()];
                let measured = feat.fetch(program);
                eprintln!(
                    "round {} of {}: {} from {count}: {:.3} s",
                    round + 1,
                    options.rounds,
                    program.name(),
                    measured.time.as_secs_f64()
                );
                table.add(program, count, measured);
            }
        }
    }
    println!(
        "{} MB from 1 to {UPLOADERS_MAX} uploaders ({}), {} rounds",
        options.megabytes, uploaders.name, options.rounds
    );
    table.print(feat.data.len());
    if missing.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Wants all of it.
struct Silent;

impl Watch for Silent {
    fn read(&self, _: u64) -> bool {
        true
    }
}

impl Feat {
    /// Makes the data, the torrent and the tracker.
    fn prepare(bytes: usize) -> Self {
        let memory = Path::new("/dev/shm");
        let base = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let dir = base.join(format!("beacon-uploaders-{}", std::process::id()));
        fs::create_dir_all(dir.join("source")).expect("made");
        let mut rng = Rng::new(SEED);
        let words = std::iter::repeat_with(|| rng.next_u64().to_le_bytes());
        let data: Vec<u8> = words.take(bytes / 8).flatten().collect();
        fs::write(dir.join("source").join(FILE), &data).expect("written");
        let tracker = Tracker::start(OWN);
        let torrent = make_torrent(&dir, vec![tracker.url()]);
        fs::write(dir.join("wanted.torrent"), &torrent).expect("written");
        // The uploaders need no tracker: they wait to be asked.
        fs::write(dir.join("source.torrent"), make_torrent(&dir, Vec::new())).expect("written");
        Self { dir, torrent, data, tracker }
    }

    /// Has a client fetch it all once.
    fn fetch(&self, program: Program) -> Measured {
        let dir = self.dir.join("target");
        fs::create_dir_all(&dir).expect("made");
        let mut client = program.start(&dir);
        let began = Instant::now();
        client.add(&self.dir.join("wanted.torrent"), &self.torrent);
        while !client.is_done() {
            assert!(began.elapsed() < TIME_MAX, "{} does not come to an end; see {}", program.name(), dir.display());
            std::thread::sleep(LOOK);
        }
        let time = began.elapsed();
        let processor = client.processor_time();
        client.stop();
        let found = fs::read(dir.join("files").join(FILE)).expect("there is a file");
        assert!(found == self.data, "{} has something else than was shared", program.name());
        fs::remove_dir_all(&dir).expect("removed");
        Measured { time, processor }
    }
}

impl Drop for Feat {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.dir));
    }
}

fn make_torrent(dir: &Path, trackers: Vec<String>) -> Vec<u8> {
    let wanted =
        Wanted { name: None, version: Version::V1, piece_length: None, private: false, trackers, created: None };
    let prepared = Prepared::new(&dir.join("source").join(FILE), None, &wanted).expect("a file");
    prepared.hash(&Silent).expect("a torrent").bytes
}

/// The address of an uploader by its number.
fn uploader(place: usize) -> SocketAddr {
    let first = FIRST_UPLOADER.octets();
    let last = first[3] + u8::try_from(place).expect("few");
    SocketAddr::new(IpAddr::V4(Ipv4Addr::new(first[0], first[1], first[2], last)), 6881)
}

//! How fast torrents are made, beside other programs and beside what the machine can hash at most.
//!
//! `cargo bench --bench create -- [--dir DIR] [--size "4 GiB"] [--rounds 7]`. The data, one file and then a tree of many,
//! is written below DIR (the directory for temporary files) and read once, so that it comes from memory. In each round
//! every program has its turn, another one first each time. Where others want the machine too, the processor time that a
//! program took (of Linux only) says more than the seconds that passed. Programs that are not there are left out; torf is looked for
//! by `BEACON_BENCH_PYTHON` (`python3`).

#![expect(clippy::print_stdout, reason = "it prints its figures")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]
#![expect(clippy::disallowed_methods, reason = "it measures wall time")]

use std::{
    env,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Instant,
};

use beacon::model::{ByteSize, Rng};
use tempfile::TempDir;

/// The files of the tree, in directories of so many.
const FILES: u64 = 2_000;
const FILES_A_DIRECTORY: u64 = 50;

/// What every program is told to use.
const PIECE_BYTES: u64 = 4 << 20;

/// A program, and its arguments to make `OUT` of `IN`.
struct Maker {
    name: &'static str,
    program: String,
    args: Vec<String>,
}

/// What making one torrent took.
#[derive(Clone, Copy)]
struct Run {
    /// That passed.
    seconds: f64,
    /// Of all cores together.
    processor: f64,
}

fn main() {
    let arguments: Vec<String> = env::args().collect();
    let after = |name: &str| Some(arguments[arguments.iter().position(|argument| argument == name)? + 1].clone());
    let dir = after("--dir").map_or_else(env::temp_dir, Into::into);
    let size = after("--size").map_or(4 << 30, |size| size.parse::<ByteSize>().expect("a size").bytes());
    let rounds: usize = after("--rounds").map_or(7, |rounds| rounds.parse().expect("a number"));
    let dir = TempDir::new_in(dir).expect("a directory");
    let cores = thread::available_parallelism().map_or(1, usize::from);

    let one_core = openssl_speed();
    match one_core {
        Some(speed) => println!("openssl speed sha1: {} on one core, {cores} cores\n", per_second(speed)),
        None => println!("openssl is not there, so there is nothing to compare the speed with; {cores} cores\n"),
    }
    let makers: Vec<Maker> = makers(cores).into_iter().filter(Maker::is_there).collect();
    for (what, files) in [("one file", 1), ("a tree", FILES)] {
        let path = dir.path().join("data");
        write_data(&path, size, files).expect("the data can be written");
        println!("{} in {what} ({files}), pieces of {PIECE_BYTES} bytes, {rounds} rounds", ByteSize::from_bytes(size));
        let head = ["fastest", "median", "processor", "speed"];
        println!(
            "{:<22} {:>8} {:>8} {:>10} {:>10} {:>20}",
            "", head[0], head[1], head[2], head[3], "of openssl x cores"
        );
        for (maker, runs) in makers.iter().zip(measure(&makers, dir.path(), rounds)) {
            let sorted = |of: fn(&Run) -> f64| {
                let mut figures: Vec<f64> = runs.iter().map(of).collect();
                figures.sort_by(f64::total_cmp);
                figures
            };
            let (seconds, processor) = (sorted(|run| run.seconds), sorted(|run| run.processor));
            let speed = size as f64 / seconds[0];
            let share =
                one_core.map_or_else(String::new, |core| format!("{:.0} %", 100.0 * speed / core / cores as f64));
            let median = seconds[seconds.len() / 2];
            let (name, least, speed) = (maker.name, processor[0], per_second(speed));
            println!("{name:<22} {:>6.2} s {median:>6.2} s {least:>8.2} s {speed:>10} {share:>20}", seconds[0]);
        }
        println!();
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("removed");
    }
}

fn makers(cores: usize) -> Vec<Maker> {
    let maker = |name, program: &str, args: &str| Maker {
        name,
        program: program.to_owned(),
        args: args.split(' ').map(str::to_owned).collect(),
    };
    let python = env::var("BEACON_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let torf = format!(
        "import torf; t = torf.Torrent(path='IN', piece_size={PIECE_BYTES}); t.generate(threads={cores}); t.write('OUT')"
    );
    let beacon = env!("CARGO_BIN_EXE_beacon");
    let imdl = format!("torrent create --piece-length {}MiB --input IN --output OUT", PIECE_BYTES >> 20);
    vec![
        maker("beacon", beacon, &format!("torrent create IN --output OUT --piece-length {PIECE_BYTES}")),
        maker(
            "beacon --hybrid",
            beacon,
            &format!("torrent create IN --output OUT --piece-length {PIECE_BYTES} --hybrid"),
        ),
        maker("mktorrent", "mktorrent", &format!("-t {cores} -l {} -o OUT IN", PIECE_BYTES.trailing_zeros())),
        maker("transmission-create", "transmission-create", &format!("-s {} -o OUT IN", PIECE_BYTES >> 10)),
        maker("imdl", "imdl", &imdl),
        Maker { name: "torf", program: python, args: vec!["-c".to_owned(), torf] },
    ]
}

impl Maker {
    fn is_there(&self) -> bool {
        let mut command = Command::new(&self.program);
        match self.name {
            "torf" => command.args(["-c", "import torf"]),
            _ => command.arg("--help"),
        };
        let is_there = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
        let is_there = is_there.is_ok_and(|status| self.name != "torf" || status.success());
        if !is_there {
            println!("{} is not there and is left out", self.name);
        }
        is_there
    }

    /// Makes a torrent of `data`.
    fn run(&self, dir: &Path) -> Run {
        let output = dir.join("made.torrent");
        let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
        let filled = |arg: &String| arg.replace("OUT", &text(&output)).replace("IN", &text(&dir.join("data")));
        let mut command = Command::new(&self.program);
        command.args(self.args.iter().map(filled)).stdout(Stdio::null()).stderr(Stdio::null());
        let (begun, processor) = (Instant::now(), processor_seconds());
        let status = command.status().expect("it was there before");
        let run = Run { seconds: begun.elapsed().as_secs_f64(), processor: processor_seconds() - processor };
        assert!(status.success(), "{} ended with {status}", self.name);
        fs::remove_file(output).expect("a torrent was made");
        run
    }
}

/// What each maker took in each round.
fn measure(makers: &[Maker], dir: &Path, rounds: usize) -> Vec<Vec<Run>> {
    let mut runs = vec![Vec::new(); makers.len()];
    for round in 0..rounds {
        for turn in 0..makers.len() {
            let at = (round + turn) % makers.len();
            runs[at].push(makers[at].run(dir));
        }
    }
    runs
}

/// Writes `size` bytes into so many files, and reads them once.
fn write_data(path: &Path, size: u64, files: u64) -> io::Result<()> {
    let mut rng = Rng::new(1);
    let mut left = size;
    for file in 0..files {
        let path = match files {
            1 => path.to_owned(),
            _ => path.join(format!("{}/{file}.bin", file / FILES_A_DIRECTORY)),
        };
        fs::create_dir_all(path.parent().expect("a parent"))?;
        // Sizes from nearly nothing to twice the mean; what is left goes into the last.
        let mean = size / files;
        let length = if file + 1 == files { left } else { left.min(rng.next_u64() % (2 * mean)) };
        let mut out = BufWriter::with_capacity(1 << 20, File::create(&path)?);
        for _ in 0..length.div_ceil(8) {
            out.write_all(&rng.next_u64().to_le_bytes())?;
        }
        out.into_inner()?.set_len(length)?;
        io::copy(&mut File::open(path)?, &mut io::sink())?;
        left -= length;
    }
    Ok(())
}

/// What all processes took of the processor that this one started and that have ended, from `/proc/self/stat`.
fn processor_seconds() -> f64 {
    const TICKS_A_SECOND: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // The second field, the name, may hold anything but ends with the last parenthesis.
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |field: usize| fields.get(field - 3).and_then(|ticks| ticks.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(16) + ticks(17)) / TICKS_A_SECOND
}

/// Bytes a second of SHA-1 on one core.
fn openssl_speed() -> Option<f64> {
    let args = ["speed", "-seconds", "3", "-bytes", "1048576", "-evp", "sha1"];
    let output = Command::new("openssl").args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let figure = text.lines().last()?.split_whitespace().last()?.strip_suffix('k')?;
    figure.parse::<f64>().ok().map(|thousands| thousands * 1000.0)
}

fn per_second(speed: f64) -> String {
    format!("{:.2} GB/s", speed / 1e9)
}

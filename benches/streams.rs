//! What pages that follow live cost: `cargo bench --bench streams -- [STREAMS] [SECONDS]`.
//!
//! A beacon with the client within and an empty collection is started, and pages open their streams of events. While nothing
//! changes, the processor time of the beacon is read. Then a drain is ordered and taken back, again and again: how long after the
//! order was sent each page has heard that something changed; and beside them, how long a plain request takes.

#![expect(clippy::print_stdout, reason = "its output is what it is for")]
#![expect(clippy::cast_precision_loss, reason = "figures for people")]

#[path = "parts/process.rs"]
mod process;

use std::{
    error::Error,
    fs,
    net::{SocketAddr, TcpListener},
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use process::{resident, ticks};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    net::TcpStream,
    sync::mpsc,
    time::{Instant, sleep, timeout},
};

type Failure = Box<dyn Error>;

/// After a start the client looks at its directory, and others are looked for; that is not what is measured.
const SETTLING: Duration = Duration::from_secs(20);
/// How many changes are waited for.
const CHANGES: usize = 20;
/// Further apart than changes that are told as one.
const APART: Duration = Duration::from_secs(1);
const DEADLINE: Duration = Duration::from_secs(20);

fn main() -> Result<(), Failure> {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse().ok());
    let streams: usize = numbers.next().unwrap_or(500);
    let seconds = numbers.next().unwrap_or(60) as u64;
    let dir = tempfile::tempdir()?;
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let address = SocketAddr::from(([127, 0, 0, 1], port));
    write_collection(dir.path())?;
    let mut beacon = start(dir.path(), address)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = runtime.block_on(measure(&beacon, dir.path(), address, streams, seconds));
    beacon.kill()?;
    beacon.wait()?;
    result
}

async fn measure(beacon: &Child, dir: &Path, address: SocketAddr, streams: usize, seconds: u64) -> Result<(), Failure> {
    wait_until_it_answers(address).await?;
    sleep(SETTLING).await;
    let token = fs::read_to_string(dir.join("beacon-data/api.token"))?.trim().to_owned();
    println!("| streams | % of a core, idle | MB resident | told, ms: median | 99 % | most | a request, ms |");
    println!("|--:|--:|--:|--:|--:|--:|--:|");
    for count in [0, streams] {
        let (tell, mut told) = mpsc::unbounded_channel();
        for page in 0..count {
            let lines = follow(address).await?;
            tokio::spawn(listen(page, lines, tell.clone()));
        }
        for _ in 0..count {
            told.recv().await.ok_or("a stream ended")?;
        }
        let before = ticks(beacon)?;
        sleep(Duration::from_secs(seconds)).await;
        // Linux counts in hundredths of a second.
        let percent = (ticks(beacon)? - before) as f64 / seconds as f64;
        let idle_events = std::iter::from_fn(|| told.try_recv().ok()).count();
        let bytes = resident(beacon)?;
        let mut delays = Vec::new();
        let mut requests = Vec::new();
        for number in 1..=CHANGES {
            let begin = Instant::now();
            let method = if number % 2 == 1 { "POST" } else { "DELETE" };
            order(address, method, "/api/v1/drain", &token).await?;
            delays.extend(delays_since(begin, &mut told, count).await?);
            let begin = Instant::now();
            get(address, "/api/v1/collections").await?;
            requests.push(begin.elapsed());
            sleep(APART).await;
            while told.try_recv().is_ok() {}
        }
        let [median, most_of_them, most] = [0.5, 0.99, 1.0].map(|share| millis(&mut delays, share));
        let request = millis(&mut requests, 1.0);
        println!(
            "| {count} | {percent:.2} | {:.0} | {median} | {most_of_them} | {most} | {request} |",
            bytes as f64 / 1e6
        );
        if idle_events > 0 {
            println!("while nothing changed, {idle_events} events came");
        }
    }
    Ok(())
}

/// How long after `begin` each page heard that something changed.
async fn delays_since(
    begin: Instant,
    told: &mut mpsc::UnboundedReceiver<(usize, Instant)>,
    count: usize,
) -> Result<Vec<Duration>, Failure> {
    let mut heard = vec![None; count];
    let mut waiting = count;
    while waiting > 0 {
        let (page, at) = timeout(DEADLINE, told.recv()).await?.ok_or("a stream ended")?;
        if heard[page].replace(at.saturating_duration_since(begin)).is_none() {
            waiting -= 1;
        }
    }
    Ok(heard.into_iter().flatten().collect())
}

async fn follow(address: SocketAddr) -> Result<Lines<BufReader<TcpStream>>, Failure> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n").await?;
    Ok(BufReader::new(stream).lines())
}

/// Tells of each event when it came.
async fn listen(page: usize, mut lines: Lines<BufReader<TcpStream>>, tell: mpsc::UnboundedSender<(usize, Instant)>) {
    while let Ok(Some(line)) = lines.next_line().await {
        if line.starts_with("event: change") && tell.send((page, Instant::now())).is_err() {
            return;
        }
    }
}

async fn get(address: SocketAddr, path: &str) -> Result<String, Failure> {
    send(address, &format!("GET {path}"), "").await
}

async fn order(address: SocketAddr, method: &str, path: &str, token: &str) -> Result<String, Failure> {
    let headers = format!("Authorization: Bearer {token}\r\nContent-Length: 0\r\n");
    send(address, &format!("{method} {path}"), &headers).await
}

async fn send(address: SocketAddr, begin: &str, headers: &str) -> Result<String, Failure> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("{begin} HTTP/1.1\r\nHost: localhost\r\n{headers}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut text = String::new();
    timeout(DEADLINE, stream.read_to_string(&mut text)).await??;
    if text.starts_with("HTTP/1.1 200") { Ok(text) } else { Err(text.into()) }
}

async fn wait_until_it_answers(address: SocketAddr) -> Result<(), Failure> {
    let begin = Instant::now();
    while get(address, "/readyz").await.is_err() {
        if begin.elapsed() > DEADLINE {
            return Err("the beacon does not answer".into());
        }
        sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

fn write_collection(dir: &Path) -> Result<(), Failure> {
    fs::create_dir_all(dir.join("collections"))?;
    let text = "{ \"id\": \"0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90\", \"name\": \"Streams\", \"redundancy\": { \"target\": 1 }, \
                \"torrents\": [] }";
    Ok(fs::write(dir.join("collections/streams.json"), text)?)
}

fn start(dir: &Path, address: SocketAddr) -> Result<Child, Failure> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_beacon"));
    command.arg("run");
    for set in [
        &format!("dashboard={address}"),
        "listen=127.0.0.1:0",
        "client.listen=127.0.0.1:0",
        "client.dht=false",
        "lan_discovery=false",
        "stun_servers=[]",
    ] {
        command.args(["--set", set]);
    }
    let log = fs::File::create(dir.join("log"))?;
    Ok(command.current_dir(dir).stdout(Stdio::null()).stderr(log).spawn()?)
}

/// The value below which this share of the sorted values lies, as people read it.
fn millis(values: &mut [Duration], share: f64) -> String {
    values.sort_unstable();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a list")]
    let place = ((values.len() as f64 * share).ceil() as usize).saturating_sub(1);
    values.get(place).map_or_else(|| "-".to_owned(), |value| format!("{:.1}", value.as_secs_f64() * 1e3))
}

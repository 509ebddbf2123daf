//! A beacon that is killed while it fetches.

use std::{fs, path::PathBuf, time::Duration};

use serde_json::json;
use sha1::{Digest as _, Sha1};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpListener,
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::fetcher::Fetcher;
use crate::support::{BeaconProcess, Dice, Port, TestTorrent, Weather, World, share};

const PIECE_BYTES: usize = 16 << 10;
const PIECES: usize = 64;
const RATE: u64 = 250_000;
const KILLS: u64 = 3;
const SEED: u64 = 20_260_401;
const TIME_MAX: Duration = Duration::from_mins(2);
/// What a connection costs beside its pieces: handshakes, a bitfield, `have`s, and parts of the .torrent.
const TALK_BYTES: u64 = 4_000;
/// The head of a message with a block (BEP 3), which is a whole piece here.
const HEAD_BYTES: u64 = 13;

/// A tracker (BEP 3, 23) that names one peer.
async fn tracker(peer: u16) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("http://{}/announce", listener.local_addr().expect("bound"));
    let body = [b"d8:intervali5e5:peers6:\x7f\0\0\x01".as_slice(), &peer.to_be_bytes(), b"e"].concat();
    let task = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut line = String::new();
            let mut reader = BufReader::new(&mut stream);
            while reader.read_line(&mut line).await.is_ok_and(|bytes| bytes > 2) {
                line.clear();
            }
            let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
            // Who hung up asks again.
            drop(stream.write_all(&[head.as_bytes(), &body].concat()).await);
        }
    });
    (url, task)
}

/// The pieces of the only file below a directory that are as they should be.
fn whole_pieces(beacon: &BeaconProcess, torrent: &TestTorrent) -> u64 {
    let Some(found) = find(beacon.storage_dir(), &torrent.name) else { return 0 };
    let found = fs::read(found).expect("read");
    let data = torrent.content();
    let is_whole = |(piece, wanted): &(&[u8], &[u8])| Sha1::digest(piece) == Sha1::digest(wanted);
    found.chunks(PIECE_BYTES).zip(data.chunks(PIECE_BYTES)).filter(is_whole).count() as u64
}

fn find(dir: PathBuf, name: &str) -> Option<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(dir).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    entries.sort();
    let file = entries.iter().find(|path| path.is_file() && path.ends_with(name)).cloned();
    file.or_else(|| entries.into_iter().filter(|path| path.is_dir()).find_map(|dir| find(dir, name)))
}

/// What was whole on the disk when the beacon was killed is not asked for again, but for the one piece that may have been
/// written and not yet noted.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_beacon_fetches_no_complete_piece_twice() {
    let world = World::new();
    let torrent = TestTorrent::single("letters.bin", PIECES * PIECE_BYTES, 1);
    let source = Fetcher::sharing(&world.dir().join("source"), &torrent).await;
    let port = Port::open(source.address, Weather { rate: RATE, faults: None }).await;
    let (url, tracker) = tracker(port.address.port()).await;
    let torrent = torrent.with_tracker(&url);
    let mut attic = BeaconProcess::new(world.dir(), "attic", &json!({ "type": "embedded", "listen": "127.0.0.1:0" }));
    share(&[&attic], 1, std::slice::from_ref(&torrent));
    attic.start();
    attic.order(&["pin", &torrent.info_hash]).expect("pinned");

    let mut dice = Dice::new(SEED);
    for kill in 0..KILLS {
        // Somewhere within the next part of what is to come.
        let share_bytes = (PIECES * PIECE_BYTES) as u64 / (KILLS + 1);
        let moment = kill * share_bytes + dice.between(share_bytes / 2, share_bytes);
        timeout(TIME_MAX, carried(&port, moment)).await.expect("it fetches");
        attic.kill9();
        // What was under way is lost with the connection, and counted no more.
        sleep(Duration::from_millis(200)).await;
        let (whole, before) = (whole_pieces(&attic, &torrent), port.carried());
        assert!((1..PIECES as u64).contains(&whole), "it was killed in the middle: {whole} pieces");
        attic.start();
        if kill + 1 == KILLS {
            let missing = PIECES as u64 - whole;
            complete(&attic, &torrent).await;
            let fetched = port.carried() - before;
            let most = (missing + 1) * (PIECE_BYTES as u64 + HEAD_BYTES) + TALK_BYTES;
            assert!(fetched <= most, "{missing} pieces were missing, and {fetched} bytes were fetched");
        }
    }
    let file = find(attic.storage_dir(), &torrent.name).expect("a file");
    torrent.assert_data(file.parent().expect("a directory"));
    attic.terminate();
    tracker.abort();
}

async fn carried(port: &Port, bytes: u64) {
    while port.carried() < bytes {
        sleep(Duration::from_millis(5)).await;
    }
}

async fn complete(beacon: &BeaconProcess, torrent: &TestTorrent) {
    let complete = async {
        while whole_pieces(beacon, torrent) < PIECES as u64 {
            sleep(Duration::from_millis(200)).await;
        }
    };
    assert!(timeout(TIME_MAX, complete).await.is_ok(), "{:?}", beacon.status());
}

//! The embedded client in a process of its own, as uploaders and as downloader.

use std::{
    fs,
    io::{BufRead as _, Write as _, stdin, stdout},
    net::SocketAddr,
    path::Path,
};

use beacon::{
    client::{
        AddRequest, AddSource, Owner, TorrentClient as _,
        embedded::{Embedded, EmbeddedSettings, SpeedLimits},
    },
    metainfo::Metainfo,
    model::{ClientChange, ContentState, Holding},
};
use tokio::{runtime::Runtime, time::sleep};

use crate::{DOWNLOADER, LOOK, PORT, uploader};

/// Shares what is in `dir` by so many clients, until standard input ends.
pub(crate) fn upload(dir: &Path, count: usize) {
    Runtime::new().expect("a runtime").block_on(async {
        let torrent = fs::read(dir.join("source.torrent")).expect("a torrent");
        let mut clients = Vec::new();
        for place in 0..count {
            let mut client = start(&dir.join(format!("uploader-{place}")), uploader(place)).await;
            client.add(&request(torrent.clone(), &dir.join("source"), Owner::User)).await.expect("added");
            until_complete(&mut client).await;
            clients.push(client);
        }
        say("ready");
        // Nothing is ever said there: it ends when whoever wanted this does.
        drop(tokio::task::spawn_blocking(|| stdin().lock().lines().next()).await);
    });
}

/// Fetches into `dir/files` the torrent whose path is the first line of standard input.
pub(crate) fn download(dir: &Path) {
    Runtime::new().expect("a runtime").block_on(async {
        let mut client = start(&dir.join("state"), SocketAddr::from((DOWNLOADER, PORT))).await;
        say("ready");
        let line = stdin().lock().lines().next().expect("a line").expect("text");
        let torrent = fs::read(line).expect("a torrent");
        client.add(&request(torrent, &dir.join("files"), Owner::Beacon)).await.expect("added");
        until_complete(&mut client).await;
        say("done");
        drop(stdin().lock().lines().next());
    });
}

async fn start(state_dir: &Path, listen: SocketAddr) -> Embedded {
    let settings = EmbeddedSettings {
        listen,
        state_dir: state_dir.to_owned(),
        tracker: None,
        dht: false,
        limits: SpeedLimits::default(),
    };
    Embedded::start(&settings, 1).await.expect("starts")
}

fn request(torrent: Vec<u8>, save_dir: &Path, owner: Owner) -> AddRequest {
    AddRequest {
        info_hash: Metainfo::read(&torrent).expect("a torrent").info_hash(),
        owner,
        source: AddSource::Metainfo(torrent.into()),
        save_dir: save_dir.to_owned(),
        collections: Vec::new(),
        peers: Vec::new(),
    }
}

/// Waits until all of it is checked, and on the disk for good.
async fn until_complete(client: &mut Embedded) {
    let is_complete = |holding: &Holding| holding.content == ContentState::Serving;
    loop {
        let (ClientChange::Full(changed) | ClientChange::Delta { changed, .. }) = client.poll().await.expect("told");
        if changed.iter().any(is_complete) {
            return;
        }
        sleep(LOOK).await;
    }
}

fn say(word: &str) {
    println!("{word}");
    stdout().flush().expect("a pipe");
}

//! Fetching, serving, resting and leaving.

use std::fs;

use super::bench::{Bench, Sample, fetched, sharing};
use crate::{
    client::{AddOutcome, AddRequest, AddSource, CommandError, Removed, TorrentClient as _},
    model::{ContentState, InfoHash},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_torrent_is_fetched_from_who_shares_it_and_found_after_a_restart() {
    let sample = Sample::new(1);
    let (mut source, _place) = sharing(&sample).await;
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    let request = sample.request(&bench.data(), vec![source.address().await]);
    assert_eq!(bench.client.add(&request).await, Ok(AddOutcome::Added));
    assert_eq!(bench.client.add(&request).await, Ok(AddOutcome::Added), "asked twice");
    let holding = bench.wait_for(ContentState::Serving).await;
    assert!(sample.is_whole(&bench.data()));
    assert!(holding.marked);
    assert_eq!(Some(holding.done), holding.size);

    drop((bench, source));
    let mut bench = Bench::start(dir.path()).await;
    let [holding] = bench.poll().await else { panic!("one torrent") };
    assert_eq!(holding.content, ContentState::Serving, "at once, without another look at the data");
    assert_eq!(bench.client.metainfo(&sample.hash).await, Ok(Some(sample.bytes.clone())));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sleeping_torrent_serves_who_knocks() {
    let sample = Sample::new(2);
    let (source, place) = sharing(&sample).await;
    drop(source);
    // After the restart it is complete, and so not even in the engine.
    let mut source = Bench::start(place.path()).await;
    source.poll().await;
    let (bench, _dir) = fetched(&sample, &mut source).await;
    assert!(sample.is_whole(&bench.data()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_torrent_rests_and_is_started_again() {
    let sample = Sample::new(3);
    let (mut source, _place) = sharing(&sample).await;
    let (mut bench, dir) = fetched(&sample, &mut source).await;
    bench.client.stop(&sample.hash).await.expect("stopped");
    bench.wait_for(ContentState::Resting).await;
    drop(bench);
    let mut bench = Bench::start(dir.path()).await;
    bench.wait_for(ContentState::Resting).await;
    bench.client.start(&sample.hash).await.expect("started");
    bench.wait_for(ContentState::Serving).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_beacon_added_is_removed_with_its_files_and_nothing_else() {
    let sample = Sample::new(4);
    let (mut source, place) = sharing(&sample).await;
    let (mut bench, _dir) = fetched(&sample, &mut source).await;
    fs::write(bench.data().join("sample/deep/note.txt"), "mine").expect("written");

    assert_eq!(bench.client.remove(&sample.hash).await, Ok(Removed::WithFiles));
    assert!(bench.poll().await.is_empty());
    assert!(!bench.data().join("sample/a.bin").exists() && !bench.data().join("sample/deep/b.bin").exists());
    assert!(bench.data().join("sample/deep/note.txt").exists(), "what is not the torrent's stays");
    assert_eq!(bench.client.remove(&sample.hash).await, Err(CommandError::NoSuchTorrent(sample.hash)));

    assert_eq!(source.client.remove(&sample.hash).await, Err(CommandError::NotOurs(sample.hash)));
    assert!(sample.is_whole(&place.path().join("mine")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_magnet_finds_its_torrent_at_a_holder() {
    let sample = Sample::new(8);
    let (mut source, _place) = sharing(&sample).await;
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    let request = AddRequest {
        source: AddSource::Magnet(format!("magnet:?xt=urn:btih:{}", sample.hash)),
        ..sample.request(&bench.data(), vec![source.address().await])
    };
    assert_eq!(bench.client.add(&request).await, Ok(AddOutcome::Added));
    assert_eq!(bench.client.metainfo(&sample.hash).await, Ok(None), "not yet known");
    bench.wait_for(ContentState::Serving).await;
    assert!(sample.is_whole(&bench.data()));
}

#[tokio::test(flavor = "multi_thread")]
async fn v2_only_and_foreign_torrents_are_refused_with_the_reason() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    let sample = Sample::new(9);
    let other = AddRequest { info_hash: InfoHash::V1([9; 20]), ..sample.request(&bench.data(), Vec::new()) };
    assert!(matches!(bench.client.add(&other).await, Err(CommandError::Rejected { .. })));
    let hash = InfoHash::V2([7; 32]);
    let link = AddSource::Magnet(format!("magnet:?xt=urn:btmh:1220{hash}"));
    let v2 = AddRequest { info_hash: hash, source: link, ..sample.request(&bench.data(), Vec::new()) };
    let refusal = bench.client.add(&v2).await.expect_err("refused").to_string();
    assert!(refusal.contains("v2") && refusal.contains("qBittorrent"), "{refusal}");
    assert!(bench.poll().await.is_empty());
}

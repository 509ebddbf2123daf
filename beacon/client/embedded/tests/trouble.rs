//! Files that are wrong, missing or not to be written, and ends at bad moments.

use std::{fs, time::Duration};

use tokio::time::{Instant, sleep};

use super::bench::{Bench, PATIENCE, PIECE, Sample, fetched, sharing};
use crate::{
    client::embedded::{Embedded, EmbeddedSettings, SpeedLimits},
    client::{AddRequest, CommandError, Owner, TorrentClient as _},
    model::ContentState,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_users_files_are_never_written_even_where_they_are_wrong() {
    let sample = Sample::new(12);
    let (mut source, _place) = sharing(&sample).await;
    let dir = tempfile::tempdir().expect("a directory");
    sample.write(&dir.path().join("mine"));
    let changed = dir.path().join("mine/sample/deep/b.bin");
    let mut letter = sample.files[1].1.clone();
    letter[..8].copy_from_slice(b"my notes");
    fs::write(&changed, &letter).expect("written");
    let mut bench = Bench::start(dir.path()).await;
    let peers = vec![source.address().await];
    let request = AddRequest { owner: Owner::User, ..sample.request(&dir.path().join("mine"), peers) };
    bench.client.add(&request).await.expect("added");
    bench.wait_for(ContentState::Broken).await;
    sleep(Duration::from_millis(500)).await;
    assert_eq!(fs::read(&changed).expect("read"), letter);
    let warnings = bench.client.info().await.expect("told").warnings;
    assert!(warnings[0].contains("not what the torrent says"), "{warnings:?}");

    sample.write(&dir.path().join("mine"));
    bench.client.engine.hasten();
    bench.wait_for(ContentState::Serving).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_that_was_cut_off_is_brought_to_its_end() {
    let sample = Sample::new(5);
    let (mut source, _place) = sharing(&sample).await;
    let (bench, dir) = fetched(&sample, &mut source).await;
    drop(bench);
    let record = dir.path().join(format!("state/torrents/{}.json", sample.hash));
    let text = fs::read_to_string(&record).expect("read").replace("\"work\"", "\"leave\"");
    fs::write(&record, text).expect("written");
    fs::remove_file(dir.path().join("data/sample/a.bin")).expect("some of it is gone already");

    let mut bench = Bench::start(dir.path()).await;
    assert!(bench.poll().await.is_empty());
    assert!(!bench.data().exists() && !record.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_files_are_told_and_never_fetched_over() {
    let sample = Sample::new(6);
    let (bench, place) = sharing(&sample).await;
    drop(bench);
    fs::rename(place.path().join("mine"), place.path().join("unmounted")).expect("moved");
    let mut bench = Bench::start(place.path()).await;
    bench.wait_for(ContentState::Broken).await;
    let woken = bench.client.engine.wake(&sample.hash.truncated()).await;
    assert!(woken.is_err_and(|reason| reason.contains("a.bin")), "it cannot be served either");
    assert!(!place.path().join("mine").exists(), "nothing was made in its place");
    let warnings = bench.client.info().await.expect("told").warnings;
    assert!(matches!(&warnings[..], [warning] if warning.contains("a.bin")), "{warnings:?}");

    fs::rename(place.path().join("unmounted"), place.path().join("mine")).expect("moved back");
    bench.client.engine.hasten();
    bench.wait_for(ContentState::Serving).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_written_is_told_and_tried_again() {
    let sample = Sample::new(13);
    let (mut source, _place) = sharing(&sample).await;
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    fs::write(bench.data(), "a file where a directory should be").expect("written");
    bench.client.add(&sample.request(&bench.data(), vec![source.address().await])).await.expect("taken");
    bench.wait_for(ContentState::Broken).await;
    let warnings = bench.client.info().await.expect("told").warnings;
    assert!(warnings[0].contains("sample") && warnings[0].contains("tried again"), "{warnings:?}");
    assert!(matches!(bench.client.remove(&sample.hash).await, Err(CommandError::NotNow { .. })));

    fs::remove_file(bench.data()).expect("removed");
    bench.client.engine.hasten();
    bench.wait_for(ContentState::Serving).await;
    assert!(sample.is_whole(&bench.data()));
}

/// The place of a client that was killed after it had noted the first four pieces; these bytes are on the disk.
async fn interrupted(sample: &Sample, bytes: &[u8]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    // Nobody is there to fetch from.
    bench.client.add(&sample.request(&bench.data(), Vec::new())).await.expect("added");
    bench.wait_for(ContentState::Fetching).await;
    drop(bench);
    fs::create_dir_all(dir.path().join("data/sample")).expect("made");
    fs::write(dir.path().join("data/sample/a.bin"), bytes).expect("written");
    fs::write(dir.path().join(format!("state/torrents/{}.pieces", sample.hash)), [0xf0]).expect("written");
    dir
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_noted_is_not_fetched_again() {
    let sample = Sample::new(7);
    let (mut source, _place) = sharing(&sample).await;
    let dir = interrupted(&sample, &sample.files[0].1[..4 * PIECE]).await;

    let mut bench = Bench::start(dir.path()).await;
    let begun = Instant::now();
    while bench.poll().await.first().is_none_or(|holding| holding.done != 4 * PIECE as u64) {
        assert!(begun.elapsed() < PATIENCE, "{:?}", bench.held);
        sleep(Duration::from_millis(50)).await;
    }
    let address = source.address().await;
    bench.client.add_peers(&sample.hash, &[address]).await.expect("told");
    bench.client.stop(&sample.hash).await.expect("stopped");
    bench.client.engine.unload(&sample.hash.truncated()).await;
    bench.client.start(&sample.hash).await.expect("started");
    bench.wait_for(ContentState::Serving).await;
    assert!(sample.is_whole(&bench.data()));
    let fetched = source.client.engine.session.stats_snapshot().counters.uploaded_bytes;
    assert_eq!(fetched, 8 * PIECE as u64 + 77 - 4 * PIECE as u64, "and not more than was missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_noted_and_is_wrong_is_found_before_anybody_is_told_of_a_copy() {
    let sample = Sample::new(14);
    let (mut source, _place) = sharing(&sample).await;
    // The disk has lost what was written, though not how long it was.
    let dir = interrupted(&sample, &vec![0; 4 * PIECE]).await;
    let mut bench = Bench::start(dir.path()).await;
    let address = source.address().await;
    bench.client.add_peers(&sample.hash, &[address]).await.expect("told");
    bench.wait_for(ContentState::Serving).await;
    assert!(sample.is_whole(&bench.data()));
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_go_while_it_is_served_are_missed() {
    let sample = Sample::new(15);
    let (mut bench, place) = sharing(&sample).await;
    fs::remove_file(place.path().join("mine/sample/a.bin")).expect("removed");
    bench.client.engine.hasten();
    bench.wait_for(ContentState::Broken).await;
    sample.write(&place.path().join("mine"));
    bench.client.engine.hasten();
    bench.wait_for(ContentState::Serving).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_metainfo_a_torrent_is_told_as_broken() {
    let sample = Sample::new(16);
    let (bench, place) = sharing(&sample).await;
    drop(bench);
    fs::remove_file(place.path().join(format!("state/torrents/{}.torrent", sample.hash))).expect("removed");
    let mut bench = Bench::start(place.path()).await;
    bench.wait_for(ContentState::Broken).await;
    let warnings = bench.client.info().await.expect("told").warnings;
    assert!(warnings[0].contains(".torrent"), "{warnings:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_is_named() {
    let dir = tempfile::tempdir().expect("a directory");
    let mut bench = Bench::start(dir.path()).await;
    let settings = EmbeddedSettings {
        listen: bench.address().await,
        state_dir: dir.path().join("other"),
        tracker: None,
        dht: false,
        limits: SpeedLimits::default(),
    };
    let error = Embedded::start(&settings, 1).await.expect_err("taken").to_string();
    assert!(error.contains("client.listen") && error.contains("127.0.0.1"), "{error}");
}

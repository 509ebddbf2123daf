//! Commands touch what is the beacon's, and nothing else.

use super::fake::{Era, Fake, Fault, Upload, form};
use crate::{
    client::{AddOutcome, AddRequest, AddSource, CommandError, Owner, Removed, TorrentClient},
    model::InfoHash,
};

const A: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
const B: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const ERAS: [Era; 3] = [Era::V45, Era::V51, Era::V52];

fn hash(id: &str) -> InfoHash {
    id.parse().unwrap()
}

fn request() -> AddRequest {
    AddRequest {
        info_hash: hash(A),
        source: AddSource::Metainfo(b"d4:infodee".as_slice().into()),
        owner: Owner::Beacon,
        save_dir: "/beacon/letters".into(),
        collections: vec!["Town, beacon-keep".to_owned()],
        peers: vec!["127.0.0.11:16881".parse().unwrap()],
    }
}

#[tokio::test]
async fn a_torrent_is_added_with_marks_limits_and_peers() {
    for era in ERAS {
        let fake = Fake::start(era).await;
        fake.play().upload = Upload::Shows(A.to_owned());
        assert_eq!(fake.client().add(&request()).await, Ok(AddOutcome::Added), "{era:?}");

        let play = fake.play();
        let upload = play.command("torrents/add").unwrap();
        for (name, value) in [
            ("savepath", "/beacon/letters"),
            ("category", "beacon"),
            ("tags", "beacon,beacon:Town beacon-keep"),
            ("paused", "false"),
            ("stopped", "false"),
            ("autoTMM", "false"),
            ("ratioLimit", "-1"),
        ] {
            assert!(upload.contains(&format!("name=\"{name}\"\r\n\r\n{value}\r\n")), "{name}: {upload}");
        }
        assert!(upload.contains(&format!("filename=\"{A}.torrent\"")) && !upload.contains("skip_checking"));
        let peers = form(play.command("torrents/addPeers").unwrap());
        assert_eq!((peers["hashes"].as_str(), peers["peers"].as_str()), (A, "127.0.0.11:16881"));
    }
}

#[tokio::test]
async fn what_the_user_has_is_left_as_it_is() {
    for era in ERAS {
        let fake = Fake::start(era).await;
        fake.play().put(A, "linux", "/home/me/letters.txt");
        assert_eq!(fake.client().add(&request()).await, Ok(AddOutcome::AlreadyThere));
        assert_eq!(fake.play().commands, []);
        // Not even the tag makes it the beacon's where it is in another place.
        fake.play().put(A, "beacon", "/home/me/letters.txt");
        assert_eq!(fake.client().add(&request()).await, Ok(AddOutcome::AlreadyThere));
        // One that a lost attempt put there is.
        fake.play().put(A, "beacon", "/beacon/letters/letters.txt");
        assert_eq!(fake.client().add(&request()).await, Ok(AddOutcome::Added));
        assert!(fake.play().command("torrents/add").is_none());
    }
}

#[tokio::test]
async fn a_torrent_that_shows_without_the_tag_is_not_the_beacons() {
    let fake = Fake::start(Era::V51).await;
    fake.play().upload = Upload::ShowsUntagged(A.to_owned());
    assert_eq!(fake.client().add(&request()).await, Ok(AddOutcome::AlreadyThere));
    assert!(fake.play().command("torrents/addPeers").is_none());
}

#[tokio::test]
async fn refusals_and_silence_are_told_apart() {
    for era in ERAS {
        let fake = Fake::start(era).await;
        assert!(matches!(fake.client().add(&request()).await, Err(CommandError::Rejected { .. })), "{era:?}");
        fake.play().upload = Upload::Bad;
        assert!(matches!(fake.client().add(&request()).await, Err(CommandError::Rejected { .. })), "{era:?}");
        fake.play().upload = Upload::Shows(A.to_owned());
        fake.play().fault = Fault::Forgetful;
        assert_eq!(fake.client().add(&request()).await, Err(CommandError::NoEffect(hash(A))), "{era:?}");
    }
}

#[tokio::test]
async fn what_is_the_users_gets_no_mark() {
    for era in ERAS {
        let fake = Fake::start(era).await;
        fake.play().upload = Upload::Shows(A.to_owned());
        let shared = AddRequest { owner: Owner::User, save_dir: "/home/me/letters".into(), ..request() };
        assert_eq!(fake.client().add(&shared).await, Ok(AddOutcome::Added), "{era:?}");
        let play = fake.play();
        assert!(play.command("torrents/createCategory").is_none(), "{era:?}");
        let upload = play.command("torrents/add").unwrap();
        assert!(upload.contains("/home/me/letters"), "{upload}");
        assert!(!upload.contains("name=\"category\"") && !upload.contains("name=\"tags\""), "{upload}");
    }
}

#[tokio::test]
async fn what_cannot_be_told_safely_is_not_sent() {
    let fake = Fake::start(Era::V51).await;
    let magnet = |link: &str| AddRequest { source: AddSource::Magnet(link.to_owned()), ..request() };
    for request in [
        AddRequest { save_dir: "letters".into(), ..request() },
        AddRequest { save_dir: "/beacon/../home".into(), ..request() },
        magnet("https://example.org/x.torrent"),
        magnet("magnet:?xt=urn:btih:aa\nhttps://example.org/x.torrent"),
    ] {
        assert!(matches!(fake.client().add(&request).await, Err(CommandError::Rejected { .. })), "{request:?}");
    }
    assert_eq!(fake.play().calls, 0);
}

#[tokio::test]
async fn stopping_and_starting_work_in_all_versions_and_only_on_our_own() {
    for (era, stop, start) in [
        (Era::V45, "torrents/pause", "torrents/resume"),
        (Era::V51, "torrents/stop", "torrents/start"),
        (Era::V52, "torrents/stop", "torrents/start"),
    ] {
        let fake = Fake::start(era).await;
        fake.play().put(A, "beacon", "/beacon/a/x");
        fake.play().put(B, "beacon, beacon-keep", "/beacon/b/x");
        let mut client = fake.client();
        assert_eq!(client.stop(&hash(A)).await, Ok(()));
        assert_eq!(client.start(&hash(A)).await, Ok(()));
        assert_eq!(client.stop(&hash(B)).await, Err(CommandError::NotOurs(hash(B))));
        let body = format!("hashes={A}");
        assert_eq!(fake.play().commands, [(stop.to_owned(), body.clone()), (start.to_owned(), body)]);
    }
}

#[tokio::test]
async fn our_own_torrent_goes_with_its_files() {
    let fake = Fake::start(Era::V52).await;
    fake.play().put(A, "beacon", "/beacon/letters/a.txt");
    fake.play().put(B, "linux", "/home/me/b.txt");
    fake.play().files.insert(A.to_owned(), vec!["a.txt"]);
    assert_eq!(fake.client().remove(&hash(A)).await, Ok(Removed::WithFiles));
    assert_eq!(fake.play().commands, [("torrents/delete".to_owned(), format!("hashes={A}&deleteFiles=true"))]);
    assert!(fake.play().torrents.contains_key(B));
}

#[tokio::test]
async fn a_torrent_without_our_mark_is_never_removed() {
    let fake = Fake::start(Era::V51).await;
    fake.play().files.insert(A.to_owned(), vec!["a.txt"]);
    for tags in ["", "beacon:Town", "beacon, beacon-keep"] {
        fake.play().put(A, tags, "/beacon/letters/a.txt");
        assert_eq!(fake.client().remove(&hash(A)).await, Err(CommandError::NotOurs(hash(A))), "{tags}");
    }
    assert_eq!(fake.client().remove(&hash(B)).await, Err(CommandError::NoSuchTorrent(hash(B))));
    assert_eq!(fake.play().commands, []);
}

#[tokio::test]
async fn files_that_another_torrent_may_have_stay() {
    type Arrange = fn(&mut super::fake::Play);
    let cases: [(&str, Arrange); 4] = [
        ("the same file", |play| {
            play.put(B, "", "/beacon/letters/a.txt");
            play.files.insert(B.to_owned(), vec!["a.txt"]);
        }),
        ("a torrent spread over the directory above", |play| {
            play.put(B, "", "/beacon/letters");
            play.torrents.get_mut(B).unwrap().insert("save_path".to_owned(), "/beacon".into());
            play.files.insert(B.to_owned(), vec!["other/b.txt", "letters/a.txt"]);
        }),
        ("files that are not told", |play| play.put(B, "", "/beacon/letters/a.txt")),
        ("a place that is not told", |play| play.put(B, "", "")),
    ];
    for (case, arrange) in cases {
        let fake = Fake::start(Era::V51).await;
        fake.play().put(A, "beacon", "/beacon/letters/a.txt");
        fake.play().files.insert(A.to_owned(), vec!["a.txt"]);
        arrange(&mut fake.play());
        assert_eq!(fake.client().remove(&hash(A)).await, Ok(Removed::FilesKept), "{case}");
        let body = format!("hashes={A}&deleteFiles=false");
        assert_eq!(fake.play().command("torrents/delete"), Some(body.as_str()), "{case}");
    }
}

#[tokio::test]
async fn nothing_is_removed_of_a_torrent_in_trouble() {
    for state in ["missingFiles", "error", "moving", "checkingUP", "checkingResumeData", "unknown"] {
        let fake = Fake::start(Era::V51).await;
        fake.play().put(A, "beacon", "/beacon/letters/a.txt");
        fake.play().files.insert(A.to_owned(), vec!["a.txt"]);
        fake.play().torrents.get_mut(A).unwrap().insert("state".to_owned(), state.into());
        let refused = fake.client().remove(&hash(A)).await;
        assert!(matches!(refused, Err(CommandError::NotNow { .. })), "{state}: {refused:?}");
        assert_eq!(fake.play().commands, [], "{state}");
    }
}

#[tokio::test]
async fn a_stopped_torrent_goes_as_well() {
    for (era, state) in [(Era::V45, "pausedUP"), (Era::V51, "stoppedUP"), (Era::V52, "stoppedUP")] {
        let fake = Fake::start(era).await;
        fake.play().put(A, "beacon", "/beacon/letters/a.txt");
        fake.play().files.insert(A.to_owned(), vec!["a.txt"]);
        fake.play().torrents.get_mut(A).unwrap().insert("state".to_owned(), state.into());
        assert_eq!(fake.client().remove(&hash(A)).await, Ok(Removed::WithFiles), "{era:?}");
    }
}

#[tokio::test]
async fn a_client_that_does_not_answer_has_removed_and_stopped_nothing() {
    for fault in [Fault::Gateway, Fault::Slow, Fault::Html] {
        let fake = Fake::start(Era::V51).await;
        fake.play().put(A, "beacon", "/beacon/letters/a.txt");
        fake.play().fault = fault;
        for result in [fake.client().stop(&hash(A)).await, fake.client().remove(&hash(A)).await.map(drop)] {
            assert!(matches!(result, Err(CommandError::Client(_))), "{fault:?}: {result:?}");
        }
        assert!(fake.play().torrents.contains_key(A), "{fault:?}");
    }
}

#[tokio::test]
async fn metainfo_is_handed_out_where_there_is_some() {
    let fake = Fake::start(Era::V51).await;
    fake.play().put(A, "", "/data/a.txt");
    let mut client = fake.client();
    assert_eq!(client.metainfo(&hash(A)).await, Ok(Some(b"d4:infodee".to_vec())));
    assert_eq!(client.metainfo(&hash(B)).await, Err(CommandError::NoSuchTorrent(hash(B))));
    fake.play().torrents.clear();
    assert_eq!(client.metainfo(&hash(A)).await, Ok(None));
}

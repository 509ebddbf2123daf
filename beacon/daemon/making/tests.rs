//! Tests of making torrents in the background.

use std::{fs, path::PathBuf, sync::Arc, thread, time::Duration};

use tempfile::TempDir;
use tokio::sync::watch;

use super::Maker;
use crate::{
    daemon::{
        Editor,
        collections::{CatalogState, read_collection},
    },
    web::{Changes, JobView, MakeForm, MakeRefusal, MakesTorrents as _},
};

const TOWN: &str = r#"{ "id": "0d9f2c4e-5b1a-4c3e-9a77-2f1d5c7e8b90", "name": "Town", "torrents": [] }"#;

/// `allowed/letters`, a collection, and something that is nobody's business.
struct Bench(TempDir);

impl Bench {
    fn new() -> Self {
        let bench = Self(TempDir::new().expect("a directory"));
        for (name, text) in
            [("allowed/letters/may.txt", "A letter of May."), ("collections/town.json", TOWN), ("secret/key", "secret")]
        {
            fs::create_dir_all(bench.path(name).parent().expect("a parent")).expect("made");
            fs::write(bench.path(name), text).expect("written");
        }
        bench
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().canonicalize().expect("there").join(name)
    }

    fn maker(&self) -> Maker {
        new_maker(vec![self.path("allowed")], self.path("collections"))
    }

    fn form(&self, path: &str) -> MakeForm {
        MakeForm {
            path: self.path(path),
            name: None,
            piece_length: None,
            private: false,
            version: crate::web::MakeVersion::V1,
            collection: None,
            target: None,
        }
    }
}

fn new_maker(create_from: Vec<PathBuf>, collections: PathBuf) -> Maker {
    let (_, catalog) = watch::channel(CatalogState::default());
    let editor = Arc::new(Editor::new(collections.clone(), catalog));
    Maker::new(create_from, collections, Changes::new(0), editor)
}

/// Waits until a job has ended.
fn ended(maker: &Maker, begun: Result<JobView, MakeRefusal>) -> JobView {
    let id = begun.expect("begun").id;
    for _ in 0..2_000 {
        let job = maker.job(id).expect("not forgotten");
        if job.state != "running" {
            return job;
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("job {id} does not end");
}

#[test]
fn a_torrent_is_made_and_listed() {
    let bench = Bench::new();
    let maker = bench.maker();
    let form = MakeForm { collection: Some("Town".to_owned()), target: Some(2), ..bench.form("allowed/letters") };
    let job = ended(&maker, maker.begin(form));
    let made = job.result.expect("a torrent");
    assert_eq!((made.name.as_str(), made.size, job.bytes_done, job.bytes_total), ("letters", 16, 16, 16));
    assert_eq!(PathBuf::from(made.file), bench.path("collections/letters.torrent"));
    let listed = fs::read_to_string(bench.path("collections/town.json")).expect("a collection");
    assert!(listed.contains(r#"{ "file": "letters.torrent", "redundancy": { "target": 2 } }"#), "{listed}");
    let again = maker.begin(bench.form("allowed/letters"));
    assert!(matches!(&again, Err(MakeRefusal::Senseless(why)) if why.contains("is there already")), "{again:?}");
    let other = MakeForm { name: Some("may".to_owned()), ..bench.form("allowed/letters/may.txt") };
    assert_eq!(ended(&maker, maker.begin(other)).result.expect("a torrent").name, "may");
}

#[cfg(unix)]
#[test]
fn nothing_outside_the_allowed_directories_is_read() {
    use std::os::unix::fs::symlink;
    let bench = Bench::new();
    let maker = bench.maker();
    symlink(bench.path("secret"), bench.path("allowed/link")).expect("linked");
    for path in ["secret", "allowed/link", "allowed/../secret", "nowhere", "allowed/nowhere", ""] {
        let refused = maker.begin(bench.form(path)).expect_err(path);
        assert!(matches!(refused, MakeRefusal::NotAllowed(_)), "{path}: {refused}");
    }
    let relative = MakeForm { path: "allowed/letters".into(), ..bench.form("") };
    assert!(matches!(maker.begin(relative), Err(MakeRefusal::NotAllowed(_))));
    symlink(bench.path("secret/key"), bench.path("allowed/letters/key")).expect("linked");
    let made = ended(&maker, maker.begin(bench.form("allowed/letters"))).result.expect("a torrent");
    assert_eq!((made.size, made.left_out.len()), (16, 1), "what a link leads out to is not in it");
    let off = new_maker(Vec::new(), bench.path("collections"));
    assert_eq!(off.begin(bench.form("allowed/letters")), Err(MakeRefusal::SwitchedOff));
}

#[test]
fn what_makes_no_sense_is_refused_at_once() {
    let bench = Bench::new();
    let maker = bench.maker();
    let refused = |form: MakeForm| maker.begin(form).expect_err("refused");
    for name in ["../up", "a/b", "..", "", "/etc"] {
        let form = MakeForm { name: Some(name.to_owned()), ..bench.form("allowed/letters") };
        assert!(matches!(refused(form), MakeRefusal::Senseless(_)), "{name}");
    }
    let nobody = MakeForm { collection: Some("Twon".to_owned()), ..bench.form("allowed/letters") };
    assert_eq!(refused(nobody), MakeRefusal::NoSuchCollection("Twon".to_owned()));
    let no_collection = MakeForm { target: Some(2), ..bench.form("allowed/letters") };
    assert!(matches!(refused(no_collection), MakeRefusal::Senseless(_)));
    let bad = MakeForm { piece_length: Some(0), ..bench.form("allowed/letters") };
    let failed = ended(&maker, maker.begin(bad));
    assert!(failed.error.is_some_and(|error| error.contains("piece length")));
    assert_eq!(maker.job(99), None);
}

#[test]
fn two_are_made_at_a_time_and_can_be_ended() {
    let bench = Bench::new();
    let maker = bench.maker();
    for name in ["one", "two", "three"] {
        // Holes are read as zeros: much to read, and nothing on the disk.
        let file = fs::File::create(bench.path("allowed").join(name)).expect("a file");
        file.set_len(1 << 40).expect("long");
    }
    let begun = ["allowed/one", "allowed/two"].map(|path| maker.begin(bench.form(path)).expect("begun"));
    assert_eq!(maker.begin(bench.form("allowed/three")), Err(MakeRefusal::Busy(2)));
    for job in begun {
        maker.cancel(job.id).expect("known");
        let ended = ended(&maker, Ok(job));
        assert_eq!(ended.error.as_deref(), Some("it has been cancelled"));
    }
    assert_eq!(fs::read_dir(bench.path("collections")).expect("a directory").count(), 1);
    assert!(maker.begin(bench.form("allowed/letters")).is_ok());
}

#[test]
fn what_the_collection_lists_already_is_not_listed_again() {
    let bench = Bench::new();
    let maker = bench.maker();
    let first = ended(&maker, maker.begin(bench.form("allowed/letters"))).result.expect("a torrent");
    let magnet = format!(r#"[{{ "magnet": "{}" }}]"#, first.magnet);
    let town = bench.path("collections/town.json");
    fs::write(&town, TOWN.replace("[]", &magnet)).expect("written");
    fs::remove_file(bench.path("collections/letters.torrent")).expect("removed");
    let listed = MakeForm { collection: Some("Town".to_owned()), ..bench.form("allowed/letters") };
    let again = ended(&maker, maker.begin(listed));
    assert_eq!(again.result.expect("a torrent").info_hash, first.info_hash);
    assert_eq!(fs::read_to_string(&town).expect("a collection"), TOWN.replace("[]", &magnet));
    read_collection(&town, |_| None).expect("still a good collection");
}

#[test]
fn two_jobs_may_put_torrents_into_one_collection() {
    let bench = Bench::new();
    let maker = bench.maker();
    for round in 0..20 {
        let begun = ["one", "other"].map(|which| {
            let path = format!("allowed/{which}{round}");
            fs::write(bench.path(&path), &path).expect("written");
            maker.begin(MakeForm { collection: Some("Town".to_owned()), ..bench.form(&path) })
        });
        for begun in begun {
            ended(&maker, begun).result.expect("a torrent");
        }
    }
    let town = read_collection(&bench.path("collections/town.json"), |_| None).expect("a good collection");
    assert_eq!(town.torrents.len(), 40);
    assert_eq!(
        fs::read_dir(bench.path("collections")).expect("a directory").count(),
        41,
        "nothing is left lying about"
    );
}

#[test]
fn a_job_that_runs_is_not_forgotten() {
    let bench = Bench::new();
    let maker = bench.maker();
    // Holes are read as zeros: much to read, and nothing on the disk.
    let file = fs::File::create(bench.path("allowed/long")).expect("a file");
    file.set_len(1 << 40).expect("long");
    let long = maker.begin(bench.form("allowed/long")).expect("begun");
    let bad = || MakeForm { piece_length: Some(0), ..bench.form("allowed/letters") };
    let first = ended(&maker, maker.begin(bad())).id;
    for _ in 0..50 {
        ended(&maker, maker.begin(bad()));
    }
    assert_eq!(maker.job(first), None, "the oldest that has ended is forgotten");
    maker.cancel(long.id).expect("not forgotten");
    assert_eq!(ended(&maker, Ok(long)).error.as_deref(), Some("it has been cancelled"));
}

#[cfg(unix)]
#[test]
fn paths_that_are_no_utf8_are_told_all_the_same() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let bench = Bench::new();
    let collections = bench.path("").join(OsStr::from_bytes(b"collections-\xe9"));
    fs::create_dir(&collections).expect("made");
    let maker = new_maker(vec![bench.path("allowed")], collections);
    let job = ended(&maker, maker.begin(bench.form("allowed/letters")));
    let told = serde_json::to_value(&job).expect("JSON");
    assert!(
        told["result"]["file"].as_str().is_some_and(|file| file.ends_with("/collections-\u{fffd}/letters.torrent"))
    );
}

#[test]
fn of_much_that_is_left_out_the_first_is_told() {
    let bench = Bench::new();
    let maker = bench.maker();
    for at in 0..103 {
        fs::create_dir(bench.path(&format!("allowed/letters/empty{at:03}"))).expect("made");
    }
    let made = ended(&maker, maker.begin(bench.form("allowed/letters"))).result.expect("a torrent");
    assert_eq!((made.left_out.len(), made.left_out_more), (100, 3));
    assert!(made.left_out[99].ends_with("empty099 (an empty directory)"), "{}", made.left_out[99]);
}

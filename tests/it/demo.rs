//! `beacon demo`: that it shows what it says, and leaves nothing behind.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use serde_json::Value;

use crate::support::{Process, until};

const START_TIME_MAX: Duration = Duration::from_mins(1);
const END_TIME_MAX: Duration = Duration::from_secs(30);
const FILES: [&str; 7] = ["C1F1", "C1F2", "C1F3", "C1F4", "C1F5", "C2F1", "C2F2"];

/// The demo with all that it makes below `dir`.
fn demo(dir: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_beacon"));
    command.arg("demo").args(args).current_dir(dir).env("TMPDIR", dir).env_remove("BEACON_LOG").stdin(Stdio::null());
    command
}

fn is_empty(dir: &Path) -> bool {
    fs::read_dir(dir).expect("a directory").next().is_none()
}

#[test]
fn the_demo_fetches_eight_deletes_one_and_mends_what_a_power_cut_took() {
    let dir = tempfile::tempdir().expect("a directory");
    let output = demo(dir.path(), &["--once", "--json", "--size", "100kB"]).output().expect("it runs");
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}\n{talk}", String::from_utf8_lossy(&output.stdout));
    let told: Value = serde_json::from_slice(&output.stdout).expect("one object");
    assert_eq!((&told["fetches"], &told["deletions"]), (&8.into(), &1.into()), "{talk}");
    let moved = told["bytes_moved"].as_u64().expect("bytes");
    let least = told["bytes_least"].as_u64().expect("bytes");
    assert_eq!(least, 8 * 100_000);
    assert!((least..=least + least / 20).contains(&moved), "{moved} bytes moved of {least}: {talk}");
    for copies in [&told["copies"], &told["repair"]["copies"], &told["return"]["copies"]] {
        assert!(FILES.iter().all(|file| copies[file] == 3), "{told}");
    }
    assert_eq!(told["repair"]["killed"], "P3");
    assert!(told["repair"]["fetches"].as_u64().is_some_and(|fetches| fetches >= 4), "it had four copies: {told}");
    assert_eq!(told["repair"]["fetches"], told["return"]["deletions"], "what was made anew was too much: {told}");
    assert_eq!(told["return"]["bytes_moved"], 0, "nothing is fetched anew: {told}");
    assert_eq!((&told["verified"], &told["ok"]), (&21.into(), &true.into()));
    assert!(is_empty(dir.path()), "it is all removed");
}

#[test]
fn a_demo_that_is_interrupted_ends_and_leaves_nothing_behind() {
    let (dir, logs) = (tempfile::tempdir().expect("a directory"), tempfile::tempdir().expect("a directory"));
    let mut demo = demo(dir.path(), &["--size", "100kB", "--beacons", "3"]);
    let demo = Process::start("a demo", &mut demo, logs.path().join("log"));
    until("its beacons run", START_TIME_MAX, || match demo.log_tail() {
        log if log.contains("P1 to P3 run") => Ok(()),
        log => Err(log),
    });
    assert!(!is_empty(dir.path()));
    let (status, _) = demo.interrupt(END_TIME_MAX);
    assert_eq!(status.code(), Some(1), "it was not through");
    assert!(is_empty(dir.path()), "it is all removed");
}

#[test]
fn numbers_that_make_no_demo_are_refused_before_anything_is_made() {
    let dir = tempfile::tempdir().expect("a directory");
    for (args, reason) in [
        (["--size", "1kB"], "choose 16 kB to 1 GB"),
        (["--size", "2GB"], "choose 16 kB to 1 GB"),
        (["--beacons", "2"], "2 is not in 3..=25"),
        (["--beacons", "26"], "26 is not in 3..=25"),
    ] {
        let output = demo(dir.path(), &args).output().expect("it runs");
        let talk = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{talk}");
        assert!(talk.contains(reason), "{talk}");
    }
    let nowhere = demo(dir.path(), &["--once"]).env("TMPDIR", dir.path().join("nowhere")).output().expect("it runs");
    assert_eq!(nowhere.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&nowhere.stderr).contains("TMPDIR names another place"));
    assert!(is_empty(dir.path()));
}

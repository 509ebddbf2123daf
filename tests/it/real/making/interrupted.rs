//! What is left when the making of a torrent is broken off.

use std::{
    fs::{self, File},
    process::{Command, Stdio},
    time::Duration,
};

use super::tools::Bench;
use crate::support::until;

#[test]
fn nothing_is_left_of_a_torrent_that_is_interrupted() {
    let bench = Bench::new(&[]);
    // Holes are read as zeros: much to read, and nothing on the disk.
    File::create(bench.dir().join("tree/large")).and_then(|file| file.set_len(1 << 40)).expect("a file");
    let mut making = Command::new(env!("CARGO_BIN_EXE_beacon"))
        .args(["torrent", "create", "tree"])
        .current_dir(bench.dir())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("a program that runs");
    let open_files = format!("/proc/{}/fd", making.id());
    until("it reads the file", Duration::from_secs(20), || {
        let open = fs::read_dir(&open_files).map_err(|error| error.to_string())?;
        let mut targets = open.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok());
        targets.any(|target| target.ends_with("tree/large")).then_some(()).ok_or_else(|| "not yet".to_owned())
    });
    let interrupted = Command::new("kill").args(["-INT", &making.id().to_string()]).status().expect("kill runs");
    assert!(interrupted.success());
    assert!(!making.wait().expect("it ends").success());
    let left: Vec<_> =
        fs::read_dir(bench.dir()).expect("a directory").map(|entry| entry.expect("read").file_name()).collect();
    assert_eq!(left, ["tree"]);
}

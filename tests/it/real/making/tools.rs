//! The other programs that make and read torrents, and trees to try them with.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::support::Dice;

/// A directory of its own, with `tree` in it to make torrents of.
#[derive(Debug)]
pub(super) struct Bench(tempfile::TempDir);

impl Bench {
    /// With files of these paths below `tree`, and lengths.
    pub(super) fn new(files: &[(&[u8], usize)]) -> Self {
        let bench = Self(tempfile::TempDir::new().expect("a directory"));
        fs::create_dir(bench.dir().join("tree")).expect("made");
        let mut dice = Dice::new(files.len() as u64);
        for (path, length) in files {
            bench.write(path, &dice.bytes(*length));
        }
        bench
    }

    pub(super) fn dir(&self) -> &Path {
        self.0.path()
    }

    /// Writes a file of the tree.
    pub(super) fn write(&self, path: &[u8], content: &[u8]) {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
        let path = self.dir().join("tree").join(OsStr::from_bytes(path));
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, content).expect("written");
    }

    /// Runs a program here that must succeed; what it says.
    pub(super) fn run(&self, program: &str, args: &[&str]) -> String {
        let output = Command::new(program).args(args).current_dir(self.dir()).output();
        let output = output.unwrap_or_else(|error| panic!("{program}: {error}; tests/run installs it"));
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert!(output.status.success(), "{program} {args:?}: {}\n{out}\n{err}", output.status);
        out
    }

    /// Has the beacon make `ours.torrent` of `tree`, with pieces of 32 KiB, and tells what it says.
    pub(super) fn beacon(&self, args: &[&str]) -> Value {
        let fixed = ["torrent", "create", "tree", "--output", "ours.torrent", "--force", "--json"];
        let pieces = ["--piece-length", "32 KiB"];
        let told = self.run(env!("CARGO_BIN_EXE_beacon"), &[&fixed[..], &pieces, args].concat());
        serde_json::from_str(&told).expect("JSON")
    }

    /// The info-hashes that libtorrent reads in a .torrent, v1 and v2; zeros where there is none.
    pub(super) fn hashes_read_by_libtorrent(&self, file: &str) -> (String, String) {
        let told = self.python(LIBTORRENT_READ, &[file]);
        let mut lines = told.lines().map(str::to_owned);
        (lines.next().expect("a v1 hash"), lines.next().expect("a v2 hash"))
    }

    /// Runs a script with Debian's own Python, which has libtorrent.
    pub(super) fn python(&self, script: &str, args: &[&str]) -> String {
        self.run("/usr/bin/python3", &[&["-c", script], args].concat())
    }

    /// Where `ours.torrent` is.
    pub(super) fn ours(&self) -> PathBuf {
        self.dir().join("ours.torrent")
    }
}

/// Info-hashes of the .torrent that is named.
const LIBTORRENT_READ: &str = "
import sys, libtorrent
hashes = libtorrent.torrent_info(sys.argv[1]).info_hashes()
print(hashes.v1)
print(hashes.v2)
";

/// Makes `theirs.torrent` with pieces of 32 KiB: argv is v1, v2 or hybrid. Files that v1 lists are handed over in the
/// order of their whole paths, since libtorrent takes them as the directory has them.
pub(super) const LIBTORRENT_MAKE: &str = "
import os, sys, libtorrent
files = libtorrent.file_storage()
flags = {'v1': 64, 'v2': 32, 'hybrid': 0}[sys.argv[1]]
if sys.argv[1] == 'v1' and os.path.isdir('tree'):
    found = [os.path.join(dir, name) for dir, _, names in os.walk('tree') for name in names]
    for path in sorted(found, key=os.fsencode):
        files.add_file(path, os.path.getsize(path))
else:
    libtorrent.add_files(files, 'tree')
torrent = libtorrent.create_torrent(files, 32768, flags)
libtorrent.set_piece_hashes(torrent, '.')
open('theirs.torrent', 'wb').write(libtorrent.bencode(torrent.generate()))
";

/// Has libtorrent check the data in the working directory against `ours.torrent`; fails unless all of it is right.
pub(super) const LIBTORRENT_CHECK: &str = "
import sys, time, libtorrent
session = libtorrent.session({'listen_interfaces': '', 'enable_dht': False, 'enable_lsd': False,
                              'enable_upnp': False, 'enable_natpmp': False})
params = libtorrent.add_torrent_params()
params.ti = libtorrent.torrent_info('ours.torrent')
params.save_path = '.'
handle = session.add_torrent(params)
deadline = time.monotonic() + 60
while not handle.status().is_seeding:
    status = handle.status()
    if status.errc.value() or time.monotonic() > deadline:
        sys.exit(f'{status.state} {status.progress} {status.errc.message()}')
    time.sleep(0.05)
";

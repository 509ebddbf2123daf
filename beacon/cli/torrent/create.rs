//! `beacon torrent create`: a torrent of a file or a directory.

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::{
    into::{Listing, find_collection},
    progress::Progress,
    told::{headline, summary},
};
use crate::{
    cli::{CliError, Env, Options, drain::moment, share::share_new},
    create::{CreateError, Prepared, Wanted, own_name, write_whole},
    metainfo::{NewTorrent, Version},
    model::{ByteSize, ParseByteSizeError, Redundancy, readable},
    web::parse_rfc3339,
};

/// Make a torrent of a file or a directory
///
/// Every file is read once, by all cores. The same files make the same info-hash, whoever makes the torrent and
/// wherever: nothing goes into it but names, contents, and what is said here. Symbolic links are followed, but not out of
/// the directory; links that lead out of it, nowhere or round in circles, empty directories, sockets and devices are left
/// out, and named.
#[derive(Debug, Args)]
pub struct Create {
    /// The file or directory
    path: PathBuf,
    /// Where to write it [default: NAME.torrent, in the working directory, or beside the collection file]
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Replace a file that is there already
    #[arg(long)]
    force: bool,
    /// What to call it, instead of by the name of the file or directory
    #[arg(long)]
    name: Option<String>,
    /// How long pieces are, such as 1048576 or "1 MiB" [default: 16 KiB to 16 MiB, for 1,000 to 2,000 pieces]
    #[arg(long, value_name = "BYTES", value_parser = piece_length)]
    piece_length: Option<u64>,
    /// Allow peers from its own trackers only; takes part in the info-hash
    #[arg(long)]
    private: bool,
    /// A tracker's URL; can be repeated
    #[arg(long, value_name = "URL")]
    tracker: Vec<String>,
    /// Say in the file when it was made: RFC 3339, or a date
    #[arg(long, value_name = "DATE", value_parser = moment)]
    date: Option<String>,
    #[command(flatten)]
    version: VersionArgs,
    /// The collection to put it into, by name or file
    #[arg(long, value_name = "COLLECTION")]
    into: Option<String>,
    /// The copies wanted of it, where they are not the collection's
    #[arg(long, value_name = "N", requires = "into")]
    target: Option<u16>,
    /// Serve it from where it is, by the running beacon; it stays yours, and is never deleted
    #[arg(long, requires = "into", conflicts_with = "name")]
    share: bool,
}

/// Which versions of the protocol a torrent is to be for.
#[derive(Debug, Args)]
#[group(multiple = false)]
struct VersionArgs {
    /// Make it for version 1 of the protocol, which every client has [default]
    #[arg(long)]
    v1: bool,
    /// Make it for version 2 only (BEP 52), which many clients do not have
    #[arg(long)]
    v2: bool,
    /// Make it for both versions, with files filled up to whole pieces
    #[arg(long)]
    hybrid: bool,
}

impl Create {
    pub(super) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        if let Some(target) = self.target {
            Redundancy::new(target.into(), None)?;
        }
        let collection = self.into.as_ref().map(|name| find_collection(env, options, name)).transpose()?;
        let path = env.resolve(&self.path);
        let output = self.output(env, &path, collection.as_deref())?;
        if !self.force && output.symlink_metadata().is_ok() {
            return Err(CreateError::Exists(env.shown(&output)).into());
        }
        let prepared = Prepared::new(&path, Some(&output), &self.wanted())?;
        for left_out in prepared.left_out() {
            let shown = readable(&env.shown(&left_out.path).to_string_lossy());
            env.talk(format_args!("left out: {shown} ({})", left_out.why));
        }
        let progress = Progress::new(env, prepared.size());
        let torrent = prepared.hash(&progress)?;
        let speed = progress.end();
        write_whole(&output, &torrent.bytes, self.force)?;
        let listing = collection.map(|file| Listing::put(env, file, &output, self.target)).transpose()?;
        tell(env, options, &prepared, &torrent, &output, listing.as_ref())?;
        if !options.json {
            env.talk(speed);
        }
        if self.share {
            share_new(env, options, &torrent.metainfo.info_hash(), &path)?;
        }
        Ok(())
    }

    fn output(&self, env: &Env, path: &Path, collection: Option<&Path>) -> Result<PathBuf, CliError> {
        if let Some(output) = &self.output {
            return Ok(env.resolve(output));
        }
        let mut name = match &self.name {
            Some(name) => name.into(),
            None => own_name(path)?,
        };
        name.push(".torrent");
        let beside = collection.and_then(|file| Some(env.resolve(file).parent()?.join(&name)));
        Ok(beside.unwrap_or_else(|| env.dir.join(&name)))
    }

    fn wanted(&self) -> Wanted {
        let version = match (self.version.v2, self.version.hybrid) {
            (true, _) => Version::V2,
            (_, true) => Version::Hybrid,
            _ => Version::V1,
        };
        Wanted {
            name: self.name.clone(),
            version,
            piece_length: self.piece_length,
            private: self.private,
            trackers: self.tracker.clone(),
            created: self.date.as_deref().and_then(parse_rfc3339).map(|date| date.as_millis() / 1000),
        }
    }
}

/// Says what has been made.
fn tell(
    env: &mut Env,
    options: &Options,
    prepared: &Prepared,
    torrent: &NewTorrent,
    output: &Path,
    listing: Option<&Listing>,
) -> Result<(), CliError> {
    let shown = env.shown(output);
    if options.json {
        let left_out = prepared.left_out().iter();
        let left_out: Vec<_> = left_out
            .map(|left| json!({ "path": env.shown(&left.path).to_string_lossy(), "why": left.why.to_string() }))
            .collect();
        let mut told = summary(&torrent.metainfo);
        told["file"] = json!(shown.to_string_lossy());
        told["files"] = json!(prepared.files());
        told["left_out"] = json!(left_out);
        told["collection"] = json!(listing.map(|listing| listing.file.to_string_lossy()));
        return env.data(told);
    }
    for line in headline(&torrent.metainfo) {
        env.data(line)?;
    }
    env.talk(format_args!("made {}", shown.display()));
    if let Some(listing) = listing {
        env.talk(listing);
    }
    Ok(())
}

fn piece_length(text: &str) -> Result<u64, ParseByteSizeError> {
    text.parse().map(ByteSize::bytes)
}

//! `beacon collection add`: torrents into a collection.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::{Value, json};

use super::{check::torrents_shown, relative::relative};
use crate::{
    catalog::{CatalogFault, TorrentFacts},
    cli::{CliError, Env, Options, save},
    collection::{CollectionFile, EntrySource, NewEntry, append},
    daemon::collections::{CollectionProblem, read_collection, read_up_to},
    json::Document,
    metainfo::METAINFO_BYTES_MAX,
    model::{InfoHash, Redundancy},
};

/// Add torrents to a collection
#[derive(Debug, Args)]
pub struct Add {
    /// The collection file
    pub(in crate::cli) file: PathBuf,
    /// Paths of .torrent files, and magnet links
    #[arg(required = true, value_name = "ITEM")]
    pub(in crate::cli) items: Vec<String>,
    /// The copies wanted of these, where they are not the collection's
    #[arg(long)]
    pub(in crate::cli) target: Option<u16>,
    /// Larger is fetched earlier among torrents with equally few copies
    #[arg(long, default_value_t = 0, allow_negative_numbers = true)]
    pub(in crate::cli) priority: i32,
}

impl Add {
    pub(super) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        let (added, already) = self.put(env)?;
        self.tell(env, options, &added, &already)
    }

    /// Puts the torrents into the file. What was put there, and what was there already.
    pub(in crate::cli) fn put(&self, env: &Env) -> Result<(Vec<Value>, Vec<Value>), CliError> {
        if let Some(target) = self.target {
            Redundancy::new(target.into(), None)?;
        }
        let path = env.resolve(&self.file);
        let unreadable = |reason| CliError::File { path: self.file.clone(), verb: "read", reason };
        // Of a link, it is the directory of the link that counts: there beacons find the file.
        let base_dir = path.parent().unwrap_or(Path::new("/")).canonicalize().map_err(unreadable)?;
        let bytes = read_up_to(&path, CollectionFile::BYTES_MAX).map_err(unreadable)?;
        let collection = read_collection(&path, |_| None).map_err(|problem| {
            CliError::Collection(CollectionProblem { file: self.file.clone(), ..problem }.to_string())
        })?;
        let mut present: BTreeSet<InfoHash> =
            collection.torrents.iter().flat_map(|torrent| torrent.hashes.iter()).collect();

        let (mut entries, mut added, mut already) = (Vec::new(), Vec::new(), Vec::new());
        for item in &self.items {
            let (source, facts) = read_item(env, &base_dir, item)?;
            let told = told(item, &facts);
            if facts.hashes.iter().any(|hash| present.contains(&hash)) {
                already.push(told);
                continue;
            }
            present.extend(facts.hashes.iter());
            entries.push(NewEntry { target: self.target, priority: self.priority, ..NewEntry::new(source) });
            added.push(told);
        }
        if !entries.is_empty() {
            let in_file = |place: String| CliError::Collection(format!("{}:{place}", self.file.display()));
            let text = Document::decode(&bytes).map_err(|error| in_file(error.to_string()))?;
            let text = append(text, &entries).map_err(|error| in_file(error.to_string()))?;
            // Reading the .torrent files of a large collection takes a while.
            if read_up_to(&path, CollectionFile::BYTES_MAX).map_err(unreadable)? != bytes {
                return Err(CliError::Changed(self.file.clone()));
            }
            save::replace(&path, &text)?;
        }
        Ok((added, already))
    }

    fn tell(&self, env: &mut Env, options: &Options, added: &[Value], already: &[Value]) -> Result<(), CliError> {
        if options.json {
            env.data(json!({ "added": added, "already": already }))?;
        } else {
            for torrent in added {
                env.data(torrent["info_hash"].as_str().unwrap_or_default())?;
            }
        }
        for torrent in already {
            let item = torrent["item"].as_str().unwrap_or_default();
            env.talk(format_args!("{item} is in the collection already; it is not added again"));
        }
        env.talk(format_args!("{} added to {}", torrents_shown(added.len()), self.file.display()));
        Ok(())
    }
}

fn told(item: &str, facts: &TorrentFacts) -> Value {
    json!({ "item": item, "info_hash": facts.info_hash.to_string(), "name": facts.name, "size": facts.size })
}

/// What an argument means, and how the collection file is to name it.
fn read_item(env: &Env, base_dir: &Path, item: &str) -> Result<(EntrySource, TorrentFacts), CliError> {
    let cannot = |reason| CliError::Item { item: item.to_owned(), reason };
    if item.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("magnet:")) {
        let link = item.trim();
        let facts = TorrentFacts::of_magnet(link).map_err(|error| cannot(CatalogFault::Magnet(error)))?;
        return Ok((EntrySource::Magnet(link.to_owned()), facts));
    }
    let given = PathBuf::from(item);
    let unreadable = |reason| cannot(CatalogFault::Unreadable { path: given.clone(), reason });
    let path = env.resolve(&given).canonicalize().map_err(unreadable)?;
    let bytes = read_up_to(&path, METAINFO_BYTES_MAX).map_err(unreadable)?;
    let facts = TorrentFacts::of_file(&bytes)
        .map_err(|reason| cannot(CatalogFault::Metainfo { path: given.clone(), reason }))?;
    let written = relative(base_dir, &path).ok_or_else(|| CliError::PathNotUtf8(given.clone()))?;
    Ok((EntrySource::File(written), facts))
}

//! `beacon collection set`, `drop` and `remove`: changing a collection, and laying it aside.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;

use crate::{
    catalog::{CatalogFault, TorrentFacts},
    cli::{CliError, Env, Options},
    collection::{Change, EntryChange, HeadChange, change_entry, change_head, remove_entry},
    daemon::{Draft, collections::is_collection_name, lay_aside},
    model::InfoHash,
};

/// Change the name of a collection, or the copies wanted
#[derive(Debug, Args)]
pub struct Set {
    /// The collection file
    file: PathBuf,
    /// What people call the collection
    #[arg(long, conflicts_with = "torrent")]
    name: Option<String>,
    /// The copies wanted of each torrent; `none` takes the number away
    #[arg(long, value_name = "COPIES", value_parser = copies)]
    target: Option<Change<u16>>,
    /// The copies above which surplus is deleted; `none` takes the number away
    #[arg(long, value_name = "COPIES", value_parser = copies)]
    max: Option<Change<u16>>,
    /// Change only this torrent, by its info-hash or a magnet link
    #[arg(long)]
    torrent: Option<String>,
    /// Larger is fetched earlier among torrents with equally few copies
    #[arg(long, allow_negative_numbers = true, requires = "torrent")]
    priority: Option<i32>,
}

/// Take torrents off the list of a collection; their data stays
#[derive(Debug, Args)]
pub struct Drop {
    /// The collection file
    file: PathBuf,
    /// Their info-hashes or magnet links
    #[arg(required = true, value_name = "TORRENT")]
    torrents: Vec<String>,
}

/// Lay a collection aside: its file gets another name, and no data is deleted
#[derive(Debug, Args)]
pub struct Remove {
    /// The collection file
    file: PathBuf,
}

impl Set {
    pub(super) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        let draft = Draft::open(&env.resolve(&self.file))?;
        let (target, max) = (self.target.unwrap_or_default(), self.max.unwrap_or_default());
        let text = match &self.torrent {
            Some(torrent) => {
                let priority = self.priority.map_or(Change::Keep, Change::Set);
                let place = draft.place_of(&info_hash(torrent)?)?;
                change_entry(draft.text(), place, &EntryChange { target, max, priority })
            }
            None => change_head(draft.text(), &HeadChange { name: self.name.clone(), target, max }),
        };
        let text = text.map_err(|error| CliError::Collection(format!("{}:{error}", self.file.display())))?;
        let is_changed = text != draft.text();
        draft.replace(&text)?;
        if options.json {
            return env.data(json!({ "file": self.file, "changed": is_changed }));
        }
        let shown = self.file.display();
        env.talk(if is_changed { format!("changed {shown}") } else { format!("{shown} says so already") });
        Ok(())
    }
}

impl Drop {
    pub(super) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        let hashes = self.torrents.iter().map(|torrent| info_hash(torrent)).collect::<Result<Vec<_>, _>>()?;
        let path = env.resolve(&self.file);
        // All or none: where one is not listed, nothing is written.
        let draft = Draft::open(&path)?;
        let mut places = hashes.iter().map(|hash| draft.place_of(hash)).collect::<Result<Vec<_>, _>>()?;
        places.sort_unstable();
        places.dedup();
        let mut text = draft.text().to_owned();
        for place in places.into_iter().rev() {
            text = remove_entry(&text, place)
                .map_err(|error| CliError::Collection(format!("{}:{error}", self.file.display())))?;
        }
        draft.replace(&text)?;
        if options.json {
            let dropped: Vec<String> = hashes.iter().map(ToString::to_string).collect();
            return env.data(json!({ "file": self.file, "dropped": dropped }));
        }
        env.talk(format_args!("{} lists them no more; their data stays where it is", self.file.display()));
        Ok(())
    }
}

impl Remove {
    pub(super) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        if !is_collection_name(&self.file) {
            return Err(CliError::NotACollectionName(self.file.clone()));
        }
        let aside = env.shown(&lay_aside(&env.resolve(&self.file))?);
        if options.json {
            return env.data(json!({ "file": self.file, "aside": aside }));
        }
        env.data(aside.display())?;
        env.talk(format_args!(
            "{0} is no collection any more, and no data is deleted; it is one again when it is renamed to {0}",
            self.file.display()
        ));
        Ok(())
    }
}

/// The torrent that is meant.
fn info_hash(text: &str) -> Result<InfoHash, CliError> {
    let item = || text.to_owned();
    if text.trim_start().to_ascii_lowercase().starts_with("magnet:") {
        let facts = TorrentFacts::of_magnet(text.trim());
        return facts
            .map(|facts| facts.info_hash)
            .map_err(|error| CliError::Item { item: item(), reason: CatalogFault::Magnet(error) });
    }
    text.trim().parse().map_err(|error| CliError::NotAnInfoHash(format!("{error}")))
}

/// A number of copies, or none.
fn copies(text: &str) -> Result<Change<u16>, String> {
    match text {
        "none" => Ok(Change::Unset),
        text => text.parse().map(Change::Set).map_err(|_no_number| "write a number, or `none`".to_owned()),
    }
}

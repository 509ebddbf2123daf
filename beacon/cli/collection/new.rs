//! `beacon collection new`: an empty collection.

use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use uuid::Uuid;

use crate::{
    cli::{CliError, Env, Options, save},
    collection::{CollectionFile, template},
    daemon::collections::is_collection_name,
    model::{CollectionId, Redundancy},
};

/// Make an empty collection with an id of its own
#[derive(Debug, Args)]
pub struct New {
    /// The file to make, such as collections/town.json
    file: PathBuf,
    /// What people call the collection
    #[arg(long)]
    name: String,
    /// The copies wanted of each torrent
    #[arg(long, default_value_t = Redundancy::default().target())]
    target: u16,
    /// The copies above which surplus is deleted [default: the target]
    #[arg(long)]
    max: Option<u16>,
}

impl New {
    pub(super) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        let redundancy = Redundancy::new(self.target.into(), self.max.map(u64::from))?;
        if !CollectionFile::is_name(&self.name) {
            return Err(CliError::Name);
        }
        if !is_collection_name(&self.file) {
            return Err(CliError::NotACollectionName(self.file.clone()));
        }
        let id = new_id();
        save::create(&env.resolve(&self.file), &template(id, &self.name, redundancy)).map_err(|error| match error {
            CliError::Exists(_) => CliError::Exists(self.file.clone()),
            CliError::File { verb, reason, .. } => CliError::File { path: self.file.clone(), verb, reason },
            other => other,
        })?;
        let shown = self.file.display();
        if options.json {
            env.data(json!({ "file": self.file, "id": id.to_string(), "name": self.name }))?;
        } else {
            env.data(id)?;
        }
        env.talk(format_args!("made {shown}; put torrents into it with `beacon collection add {shown} ITEM...`"));
        Ok(())
    }
}

#[expect(clippy::disallowed_methods, reason = "a collection's id is drawn once, here at the edge")]
fn new_id() -> CollectionId {
    CollectionId::new(Uuid::new_v4())
}

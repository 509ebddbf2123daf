//! `beacon collection check`: a verdict on every collection file.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::PathBuf,
};

use clap::Args;
use serde_json::json;

use crate::{
    cli::{CliError, Env, Options, slow::Slow},
    daemon::collections::{CollectionProblem, collection_paths, read_collection},
    model::{ByteSize, CatalogCollection, CollectionId, readable},
};

/// Check collection files and the .torrent files they name
#[derive(Debug, Args)]
pub struct Check {
    /// The files to check [default: all in the collections directory of the configuration]
    files: Vec<PathBuf>,
}

impl Check {
    pub(super) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        let files = if self.files.is_empty() { configured(env, options)? } else { self.files.clone() };
        let mut ids: BTreeMap<CollectionId, PathBuf> = BTreeMap::new();
        let mut bad = 0;
        let slow = Slow::counted(env, files.len() as u64);
        for file in &files {
            slow.tell(format!("collections, {}", readable(&file.to_string_lossy())));
            let result = read_collection(&env.resolve(file), |id| ids.get(&id).cloned());
            match &result {
                Ok(collection) => {
                    ids.insert(collection.id, file.clone());
                }
                Err(_) => bad += 1,
            }
            let result = result.map_err(|problem| CollectionProblem { file: file.clone(), ..problem });
            tell(env, options, file, &result)?;
            slow.step();
        }
        match bad {
            0 => Ok(()),
            bad => Err(CliError::BadCollections(bad)),
        }
    }
}

/// The collection files of the configured directory, as people know them.
pub(in crate::cli) fn configured(env: &mut Env, options: &Options) -> Result<Vec<PathBuf>, CliError> {
    let dir = options.settings(env)?.collections_dir;
    let shown = env.shown(&dir);
    let paths = match collection_paths(&dir) {
        Ok(paths) => paths,
        // A beacon that starts makes it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => BTreeSet::new(),
        Err(reason) => return Err(CliError::File { path: shown, verb: "read", reason }),
    };
    if paths.is_empty() {
        env.talk(format_args!(
            "there are no collections in {0}; make one with `beacon collection new {0}/NAME.json --name NAME`",
            shown.display()
        ));
    }
    Ok(paths.iter().map(|path| env.shown(path)).collect())
}

/// The bytes of a collection as far as they are known, and how many of its torrents have no known size.
pub(super) fn bytes(collection: &CatalogCollection) -> (ByteSize, usize) {
    let sizes = collection.torrents.iter().map(|torrent| torrent.size);
    let unknown = sizes.clone().filter(Option::is_none).count();
    let sum = sizes.flatten().fold(ByteSize::ZERO, |sum, size| sum.saturating_add(ByteSize::from_bytes(size)));
    (sum, unknown)
}

/// The same for people.
pub(super) fn bytes_shown(collection: &CatalogCollection) -> String {
    match bytes(collection) {
        (sum, 0) => sum.to_string(),
        (sum, unknown) => format!("{sum} and {unknown} of unknown size"),
    }
}

/// A number of torrents for people.
pub(super) fn torrents_shown(torrents: usize) -> String {
    if torrents == 1 { "1 torrent".to_owned() } else { format!("{torrents} torrents") }
}

fn tell(
    env: &mut Env,
    options: &Options,
    file: &PathBuf,
    result: &Result<CatalogCollection, CollectionProblem>,
) -> Result<(), CliError> {
    let shown = file.display();
    match result {
        Ok(collection) if options.json => env.data(json!({
            "file": file, "ok": true, "id": collection.id.to_string(), "name": collection.name,
            "torrents": collection.torrents.len(), "bytes": bytes(collection).0.bytes(),
        })),
        Err(problem) if options.json => env.data(json!({
            "file": file, "ok": false, "line": problem.at.map(|at| at.line),
            "column": problem.at.map(|at| at.column), "message": problem.message,
        })),
        Ok(collection) => {
            let torrents = torrents_shown(collection.torrents.len());
            env.data(format_args!("good {shown}: {}, {torrents}, {}", collection.name, bytes_shown(collection)))
        }
        Err(problem) => env.data(format_args!("bad  {problem}")),
    }
}

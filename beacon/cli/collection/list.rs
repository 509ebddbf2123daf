//! `beacon collection list`: the collections of this beacon.

use serde_json::{Value, json};

use super::check::{bytes, bytes_shown, configured};
use crate::{
    cli::{CliError, Env, Options, table::table},
    daemon::collections::{CollectionFiles, CollectionProblem, Patience},
    model::CatalogCollection,
};

pub(super) fn run(env: &mut Env, options: &Options) -> Result<(), CliError> {
    let paths = configured(env, options)?;
    let mut files = CollectionFiles::new(options.settings(env)?.collections_dir);
    if !paths.is_empty() {
        files.scan(Patience::None);
    }
    let found: Vec<_> = paths.iter().filter_map(|path| Some((path, files.collection(&env.resolve(path))?))).collect();
    if options.json {
        let list: Vec<Value> = found
            .iter()
            .map(|(path, collection)| {
                json!({
                    "id": collection.id.to_string(), "name": collection.name, "file": path,
                    "torrents": collection.torrents.len(), "bytes": bytes(collection).0.bytes(),
                    "target": collection.redundancy.target(), "max": collection.redundancy.max(),
                })
            })
            .collect();
        env.data(Value::from(list))?;
    } else if !found.is_empty() {
        let head = ["NAME", "ID", "TORRENTS", "BYTES", "TARGET", "MAX"].map(str::to_owned).to_vec();
        let rows: Vec<Vec<String>> =
            std::iter::once(head).chain(found.iter().map(|(_, collection)| row(collection))).collect();
        for line in table(&rows, &[false, false, true, true, true, true]) {
            env.data(line)?;
        }
    }
    let problems = files.state().problems;
    for problem in &problems {
        let shown = CollectionProblem { file: env.shown(&problem.file), ..problem.clone() };
        env.talk(shown);
    }
    match problems.len() {
        0 => Ok(()),
        bad => Err(CliError::BadCollections(bad)),
    }
}

fn row(collection: &CatalogCollection) -> Vec<String> {
    vec![
        collection.name.clone(),
        collection.id.to_string(),
        collection.torrents.len().to_string(),
        bytes_shown(collection),
        collection.redundancy.target().to_string(),
        collection.redundancy.max().to_string(),
    ]
}

//! `beacon collection list`: the collections of this beacon.

use serde_json::{Value, json};

use super::check::{bytes, bytes_shown, configured};
use crate::{
    cli::{
        CliError, Env, Options,
        slow::Slow,
        table::{Cell, Column, Table},
    },
    daemon::collections::{CollectionFiles, CollectionProblem, Patience},
    model::{CatalogCollection, readable},
};

pub(super) fn run(env: &mut Env, options: &Options) -> Result<(), CliError> {
    let paths = configured(env, options)?;
    let mut files = CollectionFiles::new(options.settings(env)?.collections_dir);
    if !paths.is_empty() {
        let _slow = Slow::uncounted(env.talks_to_terminal, "reading the collections");
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
        let mut table = Table::new([
            Column::left("NAME").cut(),
            Column::left("ID").spare(),
            Column::right("TORRENTS"),
            Column::right("BYTES"),
            Column::right("TARGET"),
            Column::right("MAX"),
        ]);
        for (_, collection) in &found {
            table.row(row(collection));
        }
        table.show(env)?;
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

fn row(collection: &CatalogCollection) -> [Cell; 6] {
    [
        readable(&collection.name).into(),
        collection.id.to_string().into(),
        collection.torrents.len().to_string().into(),
        bytes_shown(collection).into(),
        collection.redundancy.target().to_string().into(),
        collection.redundancy.max().to_string().into(),
    ]
}

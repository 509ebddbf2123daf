//! `beacon collections`: the collections as the running beacon counts them.

use serde_json::Value;

use super::{
    CliError, Env, Options,
    picture::collection_table,
    remote::{ask, list, text},
};
use crate::json::nearest;

pub(super) fn run(env: &mut Env, options: &Options) -> Result<(), CliError> {
    let collections = ask(env, options, PATH)?;
    if options.json {
        return env.data(collections);
    }
    let collections = list(&collections, "");
    if collections.is_empty() {
        env.talk("no collections yet: put a collection file into the collections directory");
        return Ok(());
    }
    collection_table(collections).show(env)?;
    for collection in collections {
        let problem = text(collection, "/problem");
        if !problem.is_empty() {
            env.talk(format_args!("{}: {problem}", text(collection, "/name")));
        }
    }
    Ok(())
}

/// The id of the collection that is meant: by its name, its id, or the beginning of one of these.
pub(super) fn collection_id(env: &Env, options: &Options, meant: &str) -> Result<String, CliError> {
    let collections = ask(env, options, PATH)?;
    let collections = list(&collections, "");
    let id = |collection: &Value| text(collection, "/id").to_owned();
    let exact = |collection: &&Value| text(collection, "/id") == meant || text(collection, "/name") == meant;
    if let Some(collection) = collections.iter().find(exact) {
        return Ok(id(collection));
    }
    let lower = meant.to_lowercase();
    let begins = |collection: &&Value| {
        text(collection, "/id").starts_with(&lower) || text(collection, "/name").to_lowercase().starts_with(&lower)
    };
    let mut begun = collections.iter().filter(begins);
    match (begun.next(), begun.next()) {
        (Some(collection), None) if !meant.is_empty() => Ok(id(collection)),
        _ => {
            let names = collections.iter().map(|collection| text(collection, "/name"));
            let nearest = (!collections.is_empty()).then(|| nearest(meant, names));
            Err(CliError::NotFollowed { name: meant.to_owned(), nearest })
        }
    }
}

const PATH: &str = "/api/v1/collections";

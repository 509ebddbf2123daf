//! Putting a new torrent into a collection.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use crate::{
    cli::{
        CliError, Env, Options,
        collection::{Add, configured},
    },
    collection::CollectionFile,
    daemon::collections::{is_collection_name, read_up_to},
    json::nearest,
};

/// Where a new torrent has been listed.
#[derive(Debug)]
pub(super) struct Listing {
    /// The collection file, as people know it.
    pub(super) file: PathBuf,
    /// Whether it was listed before.
    already: bool,
}

impl Listing {
    /// Puts the .torrent at `output` into the collection file.
    pub(super) fn put(env: &Env, file: PathBuf, output: &Path, target: Option<u16>) -> Result<Self, CliError> {
        let item = output.to_str().ok_or_else(|| CliError::PathNotUtf8(env.shown(output)))?.to_owned();
        let add = Add { file, items: vec![item], target, priority: 0 };
        let (_, already) = add.put(env)?;
        Ok(Self { file: add.file, already: !already.is_empty() })
    }
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        if self.already { write!(f, "{file} lists it already") } else { write!(f, "added to {file}") }
    }
}

/// The collection file that is meant: a path, or one in the collections directory by the collection's name, by the file's,
/// or by the file's without its ending.
pub(super) fn find_collection(env: &mut Env, options: &Options, name: &str) -> Result<PathBuf, CliError> {
    let as_path = PathBuf::from(name);
    if is_collection_name(&as_path) && env.resolve(&as_path).is_file() {
        return Ok(as_path);
    }
    let dir = options.settings(env)?.collections_dir;
    let known: Vec<(PathBuf, String)> = configured(env, options)?
        .into_iter()
        .map(|file| (file.clone(), name_of(env, &file).unwrap_or_default()))
        .collect();
    let is_meant = |file: &Path, own: &str| {
        own == name
            || file.file_name().is_some_and(|file| file == name)
            || file.file_stem().is_some_and(|stem| stem == name)
    };
    let mut meant = known.iter().filter(|(file, own)| is_meant(file, own));
    match (meant.next(), meant.next()) {
        (Some((file, _)), None) => Ok(file.clone()),
        (Some((one, _)), Some((other, _))) => {
            Err(CliError::AmbiguousCollection { name: name.to_owned(), one: one.clone(), other: other.clone() })
        }
        (None, _) => {
            let names = known.iter().map(|(_, own)| &own[..]).filter(|own| !own.is_empty());
            let nearest = (!known.is_empty()).then(|| nearest(name, names));
            Err(CliError::NoCollection { name: name.to_owned(), dir: env.shown(&dir), nearest })
        }
    }
}

/// What a collection calls itself; nothing where its file is bad, which the attempt to use it will tell.
fn name_of(env: &Env, file: &Path) -> Option<String> {
    let bytes = read_up_to(&env.resolve(file), CollectionFile::BYTES_MAX).ok()?;
    CollectionFile::read(&bytes).ok().map(|collection| collection.name)
}

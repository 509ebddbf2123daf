//! How a collection file names a file beside it.

use std::path::{Component, Path};

/// The path of `file` from the directory `base`, with `/` between its parts; both must be absolute and without `..`.
/// Files that share no directory with it are named from the root. `None` where the path is not UTF-8.
pub(super) fn relative(base: &Path, file: &Path) -> Option<String> {
    let base: Vec<Component<'_>> = base.components().collect();
    let parts: Vec<Component<'_>> = file.components().collect();
    let shared = base.iter().zip(&parts).take_while(|(one, other)| one == other).count();
    let below_root = base.iter().take(shared).any(|part| matches!(part, Component::Normal(_)));
    if !below_root && shared < base.len() {
        return file.to_str().map(str::to_owned);
    }
    let up = base[shared..].iter().map(|_| Some(".."));
    let down = parts[shared..].iter().map(|part| part.as_os_str().to_str());
    up.chain(down).collect::<Option<Vec<_>>>().map(|parts| parts.join("/"))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn files_are_named_from_the_collection_where_they_are_near() {
        for (file, expected) in [
            ("/home/me/lists/a.torrent", "a.torrent"),
            ("/home/me/lists/sub/a.torrent", "sub/a.torrent"),
            ("/home/me/torrents/a.torrent", "../torrents/a.torrent"),
            ("/mnt/a.torrent", "/mnt/a.torrent"),
        ] {
            assert_eq!(relative(Path::new("/home/me/lists"), Path::new(file)).as_deref(), Some(expected));
        }
        assert_eq!(relative(Path::new("/"), Path::new("/mnt/a.torrent")).as_deref(), Some("mnt/a.torrent"));
    }
}

//! Serving what the user has already, from where it is.

use std::path::{Path, PathBuf};

use tokio::sync::oneshot;

use super::{driver::ClientTask, event_loop::EventLoop};
use crate::{
    client::{AddOutcome, AddRequest, AddSource, Owner},
    metainfo::Metainfo,
    model::InfoHash,
    web::NotShared,
};

impl EventLoop {
    /// Gives the client a torrent whose files are there. The answer comes when the client has it, or says why not.
    pub(super) fn share(&self, info_hash: InfoHash, path: PathBuf, reply: oneshot::Sender<Result<String, NotShared>>) {
        let known = self.listed(&info_hash).ok_or(NotShared::NotListed(info_hash));
        let known = known.and_then(|torrent| self.metainfo_of(torrent).ok_or(NotShared::NoMetainfo(info_hash)));
        let (bytes, metainfo) = match known {
            Ok(known) => known,
            Err(error) => return drop(reply.send(Err(error))),
        };
        let client = self.client.clone();
        tokio::spawn(async move {
            let name = metainfo.name.clone();
            let hash = metainfo.info_hash();
            let found = tokio::task::spawn_blocking(move || place_of(&metainfo, &path)).await;
            let shared = match found.unwrap_or_else(|error| Err(error.to_string())) {
                Err(reason) => Err(NotShared::NotThere(reason)),
                Ok(save_dir) => {
                    let source = AddSource::Metainfo(bytes);
                    let (collections, peers) = (Vec::new(), Vec::new());
                    let request =
                        AddRequest { info_hash: hash, source, owner: Owner::User, save_dir, collections, peers };
                    let (told, outcome) = oneshot::channel();
                    let sent = client.send(ClientTask::Share(request, told)).await;
                    let outcome = if sent.is_ok() { outcome.await.ok() } else { None };
                    outcome.unwrap_or_else(|| Err("the beacon is stopping".to_owned())).map_err(NotShared::Client)
                }
            };
            // Who asked may have given up; the client has it all the same.
            let _ = reply.send(shared.map(|outcome| message(&name, outcome)));
        });
    }
}

fn message(name: &str, outcome: AddOutcome) -> String {
    match outcome {
        AddOutcome::Added => {
            format!("the client checks {name} and then serves it from where it is; it is yours and is never deleted")
        }
        AddOutcome::AlreadyThere => format!("the client has {name} already; it is left as it is"),
    }
}

/// The directory below which a torrent's files are, from the path of its content or of what that is in.
fn place_of(metainfo: &Metainfo, path: &Path) -> Result<PathBuf, String> {
    if !path.is_absolute() {
        return Err(format!("{} is not an absolute path", path.display()));
    }
    let is_content = path.file_name().is_some_and(|name| *name == *metainfo.name);
    let parent = path.parent().filter(|_| is_content);
    let missing = match parent.map(|parent| are_there(metainfo, parent)) {
        Some(Ok(())) => return Ok(parent.unwrap_or(path).to_owned()),
        Some(Err(missing)) => Some(missing),
        None => None,
    };
    match are_there(metainfo, path) {
        Ok(()) => Ok(path.to_owned()),
        Err(otherwise) => Err(missing.unwrap_or(otherwise)),
    }
}

/// Whether all files are below a directory with the length that they should have. What is in them the client checks.
fn are_there(metainfo: &Metainfo, dir: &Path) -> Result<(), String> {
    for file in metainfo.files.iter().filter(|file| !file.padding && file.symlink.is_none()) {
        let path = dir.join(&file.path);
        match path.metadata() {
            Ok(found) if found.is_file() && found.len() == file.length => {}
            Ok(found) if found.is_file() => {
                let (has, wants) = (found.len(), file.length);
                return Err(format!("{} has {has} bytes, not {wants}", path.display()));
            }
            Ok(_) => return Err(format!("{} is not a file", path.display())),
            Err(reason) => return Err(format!("{}: {reason}", path.display())),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_or_what_it_is_in_both_lead_to_it() {
        let dir = tempfile::tempdir().expect("a directory");
        let bytes = [b"d4:infod6:lengthi3e4:name5:notes12:piece lengthi16384e6:pieces20:".as_slice(), &[0; 20], b"ee"];
        let metainfo = Metainfo::read(&bytes.concat()).expect("a torrent");
        let file = dir.path().join("notes");
        assert!(place_of(&metainfo, &file).is_err_and(|reason| reason.contains("notes")));
        std::fs::write(&file, "abcd").expect("written");
        assert!(place_of(&metainfo, &file).is_err_and(|reason| reason.contains("4 bytes, not 3")));
        std::fs::write(&file, "abc").expect("written");
        assert_eq!(place_of(&metainfo, &file).as_deref(), Ok(dir.path()));
        assert_eq!(place_of(&metainfo, dir.path()).as_deref(), Ok(dir.path()));
        assert!(place_of(&metainfo, Path::new("notes")).is_err_and(|reason| reason.contains("absolute")));
    }
}

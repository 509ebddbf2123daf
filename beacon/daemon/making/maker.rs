//! Whoever makes torrents in the background.

use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    job::Job,
    listing::{find, list},
};
use crate::{
    create::{CreateError, Prepared, Wanted, own_name, write_whole},
    daemon::Editor,
    metainfo::{Magnet, Version},
    model::Redundancy,
    web::{Changes, JobView, MadeView, MakeForm, MakeRefusal, MakeVersion, MakesTorrents},
};

/// Torrents that are made at a time: each uses all cores and reads at the speed of the disk.
const RUNNING_MAX: usize = 2;

/// Jobs that are remembered, so that pages can show what came of them.
const JOBS_MAX: usize = 50;

/// What is left out that is told one by one.
const LEFT_OUT_MAX: usize = 100;

/// Makes torrents of what lies in some directories, and puts them beside the collection files.
#[derive(Debug)]
pub struct Maker {
    create_from: Vec<PathBuf>,
    collections_dir: PathBuf,
    jobs: Mutex<Jobs>,
    changes: Changes,
    /// Lists what is made.
    editor: Arc<Editor>,
}

#[derive(Debug, Default)]
struct Jobs {
    last: u64,
    all: BTreeMap<u64, Arc<Job>>,
}

impl Jobs {
    /// Forgets the oldest jobs that have ended, where there are too many.
    fn forget(&mut self) {
        while self.all.len() > JOBS_MAX {
            let Some((&oldest, _)) = self.all.iter().find(|(_, job)| job.has_ended()) else { return };
            self.all.remove(&oldest);
        }
    }
}

/// A job's work, with everything checked that can be checked at once.
#[derive(Debug)]
struct Work {
    path: PathBuf,
    output: PathBuf,
    wanted: Wanted,
    collection: Option<PathBuf>,
    target: Option<u16>,
}

impl Maker {
    /// Torrents may be made of what lies in `create_from`; how far they are is told to `changes`, and `editor` lists them.
    pub fn new(create_from: Vec<PathBuf>, collections_dir: PathBuf, changes: Changes, editor: Arc<Editor>) -> Self {
        Self { create_from, collections_dir, jobs: Mutex::default(), changes, editor }
    }

    fn jobs(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The path without links, if it may be read. Whether it is there or only not allowed is not told apart, so that nobody
    /// finds out what else is on the machine.
    fn allowed(&self, path: &Path) -> Result<PathBuf, MakeRefusal> {
        let refusal = || MakeRefusal::NotAllowed(path.to_owned());
        if self.create_from.is_empty() {
            return Err(MakeRefusal::SwitchedOff);
        }
        let real = path.is_absolute().then(|| path.canonicalize().ok()).flatten().ok_or_else(refusal)?;
        let mut directories = self.create_from.iter().filter_map(|directory| directory.canonicalize().ok());
        if directories.any(|directory| real.starts_with(directory)) { Ok(real) } else { Err(refusal()) }
    }

    fn work(&self, form: MakeForm) -> Result<Work, MakeRefusal> {
        let senseless = |why: &dyn ToString| MakeRefusal::Senseless(why.to_string());
        let path = self.allowed(&form.path)?;
        if let Some(target) = form.target {
            Redundancy::new(target.into(), None).map_err(|error| senseless(&error))?;
        }
        if form.target.is_some() && form.collection.is_none() {
            return Err(senseless(&"a `target` is for a torrent in a `collection`, and none is named"));
        }
        let own = own_name(&path).map_err(|error| senseless(&error))?;
        let mut name = form.name.as_ref().map_or(own, Into::into);
        let mut parts = Path::new(&name).components();
        if !matches!((parts.next(), parts.next()), (Some(Component::Normal(part)), None) if part == name) {
            return Err(senseless(&"the name of a torrent has no `/` in it, and is neither `.` nor `..`"));
        }
        name.push(".torrent");
        let find = |wanted: &String| {
            find(&self.collections_dir, wanted).ok_or_else(|| MakeRefusal::NoSuchCollection(wanted.clone()))
        };
        let output = self.collections_dir.join(name);
        if output.symlink_metadata().is_ok() {
            return Err(senseless(&format!("{} is there already; give the torrent another name", output.display())));
        }
        let version = match form.version {
            MakeVersion::V1 => Version::V1,
            MakeVersion::V2 => Version::V2,
            MakeVersion::Hybrid => Version::Hybrid,
        };
        Ok(Work {
            path,
            output,
            collection: form.collection.as_ref().map(find).transpose()?,
            target: form.target,
            wanted: Wanted {
                name: form.name,
                version,
                piece_length: form.piece_length,
                private: form.private,
                trackers: Vec::new(),
                created: None,
            },
        })
    }
}

impl MakesTorrents for Maker {
    fn begin(&self, form: MakeForm) -> Result<JobView, MakeRefusal> {
        let path = form.path.clone();
        let work = self.work(form)?;
        let mut jobs = self.jobs();
        if jobs.all.values().filter(|job| !job.has_ended()).count() >= RUNNING_MAX {
            return Err(MakeRefusal::Busy(RUNNING_MAX));
        }
        jobs.last += 1;
        let id = jobs.last;
        let job = Arc::new(Job::new(id, path, self.changes.clone()));
        jobs.all.insert(id, Arc::clone(&job));
        jobs.forget();
        let view = job.view();
        let editor = Arc::clone(&self.editor);
        std::thread::spawn(move || {
            let ending = Ending(job);
            ending.0.end(work.carry_out(&ending.0, &editor));
        });
        Ok(view)
    }

    fn job(&self, id: u64) -> Option<JobView> {
        self.jobs().all.get(&id).map(|job| job.view())
    }

    fn cancel(&self, id: u64) -> Option<JobView> {
        let job = self.jobs().all.get(&id).cloned()?;
        job.cancel();
        Some(job.view())
    }
}

fn shown(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Sees to it that a job ends even where its thread dies, so that it does not take a place for ever.
struct Ending(Arc<Job>);

impl Drop for Ending {
    fn drop(&mut self) {
        self.0.end(Err("it broke off; the log says why".to_owned()));
    }
}

impl Work {
    fn carry_out(&self, job: &Job, editor: &Editor) -> Result<MadeView, String> {
        let text = |error: CreateError| error.to_string();
        let prepared = Prepared::watched(&self.path, Some(&self.output), &self.wanted, job).map_err(text)?;
        job.begin(prepared.size());
        let torrent = prepared.hash(job).map_err(text)?;
        if job.is_cancelled() {
            return Err(CreateError::Cancelled.to_string());
        }
        write_whole(&self.output, &torrent.bytes, false).map_err(text)?;
        if let Some(collection) = &self.collection {
            list(editor, collection, &self.output, &torrent.metainfo.hashes, self.target)?;
        }
        tracing::info!("made {} of {}", self.output.display(), self.path.display());
        let left_out = prepared.left_out();
        let told = &left_out[..left_out.len().min(LEFT_OUT_MAX)];
        Ok(MadeView {
            file: shown(&self.output),
            name: torrent.metainfo.name.clone(),
            info_hash: torrent.metainfo.info_hash().to_string(),
            magnet: Magnet::from(&torrent.metainfo).to_string(),
            size: torrent.metainfo.size,
            left_out: told.iter().map(|left| format!("{} ({})", left.path.display(), left.why)).collect(),
            left_out_more: left_out.len() - told.len(),
            collection: self.collection.as_deref().map(shown),
        })
    }
}

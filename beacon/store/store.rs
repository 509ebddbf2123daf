//! The hold on everything that outlives the process.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use rusqlite::{Connection, OpenFlags};

use super::{
    StoreError,
    files::file_error,
    lock::DirLock,
    row::{database_error, wide},
    schema,
};

/// Everything that outlives the process. Whoever has it is the only beacon in its data directory.
#[derive(Debug)]
pub struct Store {
    pub(super) connection: Connection,
    pub(super) file: PathBuf,
    pub(super) dir: PathBuf,
    _lock: DirLock,
}

/// How long to wait for somebody who looks into the database with another program.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

impl Store {
    /// Opens what is kept in `dir`, which is made where it is missing. A database of an earlier version is brought to this
    /// one; one that is damaged, of a later version or not a beacon's is an error and stays as it is.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let lock = DirLock::take(dir)?;
        let file = dir.join("beacon.sqlite");
        match fs::metadata(&file) {
            // One is never made empty.
            Ok(found) if found.len() == 0 => {
                return Err(StoreError::Damaged { file, reason: "it is empty".to_owned() });
            }
            Ok(_) => {}
            Err(source) if source.kind() == io::ErrorKind::NotFound => create(&file)?,
            Err(source) => return Err(file_error(&file, source)),
        }
        let connection = connect(&file)?;
        Ok(Self { connection, file, dir: dir.to_owned(), _lock: lock })
    }

    /// The incarnation of this start: larger than that of every start before, and than any that others were heard to know.
    pub fn next_incarnation(&mut self) -> Result<u64, StoreError> {
        let next = self.incarnation()?.checked_add(1).ok_or(StoreError::IncarnationsUsedUp)?;
        self.raise_incarnation_to(next)?;
        Ok(next)
    }

    /// Notes that others know this beacon by an incarnation as large as `incarnation`, as they do where its data directory
    /// was put back from an old copy. Nothing changes where it is not above the one that is noted.
    pub fn raise_incarnation_to(&mut self, incarnation: u64) -> Result<(), StoreError> {
        let raised = self.connection.execute("UPDATE run SET incarnation = max(incarnation, ?1)", [wide(incarnation)]);
        match raised.map_err(|source| self.failed(source))? {
            1 => Ok(()),
            _ => Err(self.nonsense("the table of runs")),
        }
    }

    fn incarnation(&self) -> Result<u64, StoreError> {
        let rows = self.rows("SELECT incarnation FROM run", |row| row.get::<_, Vec<u8>>(0))?;
        rows.first().map_or_else(|| Err(self.nonsense("the table of runs")), |column| self.number(column))
    }
}

fn create(file: &Path) -> Result<(), StoreError> {
    if file.with_file_name("beacon.sqlite-wal").exists() {
        // It would be played into the new database.
        let reason = "it is gone, but the `-wal` that belongs to it is there".to_owned();
        return Err(StoreError::Damaged { file: file.to_owned(), reason });
    }
    schema::create(file)
}

fn connect(file: &Path) -> Result<Connection, StoreError> {
    let failed = |source| database_error(file, source);
    // Not created here: a file that vanished since is an error, and not a new beginning.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(file, flags).map_err(failed)?;
    connection.busy_timeout(BUSY_TIMEOUT).map_err(failed)?;
    schema::check_and_migrate(&mut connection, file)?;
    // In write-ahead mode a commit is only on the disk when it returns with `FULL`.
    connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
    Ok(connection)
}

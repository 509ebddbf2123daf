//! What hooks have been told and what is not over yet, so that a restart tells nothing twice.

use rusqlite::{Row, params};

use super::{Store, StoreError, row::database_error};
use crate::{
    model::Instant,
    notify::{EventKind, Subject, ToldChange},
};

/// The most that is remembered of a hook. What is beyond is told again after a restart.
const TOLD_MAX: u32 = 20_000;

impl Store {
    /// What the hooks of these names have been told, and since when that had held. What other hooks were told is forgotten:
    /// they are not in the configuration any more.
    pub fn told(&mut self, hooks: &[&str]) -> Result<Vec<(String, Subject, Instant)>, StoreError> {
        let unknown = self.rows("SELECT DISTINCT hook FROM told", |row| row.get::<_, String>(0))?;
        for hook in unknown.iter().filter(|hook| !hooks.contains(&hook.as_str())) {
            let forgotten = self.connection.execute("DELETE FROM told WHERE hook = ?1", [hook]);
            forgotten.map_err(|source| self.failed(source))?;
        }
        let mut told = Vec::new();
        for hook in hooks {
            // A kind of a later version would only be told once more.
            let known = self.told_one(hook)?.into_iter().filter_map(|(kind, of, since)| {
                let subject = Subject { kind: EventKind::of_word(&kind)?, of };
                Some(((*hook).to_owned(), subject, Instant::from_millis(since.cast_unsigned())))
            });
            told.extend(known);
        }
        Ok(told)
    }

    /// What one hook has been told: kind, subject, and since when. Each is asked for by itself, so that none pushes out another.
    fn told_one(&self, hook: &str) -> Result<Vec<(String, String, i64)>, StoreError> {
        let query =
            format!("SELECT kind, subject, since FROM told WHERE hook = ?1 ORDER BY kind, subject LIMIT {TOLD_MAX}");
        let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let rows = self.connection.prepare(&query).and_then(|mut query| query.query_map([hook], read)?.collect());
        rows.map_err(|source| self.failed(source))
    }

    /// Writes down what has been told, and what is over.
    pub fn save_told(&mut self, changes: &[ToldChange]) -> Result<(), StoreError> {
        let file = &self.file;
        let saved = self.connection.transaction().and_then(|transaction| {
            for ToldChange { hook, subject, since } in changes {
                let kind = subject.kind.word();
                match since {
                    Some(since) => transaction.execute(
                        "INSERT OR REPLACE INTO told (hook, kind, subject, since) VALUES (?1, ?2, ?3, ?4)",
                        params![hook, kind, subject.of, since.as_millis().cast_signed()],
                    )?,
                    None => transaction.execute(
                        "DELETE FROM told WHERE hook = ?1 AND kind = ?2 AND subject = ?3",
                        params![hook, kind, subject.of],
                    )?,
                };
            }
            transaction.commit()
        });
        saved.map_err(|source| database_error(file, source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_outlives_a_restart_until_it_is_over() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(dir.path()).expect("opens");
        let change = |hook: &str, kind, of: &str, since| ToldChange {
            hook: hook.to_owned(),
            subject: Subject { kind, of: of.to_owned() },
            since,
        };
        let at = Instant::from_millis(1_800_000_000_000);
        store
            .save_told(&[
                change("phone", EventKind::Missing, "ab", Some(at)),
                change("phone", EventKind::DiskFull, "", Some(at)),
                change("mail", EventKind::DiskFull, "", Some(at)),
                change("gone", EventKind::DiskFull, "", Some(at)),
            ])
            .expect("saved");
        store.save_told(&[change("phone", EventKind::DiskFull, "", None)]).expect("saved");
        drop(store);
        let mut store = Store::open(dir.path()).expect("opens again");
        let told = store.told(&["phone", "mail"]).expect("read");
        let missing = Subject { kind: EventKind::Missing, of: "ab".to_owned() };
        let full = Subject { kind: EventKind::DiskFull, of: String::new() };
        assert_eq!(told, [("phone".to_owned(), missing, at), ("mail".to_owned(), full, at)]);
        assert_eq!(store.told(&["gone"]).expect("read"), [], "it was forgotten when it was not there");
        assert_eq!(store.told(&["phone", "mail"]).expect("read"), []);
    }

    #[test]
    fn a_hook_that_was_told_much_pushes_out_no_other() {
        let dir = tempfile::tempdir().expect("a directory");
        let mut store = Store::open(dir.path()).expect("opens");
        let at = Instant::from_millis(1_800_000_000_000);
        let change = |hook: &str, of: String| ToldChange {
            hook: hook.to_owned(),
            subject: Subject { kind: EventKind::Missing, of },
            since: Some(at),
        };
        let mut changes: Vec<_> = (0..=TOLD_MAX).map(|number| change("mail", format!("{number:05}"))).collect();
        changes.push(change("phone", "ab".to_owned()));
        store.save_told(&changes).expect("saved");
        let told = store.told(&["mail", "phone"]).expect("read");
        let of = |name: &str| told.iter().filter(|(hook, ..)| hook == name).count();
        assert_eq!((of("mail"), of("phone")), (20_000, 1));
    }
}

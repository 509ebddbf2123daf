//! What hooks have been told and what is not over yet, so that a restart tells nothing twice.

use rusqlite::params;

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
        let rows = self.rows(
            &format!("SELECT hook, kind, subject, since FROM told ORDER BY hook, kind, subject LIMIT {TOLD_MAX}"),
            |row| {
                let (hook, kind, of) = (row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?);
                Ok((hook, kind, of, row.get::<_, i64>(3)?))
            },
        )?;
        let known = |(hook, kind, of, since): (String, String, String, i64)| {
            // A kind of a later version would only be told once more.
            let subject = Subject { kind: EventKind::of_word(&kind)?, of };
            hooks.contains(&hook.as_str()).then(|| (hook, subject, Instant::from_millis(since.cast_unsigned())))
        };
        let unknown = self.rows("SELECT DISTINCT hook FROM told", |row| row.get::<_, String>(0))?;
        for hook in unknown.iter().filter(|hook| !hooks.contains(&hook.as_str())) {
            let forgotten = self.connection.execute("DELETE FROM told WHERE hook = ?1", [hook]);
            forgotten.map_err(|source| self.failed(source))?;
        }
        Ok(rows.into_iter().filter_map(known).collect())
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
        assert_eq!(told, [("mail".to_owned(), full, at), ("phone".to_owned(), missing, at)]);
        assert_eq!(store.told(&["gone"]).expect("read"), [], "it was forgotten when it was not there");
        assert_eq!(store.told(&["phone", "mail"]).expect("read"), []);
    }
}

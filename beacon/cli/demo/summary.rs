//! What came of a demo, for people and for programs.

use serde_json::{Value, json};

use super::{
    act::Act,
    cast::{COLLECTIONS, Cast, VICTIM},
    screen::doings,
};
use crate::{
    cli::{CliError, DemoError, Env, table::table},
    model::ByteSize,
};

/// What came of a demo.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Summary<'a> {
    pub(super) cast: &'a Cast,
    pub(super) size: ByteSize,
    /// As many as were played: the fetching, the power cut, the return.
    pub(super) acts: &'a [Act],
    /// Copies that were read back and found right, and what was not.
    pub(super) verified: usize,
    pub(super) damaged: Vec<String>,
    /// From the command to here.
    pub(super) seconds: f64,
}

/// Of how many acts a demo has.
const ACTS: usize = 3;

impl Summary<'_> {
    /// Writes it.
    pub(super) fn write(&self, env: &mut Env, is_json: bool) -> Result<(), CliError> {
        if is_json {
            return env.data(self.json());
        }
        self.lines().into_iter().try_for_each(|line| env.data(line))
    }

    /// Whether everything is as it should be.
    pub(super) fn verdict(&self) -> Result<(), DemoError> {
        let wrong = self.wrong();
        if wrong.is_empty() { Ok(()) } else { Err(DemoError::Unmet(wrong)) }
    }

    fn wrong(&self) -> Vec<String> {
        let mut wrong: Vec<String> = self.acts.iter().flat_map(|act| act.unmet.clone()).collect();
        wrong.extend(self.damaged.iter().cloned());
        if wrong.is_empty() && self.acts.len() < ACTS {
            wrong.push("not everything was shown".to_owned());
        }
        wrong
    }

    /// The bytes of the copies that were missing: nobody can do with less.
    fn least(&self) -> u64 {
        self.size.bytes() * self.cast.missing() as u64
    }

    fn json(&self) -> Value {
        let act = |number: usize| self.acts.get(number);
        let per_file = |copies: Vec<usize>| -> Value {
            let pairs = self.cast.files.iter().zip(copies);
            pairs.map(|(role, copies)| (role.name.to_owned(), json!(copies))).collect::<serde_json::Map<_, _>>().into()
        };
        let after = |act: &Act| per_file(act.holders.iter().map(Vec::len).collect());
        let repair = act(1).map(|act| {
            json!({
                "killed": self.cast.beacons[VICTIM],
                "fetches": act.totals.fetches,
                "deletions": act.totals.deletions,
                "bytes_moved": act.totals.moved,
                "copies": after(act),
                "seconds": rounded(act.seconds),
            })
        });
        let back = act(2).map(|act| {
            json!({
                "fetches": act.totals.fetches,
                "deletions": act.totals.deletions,
                "bytes_moved": act.totals.moved,
                "copies": after(act),
                "seconds": rounded(act.seconds),
            })
        });
        let wrong = self.wrong();
        json!({
            "ok": wrong.is_empty(),
            "wrong": wrong,
            "beacons": self.cast.beacons.len(),
            "collections": COLLECTIONS.len(),
            "files": self.cast.files.len(),
            "size": self.size.bytes(),
            "target": self.cast.target,
            "max": self.cast.target,
            "copies_before": per_file(self.cast.copies()),
            "copies": act(0).map(after),
            "fetches": act(0).map(|act| act.totals.fetches),
            "deletions": act(0).map(|act| act.totals.deletions),
            "bytes_moved": act(0).map(|act| act.totals.moved),
            "bytes_least": self.least(),
            "seconds": act(0).map(|act| rounded(act.seconds)),
            "repair": repair,
            "return": back,
            "verified": self.verified,
            "seconds_in_all": rounded(self.seconds),
        })
    }

    fn lines(&self) -> Vec<String> {
        let victim = &self.cast.beacons[VICTIM];
        let after = ["mended".to_owned(), format!("without {victim}"), format!("{victim} back")];
        let titles = after.into_iter().take(self.acts.len());
        let mut rows = vec![["file", "before"].map(str::to_owned).into_iter().chain(titles).collect::<Vec<String>>()];
        let mut sums = vec!["copies".to_owned(), self.cast.copies().iter().sum::<usize>().to_string()];
        for (file, role) in self.cast.files.iter().enumerate() {
            let before = (0..self.cast.beacons.len()).filter(|place| self.cast.holdings[*place].contains(&file));
            let mut row = vec![role.name.to_owned(), self.named(&before.collect::<Vec<_>>())];
            row.extend(self.acts.iter().map(|act| self.named(&act.holders[file])));
            rows.push(row);
        }
        sums.extend(self.acts.iter().map(|act| act.holders.iter().map(Vec::len).sum::<usize>().to_string()));
        rows.push(sums);
        let mut lines = table(&rows, &vec![false; rows[0].len()]);
        lines.push(String::new());
        lines.extend(self.acts.iter().map(|act| doings(&act.title, act.totals, act.seconds).trim_end().to_owned()));
        lines.push(String::new());
        lines.push(self.conclusion());
        lines
    }

    fn conclusion(&self) -> String {
        let least = ByteSize::from_bytes(self.least());
        let missing = format!("{} copies were missing at first: {least} had to move", self.cast.missing());
        let verified = format!("{} copies were read back and are right", self.verified);
        let wrong = self.wrong();
        if wrong.is_empty() {
            format!("{missing}. Every file has its {} copies; {verified}.", self.cast.target)
        } else {
            format!("{missing}; {verified}. Not as it should be: {}.", wrong.join("; "))
        }
    }

    fn named(&self, places: &[usize]) -> String {
        places.iter().map(|place| self.cast.beacons[*place].as_str()).collect::<Vec<_>>().join(" ")
    }
}

/// Seconds as far as they mean something.
fn rounded(seconds: f64) -> f64 {
    (seconds * 100.0).round() / 100.0
}

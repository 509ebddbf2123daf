//! The overview as people read it.

use serde_json::Value;

use super::{
    drain,
    people::{ago, bar, counted, grouped, percent, span},
    remote::{list, number, text, title},
    style::{Style, Tone},
    table::{Cell, Column, Table},
    width::wrap,
};
use crate::model::ByteSize;

/// The overview as people read it, for a terminal or without bounds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Picture<'a> {
    pub(super) status: &'a Value,
    /// The places of a line, where it has bounds.
    pub(super) width: Option<usize>,
    pub(super) style: Style,
}

/// As many members as the overview shows; `beacon members` shows all.
const MEMBERS: usize = 12;
/// As many actions of each kind as the overview shows.
const ACTIONS: usize = 8;
/// Where what is said of something begins.
pub(super) const LABEL: usize = 9;
/// The places of a bar.
const BAR: usize = 20;

impl Picture<'_> {
    /// All of it.
    pub(super) fn lines(&self) -> Vec<String> {
        let mut lines = wrap(&self.style.paint(self.tone(), truth(self.status)), self.width, 0);
        lines.push(String::new());
        lines.extend(self.labelled("beacon", &beacon(self.status)));
        lines.extend(self.labelled("id", text(self.status, "/beacon/id")));
        lines.extend(self.labelled("client", &client(self.status)));
        lines.extend(self.labelled("storage", &self.storage()));
        if let Some(progress) = drain::progress(self.status) {
            lines
                .extend(self.labelled("drain", progress.trim_start_matches("draining").trim_start_matches([':', ' '])));
        }
        for notice in list(self.status, "/notices") {
            lines.extend(self.notice(notice));
        }
        lines.push(String::new());
        lines.extend(self.collections());
        lines.push(String::new());
        lines.extend(self.members());
        for (heading, pointer) in
            [("Running", "/actions/running"), ("Next", "/actions/pending"), ("Lately", "/actions/recent")]
        {
            lines.extend(self.actions(heading, list(self.status, pointer)));
        }
        lines
    }

    fn tone(&self) -> Tone {
        let [_, missing, under, ..] = counts(self.status);
        match (missing, under) {
            (0, 0) => Tone::Met,
            (0, _) => Tone::Under,
            _ => Tone::Missing,
        }
    }

    fn labelled(&self, label: &str, what: &str) -> Vec<String> {
        let label = self.style.paint(Tone::Faint, format_args!("{label:<LABEL$}"));
        wrap(&format!("{label}{what}"), self.width, LABEL)
    }

    fn notice(&self, notice: &Value) -> Vec<String> {
        let severity = text(notice, "/severity");
        let tone = match severity {
            "error" => Tone::Missing,
            "warning" => Tone::Under,
            _ => Tone::Over,
        };
        let severity = self.style.paint(tone, format_args!("{severity:<LABEL$}"));
        wrap(&format!("{severity}{}", text(notice, "/text")), self.width, LABEL)
    }

    fn storage(&self) -> String {
        let size = |pointer: &str| ByteSize::from_bytes(number(self.status, pointer));
        let (used, reserved, budget) = (size("/storage/used"), size("/storage/reserved"), size("/storage/budget"));
        let coming = if reserved == ByteSize::ZERO { String::new() } else { format!(", {reserved} on its way") };
        let told = format!("{used} of {budget}{coming}");
        let taken = used.saturating_add(reserved).bytes();
        let share = percent(taken, budget.bytes());
        // A picture is for eyes.
        let bar = self.width.map(|_| format!("{} {share} %: ", bar(taken, budget.bytes(), BAR)));
        bar.unwrap_or_default() + &told
    }

    fn collections(&self) -> Vec<String> {
        let collections = list(self.status, "/collections");
        if collections.is_empty() {
            return wrap("no collections yet: put a collection file into the collections directory", self.width, 0);
        }
        collection_table(collections).lines(self.width, self.style)
    }

    fn members(&self) -> Vec<String> {
        let members = list(self.status, "/members");
        let mut lines = member_table(members.iter().take(MEMBERS)).lines(self.width, self.style);
        if members.len() > MEMBERS {
            lines.push(format!("and {} more; `beacon members` shows all", members.len() - MEMBERS));
        }
        lines
    }

    /// The first few actions under a heading.
    fn actions(&self, heading: &str, actions: &[Value]) -> Vec<String> {
        if actions.is_empty() {
            return Vec::new();
        }
        let mut lines = vec![String::new(), self.style.paint(Tone::Strong, format_args!("{heading}:"))];
        for action in actions.iter().take(ACTIONS) {
            let outcome = match text(action, "/outcome") {
                "" => String::new(),
                outcome => format!(" ({outcome})"),
            };
            let line = format!("  {} {}{outcome}: {}", text(action, "/kind"), title(action), text(action, "/reason"));
            lines.extend(wrap(&line, self.width, 4));
        }
        if actions.len() > ACTIONS {
            lines.push(format!("  and {} more", actions.len() - ACTIONS));
        }
        lines
    }
}

/// The torrents and how many of them are missing, under, met and over: those of the summary, which has each once, or the sums of
/// the collections.
pub(super) fn counts(status: &Value) -> [u64; 5] {
    let keys = ["/torrents", "/missing", "/under", "/met", "/over"];
    match status.get("summary").filter(|summary| summary.is_object()) {
        Some(summary) => keys.map(|key| number(summary, key)),
        None => keys.map(|key| list(status, "/collections").iter().map(|own| number(own, key)).sum()),
    }
}

/// Whether the archive is safe, in a sentence.
pub(super) fn truth(status: &Value) -> String {
    let [torrents, missing, under, _, over] = counts(status);
    let lacking = missing + under;
    let is_leaving = status.get("drain").is_some_and(|drain| !drain.is_null());
    let mut said = match (torrents, lacking) {
        (0, _) => return "There are no torrents to look after yet.".to_owned(),
        (1, 0) => "The only torrent has its copies".to_owned(),
        (_, 0) => format!("All {} torrents have their copies", grouped(torrents)),
        _ => format!(
            "{} of {} have their copies",
            grouped(torrents - lacking.min(torrents)),
            counted(torrents, "torrent", "torrents")
        ),
    };
    let repairing = number(status, "/summary/repairing");
    if lacking > 0 && repairing > 0 {
        said.extend([format!("; {} being repaired", counted(repairing, "is", "are"))]);
    }
    match missing {
        0 if lacking == torrents => said.push_str("; every one has at least one copy"),
        0 if lacking > 0 => said.push_str("; nothing is missing"),
        0 => {}
        // What is here and leaves is known, and does not count.
        _ if is_leaving => said.extend([format!("; of {} no copy stays", grouped(missing))]),
        _ => said.extend([format!("; of {} no copy is known", grouped(missing))]),
    }
    if over > 0 {
        said.extend([format!("; {} more than wanted", counted(over, "has", "have"))]);
    }
    said.push('.');
    said
}

/// Collections with their counts.
pub(super) fn collection_table(collections: &[Value]) -> Table {
    let mut table = Table::new([
        Column::left("COLLECTION").cut(),
        Column::right("TORRENTS"),
        Column::right("MISSING"),
        Column::right("UNDER"),
        Column::right("MET"),
        Column::right("OVER"),
        Column::right("BYTES"),
        Column::right("HERE").spare(),
    ]);
    for collection in collections {
        let count = |key: &str| grouped(number(collection, key));
        let toned = |key: &str, tone: Tone| match number(collection, key) {
            0 => Cell::toned(Tone::Faint, "0"),
            some => Cell::toned(tone, grouped(some)),
        };
        let size = |key: &str| ByteSize::from_bytes(number(collection, key)).to_string();
        table.row([
            text(collection, "/name").into(),
            count("/torrents").into(),
            toned("/missing", Tone::Missing),
            toned("/under", Tone::Under),
            toned("/met", Tone::Met),
            toned("/over", Tone::Over),
            size("/bytes_total").into(),
            size("/bytes_here").into(),
        ]);
    }
    table
}

/// Members, as the overview and the list of them show them.
pub(super) fn member_table<'a>(members: impl IntoIterator<Item = &'a Value>) -> Table {
    let mut table = Table::new([
        Column::left("BEACON").cut(),
        Column::left("ID"),
        Column::left("STATE"),
        Column::right("LAST HEARD"),
        Column::right("USED"),
        Column::right("BUDGET"),
        Column::left("").spare(),
    ]);
    for member in members {
        let is = |pointer: &str| member.pointer(pointer).and_then(Value::as_bool).unwrap_or_default();
        let size = |key: &str| ByteSize::from_bytes(number(member, key)).to_string();
        let marks =
            [("/this", "this one"), ("/neighbor", "neighbor"), ("/observer", "observes"), ("/draining", "leaves")];
        let marks: Vec<&str> = marks.iter().filter(|(pointer, _)| is(pointer)).map(|(_, mark)| *mark).collect();
        let state = text(member, "/state");
        let heard = if is("/this") { "-".to_owned() } else { ago(number(member, "/last_heard_s")) };
        table.row([
            text(member, "/name").into(),
            text(member, "/id").get(..8).unwrap_or_default().into(),
            Cell::toned(liveness_tone(state), state),
            heard.into(),
            size("/used").into(),
            size("/budget").into(),
            marks.join(", ").into(),
        ]);
    }
    table
}

/// The colour of whether a beacon is there.
pub(super) fn liveness_tone(state: &str) -> Tone {
    match state {
        "alive" => Tone::Met,
        "suspect" => Tone::Under,
        _ => Tone::Missing,
    }
}

fn beacon(status: &Value) -> String {
    let acts = if text(status, "/beacon/mode") == "apply" { "acts" } else { "only watches (dry run)" };
    let up = span(number(status, "/beacon/uptime_s"));
    format!("{}, {acts}, up {up}", text(status, "/beacon/name"))
}

fn client(status: &Value) -> String {
    match text(status, "/client/state") {
        "ready" => format!("{} {}", text(status, "/client/type"), text(status, "/client/version")),
        "trouble" => text(status, "/client/problem").to_owned(),
        _ => "has not answered yet".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn one_sentence_says_whether_the_archive_is_safe() {
        let said = |torrents: u64, missing: u64, under: u64, over: u64, repairing: u64| {
            let met = torrents - missing - under - over;
            let summary = json!({
                "torrents": torrents, "missing": missing, "under": under, "met": met, "over": over, "repairing": repairing,
            });
            truth(&json!({ "summary": summary }))
        };
        assert_eq!(said(0, 0, 0, 0, 0), "There are no torrents to look after yet.");
        assert_eq!(said(1, 0, 0, 0, 0), "The only torrent has its copies.");
        assert_eq!(said(1_210, 0, 0, 0, 0), "All 1,210 torrents have their copies.");
        assert_eq!(
            said(1_210, 0, 6, 0, 5),
            "1,204 of 1,210 torrents have their copies; 5 are being repaired; nothing is missing."
        );
        assert_eq!(
            said(10, 2, 1, 1, 0),
            "7 of 10 torrents have their copies; of 2 no copy is known; 1 has more than wanted."
        );
        let collections = json!([{ "torrents": 2, "missing": 1, "met": 1 }, { "torrents": 1, "met": 1 }]);
        assert_eq!(
            truth(&json!({ "collections": collections })),
            "2 of 3 torrents have their copies; of 1 no copy is known."
        );
    }
}

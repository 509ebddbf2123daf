//! Torrents in a table, as they are found and listed.

use serde_json::Value;

use super::{
    remote::{number, size, text, title},
    style::Tone,
    table::{Cell, Column, Table},
};

/// A row for each torrent of an answer. As many digits of the info-hash are shown as tell these torrents apart, and enough to name
/// one by.
pub(super) fn torrent_table(torrents: &[Value]) -> Table {
    let mut table = Table::new([
        Column::left("HASH"),
        Column::left("NAME").cut(),
        Column::right("SIZE"),
        Column::right("COPIES"),
        Column::left("HERE"),
    ]);
    let hashes: Vec<&str> = torrents.iter().map(|torrent| text(torrent, "/info_hash")).collect();
    let digits = digits(&hashes);
    for torrent in torrents {
        let (copies, target) = (number(torrent, "/copies"), number(torrent, "/target"));
        let tone = Tone::of_copies(copies, target, number(torrent, "/max").max(target));
        table.row([
            text(torrent, "/info_hash").get(..digits).unwrap_or_default().into(),
            title(torrent).into(),
            size(torrent, "/size").into(),
            Cell::toned(tone, format!("{copies} of {target}")),
            here(torrent),
        ]);
    }
    table
}

/// As many digits are shown at least, and at most: hashes that begin alike for longer were made to.
const DIGITS: usize = 8;
const DIGITS_MAX: usize = 16;

/// The digits that tell the hashes apart, within bounds.
fn digits(hashes: &[&str]) -> usize {
    let mut sorted = hashes.to_vec();
    sorted.sort_unstable();
    let alike = |pair: &[&str]| pair[0].bytes().zip(pair[1].bytes()).take_while(|(one, other)| one == other).count();
    let longest = sorted.windows(2).filter(|pair| pair[0] != pair[1]).map(alike).max().unwrap_or(0);
    (longest + 1).clamp(DIGITS, DIGITS_MAX)
}

fn here(torrent: &Value) -> Cell {
    let here = text(torrent, "/here");
    match here {
        "held" | "pinned" => Cell::toned(Tone::Met, here),
        "absent" => Cell::toned(Tone::Faint, here),
        "fetching" | "stalled" => {
            let done = torrent.get("progress").and_then(Value::as_f64).unwrap_or_default();
            Cell::toned(Tone::Over, format!("{here} {:.0} %", (done * 100.0).floor()))
        }
        _ => Cell::toned(Tone::Under, here),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enough_digits_are_shown_to_name_a_torrent_by() {
        assert_eq!(digits(&[]), 8);
        assert_eq!(digits(&["0123456789abcdef", "fedcba9876543210"]), 8);
        assert_eq!(digits(&["0123456789abcdef", "0123456789bbcdef", "fedcba9876543210"]), 11);
        assert_eq!(digits(&["0123456789abcdef", "0123456789abcdef"]), 8);
        assert_eq!(digits(&["0123456789abcdef0123456789", "0123456789abcdef0123456788"]), 16);
    }
}

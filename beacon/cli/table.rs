//! Columns of text that fit the terminal.

use super::{
    CliError, Env,
    style::{Style, Tone},
    width::{fit, width},
};

/// A table: its heads, and its rows.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell>>,
}

/// A column.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    head: &'static str,
    is_right: bool,
    yields: Yields,
}

/// What a column does where the terminal is too narrow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Yields {
    /// It stays as it is.
    Never,
    /// Long texts in it are cut.
    Cut,
    /// It is left out.
    Gone,
}

/// A text with its meaning.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    text: String,
    tone: Option<Tone>,
}

/// What separates columns.
const GAP: &str = "  ";
/// Columns that are cut keep as many places, as long as others can be left out for it; and as many in any case.
const COMFORT: usize = 16;
const LEAST: usize = 6;

impl Column {
    /// A column of text.
    pub(super) const fn left(head: &'static str) -> Self {
        Self { head, is_right: false, yields: Yields::Never }
    }

    /// A column of numbers.
    pub(super) const fn right(head: &'static str) -> Self {
        Self { head, is_right: true, yields: Yields::Never }
    }

    /// Its long texts may be cut where the terminal is too narrow: names and sentences, never what is typed again.
    pub(super) const fn cut(self) -> Self {
        Self { yields: Yields::Cut, ..self }
    }

    /// It may be left out where the terminal is too narrow; the right-most of these goes first.
    pub(super) const fn spare(self) -> Self {
        Self { yields: Yields::Gone, ..self }
    }
}

impl Cell {
    /// A text in its colour.
    pub(super) fn toned(tone: Tone, text: impl Into<String>) -> Self {
        Self { text: text.into(), tone: Some(tone) }
    }

    fn shown(&self, column: Column, places: usize, style: Style) -> String {
        let text = fit(&self.text, places);
        let space = " ".repeat(places.saturating_sub(width(&text)));
        let text = match self.tone {
            Some(tone) if !text.is_empty() => style.paint(tone, text),
            _ => text,
        };
        if column.is_right { space + &text } else { text + &space }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, tone: None }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

impl Table {
    /// An empty table.
    pub(super) fn new(columns: impl Into<Vec<Column>>) -> Self {
        Self { columns: columns.into(), rows: Vec::new() }
    }

    /// Puts a row below the others.
    pub(super) fn row(&mut self, cells: impl Into<Vec<Cell>>) {
        self.rows.push(cells.into());
    }

    /// Its lines, the heads first, for a terminal of as many places; without a width nothing is cut.
    pub(super) fn lines(&self, places: Option<usize>, style: Style) -> Vec<String> {
        let heads = self.columns.iter().map(|column| Cell::toned(Tone::Faint, column.head)).collect::<Vec<_>>();
        let has_heads = self.columns.iter().any(|column| !column.head.is_empty());
        let rows: Vec<&Vec<Cell>> = has_heads.then_some(&heads).into_iter().chain(&self.rows).collect();
        let natural = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| width(&cell.text)).max();
        let mut widths: Vec<usize> = (0..self.columns.len()).map(|at| natural(at).unwrap_or(0)).collect();
        let mut shown: Vec<usize> = (0..self.columns.len()).collect();
        if let Some(places) = places {
            self.squeeze(&mut widths, &mut shown, places);
        }
        let line = |row: &&Vec<Cell>| {
            let cells = shown.iter().filter_map(|at| Some(row.get(*at)?.shown(self.columns[*at], widths[*at], style)));
            cells.collect::<Vec<_>>().join(GAP).trim_end().to_owned()
        };
        rows.iter().map(line).collect()
    }

    /// Writes it as data.
    pub(super) fn show(&self, env: &mut Env) -> Result<(), CliError> {
        for line in self.lines(env.width(), env.style()) {
            env.data(line)?;
        }
        Ok(())
    }

    /// Leaves out columns until the others have room enough, and then cuts the widest of those that may be cut.
    fn squeeze(&self, widths: &mut [usize], shown: &mut Vec<usize>, places: usize) {
        let may = |at: &usize, yields: Yields| self.columns[*at].yields == yields;
        let comfortable = |at: &usize| if may(at, Yields::Cut) { widths[*at].min(COMFORT) } else { widths[*at] };
        while total(shown.iter().map(comfortable)) > places {
            let Some(spare) = shown.iter().rposition(|at| may(at, Yields::Gone)) else { break };
            shown.remove(spare);
        }
        while total(shown.iter().map(|at| widths[*at])) > places {
            let widest = shown.iter().copied().filter(|at| may(at, Yields::Cut) && widths[*at] > LEAST);
            let Some(widest) = widest.max_by_key(|at| widths[*at]) else { break };
            widths[widest] -= 1;
        }
    }
}

/// The width of columns with what separates them.
fn total(widths: impl ExactSizeIterator<Item = usize>) -> usize {
    let gaps = widths.len().saturating_sub(1) * GAP.len();
    widths.sum::<usize>() + gaps
}

/// Lines of cells with the columns aligned; columns for which `right` is true are aligned to the right.
pub(super) fn table(rows: &[Vec<String>], right: &[bool]) -> Vec<String> {
    let columns = right.iter().map(|right| if *right { Column::right("") } else { Column::left("") });
    let mut table = Table::new(columns.collect::<Vec<_>>());
    for row in rows {
        table.row(row.iter().map(|cell| Cell::from(cell.clone())).collect::<Vec<_>>());
    }
    table.lines(None, Style::plain())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn town() -> Table {
        let columns =
            [Column::left("HASH"), Column::left("NAME").cut(), Column::right("SIZE"), Column::left("ZONE").spare()];
        let mut table = Table::new(columns);
        table.row([
            Cell::from("abababab"),
            "The letters of the town, 1850 to 1920".into(),
            "70 kB".into(),
            "hill".into(),
        ]);
        table.row([Cell::from("cdcdcdcd"), "地図 maps".into(), "1.2 GB".into(), "".into()]);
        table
    }

    #[test]
    fn columns_are_aligned_whatever_the_width_of_characters() {
        insta::assert_snapshot!(town().lines(None, Style::plain()).join("\n"), @"
        HASH      NAME                                     SIZE  ZONE
        abababab  The letters of the town, 1850 to 1920   70 kB  hill
        cdcdcdcd  地図 maps                              1.2 GB
        ");
    }

    #[test]
    fn a_narrow_terminal_cuts_names_and_then_leaves_columns_out() {
        insta::assert_snapshot!(town().lines(Some(48), Style::plain()).join("\n"), @"
        HASH      NAME                        SIZE  ZONE
        abababab  The letters of the town…   70 kB  hill
        cdcdcdcd  地図 maps                 1.2 GB
        ");
        insta::assert_snapshot!(town().lines(Some(36), Style::plain()).join("\n"), @"
        HASH      NAME                  SIZE
        abababab  The letters of th…   70 kB
        cdcdcdcd  地図 maps           1.2 GB
        ");
        for places in 24..80 {
            let lines = town().lines(Some(places), Style::plain());
            assert!(lines.iter().all(|line| width(line) <= places), "{places}: {lines:#?}");
        }
    }

    #[test]
    fn colours_take_no_room() {
        let mut table = Table::new([Column::left("A"), Column::left("B")]);
        table.row([Cell::toned(Tone::Met, "met"), "x".into()]);
        let style = Style::of(&std::collections::BTreeMap::new(), true);
        assert_eq!(table.lines(None, style), ["\x1b[2mA\x1b[0m    \x1b[2mB\x1b[0m", "\x1b[32mmet\x1b[0m  x"]);
    }
}

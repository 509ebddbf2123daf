//! The live view: a table that is drawn over itself on a terminal, and elsewhere a line for each thing that happens.

use std::collections::VecDeque;

use super::{act::Act, cast::Cast, scene::Cell, scene::Scene, tally::Totals};
use crate::{
    cli::{
        Env,
        style::{Style, Tone},
    },
    model::ByteSize,
};

/// Where the view goes.
#[derive(Debug)]
pub(super) struct Screen {
    is_live: bool,
    style: Style,
    /// Lines that stand there and are drawn over next.
    drawn: usize,
    events: VecDeque<String>,
}

/// What is to be seen.
#[derive(Debug)]
pub(super) struct Picture<'a> {
    pub(super) cast: &'a Cast,
    pub(super) size: ByteSize,
    pub(super) page: &'a str,
    pub(super) scene: &'a Scene,
    pub(super) acts: &'a [Act],
    /// What is going on, what has been done of it, and for how many seconds.
    pub(super) current: Option<(&'a str, Totals, f64)>,
}

const EVENTS_SHOWN: usize = 6;
const CELL: usize = 5;
const NAME: usize = 6;

impl Screen {
    pub(super) fn new(env: &Env) -> Self {
        let is_dumb = env.variables.get("TERM").is_some_and(|term| term == "dumb");
        let is_live = env.talks_to_terminal && !is_dumb;
        Self { is_live, style: Style::of(&env.variables, is_live), drawn: 0, events: VecDeque::new() }
    }

    /// Says where the page is, where the table does not.
    pub(super) fn open(&self, env: &mut Env, page: &str) {
        if !self.is_live {
            env.talk(format_args!("the whole network on one page: {page}"));
        }
    }

    /// Leaves what stands there, and draws anew below it.
    pub(super) fn move_down(&mut self, env: &mut Env) {
        if self.drawn > 0 {
            env.talk("");
        }
        self.drawn = 0;
    }

    /// Tells something that has happened.
    pub(super) fn tell(&mut self, env: &mut Env, seconds: f64, text: &str) {
        let line = format!("{seconds:6.1} s  {text}");
        if !self.is_live {
            return env.talk(line);
        }
        self.events.push_back(line);
        if self.events.len() > EVENTS_SHOWN {
            self.events.pop_front();
        }
    }

    /// Draws everything anew, on a terminal.
    pub(super) fn draw(&mut self, env: &mut Env, picture: &Picture<'_>) {
        if !self.is_live {
            return;
        }
        let lines = self.lines(picture);
        // Lines that do not fit are cut and not wrapped, or the next frame would not find its beginning.
        let back = if self.drawn > 0 { format!("\x1b[{}F", self.drawn) } else { String::new() };
        let mut text = format!("\x1b[?7l{back}");
        for line in &lines {
            text.push_str(line);
            text.push_str("\x1b[K\n");
        }
        text.push_str("\x1b[J\x1b[?7h");
        self.drawn = lines.len();
        // A terminal that is gone ends the process by itself.
        let _ = env.err.write_all(text.as_bytes()).and_then(|()| env.err.flush());
    }

    fn lines(&self, picture: &Picture<'_>) -> Vec<String> {
        let cast = picture.cast;
        let mut lines = vec![
            format!(
                "{}  {} beacons, {} files of {}, {} copies of each wanted",
                self.style.paint(Tone::Strong, "beacon demo"),
                cast.beacons.len(),
                cast.files.len(),
                picture.size,
                cast.target
            ),
            format!("The whole network on one page: {}", picture.page),
            String::new(),
            self.header(picture),
        ];
        lines.extend((0..cast.files.len()).map(|file| self.row(picture, file)));
        let legend = "● has it   ◌ means to fetch it   42% fetches it   ◐ lets go of it   ○ out of reach";
        lines.extend([format!("  {}", self.style.paint(Tone::Faint, legend)), String::new()]);
        lines.extend(picture.acts.iter().map(|act| self.act(act)));
        if let Some((title, totals, seconds)) = picture.current {
            let doing = format!("{} {}", self.style.paint(Tone::Under, "▸"), doings(title, totals, seconds));
            lines.push(format!("  {doing}"));
        }
        lines.push(String::new());
        lines.extend(self.events.iter().map(|event| format!("  {}", self.style.paint(Tone::Faint, event))));
        lines
    }

    fn header(&self, picture: &Picture<'_>) -> String {
        let mut line = format!("  {:NAME$}", "");
        for (place, name) in picture.cast.beacons.iter().enumerate() {
            let runs = picture.scene.beacons.get(place).is_some_and(|seen| seen.runs);
            let color = if runs { Tone::Strong } else { Tone::Missing };
            line.push_str(&self.style.paint(color, format!("{name:^CELL$}")));
        }
        line + "   copies"
    }

    fn row(&self, picture: &Picture<'_>, file: usize) -> String {
        let mut line = format!("  {:NAME$}", picture.cast.files[file].name);
        for place in 0..picture.cast.beacons.len() {
            let seen = picture.scene.beacons.get(place);
            let cell = seen.and_then(|seen| seen.cells.get(file)).copied().unwrap_or_default();
            let (color, text) = match (cell, seen.is_some_and(|seen| seen.runs)) {
                (Cell::Absent, _) => (Tone::Faint, "·".to_owned()),
                (_, false) => (Tone::Faint, "○".to_owned()),
                (Cell::Coming, true) => (Tone::Under, "◌".to_owned()),
                (Cell::Fetching(percent), true) => (Tone::Under, format!("{percent}%")),
                (Cell::Held, true) => (Tone::Met, "●".to_owned()),
                (Cell::Leaving, true) => (Tone::Missing, "◐".to_owned()),
            };
            line.push_str(&self.style.paint(color, format!("{text:^CELL$}")));
        }
        let (copies, target) = (picture.scene.holders(file).len(), usize::from(picture.cast.target));
        let color = match copies.cmp(&target) {
            std::cmp::Ordering::Less => Tone::Missing,
            std::cmp::Ordering::Equal => Tone::Met,
            std::cmp::Ordering::Greater => Tone::Under,
        };
        format!("{line}   {}", self.style.paint(color, format!("{copies} of {target}")))
    }

    fn act(&self, act: &Act) -> String {
        let (color, mark) = if act.unmet.is_empty() { (Tone::Met, "✓") } else { (Tone::Missing, "✗") };
        format!("  {} {}", self.style.paint(color, mark), doings(&act.title, act.totals, act.seconds))
    }
}

/// What an act is called and what has been done in it, in a line.
pub(super) fn doings(title: &str, totals: Totals, seconds: f64) -> String {
    let Totals { fetches, deletions, moved } = totals;
    let plural = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    format!(
        "{title:<40}{:>10}{:>13}{:>12} moved{seconds:>7.1} s",
        plural(fetches, "fetch", "fetches"),
        plural(deletions, "deletion", "deletions"),
        ByteSize::from_bytes(moved).to_string()
    )
}

//! Everything that a command line takes from its process.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fmt,
    io::{self, BufRead, IsTerminal, Write},
    path::{Path, PathBuf},
};

use terminal_size::terminal_size_of;

use super::{CliError, style::Style, width::wrap};

/// Everything that a command line takes from its process, so that tests can make one up.
pub struct Env {
    /// The arguments, the program's name first.
    pub args: Vec<OsString>,
    /// The working directory.
    pub dir: PathBuf,
    /// The environment, as far as it is text.
    pub variables: BTreeMap<String, String>,
    /// Where data goes.
    pub out: Box<dyn Write + Send>,
    /// Where talk goes.
    pub err: Box<dyn Write + Send>,
    /// What a person types.
    pub input: Box<dyn BufRead + Send>,
    /// Whether a person types it directly.
    pub reads_from_terminal: bool,
    /// Whether a person reads the data directly.
    pub is_terminal: bool,
    /// Whether a person reads the talk directly.
    pub talks_to_terminal: bool,
    /// The columns and rows of the terminal at this moment, where there is one and it says so.
    pub window: Box<dyn Fn() -> Option<(u16, u16)> + Send>,
}

/// What a terminal has that does not say how wide it is (VT100).
const WINDOW: (u16, u16) = (80, 24);
/// Text in fewer columns than this cannot be read anyway.
const COLUMNS_MIN: u16 = 20;

impl Env {
    /// That of this process.
    pub fn of_process() -> Self {
        let text = |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        Self {
            args: env::args_os().collect(),
            // Where the directory is gone, relative paths fail one by one, each with its own message.
            dir: env::current_dir().unwrap_or_default(),
            variables: env::vars_os().filter_map(text).collect(),
            out: Box::new(io::stdout()),
            err: Box::new(io::stderr()),
            input: Box::new(io::BufReader::new(io::stdin())),
            reads_from_terminal: io::stdin().is_terminal(),
            is_terminal: io::stdout().is_terminal(),
            talks_to_terminal: io::stderr().is_terminal(),
            window: Box::new(|| terminal_size_of(io::stdout()).map(|(columns, rows)| (columns.0, rows.0))),
        }
    }

    /// The columns that a line of data may have; `None` where programs read it, for which nothing is cut.
    pub(super) fn width(&self) -> Option<usize> {
        self.is_terminal.then(|| usize::from(self.window_or_usual().0.max(COLUMNS_MIN)))
    }

    /// The colours of data.
    pub(super) fn style(&self) -> Style {
        Style::of(&self.variables, self.is_terminal)
    }

    /// The colours of talk.
    pub(super) fn talk_style(&self) -> Style {
        Style::of(&self.variables, self.talks_to_terminal)
    }

    /// The rows that a person sees at once.
    pub(super) fn height(&self) -> usize {
        usize::from(self.window_or_usual().1)
    }

    /// Whether what is on the screen can be drawn over.
    pub(super) fn is_live(&self) -> bool {
        self.is_terminal && self.variables.get("TERM").is_none_or(|term| term != "dumb")
    }

    /// Whether there is somebody to be asked something.
    pub(super) const fn can_ask(&self) -> bool {
        self.talks_to_terminal && self.reads_from_terminal
    }

    /// Asks for yes or no; whatever is not yes is no.
    pub(super) fn ask(&mut self, question: &str) -> Result<bool, CliError> {
        let _ = write!(self.err, "{question} [y/N] ").and_then(|()| self.err.flush());
        let mut answer = String::new();
        self.input.read_line(&mut answer).map_err(CliError::Input)?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    fn window_or_usual(&self) -> (u16, u16) {
        (self.window)().filter(|(columns, rows)| *columns > 0 && *rows > 0).unwrap_or(WINDOW)
    }

    /// Writes a line of data.
    pub(super) fn data(&mut self, line: impl fmt::Display) -> Result<(), CliError> {
        writeln!(self.out, "{line}").map_err(CliError::Output)
    }

    /// Writes lines of data, which are broken between words where they do not fit the terminal; all but the first of the
    /// resulting lines begin with `indent` spaces.
    pub(super) fn sentence(&mut self, line: &str, indent: usize) -> Result<(), CliError> {
        for line in wrap(line, self.width(), indent) {
            self.data(line)?;
        }
        Ok(())
    }

    /// Writes a line of talk. Nobody may be listening, and that is no error.
    pub(super) fn talk(&mut self, line: impl fmt::Display) {
        let _ = writeln!(self.err, "{line}");
    }

    /// A path as given on the command line, from the working directory.
    pub(super) fn resolve(&self, path: &Path) -> PathBuf {
        self.dir.join(path)
    }

    /// A path as people know it: without the working directory before it.
    pub(super) fn shown(&self, path: &Path) -> PathBuf {
        path.strip_prefix(&self.dir).unwrap_or(path).to_owned()
    }
}

impl fmt::Debug for Env {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Env").field("args", &self.args).field("dir", &self.dir).finish_non_exhaustive()
    }
}

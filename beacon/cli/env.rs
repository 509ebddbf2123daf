//! Everything that a command line takes from its process.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsString,
    fmt,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
};

use super::CliError;

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
    /// Whether a person reads the data directly.
    pub is_terminal: bool,
    /// Whether a person reads the talk directly.
    pub talks_to_terminal: bool,
}

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
            is_terminal: io::stdout().is_terminal(),
            talks_to_terminal: io::stderr().is_terminal(),
        }
    }

    /// Writes a line of data.
    pub(super) fn data(&mut self, line: impl fmt::Display) -> Result<(), CliError> {
        writeln!(self.out, "{line}").map_err(CliError::Output)
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

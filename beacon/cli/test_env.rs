//! An [`Env`] made up for tests.

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    io::{self, Write},
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use tempfile::TempDir;

use super::{Env, Exit, run};

/// A directory of its own in which command lines are run.
pub(super) struct TestEnv {
    dir: TempDir,
    variables: BTreeMap<String, String>,
    /// What somebody types, where there is somebody.
    typed: String,
    /// The columns of the terminal that data goes to, where it goes to one.
    columns: Option<u16>,
}

/// What a command line came to.
pub(super) struct Ran {
    pub(super) exit: Exit,
    pub(super) out: String,
    pub(super) err: String,
}

impl TestEnv {
    pub(super) fn new() -> Self {
        Self {
            dir: TempDir::new().expect("a directory"),
            variables: BTreeMap::new(),
            typed: String::new(),
            columns: None,
        }
    }

    pub(super) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Somebody types this.
    pub(super) fn typed(mut self, text: &str) -> Self {
        text.clone_into(&mut self.typed);
        self
    }

    /// Data goes to a terminal of as many columns.
    pub(super) fn on_terminal(mut self, columns: u16) -> Self {
        self.columns = Some(columns);
        self
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(super) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("made");
        fs::write(path, bytes).expect("written");
    }

    pub(super) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).expect("a file")
    }

    /// Runs `beacon` with these arguments.
    pub(super) fn run(&self, args: &[&str]) -> Ran {
        self.within(args, false, run)
    }

    /// Lets something use a command line's environment, in which talk goes to a terminal or not.
    pub(super) fn within(
        &self,
        args: &[&str],
        talks_to_terminal: bool,
        something: impl FnOnce(&mut Env) -> Exit,
    ) -> Ran {
        let (out, err) = (Stream::default(), Stream::default());
        let mut env = Env {
            args: std::iter::once("beacon").chain(args.iter().copied()).map(OsString::from).collect(),
            dir: self.dir.path().to_owned(),
            variables: self.variables.clone(),
            out: Box::new(out.clone()),
            err: Box::new(err.clone()),
            input: Box::new(io::Cursor::new(self.typed.clone())),
            reads_from_terminal: !self.typed.is_empty(),
            is_terminal: self.columns.is_some(),
            talks_to_terminal,
            window: Box::new(window(self.columns)),
        };
        let exit = something(&mut env);
        Ran { exit, out: self.text(&out), err: self.text(&err) }
    }

    fn text(&self, stream: &Stream) -> String {
        let bytes = stream.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        String::from_utf8(bytes).expect("UTF-8").replace(&self.dir.path().display().to_string(), "DIR")
    }
}

impl Ran {
    /// Everything that people see, for snapshots.
    pub(super) fn shown(&self) -> String {
        format!("exit {}\n--- out\n{}--- err\n{}", self.exit.code(), self.out, self.err)
    }
}

/// The size of a terminal of as many columns.
fn window(columns: Option<u16>) -> impl Fn() -> Option<(u16, u16)> + Send {
    move || columns.map(|columns| (columns, 24))
}

#[derive(Clone, Default)]
struct Stream(Arc<Mutex<Vec<u8>>>);

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

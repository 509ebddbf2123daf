//! `beacon status --watch`: the overview, drawn over itself whenever something changes.

use std::{io::Write as _, time::Duration};

use serde_json::Value;
use tokio::time::sleep;

use super::{
    CliError, Env, Options,
    connection::Connection,
    follow::{Followed, Told, Topics},
    people::{counted, grouped},
    picture::{Picture, counts, truth},
    remote::{list, make_readable, text},
    style::Tone,
};

/// What is to be seen, and for how often.
pub(super) struct Watch<'a> {
    options: &'a Options,
    /// How many times it is still shown; `None` until Ctrl-C.
    left: Option<u32>,
    is_live: bool,
    status: Value,
    /// Why the beacon does not answer, where it does not.
    lost: Option<String>,
    /// The line that was written last, where lines are written.
    line: String,
}

/// What, of all that changes, is in the overview.
const TOPICS: [&str; 5] = ["status", "torrents", "members", "actions", "collections"];

/// What only grows older, such as when a beacon was last heard of, is not told as a change; whoever looks at it sees it renewed as
/// often as this.
const REFRESH: Duration = Duration::from_secs(30);

/// The other screen of a terminal, without a cursor and with long lines cut; and back.
const ENTER: &str = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEAVE: &str = "\x1b[?7h\x1b[?25h\x1b[?1049l";

/// Shows the overview whenever it changes, as many times as said or until Ctrl-C.
pub(super) fn run(env: &mut Env, options: &Options, count: Option<u32>) -> Result<(), CliError> {
    let connection = Connection::open(&options.settings(env)?)?;
    let is_live = env.is_live() && !options.json;
    let mut watch = Watch { options, left: count, is_live, status: Value::Null, lost: None, line: String::new() };
    let ended = connection.run(async |connection: &Connection| watch.follow(env, connection).await);
    if watch.is_live && !watch.status.is_null() {
        write!(env.out, "{LEAVE}").map_err(CliError::Output)?;
        // What was seen last stays on the usual screen.
        for line in watch.lines(env) {
            env.data(line)?;
        }
    }
    ended
}

impl Watch<'_> {
    async fn follow(&mut self, env: &mut Env, connection: &Connection) -> Result<(), CliError> {
        let mut followed = Followed::new(connection)?;
        while self.left != Some(0) {
            let told = tokio::select! {
                told = followed.next() => told?,
                () = sleep(REFRESH), if self.is_live => Some(Told::Changed { topics: Topics::all(), is_other_run: false }),
            };
            let Some(told) = told else { break };
            match told {
                Told::Changed { topics, .. } if !topics.concern(&TOPICS) => {}
                Told::Changed { .. } => match connection.get("/api/v1/status").await {
                    Ok(status) => {
                        self.lost = None;
                        self.take(env, status)?;
                    }
                    // It is ending; what is followed will say so.
                    Err(CliError::Unreachable { .. }) => {}
                    Err(error) => return Err(error),
                },
                Told::Lost(reason) => {
                    self.lost = Some(reason);
                    self.tell_lost(env)?;
                }
            }
        }
        Ok(())
    }

    fn take(&mut self, env: &mut Env, mut status: Value) -> Result<(), CliError> {
        let is_first = self.status.is_null();
        if !self.options.json {
            make_readable(&mut status);
        }
        self.status = status;
        if self.options.json {
            env.data(&self.status)?;
        } else if self.is_live {
            if is_first {
                write!(env.out, "{ENTER}").map_err(CliError::Output)?;
            }
            self.draw(env)?;
        } else {
            let line = line(&self.status);
            if line == self.line {
                return Ok(());
            }
            env.data(&line)?;
            self.line = line;
        }
        env.out.flush().map_err(CliError::Output)?;
        self.left = self.left.map(|left| left - 1);
        Ok(())
    }

    fn tell_lost(&mut self, env: &mut Env) -> Result<(), CliError> {
        if self.is_live && !self.status.is_null() {
            return self.draw(env);
        }
        let reason = self.lost.as_deref().unwrap_or_default();
        env.talk(format_args!("{reason}; waiting for it to come back"));
        Ok(())
    }

    /// Draws everything over what stands there, as far as it fits.
    fn draw(&self, env: &mut Env) -> Result<(), CliError> {
        let (style, height) = (env.style(), env.height());
        let mut lines = self.lines(env);
        let said = match &self.lost {
            Some(reason) => style.paint(Tone::Missing, format_args!("{reason}; waiting for it to come back")),
            None => style.paint(Tone::Faint, "changes are shown as they come; Ctrl-C ends this"),
        };
        lines.truncate(height.saturating_sub(2));
        let mut frame = String::from("\x1b[H");
        for line in lines.iter().map(String::as_str).chain(["", &said]) {
            frame.push_str(line);
            frame.push_str("\x1b[K\r\n");
        }
        // Without the last line break, or the first line would be scrolled away.
        frame.truncate(frame.len() - 2);
        frame.push_str("\x1b[J");
        env.out.write_all(frame.as_bytes()).and_then(|()| env.out.flush()).map_err(CliError::Output)
    }

    fn lines(&self, env: &Env) -> Vec<String> {
        Picture { status: &self.status, width: env.width(), style: env.style() }.lines()
    }
}

/// The overview in a line.
fn line(status: &Value) -> String {
    let [_, missing, under, met, over] = counts(status).map(grouped);
    let alive = list(status, "/members").iter().filter(|member| text(member, "/state") == "alive").count();
    let running = list(status, "/actions/running").len();
    format!(
        "missing {missing}, under {under}, met {met}, over {over}; {} alive; {}; {}",
        counted(alive as u64, "beacon", "beacons"),
        counted(running as u64, "action", "actions"),
        truth(status)
    )
}

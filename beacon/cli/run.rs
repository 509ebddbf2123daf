//! `beacon run`: the daemon.

use std::path::{Path, PathBuf};

use clap::Args;

use super::{CliError, Env, Options, log, remote::local};
use crate::{
    config::{ClientSettings, Override},
    daemon::{self, Banner},
    node::view::Mode,
    web::Sessions,
};

/// Run the beacon until it is stopped with Ctrl-C or SIGTERM
#[derive(Debug, Clone, Default, Args)]
pub struct RunArgs {
    /// Let nobody order anything through the page and the API: whoever reaches them can only look
    #[arg(long)]
    pub read_only: bool,
    /// Read the page's files from this directory each time, for people who change them
    #[arg(long, value_name = "DIR")]
    pub dashboard_dir: Option<PathBuf>,
}

/// What is logged where nobody says. The engine within tells of every step it takes; what people need to know of that, the
/// embedded client says.
const LOGGED: &str = "info,librqbit=off,librqbit_dht=off,librqbit_tracker_comms=off,librqbit_core=off";

pub(super) fn run(env: &mut Env, options: &Options, args: &RunArgs) -> Result<(), CliError> {
    let settings = options.settings_with(env, args.overrides())?;
    log::start(env, LOGGED);
    let json = options.json;
    let result = daemon::run(&settings, |banner| {
        if json {
            let line = serde_json::json!({
                "id": banner.id.to_string(),
                "listen": banner.listen.to_string(),
                "dashboard": format!("http://{}/", banner.dashboard),
            });
            return drop(env.data(line));
        }
        env.talk(format_args!("beacon {} ({})", settings.name, banner.id));
        env.talk(format_args!("  listens for other beacons on UDP {}", banner.listen));
        env.talk(format_args!("  page: {}", page(banner, env.talks_to_terminal)));
        if let ClientSettings::Embedded(_) = settings.client {
            let (dir, budget) = (env.shown(&settings.storage.dir), settings.storage.budget);
            env.talk(format_args!("  fetches by the client within into {}, {budget} at most", dir.display()));
        }
        let collections = env.shown(&settings.collections_dir);
        if is_empty(&settings.collections_dir) {
            env.talk(format_args!(
                "  no collections yet: put their files into {}, or make one with `beacon collection new`",
                collections.display()
            ));
        }
        if banner.mode == Mode::DryRun {
            env.talk("  dry run: the plan is shown and nothing is done; set \"mode\": \"apply\" to carry it out");
        }
    });
    Ok(result?)
}

impl RunArgs {
    /// The keys of the configuration that these flags set.
    fn overrides(&self) -> Vec<Override> {
        let set = |key: &str, flag: &str, value: String| Override { key: key.into(), flag: flag.into(), value };
        let read_only = self.read_only.then(|| set("read_only", "--read-only", "true".to_owned()));
        let dir = self.dashboard_dir.as_ref();
        let dir = dir.map(|dir| set("dashboard_dir", "--dashboard-dir", dir.display().to_string()));
        read_only.into_iter().chain(dir).collect()
    }
}

/// The address of the page. On a terminal it logs in whoever opens it, once; what is kept in logs has no such power.
fn page(banner: &Banner, talks_to_terminal: bool) -> String {
    let origin = format!("http://{}", local(banner.dashboard));
    let code = banner.sessions.as_ref().filter(|_| talks_to_terminal).and_then(|sessions| sessions.new_code());
    code.map_or_else(|| format!("{origin}/"), |code| Sessions::link(&origin, &code))
}

/// Whether there is nothing in a directory, or no directory.
fn is_empty(dir: &Path) -> bool {
    std::fs::read_dir(dir).map_or(true, |mut entries| entries.next().is_none())
}

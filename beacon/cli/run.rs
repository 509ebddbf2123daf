//! `beacon run`: the daemon.

use std::path::Path;

use super::{CliError, Env, Options, log};
use crate::{config::ClientSettings, daemon, node::view::Mode};

/// What is logged where nobody says. The engine within tells of every step it takes; what people need to know of that, the
/// embedded client says.
const LOGGED: &str = "info,librqbit=off,librqbit_dht=off,librqbit_tracker_comms=off,librqbit_core=off";

pub(super) fn run(env: &mut Env, options: &Options) -> Result<(), CliError> {
    let settings = options.settings(env)?;
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
        env.talk(format_args!("  page: http://{}/", banner.dashboard));
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

/// Whether there is nothing in a directory, or no directory.
fn is_empty(dir: &Path) -> bool {
    std::fs::read_dir(dir).map_or(true, |mut entries| entries.next().is_none())
}

//! `beacon run`: the daemon.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use super::{CliError, Env, Options};
use crate::{daemon, node::view::Mode};

/// What is logged where nobody says. The engine within tells of every step it takes; what people need to know of that, the
/// embedded client says.
const LOGGED: &str = "info,librqbit=off,librqbit_dht=off,librqbit_tracker_comms=off,librqbit_core=off";

pub(super) fn run(env: &mut Env, options: &Options) -> Result<(), CliError> {
    let settings = options.settings(env)?;
    let filter = env.variables.get("BEACON_LOG").map_or(LOGGED, String::as_str);
    let filter = EnvFilter::try_new(filter).unwrap_or_else(|_| EnvFilter::new(LOGGED));
    // A second command line in one process, as in tests, keeps the log of the first.
    let is_terminal = std::io::stderr().is_terminal();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_ansi(is_terminal).with_target(false);
    let _ = log.with_writer(std::io::stderr).try_init();
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
        if banner.mode == Mode::DryRun {
            env.talk("  dry run: the plan is shown and nothing is done; set \"mode\": \"apply\" to carry it out");
        }
    });
    Ok(result?)
}

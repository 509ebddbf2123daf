//! `beacon run`: the daemon.

use super::{CliError, Env, Options, log};
use crate::{daemon, node::view::Mode};

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
        if banner.mode == Mode::DryRun {
            env.talk("  dry run: the plan is shown and nothing is done; set \"mode\": \"apply\" to carry it out");
        }
    });
    Ok(result?)
}

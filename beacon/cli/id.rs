//! `beacon id`: who this beacon is.

use serde_json::json;

use super::{CliError, Env, Options};
use crate::net::Identity;

pub(super) fn run(env: &mut Env, options: &Options) -> Result<(), CliError> {
    let settings = options.settings(env)?;
    let made = std::fs::create_dir_all(&settings.data_dir);
    made.map_err(|reason| CliError::File { path: settings.data_dir.clone(), verb: "written", reason })?;
    let id = Identity::load_or_create(&settings.data_dir.join("identity"))?.id();
    if options.json { env.data(json!({ "id": id.to_string() })) } else { env.data(id) }
}

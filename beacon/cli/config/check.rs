//! `beacon config check`: whether the configuration is good, and what holds.

use serde_json::{Map, Value};

use crate::{
    cli::{CliError, Env, Options, table::table},
    daemon,
};

pub(super) fn run(env: &mut Env, options: &Options) -> Result<(), CliError> {
    let settings = options.settings(env)?;
    let shown = settings.shown();
    if options.json {
        let object: Map<String, Value> =
            shown.into_iter().map(|(key, value)| (key.to_owned(), Value::from(value))).collect();
        env.data(Value::from(object))?;
    } else {
        let rows: Vec<Vec<String>> = shown.into_iter().map(|(key, value)| vec![key.to_owned(), value]).collect();
        for line in table(&rows, &[false, false]) {
            env.data(line)?;
        }
    }
    daemon::check(&settings)?;
    match &settings.file {
        Some(file) => env.talk(format_args!("{} is good", env.shown(file).display())),
        None => env.talk("there is no config.json here; the defaults hold"),
    }
    Ok(())
}

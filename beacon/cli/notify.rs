//! `beacon notify test [HOOK]`: whether messages arrive.

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::{CliError, Env, Options, table::table};
use crate::{config::NotifyHook, daemon, json::nearest, net::Identity};

/// What to do with the hooks of the configuration.
#[derive(Debug, Subcommand)]
pub enum NotifyCommand {
    /// Send a test message, and show what came of it
    Test(NotifyTest),
}

/// Whom to send it.
#[derive(Debug, Args)]
pub struct NotifyTest {
    /// The `name` of a hook in the configuration [default: all hooks]
    #[arg(value_name = "HOOK")]
    hook: Option<String>,
}

impl NotifyCommand {
    pub(super) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        match self {
            Self::Test(test) => run_test(env, options, test.hook.as_deref()),
        }
    }
}

fn run_test(env: &mut Env, options: &Options, wanted: Option<&str>) -> Result<(), CliError> {
    let settings = options.settings(env)?;
    let hooks = chosen(&settings.notify, wanted)?;
    // A beacon that never ran has none, and may try its hooks all the same.
    let file = settings.data_dir.join("identity");
    let id = if file.exists() { Some(Identity::load_or_create(&file)?.id()) } else { None };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| CliError::Daemon(daemon::DaemonError::System(error)))?;
    let answers = runtime.block_on(daemon::test_hooks(&hooks, id, &settings.name));
    let failed = answers.iter().filter(|(_, answer)| answer.is_err()).count();
    let rows: Vec<(String, bool, String)> = answers
        .into_iter()
        .map(|(hook, answer)| {
            let (ok, text) = answer.map_or_else(|error| (false, error.to_string()), |text| (true, text));
            (hook, ok, text)
        })
        .collect();
    if options.json {
        let form = |(hook, ok, answer): &(String, bool, String)| json!({ "hook": hook, "ok": ok, "answer": answer });
        env.data(Value::Array(rows.iter().map(form).collect()))?;
    } else {
        let row = |(hook, ok, answer): &(String, bool, String)| {
            vec![hook.clone(), if *ok { "told" } else { "not told" }.to_owned(), answer.clone()]
        };
        for line in table(&rows.iter().map(row).collect::<Vec<_>>(), &[false, false, false]) {
            env.data(line)?;
        }
    }
    if failed > 0 { Err(CliError::HooksFailed { failed, tried: rows.len() }) } else { Ok(()) }
}

fn chosen(hooks: &[NotifyHook], wanted: Option<&str>) -> Result<Vec<NotifyHook>, CliError> {
    if hooks.is_empty() {
        return Err(CliError::NoHooks);
    }
    let Some(wanted) = wanted else { return Ok(hooks.to_vec()) };
    let found: Vec<_> = hooks.iter().filter(|hook| hook.name == wanted).cloned().collect();
    if found.is_empty() {
        let nearest = nearest(wanted, hooks.iter().map(|hook| hook.name.as_str()));
        return Err(CliError::NoSuchHook { name: wanted.to_owned(), nearest });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use crate::cli::test_env::TestEnv;

    #[test]
    fn hooks_are_tried_and_what_came_of_it_is_shown() {
        let env = TestEnv::new();
        let hook =
            |name: &str, script: &str| format!(r#"{{ "name": "{name}", "command": ["/bin/sh", "-c", "{script}"] }}"#);
        let hooks =
            [hook("mail", "cat > /dev/null; echo sent"), hook("phone", "cat > /dev/null; echo no line >&2; exit 3")];
        env.write("config.json", format!("{{ \"name\": \"attic\", \"notify\": [{}] }}", hooks.join(", ")));
        insta::assert_snapshot!(env.run(&["notify", "test"]).shown(), @"
        exit 1
        --- out
        mail   told      it ended well: sent
        phone  not told  `/bin/sh` ended with exit status: 3: no line
        --- err
        error: 1 of 2 hooks could not be told
        ");
        insta::assert_snapshot!(env.run(&["notify", "test", "mail", "--json"]).shown(), @r#"
        exit 0
        --- out
        [{"answer":"it ended well: sent","hook":"mail","ok":true}]
        --- err
        "#);
        insta::assert_snapshot!(env.run(&["notify", "test", "male"]).shown(), @"
        exit 2
        --- out
        --- err
        error: there is no hook `male` in the configuration; did you mean `mail`?
        ");
        env.write("config.json", "{}");
        insta::assert_snapshot!(env.run(&["notify", "test"]).shown(), @"
        exit 3
        --- out
        --- err
        error: the configuration has no hooks; `notify` in it says whom to tell of what, see docs/NOTIFICATIONS.md
        ");
    }
}

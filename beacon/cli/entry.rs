//! From arguments to the command they mean.

use clap::{CommandFactory, FromArgMatches};

use super::{
    Arguments, CliError, Command, Env, Exit, demo, drain, explain, find, id, invite, join, magnet, page, pin, plan,
    share, status, who,
};

/// Runs one command line, and says on the error stream what goes wrong.
pub fn run(env: &mut Env) -> Exit {
    match parse(env).map(|arguments| dispatch(env, &arguments)) {
        Ok(Ok(())) => Exit::Success,
        Ok(Err(error)) => {
            let exit = error.exit();
            if exit != Exit::Success {
                env.talk(format_args!("error: {error}"));
            }
            exit
        }
        Err(exit) => exit,
    }
}

fn dispatch(env: &mut Env, arguments: &Arguments) -> Result<(), CliError> {
    match &arguments.command {
        Command::Run(args) => super::run::run(env, &arguments.options, args),
        Command::Page => page::run(env, &arguments.options),
        Command::Demo(args) => demo::run(env, &arguments.options, args),
        Command::Status => status::run(env, &arguments.options),
        Command::Plan => plan::run(env, &arguments.options),
        Command::Find(args) => find::run(env, &arguments.options, args),
        Command::Who(what) => who::run(env, &arguments.options, what),
        Command::Magnet(what) => magnet::run(env, &arguments.options, what),
        Command::Explain(what) => explain::run(env, &arguments.options, what),
        Command::Pin(what) => pin::run(env, &arguments.options, what, true),
        Command::Unpin(what) => pin::run(env, &arguments.options, what, false),
        Command::Share(args) => share::run(env, &arguments.options, args),
        Command::Drain(args) => drain::run(env, &arguments.options, args),
        Command::Invite(args) => invite::run(env, &arguments.options, args),
        Command::Join(args) => join::run(env, &arguments.options, args),
        Command::Neighbor(command) => command.run(env, &arguments.options),
        Command::Id => id::run(env, &arguments.options),
        Command::Simulate(simulate) => simulate.run(env, &arguments.options),
        Command::Collection(command) => command.run(env, &arguments.options),
        Command::Torrent(command) => command.run(env, &arguments.options),
        Command::Config(command) => command.run(env, &arguments.options),
    }
}

/// Reads the arguments; help and version are data, complaints are talk.
fn parse(env: &mut Env) -> Result<Arguments, Exit> {
    let mut command = Arguments::command();
    if !env.is_terminal {
        // What is read by programs should not depend on the width of some window.
        command = command.term_width(100);
    }
    let parsed = command.try_get_matches_from_mut(&env.args).and_then(|mut matches| {
        Arguments::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    });
    parsed.map_err(|error| {
        let text = if env.is_terminal { error.render().ansi().to_string() } else { error.render().to_string() };
        if error.use_stderr() {
            env.talk(text.trim_end());
            return Exit::Usage;
        }
        env.data(text.trim_end()).map_or_else(|error| error.exit(), |()| Exit::Success)
    })
}

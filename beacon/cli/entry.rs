//! From arguments to the command they mean.

use clap::FromArgMatches;
use serde_json::json;

use super::{
    Arguments, CliError, Command, Env, Exit, collections, demo, drain, explain, find, help, history, id, invite, join,
    logged, magnet, map, mcp, members, mode, network, page, pin, plan, request, share, status, style::Tone, torrents,
    trend, who,
};

/// Runs one command line, and says on the error stream what goes wrong.
pub fn run(env: &mut Env) -> Exit {
    let arguments = match parse(env) {
        Ok(arguments) => arguments,
        Err(exit) => return exit,
    };
    let Err(error) = dispatch(env, &arguments) else { return Exit::Success };
    let exit = error.exit();
    if exit != Exit::Success {
        tell(env, arguments.options.json, exit, &error.to_string());
    }
    exit
}

fn dispatch(env: &mut Env, arguments: &Arguments) -> Result<(), CliError> {
    match &arguments.command {
        Command::Run(args) => super::run::run(env, &arguments.options, args),
        Command::Page => page::run(env, &arguments.options),
        Command::Demo(args) => demo::run(env, &arguments.options, args),
        Command::Status(args) => status::run(env, &arguments.options, args),
        Command::Map(args) => map::run(env, &arguments.options, args),
        Command::Torrents(args) => torrents::run(env, &arguments.options, args),
        Command::Plan => plan::run(env, &arguments.options),
        Command::History(args) => history::run(env, &arguments.options, args),
        Command::Trend(args) => trend::run(env, &arguments.options, args),
        Command::Log(args) => logged::run(env, &arguments.options, args),
        Command::Find(args) => find::run(env, &arguments.options, args),
        Command::Who(what) => who::run(env, &arguments.options, what),
        Command::Magnet(what) => magnet::run(env, &arguments.options, what),
        Command::Explain(what) => explain::run(env, &arguments.options, what),
        Command::Pin(what) => pin::run(env, &arguments.options, what, true),
        Command::Unpin(what) => pin::run(env, &arguments.options, what, false),
        Command::Request(args) => request::run(env, &arguments.options, args),
        Command::Share(args) => share::run(env, &arguments.options, args),
        Command::Drain(args) => drain::run(env, &arguments.options, args),
        Command::Invite(args) => invite::run(env, &arguments.options, args),
        Command::Join(args) => join::run(env, &arguments.options, args),
        Command::Neighbor(command) => command.run(env, &arguments.options),
        Command::Mode(args) => mode::run(env, &arguments.options, args),
        Command::Collections => collections::run(env, &arguments.options),
        Command::Members(args) => members::run(env, &arguments.options, args),
        Command::Member(args) => members::show(env, &arguments.options, args),
        Command::Network => network::run(env, &arguments.options),
        Command::Id => id::run(env, &arguments.options),
        Command::Simulate(simulate) => simulate.run(env, &arguments.options),
        Command::Collection(command) => command.run(env, &arguments.options),
        Command::Torrent(command) => command.run(env, &arguments.options),
        Command::Mcp(args) => mcp::run(env, &arguments.options, args),
        Command::Notify(command) => command.run(env, &arguments.options),
        Command::Config(command) => command.run(env, &arguments.options),
        Command::Completions(args) => help::completions(env, *args),
        Command::Man(args) => help::man(env, &arguments.options, args),
    }
}

/// Reads the arguments; help and version are data, complaints are talk.
fn parse(env: &mut Env) -> Result<Arguments, Exit> {
    let mut command = help::command();
    // What is read by programs should not depend on the width of some window.
    command = command.term_width(env.width().unwrap_or(WIDTH).min(WIDTH));
    let parsed = command.try_get_matches_from_mut(&env.args).and_then(|mut matches| {
        Arguments::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
    });
    parsed.map_err(|error| {
        let style = if error.use_stderr() { env.talk_style() } else { env.style() };
        let text = if style.is_on() { error.render().ansi().to_string() } else { error.render().to_string() };
        if !error.use_stderr() {
            return env.data(text.trim_end()).map_or_else(|error| error.exit(), |()| Exit::Success);
        }
        if wants_json(env) {
            let text = error.render().to_string();
            let message = text.trim().strip_prefix("error: ").unwrap_or(text.trim());
            tell(env, true, Exit::Usage, message);
        } else {
            env.talk(text.trim_end());
        }
        Exit::Usage
    })
}

/// Says what went wrong, to people or to programs.
fn tell(env: &mut Env, as_json: bool, exit: Exit, message: &str) {
    if as_json {
        let error = json!({ "exit": exit.code(), "kind": exit.kind(), "message": message });
        return env.talk(json!({ "error": error }));
    }
    let error = env.talk_style().paint(Tone::Missing, "error:");
    env.talk(format_args!("{error} {message}"));
}

/// Whether JSON was asked for by arguments that cannot be read as a whole.
fn wants_json(env: &Env) -> bool {
    env.args.iter().skip(1).take_while(|arg| *arg != "--").any(|arg| arg == "--json")
}

/// The most places that a line of help takes: longer ones are hard to read.
const WIDTH: usize = 100;

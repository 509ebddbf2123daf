//! Tests of what people can read of the commands.

use std::{env, fs, path::Path};

use clap::Command;

use super::{command, guides::GUIDES, man::pages, tree::GROUPS};
use crate::cli::{Exit, test_env::TestEnv};

/// The most places that a command's line in the help of the program may take beyond its name.
const ABOUT_MAX: usize = 64;

/// Every command that does something by itself, with its words.
fn leaves(command: &Command, path: &str) -> Vec<(String, Command)> {
    let inner: Vec<&Command> = command.get_subcommands().filter(|inner| inner.get_name() != "help").collect();
    if inner.is_empty() {
        return vec![(path.to_owned(), command.clone())];
    }
    let path_of = |inner: &Command| format!("{path} {}", inner.get_name()).trim_start().to_owned();
    inner.into_iter().flat_map(|inner| leaves(inner, &path_of(inner))).collect()
}

/// The words of a command line as a shell would split it, as far as examples go: up to a pipe or a redirection.
fn words(line: &str) -> Vec<String> {
    let line = line.split(" | ").next().unwrap_or_default().split(" > ").next().unwrap_or_default();
    let (mut words, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            _ => words.last_mut().expect("never empty").push(c),
        }
    }
    words
}

#[test]
fn every_command_shows_how_it_is_used() {
    let without: Vec<String> = leaves(&command(), "")
        .into_iter()
        .filter(|(_, command)| !command.get_after_help().is_some_and(|help| help.to_string().contains("Examples:")))
        .map(|(path, _)| path)
        .collect();
    assert!(without.is_empty(), "give these an example in help/guides.rs: {without:?}");
}

#[test]
fn every_example_is_taken_by_the_program() {
    for guide in GUIDES {
        for (line, _) in guide.examples {
            let start = line.find("beacon ").expect("an example begins with the program");
            let line = line[start..].trim_end_matches(')');
            let words = words(line);
            let read = command().try_get_matches_from(&words);
            assert!(read.is_ok(), "{line}: {}", read.err().map(|error| error.to_string()).unwrap_or_default());
            assert!(words[1..].join(" ").starts_with(guide.path), "{line} is no example of {}", guide.path);
        }
    }
}

#[test]
fn every_command_is_in_one_group_and_fits_a_line() {
    for inner in command().get_subcommands() {
        let name = inner.get_name();
        let groups = GROUPS.iter().filter(|(_, names)| names.contains(&name)).count();
        assert_eq!(groups, 1, "`{name}` has to be in one group of help/tree.rs");
        let about = inner.get_about().map(ToString::to_string).unwrap_or_default();
        assert!(!about.is_empty() && about.chars().count() <= ABOUT_MAX, "`{name}`: {about}");
    }
}

#[test]
fn a_manual_page_is_written_for_every_command() {
    let env = TestEnv::new();
    let ran = env.run(&["man", "pages"]);
    assert_eq!(ran.exit, Exit::Success, "{}", ran.err);
    for (path, _) in leaves(&command(), "") {
        let text = env.read(&format!("pages/beacon-{}.1", path.replace(' ', "-")));
        for part in [".SH NAME", ".SH SYNOPSIS", ".SH EXAMPLES", ".SH \"EXIT STATUS\""] {
            assert!(text.contains(part), "{path} has no {part}");
        }
    }
    assert!(env.read("pages/beacon.1").contains("beacon\\-status(1)"));
    assert_eq!(pages().expect("pages").len(), fs::read_dir(env.path("pages")).expect("a directory").count());
}

#[test]
fn shells_are_told_of_every_command() {
    let env = TestEnv::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let ran = env.run(&["completions", shell]);
        assert_eq!(ran.exit, Exit::Success, "{}", ran.err);
        for name in ["status", "schema", "create"] {
            assert!(ran.out.contains(name), "{shell} does not know {name}");
        }
    }
    assert_eq!(env.run(&["completions", "tcsh"]).exit, Exit::Usage);
}

#[test]
fn a_terminal_is_never_too_narrow_for_the_help() {
    for (path, _) in leaves(&command(), "") {
        let args: Vec<&str> = path.split(' ').chain(["--help"]).collect();
        let help = TestEnv::new().on_terminal(80).variable("NO_COLOR", "1").run(&args).out;
        // What is to be typed, and a single word, cannot be broken.
        let is_whole = |line: &str| line.starts_with("beacon ") || !line.contains(' ');
        let long = |line: &&str| line.chars().count() > 80 && !is_whole(line.trim_start());
        assert_eq!(help.lines().find(long), None, "in the help of {path}");
    }
}

#[test]
fn help_has_colours_on_a_terminal_only() {
    let coloured = |env: TestEnv| env.run(&["--help"]).out.contains('\x1b');
    assert!(coloured(TestEnv::new().on_terminal(80)));
    assert!(!coloured(TestEnv::new().on_terminal(80).variable("NO_COLOR", "1")));
    assert!(!coloured(TestEnv::new()));
}

#[test]
fn the_reference_is_what_the_program_says() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/COMMANDS.md");
    let reference = reference();
    if env::var_os("BEACON_UPDATE_DOCS").is_some() {
        fs::write(&file, &reference).expect("written");
    }
    let there = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        there == reference,
        "docs/COMMANDS.md is not what the program says; make it anew with `BEACON_UPDATE_DOCS=1 cargo test --lib reference`"
    );
}

/// `docs/COMMANDS.md`: the help of all commands, as programs are shown it.
fn reference() -> String {
    let mut text = "# Commands

What `beacon help` says, made from the program by a test (`BEACON_UPDATE_DOCS=1 cargo test --lib reference`). `beacon man DIR` writes the same as
manual pages.

Data goes to the output, talk to the error stream. With `--json` data is JSON: one value, or one a line where a command goes on telling. What goes
wrong is then told as JSON too, as the last line of the error stream: `exit` is the exit code, `kind` its name, and `message` says what to do.

| exit code | kind | meaning |
|---|---|---|
"
    .to_owned();
    for exit in Exit::ALL {
        text.extend([format!("| {} | `{}` | {} |\n", exit.code(), exit.kind(), exit.meaning())]);
    }
    let mut all = vec![String::new()];
    for (_, names) in GROUPS {
        for name in *names {
            let own = leaves(&command(), "").into_iter().map(|(path, _)| path);
            all.extend(own.filter(|path| path.split(' ').next() == Some(name)));
        }
    }
    for path in all {
        let args: Vec<&str> = path.split(' ').filter(|word| !word.is_empty()).chain(["--help"]).collect();
        let help = TestEnv::new().run(&args).out;
        let title = format!("beacon {path}").trim_end().to_owned();
        text.extend([format!("\n## {title}\n\n```text\n{}\n```\n", help.trim_end())]);
    }
    text
}

//! The `beacon` program: arguments to [`beacon`]'s command line, exit code back.

use std::process::ExitCode;

use beacon::cli::{self, Env};

fn main() -> ExitCode {
    cli::run(&mut Env::of_process()).into()
}

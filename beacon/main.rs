//! The `beacon` program: arguments to [`beacon`]'s command line, exit code back.

fn main() {}

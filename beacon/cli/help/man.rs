//! `beacon man DIR`: manual pages, one for the program and one for each command.

use std::{fs, io, path::PathBuf};

use clap::{Args, Command};
use clap_mangen::Man;
use serde_json::json;

use super::{command, guide::Guide, guides::GUIDES};
use crate::cli::{CliError, Env, Exit, Options};

/// Where manual pages go.
#[derive(Debug, Args)]
pub struct ManArgs {
    /// The directory to write them into; it is made where it is not there
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// A manual page.
#[derive(Debug)]
pub(super) struct Page {
    /// The name of its file, such as `beacon-torrent-create.1`.
    pub(super) file: String,
    pub(super) text: Vec<u8>,
}

/// Writes all pages into a directory.
pub(in crate::cli) fn run(env: &mut Env, options: &Options, args: &ManArgs) -> Result<(), CliError> {
    let dir = env.resolve(&args.dir);
    let unwritable = |reason| CliError::File { path: args.dir.clone(), verb: "written", reason };
    fs::create_dir_all(&dir).map_err(unwritable)?;
    let mut files = Vec::new();
    for page in pages().map_err(unwritable)? {
        let shown = args.dir.join(&page.file);
        let written = fs::write(dir.join(&page.file), &page.text);
        written.map_err(|reason| CliError::File { path: shown.clone(), verb: "written", reason })?;
        files.push(shown);
    }
    if options.json {
        return env.data(json!({ "files": files }));
    }
    env.data(format_args!("{} pages are in {}", files.len(), args.dir.display()))?;
    let first = args.dir.join("beacon.1");
    env.talk(format_args!("read them with `man {}`", first.display()));
    Ok(())
}

/// The pages of the program and of all commands.
pub(super) fn pages() -> io::Result<Vec<Page>> {
    let mut command = command();
    command.build();
    let mut pages = Vec::new();
    collect(&command, &mut Vec::new(), &mut pages)?;
    Ok(pages)
}

fn collect<'a>(command: &'a Command, path: &mut Vec<&'a str>, pages: &mut Vec<Page>) -> io::Result<()> {
    pages.push(page(command, path)?);
    for inner in command.get_subcommands().filter(|inner| inner.get_name() != "help") {
        path.push(inner.get_name());
        collect(inner, path, pages)?;
        path.pop();
    }
    Ok(())
}

fn page(command: &Command, path: &[&str]) -> io::Result<Page> {
    let title = [&["beacon"], path].concat().join("-");
    let man = Man::new(command.clone()).manual("Beacon").source(concat!("beacon ", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    let path = path.join(" ");
    let guide = GUIDES.iter().find(|guide| guide.path == path);
    if let Some(guide) = guide.filter(|guide| !guide.more.is_empty()) {
        text.extend(guide.more.split("\n\n").flat_map(|more| format!(".PP\n{}\n", escaped(more)).into_bytes()));
    }
    if command.get_arguments().any(|argument| !argument.is_hide_set()) {
        man.render_options_section(&mut text)?;
    }
    if command.has_subcommands() {
        man.render_subcommands_section(&mut text)?;
    }
    text.extend(examples(guide).into_bytes());
    text.extend(exits().into_bytes());
    if path.is_empty() {
        man.render_version_section(&mut text)?;
    }
    Ok(Page { file: format!("{title}.1"), text })
}

fn examples(guide: Option<&Guide>) -> String {
    let lines = guide.map(Guide::example_lines).unwrap_or_default();
    if lines.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
    format!(".SH EXAMPLES\n.nf\n{}\n.fi\n", lines.join("\n"))
}

fn exits() -> String {
    let codes = Exit::ALL.map(|exit| format!(".TP\n{}\n{}\n", exit.code(), escaped(exit.meaning())));
    format!(".SH \"EXIT STATUS\"\n{}", codes.concat())
}

/// A line that roff takes for text: no backslash of its own, no hyphens for minus signs, no command at its beginning.
fn escaped(line: &str) -> String {
    let escaped = line.replace('\\', "\\e").replace('-', "\\-");
    if escaped.starts_with(['.', '\'']) { format!("\\&{escaped}") } else { escaped }
}

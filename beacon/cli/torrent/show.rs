//! `beacon torrent show`: what is in a .torrent file.

use std::path::PathBuf;

use clap::Args;
use serde_json::{Value, json};

use super::told::{headline, summary};
use crate::{
    cli::{
        CliError, Env, Options,
        table::{Cell, Column, Table},
    },
    daemon::collections::read_up_to,
    metainfo::{METAINFO_BYTES_MAX, Metainfo, MetainfoFile},
    model::{ByteSize, readable},
};

/// Files that are shown where not all are asked for.
const FILES_SHOWN: usize = 20;

/// Show what is in a .torrent file
#[derive(Debug, Args)]
pub struct Show {
    /// The .torrent file
    file: PathBuf,
    /// Show all of its files, and not only the first 20
    #[arg(long)]
    all: bool,
}

impl Show {
    pub(super) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        let bytes = read_up_to(&env.resolve(&self.file), METAINFO_BYTES_MAX).map_err(|reason| CliError::File {
            path: self.file.clone(),
            verb: "read",
            reason,
        })?;
        let metainfo =
            Metainfo::read(&bytes).map_err(|reason| CliError::NotATorrent { path: self.file.clone(), reason })?;
        if options.json {
            let mut told = summary(&metainfo);
            told["files"] = metainfo.files.iter().map(for_programs).collect();
            return env.data(told);
        }
        for line in headline(&metainfo) {
            env.data(line)?;
        }
        let files: Vec<&MetainfoFile> = metainfo.files.iter().filter(|file| !file.padding).collect();
        let shown = if self.all { files.len() } else { files.len().min(FILES_SHOWN) };
        env.data("")?;
        let mut table = Table::new([Column::right(""), Column::left("").cut()]);
        for file in &files[..shown] {
            table.row(row(file));
        }
        table.show(env)?;
        match files.len() - shown {
            0 => {}
            more => env.talk(format_args!("and {more} more; --all shows them")),
        }
        Ok(())
    }
}

fn row(file: &MetainfoFile) -> [Cell; 2] {
    let link = file.symlink.as_ref().map(|to| format!(" -> {to}")).unwrap_or_default();
    [ByteSize::from_bytes(file.length).to_string().into(), readable(&format!("{}{link}", file.path)).into()]
}

fn for_programs(file: &MetainfoFile) -> Value {
    json!({ "path": file.path, "length": file.length, "padding": file.padding, "symlink": file.symlink })
}

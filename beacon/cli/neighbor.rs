//! `beacon neighbor`: the beacons that are connected to by name.

use clap::Subcommand;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    CliError, Env, Options,
    remote::{ask, list, ordered, text},
    table::{Cell, Column, Table},
};
use crate::model::DialAddress;

const PATH: &str = "/api/v1/neighbors";

/// What to do with neighbors.
#[derive(Debug, Subcommand)]
pub enum NeighborCommand {
    /// Show the neighbors that were named, and how it stands with them
    List,
    /// Connect to a beacon now, and after every start
    Add {
        /// `host:port`, `[v6]:port`, or either behind `ID@`, which says who must answer
        address: DialAddress,
    },
    /// Take a neighbor back that was added
    Remove {
        /// As it is listed
        address: DialAddress,
    },
}

impl NeighborCommand {
    pub(super) fn run(&self, env: &mut Env, options: &Options) -> Result<(), CliError> {
        match self {
            Self::List => show(env, options),
            Self::Add { address } => {
                let body = json!({ "address": address.to_string() });
                tell(env, options, Method::POST, PATH, Some(&body))
            }
            Self::Remove { address } => {
                // Nothing else in an address has a meaning in a path.
                let address = address.to_string().replace('[', "%5B").replace(']', "%5D");
                tell(env, options, Method::DELETE, &format!("{PATH}/{address}"), None)
            }
        }
    }
}

/// Neighbors are connected to in a dry run, too, so that nothing more needs to be said.
fn tell(env: &mut Env, options: &Options, method: Method, path: &str, body: Option<&Value>) -> Result<(), CliError> {
    let answer = ordered(&options.settings(env)?, method, path, body)?;
    if options.json { env.data(answer) } else { env.data(text(&answer, "/message")) }
}

fn show(env: &mut Env, options: &Options) -> Result<(), CliError> {
    let answer = ask(env, options, PATH)?;
    if options.json {
        return env.data(answer);
    }
    let neighbors = list(&answer, "/neighbors");
    if neighbors.is_empty() {
        env.talk("no neighbors were named; `beacon neighbor add HOST:PORT` or `beacon join INVITATION` names some");
        return Ok(());
    }
    neighbor_table(neighbors).show(env)
}

/// The neighbors that were named, as the list of them and the overview of the network show them.
pub(super) fn neighbor_table(neighbors: &[Value]) -> Table {
    let mut table = Table::new([
        Column::left("ADDRESS"),
        Column::left("NAMED BY").spare(),
        Column::left("STATE"),
        Column::left("BEACON").spare(),
        Column::left("PROBLEM").cut(),
    ]);
    for neighbor in neighbors {
        table.row(row(neighbor));
    }
    table
}

fn row(neighbor: &Value) -> [Cell; 5] {
    // The address tells the id already where it has one; eight digits are enough beside it.
    let address = text(neighbor, "/address");
    let short = |id: &str| id.get(..8).unwrap_or(id).to_owned();
    let address = match address.split_once('@') {
        Some((id, host)) => format!("{}…@{host}", short(id)),
        None => address.to_owned(),
    };
    let named_by = if text(neighbor, "/source") == "config" { "configuration" } else { "you" };
    [
        address.into(),
        named_by.into(),
        text(neighbor, "/state").into(),
        short(text(neighbor, "/beacon")).into(),
        text(neighbor, "/problem").into(),
    ]
}

//! The tools that order something. They are there only where the user allowed it.

use reqwest::Method;
use rmcp::model::JsonObject;
use serde_json::{Value, json};

use super::{
    arguments::{Leaving, ModeWanted, ModeWord, Which, read},
    link::{Link, ToolError},
};
use crate::cli::drain::moment;

/// `pin`.
pub(super) fn pin(link: &Link, arguments: Option<JsonObject>) -> Result<Value, ToolError> {
    about_torrent(link, arguments, Method::POST, "pin")
}

/// `unpin`.
pub(super) fn unpin(link: &Link, arguments: Option<JsonObject>) -> Result<Value, ToolError> {
    about_torrent(link, arguments, Method::DELETE, "pin")
}

/// `request`.
pub(super) fn request(link: &Link, arguments: Option<JsonObject>) -> Result<Value, ToolError> {
    about_torrent(link, arguments, Method::POST, "request")
}

/// `drain`.
pub(super) fn drain(link: &Link, arguments: Option<JsonObject>) -> Result<Value, ToolError> {
    let (method, body) = match read(arguments)? {
        Leaving { until: Some(_), stop: true } => {
            return Err(ToolError::Arguments("`until` and `stop` exclude each other".to_owned()));
        }
        Leaving { stop: true, .. } => (Method::DELETE, None),
        Leaving { until: Some(until), .. } => {
            let until = moment(&until).map_err(ToolError::Arguments)?;
            (Method::POST, Some(json!({ "until": until })))
        }
        Leaving { .. } => (Method::POST, None),
    };
    link.order(method, "/api/v1/drain", body.as_ref())
}

/// `set_mode`.
pub(super) fn set_mode(link: &Link, arguments: Option<JsonObject>) -> Result<Value, ToolError> {
    let ModeWanted { mode } = read(arguments)?;
    let mode = match mode {
        ModeWord::Apply => "apply",
        ModeWord::DryRun => "dry-run",
    };
    link.order(Method::POST, "/api/v1/mode", Some(&json!({ "mode": mode })))
}

fn about_torrent(link: &Link, arguments: Option<JsonObject>, method: Method, what: &str) -> Result<Value, ToolError> {
    let Which { torrent } = read(arguments)?;
    let info_hash = link.resolve(&torrent)?;
    link.order(method, &format!("/api/v1/torrents/{info_hash}/{what}"), None)
}

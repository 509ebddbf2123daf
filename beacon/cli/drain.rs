//! `beacon drain`: leaving gracefully, how far that is, and staying after all.

use clap::Args;
use reqwest::Method;
use serde_json::{Value, json};

use super::{
    CliError, Env, Options,
    remote::{DRY_RUN, ask, number, order, text},
};
use crate::{model::ByteSize, web::parse_rfc3339};

/// What to do about leaving.
#[derive(Debug, Args)]
pub struct DrainArgs {
    /// When to come back by itself: RFC 3339, or a date, which means midnight UTC at its beginning
    #[arg(long, value_name = "DATE", value_parser = moment, conflicts_with_all = ["stop", "status"])]
    until: Option<String>,
    /// Take it back: stay, and take a share again
    #[arg(long, conflicts_with = "status")]
    stop: bool,
    /// Only show how far it is
    #[arg(long)]
    status: bool,
}

pub(super) fn run(env: &mut Env, options: &Options, args: &DrainArgs) -> Result<(), CliError> {
    const PATH: &str = "/api/v1/drain";
    if args.stop {
        return order(env, options, Method::DELETE, PATH, None);
    }
    if !args.status {
        let body = args.until.as_ref().map(|until| json!({ "until": until }));
        order(env, options, Method::POST, PATH, body.as_ref())?;
        match &args.until {
            Some(until) => env.talk(format_args!("it comes back by itself at {until}")),
            None => env.talk("`beacon drain --stop` takes it back"),
        }
        env.talk("`beacon drain --status` shows how far it is");
        return Ok(());
    }
    let status = ask(env, options, "/api/v1/status")?;
    if options.json {
        return env.data(json!({ "drain": status.get("drain") }));
    }
    env.data(progress(&status).unwrap_or_else(|| "this beacon is not being drained".to_owned()))?;
    if text(&status, "/beacon/mode") == "dry-run" {
        env.talk(DRY_RUN);
    }
    Ok(())
}

/// How far the beacon is with leaving, in a line; `None` where it does not leave.
pub(super) fn progress(status: &Value) -> Option<String> {
    status.get("drain").filter(|drain| drain.is_object())?;
    let until = match text(status, "/drain/until") {
        "" => String::new(),
        until => format!(" until {until}"),
    };
    let (safe, waiting) = (number(status, "/drain/safe"), number(status, "/drain/waiting"));
    let bytes = ByteSize::from_bytes(number(status, "/drain/waiting_bytes"));
    let what = match (safe, waiting) {
        _ if text(status, "/client/state") != "ready" => {
            "what is here is not known while the client does not answer".to_owned()
        }
        (0, 0) => "nothing is here any more that others could need".to_owned(),
        (_, 0) => format!("others have enough copies of all that is still here ({})", torrents(safe)),
        (0, _) => format!("{} ({bytes}) to be taken by others", torrents(waiting)),
        _ => format!("{} ({bytes}) to be taken by others, {} safe with them", torrents(waiting), torrents(safe)),
    };
    Some(format!("draining{until}: {what}"))
}

fn torrents(count: u64) -> String {
    if count == 1 { "1 torrent".to_owned() } else { format!("{count} torrents") }
}

/// A moment as the API takes it.
pub(super) fn moment(text: &str) -> Result<String, String> {
    let is_date = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    let moment = if is_date { format!("{text}T00:00:00Z") } else { text.to_owned() };
    match parse_rfc3339(&moment) {
        Some(_) => Ok(moment),
        None => Err("write a date like 2027-01-31, which is midnight UTC, or a moment like 2027-01-31T18:30:00+01:00"
            .to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_midnight_in_utc() {
        assert_eq!(moment("2027-01-31").as_deref(), Ok("2027-01-31T00:00:00Z"));
        assert_eq!(moment("2027-01-31T18:30:00+01:00").as_deref(), Ok("2027-01-31T18:30:00+01:00"));
        for wrong in ["2027-02-29", "31.1.2027", "tomorrow", "2027-01-31T18:30:00", ""] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn progress_is_told_for_every_case() {
        let line = |safe: u64, waiting: u64| {
            let drain = json!({ "until": null, "safe": safe, "waiting": waiting, "waiting_bytes": 70_000 });
            progress(&json!({ "client": { "state": "ready" }, "drain": drain })).unwrap_or_default()
        };
        assert_eq!(line(0, 0), "draining: nothing is here any more that others could need");
        assert_eq!(line(2, 0), "draining: others have enough copies of all that is still here (2 torrents)");
        assert_eq!(line(2, 1), "draining: 1 torrent (70 kB) to be taken by others, 2 torrents safe with them");
        assert_eq!(line(0, 3), "draining: 3 torrents (70 kB) to be taken by others");
        assert_eq!(progress(&json!({ "drain": null })), None);
        let unknown = json!({ "client": { "state": "starting" }, "drain": { "safe": 0, "waiting": 0 } });
        assert_eq!(
            progress(&unknown).as_deref(),
            Some("draining: what is here is not known while the client does not answer")
        );
    }
}

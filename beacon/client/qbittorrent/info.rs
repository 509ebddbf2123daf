//! What the client is, and which of its settings work against the beacon.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{http::Call, paths::Place, session::Session};
use crate::model::{ByteSize, ClientInfo, ClientProblem};

/// The client's preferences, as they come: any of them may be missing or of another kind in a later version.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
struct Preferences(Map<String, Value>);

#[derive(Debug, Deserialize)]
struct Transfer {
    #[serde(default)]
    connection_status: String,
}

impl Preferences {
    fn is_on(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }

    fn number(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }

    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn listen_port(&self) -> Option<u16> {
        self.number("listen_port").and_then(|port| u16::try_from(port).ok()).filter(|port| *port != 0)
    }
}

/// The longest version text that is shown.
const VERSION_CHARS_MAX: usize = 40;

/// Asks the client what it is. `free` is what it told of the volume of its default save path.
pub(super) async fn ask(
    session: &mut Session,
    free: Option<u64>,
    storage_dir: Option<&Path>,
    unreached: &mut bool,
) -> Result<ClientInfo, ClientProblem> {
    let call = Call::get("app/version");
    let answer = session.call(&call).await?;
    if !answer.is_success() || answer.text().starts_with('<') {
        return Err(session.unexpected(call.endpoint, &answer));
    }
    let version: String = answer.text().chars().take(VERSION_CHARS_MAX).collect();
    let api = session.version().await?;
    let preferences: Preferences = session.json(&Call::get("app/preferences")).await?;
    let transfer: Transfer = session.json(&Call::get("transfer/info")).await?;
    // Nobody can have come in the first minutes; when it is the same at the next question, it is worth a word.
    let was_unreached = std::mem::replace(unreached, transfer.connection_status == UNREACHED);
    let status = if was_unreached || !*unreached { transfer.connection_status.as_str() } else { "" };
    Ok(ClientInfo {
        kind: "qbittorrent",
        version: format!("{version} ({api})"),
        listen_port: preferences.listen_port(),
        free: free.filter(|_| is_below(storage_dir, preferences.text("save_path"))).map(ByteSize::from_bytes),
        warnings: warnings(&preferences, status),
    })
}

/// What qBittorrent says while nobody has connected to it from outside.
const UNREACHED: &str = "firewalled";

/// Whether the beacon's directory is in the client's default one, the only one whose free space the client tells.
fn is_below(storage_dir: Option<&Path>, save_path: &str) -> bool {
    let place = storage_dir.and_then(Path::to_str).and_then(Place::read);
    matches!((place, Place::read(save_path)), (Some(own), Some(default)) if own.is_within(&default))
}

fn warnings(preferences: &Preferences, connection_status: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    let limits = ["max_ratio_enabled", "max_seeding_time_enabled", "max_inactive_seeding_time_enabled"];
    let limited = limits.into_iter().any(|name| preferences.is_on(name));
    // 1 removes the torrent, 3 its files too.
    if limited && matches!(preferences.number("max_ratio_act"), Some(1 | 3)) {
        warnings.push(
            "qBittorrent removes torrents that reach its seeding limits, and with them copies that others count on; under \
             Options > BitTorrent > Seeding Limits choose \"Stop torrent\" or switch the limits off"
                .to_owned(),
        );
    }
    if preferences.is_on("queueing_enabled") {
        warnings.push(format!(
            "torrent queueing is on, so that at most {} torrents, {} uploads and {} downloads are active, and the others serve \
             nobody; switch it off under Options > BitTorrent > Torrent Queueing, or raise the numbers",
            limit(preferences, "max_active_torrents"),
            limit(preferences, "max_active_uploads"),
            limit(preferences, "max_active_downloads"),
        ));
    }
    if preferences.is_on("excluded_file_names_enabled") {
        warnings.push(
            "qBittorrent leaves out files by their names, and a torrent that lacks files is no copy; clear \"Excluded file \
             names\" under Options > Downloads"
                .to_owned(),
        );
    }
    if preferences.is_on("random_port") {
        warnings.push(
            "qBittorrent takes another port at every start, and others look for it at the old one; set a fixed port under \
             Options > Connection"
                .to_owned(),
        );
    }
    match connection_status {
        UNREACHED => warnings.push(format!(
            "nobody has reached qBittorrent from outside yet; if this stays so, forward {} (TCP and UDP) to it",
            preferences.listen_port().map_or("its port".to_owned(), |port| format!("port {port}"))
        )),
        "disconnected" => warnings.push(
            "qBittorrent is not connected to any network; look at its network interface under Options > Advanced"
                .to_owned(),
        ),
        _ => {}
    }
    warnings
}

fn limit(preferences: &Preferences, name: &str) -> String {
    match preferences.number(name) {
        Some(limit) if limit >= 0 => limit.to_string(),
        _ => "any number of".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(preferences: &str, connection_status: &str) -> Vec<String> {
        warnings(&serde_json::from_str(preferences).unwrap(), connection_status)
    }

    #[test]
    fn harmful_settings_are_warned_of() {
        assert!(said(r#"{"max_ratio_enabled":true,"max_ratio_act":3}"#, "connected")[0].contains("Seeding Limits"));
        assert!(said(r#"{"max_seeding_time_enabled":true,"max_ratio_act":1}"#, "")[0].contains("Seeding Limits"));
        let queueing = r#"{"queueing_enabled":true,"max_active_torrents":5,"max_active_uploads":-1}"#;
        assert!(said(queueing, "connected")[0].contains("at most 5 torrents, any number of uploads"));
        assert!(said(r#"{"listen_port":6881}"#, "firewalled")[0].contains("port 6881"));
    }

    #[test]
    fn harmless_or_unknown_settings_are_not() {
        let none = Vec::<String>::new();
        assert_eq!(said("{}", "connected"), none);
        assert_eq!(said(r#"{"max_ratio_enabled":true,"max_ratio_act":0}"#, "connected"), none);
        assert_eq!(said(r#"{"max_ratio_enabled":"yes","max_ratio_act":"Remove","queueing_enabled":1}"#, "new"), none);
    }

    #[test]
    fn free_space_is_believed_only_below_the_default_save_path() {
        let below = |own: &str| is_below(Some(Path::new(own)), "/srv/torrents");
        assert!(below("/srv/torrents/beacon"));
        assert!(!below("/mnt/other"));
        assert!(!is_below(None, "/srv/torrents"));
        assert!(!is_below(Some(Path::new("/srv")), ""));
    }
}

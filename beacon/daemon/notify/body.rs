//! What is sent. Names are those that receivers rely on: add, never rename. `docs/NOTIFICATIONS.md` explains them.

use serde::Serialize;
use serde_json::json;

use crate::{
    config::BodyFormat,
    model::Instant,
    notify::{Event, Message},
    web::rfc3339,
};

/// The version of the form, which rises when something is taken away from it.
const VERSION: u32 = 1;

/// A message made ready for every hook.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Body {
    version: u32,
    beacon: BeaconForm,
    pub(super) at: String,
    /// The kind of the one event, `several`, or `test`.
    pub(super) event: &'static str,
    /// All of it as people read it; under the names by which chats look for it.
    pub(super) text: String,
    content: String,
    message: String,
    pub(super) title: String,
    /// Tells Discord that nobody is to be called by what stands in names.
    allowed_mentions: serde_json::Value,
    events: Vec<EventForm>,
    /// Events of which nothing is known any more.
    left_out: usize,
}

/// Which beacon speaks.
#[derive(Debug, Clone, Serialize)]
pub(super) struct BeaconForm {
    pub(super) id: String,
    pub(super) name: String,
}

#[derive(Debug, Clone, Serialize)]
struct EventForm {
    event: &'static str,
    phase: &'static str,
    since: String,
    text: String,
    way_out: String,
    count: usize,
    torrents: Vec<TorrentForm>,
}

#[derive(Debug, Clone, Serialize)]
struct TorrentForm {
    info_hash: String,
    name: Option<String>,
}

impl Body {
    /// A message of this beacon.
    pub(super) fn new(beacon: BeaconForm, message: &Message) -> Self {
        let event = match &message.events[..] {
            [event] if message.left_out == 0 => event.kind.word(),
            _ => "several",
        };
        let events = message.events.iter().map(EventForm::from).collect();
        Self { events, left_out: message.left_out, ..Self::plain(beacon, message.at, event, &message.text()) }
    }

    /// A message that only shows that messages arrive.
    pub(super) fn test(beacon: BeaconForm, at: Instant) -> Self {
        Self::plain(beacon, at, "test", "this is a test; messages of this beacon arrive here")
    }

    fn plain(beacon: BeaconForm, at: Instant, event: &'static str, text: &str) -> Self {
        let text = format!("{}: {text}", beacon.name);
        Self {
            version: VERSION,
            at: rfc3339(at),
            event,
            content: text.clone(),
            message: text.clone(),
            title: format!("Beacon {}", beacon.name),
            text,
            beacon,
            allowed_mentions: json!({ "parse": [] }),
            events: Vec::new(),
            left_out: 0,
        }
    }

    pub(super) fn beacon_name(&self) -> &str {
        &self.beacon.name
    }

    /// The text in one line, for the log.
    pub(super) fn line(&self) -> String {
        self.text.replace('\n', " ")
    }

    /// The bytes to send and what they are.
    pub(super) fn encode(&self, format: BodyFormat) -> (Vec<u8>, &'static str) {
        const JSON: &str = "application/json";
        match format {
            BodyFormat::Json => (self.json(), JSON),
            BodyFormat::Chat => (json!({ "text": self.text }).to_string().into_bytes(), JSON),
            BodyFormat::Text => (self.text.clone().into_bytes(), "text/plain; charset=utf-8"),
        }
    }

    /// Everything, as JSON.
    pub(super) fn json(&self) -> Vec<u8> {
        // Nothing in it can fail to be written.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

impl From<&Event> for EventForm {
    fn from(event: &Event) -> Self {
        let torrent = |(info_hash, name): &(crate::model::InfoHash, Option<String>)| TorrentForm {
            info_hash: info_hash.to_string(),
            name: name.clone(),
        };
        Self {
            event: event.kind.word(),
            phase: event.phase.word(),
            since: rfc3339(event.since),
            text: event.text.clone(),
            way_out: event.way_out.clone(),
            count: event.count,
            torrents: event.torrents.iter().map(torrent).collect(),
        }
    }
}

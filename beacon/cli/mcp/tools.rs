//! Every tool: what it is called, what it takes, and what it does.

use std::sync::Arc;

use rmcp::model::{JsonObject, Tool, ToolAnnotations};
use serde_json::{Value, json};

use super::{
    arguments::Limit,
    link::{Link, ToolError},
    reading, seeding, writing,
};

/// One tool.
#[derive(Debug, Clone, Copy)]
pub(super) struct BeaconTool {
    pub(super) name: &'static str,
    title: &'static str,
    about: &'static str,
    /// What it changes, where it changes something.
    pub(super) effect: Effect,
    /// The properties of its arguments, and those that must be there.
    takes: fn() -> (Value, &'static [&'static str]),
    /// Does it. It may wait for the beacon, and so runs on a thread of its own.
    pub(super) call: fn(&Link, Option<JsonObject>) -> Result<Value, ToolError>,
}

/// What a tool changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effect {
    /// Nothing.
    Looks,
    /// Something that can be taken back and deletes nothing.
    Orders,
    /// Something after which copies here may be deleted.
    Gives,
}

/// Every tool, those that only look first.
pub(super) const TOOLS: &[BeaconTool] = &[
    BeaconTool {
        name: "status",
        title: "How the archive is doing",
        about: "The overview: collections with how many torrents are missing, under, met or over their wanted copies, \
                members by state, this beacon, its BitTorrent client, its storage, what it is doing, and notices of what \
                its user should mend. Ask this first.",
        effect: Effect::Looks,
        takes: nothing,
        call: reading::status,
    },
    BeaconTool {
        name: "find_torrents",
        title: "Find torrents",
        about: "Torrents of the collections by words of their names, an info-hash or its beginning, or a magnet link, by \
                collection and by state, or all: size, copies there are and copies wanted, whether they are here.",
        effect: Effect::Looks,
        takes: search,
        call: reading::find,
    },
    BeaconTool {
        name: "torrent",
        title: "One torrent, explained",
        about: "Everything about one torrent: who holds it, how sure that is, and in `explain` sentences that say why things \
                are as they are and what comes next.",
        effect: Effect::Looks,
        takes: which,
        call: reading::torrent,
    },
    BeaconTool {
        name: "plan",
        title: "What the beacon is about to do",
        about: "The actions that this beacon would take or is about to take, each with its reason, and torrents that lack \
                copies and that nobody can take, with why.",
        effect: Effect::Looks,
        takes: paged,
        call: reading::plan,
    },
    BeaconTool {
        name: "what_to_seed",
        title: "What to seed with some room",
        about: "Answers \"what should I seed with 2 TB\": which torrents that lack copies would gain most from that room here, \
                the rarest first, with sizes that fit and a reason for each. Without `space` the room is what the beacon's \
                budget and disk leave. It is advice and changes nothing.",
        effect: Effect::Looks,
        takes: room,
        call: seeding::what_to_seed,
    },
    BeaconTool {
        name: "members",
        title: "The members of the network",
        about: "The beacons that are known: name, state, when last heard of, what they may hold and what they hold.",
        effect: Effect::Looks,
        takes: members,
        call: reading::members,
    },
    BeaconTool {
        name: "history",
        title: "What happened lately",
        about: "What the beacon has noted, the latest first; of all or of one torrent.",
        effect: Effect::Looks,
        takes: history,
        call: reading::history,
    },
    BeaconTool {
        name: "pin",
        title: "Keep a torrent here",
        about: "Fetch a torrent and keep it here whatever the counts, until it is unpinned.",
        effect: Effect::Orders,
        takes: which,
        call: writing::pin,
    },
    BeaconTool {
        name: "unpin",
        title: "Treat a torrent like all others again",
        about: "Take a pin back. If there are more copies than wanted, the one here may then be deleted.",
        effect: Effect::Gives,
        takes: which,
        call: writing::unpin,
    },
    BeaconTool {
        name: "request",
        title: "Fetch a torrent once",
        about: "Fetch a torrent here now; once it is complete the counts decide whether it stays.",
        effect: Effect::Orders,
        takes: which,
        call: writing::request,
    },
    BeaconTool {
        name: "drain",
        title: "Leave the network gracefully",
        about: "Have others take over what this beacon holds; what they have enough of is then deleted here. `until` says when \
                it comes back by itself, `stop` takes the drain back. Ask the user first.",
        effect: Effect::Gives,
        takes: leaving,
        call: writing::drain,
    },
    BeaconTool {
        name: "set_mode",
        title: "Act, or only show the plan",
        about: "`apply`: the beacon carries its plan out, fetches and deletes included. `dry-run`: it only shows it. Ask the \
                user first.",
        effect: Effect::Gives,
        takes: mode,
        call: writing::set_mode,
    },
];

impl BeaconTool {
    /// The tool with this name.
    pub(super) fn find(name: &str) -> Option<&'static Self> {
        TOOLS.iter().find(|tool| tool.name == name)
    }

    /// As the protocol describes it.
    pub(super) fn described(&self) -> Tool {
        let (properties, required) = (self.takes)();
        let schema = json!({
            "type": "object", "properties": properties, "required": required, "additionalProperties": false,
        });
        let schema = match schema {
            Value::Object(schema) => schema,
            _ => JsonObject::new(),
        };
        let hints = ToolAnnotations::with_title(self.title)
            .read_only(self.effect == Effect::Looks)
            .destructive(self.effect == Effect::Gives)
            .idempotent(true)
            .open_world(false);
        Tool::new(self.name, self.about, Arc::new(schema)).with_title(self.title).with_annotations(hints)
    }
}

type Takes = (Value, &'static [&'static str]);

fn nothing() -> Takes {
    (json!({}), &[])
}

fn which() -> Takes {
    (json!({ "torrent": torrent() }), &["torrent"])
}

fn search() -> Takes {
    let query = json!({ "type": "string", "maxLength": 500,
        "description": "Words of the name, an info-hash, at least six digits of its beginning, or a magnet link" });
    let collection = json!({ "type": "string", "description": "Only torrents of the collection with this name or id" });
    let state = json!({ "type": "string", "enum": ["missing", "under", "met", "over"],
        "description": "Only torrents whose copies stand so to what is wanted" });
    let sort = json!({ "type": "string", "enum": ["name", "size", "copies", "lacking"],
        "description": "The order: by name, largest first, fewest copies first, or most copies lacking first" });
    (with_page(json!({ "query": query, "collection": collection, "state": state, "sort": sort })), &[])
}

fn paged() -> Takes {
    (with_page(json!({})), &[])
}

fn members() -> Takes {
    let state = json!({ "type": "string", "enum": ["alive", "suspect", "away", "gone"],
        "description": "Only members in this state" });
    (with_page(json!({ "state": state })), &[])
}

fn history() -> Takes {
    (with_page(json!({ "torrent": torrent() })), &[])
}

fn room() -> Takes {
    let space = json!({ "type": ["string", "integer"],
        "description": "The room, such as \"2 TB\" or \"500 GiB\", or a number of bytes" });
    let collection = json!({ "type": "string", "description": "Only torrents of the collection with this name or id" });
    (json!({ "space": space, "collection": collection, "limit": limit() }), &[])
}

fn leaving() -> Takes {
    let until = json!({ "type": "string",
        "description": "When it comes back by itself: a date such as 2027-01-31, or a moment of RFC 3339" });
    let stop = json!({ "type": "boolean", "description": "true takes a drain back" });
    (json!({ "until": until, "stop": stop }), &[])
}

fn mode() -> Takes {
    (json!({ "mode": { "type": "string", "enum": ["apply", "dry-run"] } }), &["mode"])
}

fn torrent() -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": 2_000,
        "description": "Its info-hash, at least six digits of its beginning, a magnet link, or words of its name that mean no other" })
}

fn limit() -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": Limit::MAX, "default": Limit::DEFAULT,
        "description": "The most entries to show" })
}

fn with_page(mut properties: Value) -> Value {
    properties["limit"] = limit();
    properties["offset"] = json!({ "type": "integer", "minimum": 0, "default": 0, "maximum": u32::MAX,
        "description": "How many entries to skip" });
    properties
}

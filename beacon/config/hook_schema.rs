//! The JSON Schema of the hooks in the configuration.

use serde_json::{Value, json};

use super::{BodyFormat, notify};
use crate::notify::{EventKind, Policy};

/// That of the list of hooks.
pub(super) fn hooks_schema() -> Value {
    let hook = json!({
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "name": text("What it is called in commands and in the log."),
            "webhook": text("The URL to which messages are posted."),
            "webhook_file": text("A file with that URL."),
            "headers_file": text("A file with headers that go with each message, a line each."),
            "secret_file": text("A file with a key with which messages are signed."),
            "format": {
                "enum": BodyFormat::ALL.map(BodyFormat::word),
                "default": BodyFormat::default().word(),
                "description": "The form of the body."
            },
            "command": {
                "type": "array",
                "items": { "type": "string" },
                "minItems": 1,
                "description": "Instead of a URL: a program and its arguments, started without a shell."
            },
            "events": {
                "type": "array",
                "items": { "enum": EventKind::ALL.map(EventKind::word) },
                "description": "What is told."
            },
            "after": text("How long torrents have fewer copies than wanted before that is told, such as `1d`."),
            "per_hour": {
                "type": "integer",
                "minimum": 0,
                "maximum": u32::MAX,
                "default": Policy::PER_HOUR,
                "description": "The most messages in an hour."
            }
        },
        "oneOf": [{ "required": ["webhook"] }, { "required": ["webhook_file"] }, { "required": ["command"] }]
    });
    json!({ "type": "array", "maxItems": notify::HOOKS_MAX, "items": hook })
}

fn text(description: &str) -> Value {
    json!({ "type": "string", "description": description })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_a_hook_is_in_the_schema() {
        let schema = hooks_schema();
        let keys = schema["items"]["properties"].as_object().expect("keys").keys();
        let mut known = notify::KEYS;
        known.sort_unstable();
        assert_eq!(keys.collect::<Vec<_>>(), known);
    }
}

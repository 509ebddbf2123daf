//! The configuration as a JSON Schema (draft 2020-12), for editors and for people.

use serde_json::{Map, Value, json};

use super::{
    ClientKind, Key,
    hook_schema::hooks_schema,
    key::{KEYS, SECTIONS},
    schema_keys::{KEY_DOCS, KeyDoc, ValueKind},
};

/// The JSON Schema of the configuration file.
pub fn schema() -> Value {
    let mut properties = properties(None, None);
    for section in SECTIONS {
        let own = if section == "client" { clients() } else { object(&properties_of(section, None)) };
        properties.insert(section.to_owned(), own);
    }
    let mut schema = object(&properties);
    schema["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
    schema["title"] = json!("The configuration of a beacon");
    schema
}

/// Every key with its type, default and meaning, as a table in Markdown.
pub fn key_table() -> String {
    let rows = KEY_DOCS.iter().map(|doc| {
        let default = doc.default.map(|default| format!("`{default}`")).unwrap_or_default();
        format!("| `{}` | {} | {default} | {} |\n", doc.path, doc.kind.word(), doc.text)
    });
    format!("| key | type | default | |\n|---|---|---|---|\n{}", rows.collect::<String>())
}

/// Any type of client: which keys there may be depends on the type.
fn clients() -> Value {
    let of_kind = |kind: ClientKind| {
        let mut properties = properties_of("client", Some(kind));
        properties["type"]["const"] = json!(kind.word());
        let mut client = object(&properties);
        // The client within is meant where no type stands there.
        if kind != ClientKind::Embedded {
            client["required"] = json!(["type"]);
        }
        client
    };
    json!({ "type": "object", "anyOf": ClientKind::ALL.map(of_kind) })
}

fn object(properties: &Map<String, Value>) -> Value {
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn properties_of(section: &str, client: Option<ClientKind>) -> Map<String, Value> {
    properties(Some(section), client)
}

/// The keys of an object within the file, or those at its top; of the client's only those that a type has.
fn properties(section: Option<&str>, client: Option<ClientKind>) -> Map<String, Value> {
    let own = KEYS.iter().filter(|key| key.parts().0 == section && (key.client.is_none() || key.client == client));
    own.filter_map(|key| Some((key.parts().1.to_owned(), property(doc_of(key)?)))).collect()
}

fn doc_of(key: &Key) -> Option<&'static KeyDoc> {
    KEY_DOCS.iter().find(|doc| doc.path == key.path)
}

fn property(doc: &KeyDoc) -> Value {
    let mut property = doc.kind.schema();
    property["description"] = json!(doc.text);
    if let Some(default) = doc.default.and_then(|default| serde_json::from_str::<Value>(default).ok()) {
        property["default"] = default;
    }
    property
}

impl ValueKind {
    fn schema(self) -> Value {
        match self {
            Self::Text | Self::Path | Self::Address | Self::Duration => json!({ "type": "string" }),
            Self::TextOrNull | Self::PathOrNull | Self::AddressOrNull => json!({ "type": ["string", "null"] }),
            Self::Texts | Self::Paths | Self::Addresses => json!({ "type": "array", "items": { "type": "string" } }),
            Self::Flag => json!({ "type": "boolean" }),
            Self::Word(words) => json!({ "enum": words }),
            Self::Size => json!({ "type": ["string", "integer"], "minimum": 0 }),
            Self::SizeOrNull => json!({ "type": ["string", "integer", "null"], "minimum": 0 }),
            Self::Hooks => hooks_schema(),
            Self::Count(max) => json!({ "type": "integer", "minimum": 0, "maximum": max }),
        }
    }

    /// The type for people.
    fn word(self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::TextOrNull => "text or `null`".to_owned(),
            Self::Path => "path".to_owned(),
            Self::PathOrNull => "path or `null`".to_owned(),
            Self::Paths => "list of paths".to_owned(),
            Self::Address => "`IP:PORT`".to_owned(),
            Self::AddressOrNull => "`IP:PORT` or `null`".to_owned(),
            Self::Addresses => "list of `HOST:PORT`".to_owned(),
            Self::Texts => "list of texts".to_owned(),
            Self::Flag => "`true` or `false`".to_owned(),
            Self::Word(words) => words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" or "),
            Self::Size => "size, such as `\"500 GB\"`".to_owned(),
            Self::SizeOrNull => "size or `null`".to_owned(),
            Self::Duration => "duration, such as `\"1h 30m\"`".to_owned(),
            Self::Hooks => "list of hooks".to_owned(),
            Self::Count(_) => "whole number".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use crate::config::{Sources, load};

    use super::*;

    /// Every place of a configuration at which a value stands, as a path.
    fn paths_of(config: &Value) -> Vec<String> {
        let entries = config.as_object().expect("an object").iter();
        let paths = entries.flat_map(|(name, value)| match value {
            Value::Object(inner) => inner.keys().map(|own| format!("{name}.{own}")).collect(),
            _ => vec![name.clone()],
        });
        paths.collect()
    }

    fn example() -> Value {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("config.example.json");
        serde_json::from_str(&fs::read_to_string(file).expect("the example")).expect("JSON")
    }

    /// What the schema says of a key.
    fn said_of(schema: &Value, path: &str, kind: ClientKind) -> Value {
        let (section, name) = path.split_once('.').map_or((None, path), |(section, name)| (Some(section), name));
        let place = ClientKind::ALL.iter().position(|other| *other == kind).expect("one of all");
        let inner = match section {
            None => schema,
            Some("client") => &schema["properties"]["client"]["anyOf"][place],
            Some(section) => &schema["properties"][section],
        };
        inner["properties"][name].clone()
    }

    #[test]
    fn every_key_has_a_doc_and_every_doc_a_key() {
        let keys: Vec<&str> = KEYS.iter().map(|key| key.path).collect();
        let docs: Vec<&str> = KEY_DOCS.iter().map(|doc| doc.path).collect();
        assert_eq!(keys, docs, "config/schema_keys.rs has to have the keys of config/key.rs in their order");
        for doc in KEY_DOCS {
            assert!(doc.text.ends_with('.'), "{}: {}", doc.path, doc.text);
            assert!(doc.default.is_some() || doc.text.contains("Default:"), "{} has a default", doc.path);
        }
    }

    #[test]
    fn the_example_has_the_keys_of_the_schema_and_values_that_it_allows() {
        let (example, schema) = (example(), schema());
        let kind = ClientKind::Qbittorrent;
        let known: Vec<String> = KEYS
            .iter()
            .filter(|key| key.client.is_none_or(|client| client == kind))
            .map(|key| key.path.to_owned())
            .collect();
        let mut there = paths_of(&example);
        there.sort_by_key(|path| known.iter().position(|known| known == path));
        assert_eq!(there, known);
        for path in known {
            let said = said_of(&schema, &path, kind);
            let value = &example[path.split('.').next().expect("a name")];
            let value = path.split_once('.').map_or(value, |(_, name)| &value[name]);
            assert!(allows(&said, value), "{path}: {value} is not {said}");
        }
    }

    #[test]
    fn the_defaults_that_are_told_are_those_that_hold() {
        let dir = tempfile::TempDir::new().expect("a directory");
        let sources = |file: &str| Sources { dir: dir.path().into(), file: Some(file.into()), ..Sources::default() };
        for (kind, own) in
            [(ClientKind::Embedded, "{}"), (ClientKind::Qbittorrent, r#"{"client":{"type":"qbittorrent"}}"#)]
        {
            let mut told = json!({});
            for key in KEYS.iter().filter(|key| key.client.is_none_or(|client| client == kind)) {
                let Some(default) = said_of(&schema(), key.path, kind).get("default").cloned() else { continue };
                match key.parts() {
                    (Some(section), name) => told[section][name] = default,
                    (None, name) => told[name] = default,
                }
            }
            told["client"]["type"] = json!(kind.word());
            told["name"] = json!("attic");
            fs::write(dir.path().join("told.json"), told.to_string()).expect("written");
            fs::write(dir.path().join("own.json"), own).expect("written");
            let told = load(&sources("told.json")).expect("good").shown();
            let own = load(&Sources { default_name: "attic".to_owned(), ..sources("own.json") }).expect("good").shown();
            assert_eq!(told, own);
        }
    }

    /// Whether a value is of the type that a schema tells.
    fn allows(said: &Value, value: &Value) -> bool {
        let word = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "integer",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        match (&said["enum"], &said["type"]) {
            (Value::Array(words), _) => words.contains(value),
            (_, Value::Array(types)) => types.iter().any(|own| own == word),
            (_, own) => own == word,
        }
    }
}

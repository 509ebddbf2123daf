//! Makes a document say all that holds: answers have every field that is listed and no others, and every answer is described.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::document::{PROBLEM, PROBLEM_TYPE};

/// What stands at a field of an answer that is not always there.
const OPTIONAL: &str = "x-optional";
/// What the types of forms end in, which is of no interest outside.
const ENDINGS: [&str; 2] = ["Form", "View"];
const SCHEMAS: &str = "#/components/schemas/";

/// Completes what was collected.
pub(super) fn strict(document: &mut Value) {
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    for operation in paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        parameters.into_iter().flatten().for_each(allow_empty);
        for (status, response) in operation["responses"].as_object_mut().into_iter().flatten() {
            describe(status, response);
        }
    }
    let known = document["components"]["schemas"].clone();
    for schema in document["components"]["schemas"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        flatten(schema, &known);
    }
    complete(document);
    rename(document);
}

/// A parameter of a query may be empty, which is as good as none, since forms send those; it cannot be null.
fn allow_empty(parameter: &mut Value) {
    if parameter["in"] != "query" {
        return;
    }
    let schema = &mut parameter["schema"];
    let mut kinds: Vec<Value> = match schema["oneOf"].as_array() {
        Some(kinds) => kinds.clone(),
        None => vec![schema.take()],
    };
    kinds.retain(|kind| kind["type"] != "null");
    for kind in &mut kinds {
        if let Some(first) = kind["type"].as_array().and_then(|types| types.iter().find(|kind| **kind != "null")) {
            kind["type"] = first.clone();
        }
    }
    kinds.push(json!({ "type": "string", "maxLength": 0 }));
    *schema = json!({ "anyOf": kinds });
}

/// Without a description a response is none, and what is refused is a problem.
fn describe(status: &str, response: &mut Value) {
    let Some(response) = response.as_object_mut() else { return };
    let is_refusal = status.starts_with('4') || status.starts_with('5');
    let description = if is_refusal { "It is refused." } else { "It is done." };
    response.entry("description").or_insert(description.into());
    if is_refusal && !response.contains_key("content") {
        let schema = json!({ "$ref": format!("{SCHEMAS}{PROBLEM}") });
        response.insert("content".to_owned(), json!({ PROBLEM_TYPE: { "schema": schema } }));
    }
}

/// Makes one object of several that are flattened into each other: only one that knows all fields can refuse others.
fn flatten(schema: &mut Value, known: &Value) {
    let Some(parts) = schema.get_mut("allOf").map(Value::take) else { return };
    let mut whole = json!({ "type": "object", "properties": {}, "required": [] });
    for mut part in parts.as_array().cloned().unwrap_or_default() {
        if let Some(name) = part["$ref"].as_str().and_then(|target| target.strip_prefix(SCHEMAS)) {
            part = known[name].clone();
        }
        flatten(&mut part, known);
        for (name, property) in part["properties"].as_object().cloned().unwrap_or_default() {
            whole["properties"][name] = property;
        }
    }
    whole["description"] = schema["description"].take();
    *schema = whole;
}

/// In all objects below: every field is required, and no other is allowed. What comes in says itself what it allows.
fn complete(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(complete),
        Value::Object(object) => {
            if object.get("type") == Some(&json!("object")) && !object.contains_key("additionalProperties") {
                require_all(object);
            }
            // A number is as large as it may be; how wide it is here is nobody's business.
            if object.get("type").is_some_and(|kind| kind.to_string().contains("integer")) {
                object.remove("format");
            }
            object.values_mut().for_each(complete);
        }
        _ => {}
    }
}

fn require_all(object: &mut Map<String, Value>) {
    let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) else { return };
    let mut required = Vec::new();
    for (name, property) in properties {
        let is_optional = property.as_object_mut().is_some_and(|property| property.remove(OPTIONAL).is_some());
        if !is_optional {
            required.push(name.clone());
        }
    }
    object.insert("required".to_owned(), json!(required));
    object.insert("additionalProperties".to_owned(), json!(false));
}

/// Calls schemas what they are of.
fn rename(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let old = std::mem::take(schemas);
    let names: BTreeSet<String> = old.keys().cloned().collect();
    *schemas = old.into_iter().map(|(name, schema)| (short(&name, &names), schema)).collect();
    rename_references(document, &names);
}

fn rename_references(value: &mut Value, names: &BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| rename_references(item, names)),
        Value::Object(object) => {
            if let Some(name) = object.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix(SCHEMAS)) {
                let target = format!("{SCHEMAS}{}", short(name, names));
                object.insert("$ref".to_owned(), target.into());
            }
            object.values_mut().for_each(|item| rename_references(item, names));
        }
        _ => {}
    }
}

fn short(name: &str, taken: &BTreeSet<String>) -> String {
    let short = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name);
    if taken.contains(short) { name.to_owned() } else { short.to_owned() }
}

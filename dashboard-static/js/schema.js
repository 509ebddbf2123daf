// What JSON Schemas say, as people read it: the fields of an object, each with its type, its limits and its words.

import { h } from "./dom.js";
import { marked } from "./marked.js";

/** An object in an object deeper than this is only named; whoever wants more opens it. */
const OPEN_DEPTH = 1;
const EXAMPLE_DEPTH = 4;

/** A schema that stands for another one, followed. */
export function follow(document, schema) {
  let [at, name] = [schema ?? {}, null];
  for (let steps = 0; at.$ref && steps < 10; steps += 1) {
    name = at.$ref.split("/").at(-1);
    at = document.components?.schemas?.[name] ?? {};
  }
  return { ...at, name };
}

/** The types of a schema in a few words: `whole number`, `list of Torrent`, `text or null`. */
export function typed(document, schema) {
  const at = follow(document, schema);
  if (at.const !== undefined) return JSON.stringify(at.const);
  const choices = at.oneOf ?? at.anyOf;
  if (choices) return [...new Set(choices.map((choice) => typed(document, choice)))].join(" or ");
  if (at.allOf) return at.name ?? at.allOf.map((part) => typed(document, part)).join(" and ");
  if (at.enum && at.name) return at.name;
  const types = [at.type ?? (at.properties ? "object" : "anything")].flat();
  return types.map((type) => word(document, type, at)).join(" or ");
}

function word(document, type, at) {
  if (type === "array") return `list of ${typed(document, at.items ?? {})}`;
  if (type === "object")
    return (
      at.name ??
      (at.additionalProperties && at.additionalProperties !== true ? `map of ${typed(document, at.additionalProperties)}` : "object")
    );
  const words = { string: "text", integer: "whole number", number: "number", boolean: "true or false", null: "null" };
  return `${words[type] ?? type}${at.format && type === "string" ? ` (${at.format})` : ""}`;
}

/** The limits of a schema: `at least 1`, `one of a, b`. */
export function limits(document, schema) {
  const at = follow(document, schema);
  const own = Object.entries({
    minimum: "at least",
    maximum: "at most",
    minLength: "at least so many characters:",
    maxLength: "at most so many characters:",
    maxItems: "at most so many:",
    default: "otherwise",
  })
    .filter(([key]) => at[key] !== undefined && at[key] !== null && !(key === "minimum" && at[key] === 0))
    .map(([key, text]) => `${text} ${typeof at[key] === "string" ? at[key] : JSON.stringify(at[key])}`);
  const words = choices(document, at);
  return [
    words.length > 0 && [words.length > 1 ? "one of " : "always ", words.map((value, index) => [index > 0 && ", ", h("code", {}, value)])],
    ...own,
  ].filter(Boolean);
}

/** The values that are all there are. */
function choices(document, at) {
  if (at.enum) return at.enum.filter((value) => value !== null).map(String);
  const inner = at.oneOf ?? at.anyOf ?? [];
  const found = inner.flatMap((choice) => {
    const one = follow(document, choice);
    return one.enum ?? (one.const === undefined ? [] : [one.const]);
  });
  return found.filter((value) => value !== null).map(String);
}

/** The objects that a schema is made of: itself, the items of a list, or the choices. */
function objects(document, schema, seen) {
  const at = follow(document, schema);
  if (at.name && seen.includes(at.name)) return [];
  const path = at.name ? [...seen, at.name] : seen;
  if (at.properties || at.allOf) return [{ at, path }];
  if (at.items) return objects(document, at.items, path);
  if (at.additionalProperties && at.additionalProperties !== true) return objects(document, at.additionalProperties, path);
  return (at.oneOf ?? at.anyOf ?? []).flatMap((choice) => objects(document, choice, path));
}

/** All fields of an object, also of those that it is put together from. */
function properties(document, at) {
  const parts = (at.allOf ?? []).map((part) => follow(document, part)).map((part) => properties(document, part));
  const own = Object.entries(at.properties ?? {}).map(([key, schema]) => [key, schema, (at.required ?? []).includes(key)]);
  return [...parts.flat(), ...own];
}

/** The fields of what a schema describes; `null` where it has none. */
export function fields(document, schema, depth = 0, seen = []) {
  const found = objects(document, schema, seen);
  if (found.length === 0) return null;
  return found.flatMap(({ at, path }, index) =>
    [
      index > 0 && h("p", { class: "or" }, "or"),
      h(
        "ul",
        { class: "schema" },
        properties(document, at).map(([key, inner, isRequired]) => row(document, key, inner, isRequired, depth, path)),
      ),
    ].filter(Boolean),
  );
}

function row(document, key, schema, isRequired, depth, path) {
  const at = follow(document, schema);
  const nested = objects(document, schema, path).length > 0;
  const limit = limits(document, schema);
  const head = [
    h("code", { class: "key" }, key),
    h("span", { class: "type" }, typed(document, schema)),
    !isRequired && h("span", { class: "quiet small" }, "optional"),
  ];
  const text = schema.description ?? at.description;
  const about = [text && h("span", {}, marked(text)), limit.map((one) => h("span", { class: "limit" }, one))];
  if (!nested) return h("li", {}, h("div", { class: "head" }, head), h("div", { class: "about" }, about));
  const place = h("div", {});
  const details = h("details", {}, h("summary", { class: "head" }, head), place);
  const fill = () => place.childElementCount === 0 && place.append(...fields(document, schema, depth + 1, path));
  details.addEventListener("toggle", fill);
  if (depth < OPEN_DEPTH) {
    details.open = true;
    fill();
  }
  return h("li", {}, details, h("div", { class: "about" }, about));
}

/** Something that a schema allows, for examples. */
export function example(document, schema, depth = 0) {
  const at = follow(document, schema);
  const given = at.example ?? at.examples?.[0] ?? at.default ?? at.const ?? at.enum?.[0];
  if (given !== undefined && given !== null) return given;
  const choice = (at.oneOf ?? at.anyOf)?.find((one) => follow(document, one).type !== "null");
  if (choice) return example(document, choice, depth);
  const type = [at.type].flat().find((one) => one !== "null") ?? (at.properties || at.allOf ? "object" : "string");
  if (type === "object") {
    const all = properties(document, at).filter(([, , isRequired]) => isRequired);
    return depth > EXAMPLE_DEPTH ? {} : Object.fromEntries(all.map(([key, inner]) => [key, example(document, inner, depth + 1)]));
  }
  if (type === "array") return depth > EXAMPLE_DEPTH ? [] : [example(document, at.items ?? {}, depth + 1)];
  if (type === "integer" || type === "number") return at.minimum ?? 1;
  if (type === "boolean") return true;
  return at.format === "date-time" ? "2027-01-31T00:00:00Z" : "…";
}

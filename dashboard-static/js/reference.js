// The reference of the API, made of the document that the beacon itself gives (OpenAPI 3.1).

import { copy } from "./copy.js";
import { h, s, show } from "./dom.js";
import { marked, prose } from "./marked.js";
import { example, fields, limits, typed } from "./schema.js";

const ROOT = "/api/v1/";
const METHODS = ["get", "post", "put", "patch", "delete"];
/** Where the document names no groups: by the first part of the path. */
const GROUPS = {
  Overview: ["status", "plan", "trend", "history"],
  Collections: ["collections"],
  Torrents: ["torrents", "jobs"],
  Network: ["members", "network", "neighbors", "invitation"],
  "This beacon": ["mode", "drain", "log", "events"],
  Session: ["session"],
};
const OTHER = "For other programs";

const place = document.getElementById("operations");
const index = document.getElementById("index");
const filter = document.getElementById("filter");
const hits = document.getElementById("hits");

let operations = [];

async function begin() {
  let api;
  try {
    const response = await fetch(`${ROOT}openapi.json`, { cache: "no-cache" });
    if (!response.ok) throw new Error(response.statusText);
    api = await response.json();
  } catch {
    show(
      place,
      h("h1", {}, "API"),
      h("p", { class: "card empty", role: "alert" }, "The beacon does not answer. See that it runs, and load this page again."),
    );
    return;
  }
  operations = list(api);
  show(place, head(api), sections());
  show(index, entries());
  narrow();
  arrive();
}

/** All operations in the order of their groups. */
function list(api) {
  const all = Object.entries(api.paths).flatMap(([path, item]) =>
    METHODS.filter((method) => item[method]).map((method) => operation(api, path, method, item)),
  );
  const names = [...(api.tags ?? []).map(({ name }) => name), ...Object.keys(GROUPS), OTHER];
  const rank = ({ group }) => (names.includes(group) ? names.indexOf(group) : names.length);
  return all.sort(
    (one, other) => rank(one) - rank(other) || compare(one.path, other.path) || METHODS.indexOf(one.method) - METHODS.indexOf(other.method),
  );
}

function compare(one, other) {
  return one === other ? 0 : one < other ? -1 : 1;
}

function operation(api, path, method, item) {
  const told = item[method];
  const parameters = [...(item.parameters ?? []), ...(told.parameters ?? [])];
  const named = new Set(parameters.filter((one) => one.in === "path").map(({ name }) => name));
  const unnamed = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).filter((name) => !named.has(name));
  const short = path.startsWith(ROOT) ? path.slice(ROOT.length) : path.slice(1);
  const id = `${method}-${short.replace(/[^\w]+/g, "-").replace(/^-|-$/g, "")}`;
  const text = [
    method,
    path,
    told.summary,
    told.description,
    told.operationId,
    ...parameters.map(({ name, description }) => `${name} ${description ?? ""}`),
  ]
    .join(" ")
    .toLowerCase();
  return {
    api,
    path,
    short,
    method,
    id,
    told,
    text,
    group: groupOf(short, path, told),
    parameters: [...unnamed.map((name) => ({ name, in: "path", required: true, schema: { type: "string" } })), ...parameters],
  };
}

function groupOf(short, path, { tags = [] }) {
  const [tag] = tags;
  if (tag && tag !== "crate" && !tag.includes("::")) return tag.charAt(0).toUpperCase() + tag.slice(1);
  if (!path.startsWith(ROOT)) return OTHER;
  const [first] = short.split("/");
  return Object.keys(GROUPS).find((group) => GROUPS[group].includes(first)) ?? OTHER;
}

function head({ info }) {
  return h(
    "div",
    { class: "intro" },
    h("h1", {}, "API"),
    h("p", { class: "quiet" }, `${info.title} ${info.version}, version 1 of the API`),
    prose(info.description),
    h("p", {}, "What needs the token is marked ", lock(), ". The token is sent as ", h("code", {}, "Authorization: Bearer TOKEN"), "."),
  );
}

function lock() {
  return h(
    "span",
    { class: "pill work lock", title: "Needs the token, or a browser that is logged in" },
    s(
      "svg",
      { viewBox: "0 0 9 11", "aria-hidden": "true" },
      s("path", { d: "M1.5 5V3.5a3 3 0 0 1 6 0V5H9v6H0V5zm1.5 0h3V3.5a1.5 1.5 0 0 0-3 0z" }),
    ),
    "token",
  );
}

function groups() {
  return [...new Set(operations.map(({ group }) => group))].map((group) => [group, operations.filter((one) => one.group === group)]);
}

function sections() {
  return groups().map(([group, all]) => h("section", { class: "group", "aria-label": group }, h("h2", {}, group), all.map(article)));
}

function entries() {
  return groups().map(([group, all]) =>
    h(
      "div",
      { class: "entries" },
      h("h2", {}, group),
      h(
        "ul",
        {},
        all.map(({ id, method, short }) =>
          h(
            "li",
            { "data-for": id },
            h("a", { href: `#${id}` }, h("span", { class: `method ${method}` }, method), h("span", { class: "short" }, short)),
          ),
        ),
      ),
    ),
  );
}

function article({ api, id, method, path, told, parameters }) {
  const answers = Object.entries(told.responses ?? {});
  const good = answers.filter(([status]) => Number(status) < 400);
  const bad = answers.filter(([status]) => !(Number(status) < 400));
  return h(
    "article",
    { class: "card", id },
    h(
      "h3",
      {},
      h("a", { href: `#${id}`, class: "anchor" }, h("span", { class: `method ${method}` }, method), " ", h("code", {}, path)),
      (told.security ?? []).some((one) => Object.keys(one).length > 0) && lock(),
    ),
    h("p", { class: "summary" }, marked(full(told.summary ?? told.operationId ?? ""))),
    prose(told.description),
    parameters.length > 0 && [h("h4", {}, "Parameters"), table(api, parameters)],
    told.requestBody && body(api, told.requestBody),
    h("h4", {}, "Answers"),
    good.map(([status, response]) => answer(api, status, response)),
    bad.length > 0 &&
      h(
        "details",
        { class: "refusals" },
        h("summary", {}, `Refusals: ${bad.map(([status]) => status).join(", ")}`),
        h(
          "p",
          { class: "quiet small" },
          "Each is a problem (RFC 9457): ",
          h("code", {}, "detail"),
          " says what is wrong, ",
          h("code", {}, "way_out"),
          " what to do.",
        ),
        h(
          "ul",
          { class: "statuses" },
          bad.map(([status, { description }]) => h("li", {}, h("code", {}, status), " ", marked(description ?? ""))),
        ),
      ),
    h("h4", {}, "With curl"),
    snippet(curl({ api, method, path, told, parameters })),
  );
}

function full(text) {
  return /[.!?]$/.test(text) || text === "" ? text : `${text}.`;
}

function table(api, parameters) {
  return h(
    "div",
    { class: "scroll", tabindex: "0", role: "group", "aria-label": "Parameters" },
    h(
      "table",
      {},
      h(
        "thead",
        {},
        h(
          "tr",
          {},
          ["Name", "In", "Type", "What it is"].map((text) => h("th", { scope: "col" }, text)),
        ),
      ),
      h(
        "tbody",
        {},
        parameters.map(({ name, in: where, required, description, schema }) =>
          h(
            "tr",
            {},
            h("th", { scope: "row" }, h("code", {}, name), required && h("span", { class: "quiet small" }, " needed")),
            h("td", {}, where),
            h("td", {}, typed(api, schema)),
            h(
              "td",
              {},
              description && h("p", {}, marked(description)),
              limits(api, schema).map((one) => h("p", { class: "limit" }, one)),
            ),
          ),
        ),
      ),
    ),
  );
}

function body(api, { content = {}, description, required }) {
  const [[type, { schema } = {}] = ["application/json", {}]] = Object.entries(content);
  return [
    h("h4", {}, "Body ", h("small", { class: "quiet" }, `${type}${required === false ? ", may be left out" : ""}`)),
    description && prose(description),
    schema && (fields(api, schema) ?? h("p", {}, typed(api, schema))),
  ];
}

function answer(api, status, { description, content = {} }) {
  const [[type, { schema } = {}] = [null, {}]] = Object.entries(content);
  const shape = schema && fields(api, schema);
  const line = [
    h("code", {}, status),
    " ",
    marked(description ?? ""),
    schema && h("span", { class: "type" }, ` ${typed(api, schema)}`),
    type && type !== "application/json" && h("span", { class: "quiet small" }, ` ${type}`),
  ];
  if (!shape) return h("p", { class: "answer" }, line);
  return h("details", { class: "answer" }, h("summary", {}, line), shape);
}

/** A command that does it, with the address that this page was loaded from. */
function curl({ api, method, path, told, parameters }) {
  const needed = parameters.filter((one) => one.in === "query" && one.required).map(({ name }) => `${name}=${name.toUpperCase()}`);
  const address = `${location.origin}${path.replace(/\{(\w+)\}/g, (_, name) => name.toUpperCase())}${needed.length > 0 ? `?${needed.join("&")}` : ""}`;
  const [content] = Object.values(told.requestBody?.content ?? {});
  const sent = content && (content.example ?? Object.values(content.examples ?? {})[0]?.value ?? example(api, content.schema));
  const isLong = "text/event-stream" in (told.responses?.[200]?.content ?? {}) || path.endsWith("/events");
  return [
    "curl",
    isLong && "-N",
    method !== "get" && !(method === "post" && content) && `-X ${method.toUpperCase()}`,
    (told.security ?? []).some((one) => Object.keys(one).length > 0) && '-H "Authorization: Bearer $(cat beacon-data/api.token)"',
    content && `--json '${JSON.stringify(sent).replaceAll("'", "'\\''")}'`,
    `'${address}'`,
  ]
    .filter(Boolean)
    .join(" \\\n  ")
    .replace("curl \\\n  ", "curl ");
}

function snippet(text) {
  return h(
    "div",
    { class: "snippet" },
    h("pre", { tabindex: "0", role: "group", "aria-label": "Command" }, h("code", { "data-copy-source": true }, text)),
    h("button", {
      type: "button",
      class: "copy",
      "data-do": "copy",
      "data-text": text,
      title: "Copy the command",
      "aria-label": "Copy the command",
    }),
  );
}

/** Shows only what has all words of the filter. */
function narrow() {
  const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = operations.filter(({ text }) => words.every((word) => text.includes(word)));
  const ids = new Set(found.map(({ id }) => id));
  for (const { id } of operations) {
    document.getElementById(id).hidden = !ids.has(id);
    index.querySelector(`[data-for="${CSS.escape(id)}"]`).hidden = !ids.has(id);
  }
  for (const group of document.querySelectorAll(".group, .entries"))
    group.hidden = !group.querySelector("article:not([hidden]), li:not([hidden])");
  hits.textContent = words.length === 0 ? `${operations.length} requests` : `${found.length} of ${operations.length} requests`;
}

/** Goes to what the address names, with the focus. */
function arrive() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (const link of index.querySelectorAll("[aria-current]")) link.removeAttribute("aria-current");
  if (!target) return;
  index.querySelector(`[data-for="${CSS.escape(target.id)}"] a`)?.setAttribute("aria-current", "true");
  if (target.hidden) {
    filter.value = "";
    narrow();
  }
  target.scrollIntoView({ block: "start" });
  target.querySelector(".anchor")?.focus({ preventScroll: true });
}

filter.addEventListener("input", narrow);
filter.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && filter.value !== "") {
    filter.value = "";
    narrow();
  }
});
addEventListener("hashchange", arrive);
document.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-do=copy]");
  if (button) copy(button);
});
begin();

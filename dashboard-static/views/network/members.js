// The table of beacons: searched, narrowed, sorted by its head, a page at a time.

import { h } from "../../js/dom.js";
import { count } from "../../js/format.js";
import { adjusted, oneOf, whole } from "../../js/route.js";
import { secondsAgo } from "../parts.js";
import { STATES, beaconLink, latency, marks, space, statePill } from "./beacons.js";

export const PAGE = 50;
const WORDS = ["", ...Object.keys(STATES)];

/** Head, what it sorts by, and the order in which a first click sorts. */
const COLUMNS = [
  ["Beacon", "name", "asc"],
  ["State", "state", "asc"],
  ["Last heard", "heard", "asc"],
  ["Space", "used", "desc"],
  ["Zone", "zone", "asc"],
  ["Latency", "latency", "asc", "number"],
  ["Version", null],
];
const SORTS = COLUMNS.map(([, sort]) => sort).filter(Boolean);

/** What to ask for. */
export function wanted(route) {
  const { query = "", sort, order } = route.query;
  return {
    state: oneOf(route, "state", WORDS),
    query: query.trim(),
    sort: SORTS.includes(sort) ? sort : "",
    order: SORTS.includes(sort) && order === "desc" ? "desc" : "",
    offset: whole(route, "offset") || "",
    limit: PAGE,
  };
}

/** What narrows the table. */
export function filters(route, members) {
  const chosen = oneOf(route, "state", WORDS);
  const number = (state) =>
    members === null ? null : count(state ? members.filter((member) => member.state === state).length : members.length);
  return h(
    "div",
    { class: "filters" },
    h(
      "form",
      { class: "search", role: "search", "data-form": "search" },
      h("label", { for: "member-query", class: "unseen" }, "Find a beacon"),
      h("input", {
        type: "search",
        id: "member-query",
        name: "query",
        "data-set": "query",
        "data-value": route.query.query ?? "",
        placeholder: "Name, zone, address or id",
        autocomplete: "off",
        spellcheck: "false",
      }),
    ),
    h(
      "div",
      { class: "segments", role: "group", "aria-label": "Which beacons to show" },
      WORDS.map((state) =>
        h(
          "button",
          {
            type: "button",
            "data-do": "state",
            "data-state": state,
            "aria-pressed": chosen === state ? "true" : "false",
            title: STATES[state]?.[1],
          },
          state || "all",
          number(state) !== null && h("small", {}, ` ${number(state)}`),
        ),
      ),
    ),
  );
}

function head(route, columns) {
  const { sort: chosen, order } = wanted(route);
  return h(
    "tr",
    {},
    columns.map(([text, sort, first, kind]) => {
      if (sort === null) return h("th", { scope: "col", class: kind }, text);
      const isChosen = sort === chosen;
      const present = order || "asc";
      const next = isChosen && present === first ? (first === "asc" ? "desc" : "asc") : first;
      const direction = isChosen ? (present === "asc" ? "ascending" : "descending") : "none";
      return h(
        "th",
        { scope: "col", class: kind, "aria-sort": direction },
        h("a", { href: adjusted(route, { sort, order: next, offset: "" }) }, text),
      );
    }),
  );
}

function row(member, isVersionTold) {
  const answer = latency(member.latency_ms);
  return h(
    "tr",
    { "data-key": member.id, "data-member": member.id },
    h("th", { scope: "row" }, h("span", { class: "called" }, beaconLink(member)), marks(member)),
    h("td", { "data-label": "State" }, statePill(member.state)),
    h("td", { "data-label": "Last heard" }, member.this ? "–" : secondsAgo(member.last_heard_s)),
    h("td", { "data-label": "Space" }, space(member)),
    h("td", { "data-label": "Zone", class: member.zone ? null : "hollow" }, member.zone || h("span", { class: "quiet" }, "–")),
    h("td", { "data-label": "Latency", class: answer ? "number" : "number hollow" }, answer ?? h("span", { class: "quiet" }, "–")),
    isVersionTold &&
      h("td", { "data-label": "Version", class: member.version ? null : "hollow" }, member.version ?? h("span", { class: "quiet" }, "–")),
  );
}

/** The table of a page of beacons. */
export function table(page, route) {
  if (page.members.length === 0) return h("p", { class: "card empty" }, "No beacon is called so, or is in that state.");
  // This version of the protocol does not carry the program's version; a column for one row would be no help.
  const isVersionTold = page.members.some((member) => member.version && !member.this);
  const columns = isVersionTold ? COLUMNS : COLUMNS.filter(([text]) => text !== "Version");
  return h(
    "div",
    { class: "card flush" },
    h(
      "table",
      { class: "members cardly" },
      h("caption", { class: "unseen" }, "Beacons"),
      h("thead", {}, head(route, columns)),
      h(
        "tbody",
        {},
        page.members.map((member) => row(member, isVersionTold)),
      ),
    ),
  );
}

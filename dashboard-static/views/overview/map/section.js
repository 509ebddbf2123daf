// The map with its legend, which filters it, and the search.

import { h } from "../../../js/dom.js";
import { count } from "../../../js/format.js";
import { adjusted } from "../../../js/route.js";
import { heading } from "../../parts.js";
import { STANDINGS } from "../../standing.js";
import { search } from "../../torrents/filters.js";

const MARKS = [
  ["here", "complete on this beacon"],
  ["fetching", "being fetched by some beacon"],
];

function key(word, number, meaning, setting, route) {
  const isChosen = route.query[setting] === word;
  return h(
    "button",
    { type: "button", class: `key ${word}`, "data-do": "pick", "data-setting": setting, "data-word": word, "aria-pressed": isChosen ? "true" : "false", title: meaning },
    word !== "here" && h("i", { "aria-hidden": "true" }),
    word,
    number !== null && h("b", {}, ` ${count(number)}`),
  );
}

/** The section, with how many were found where something is looked for; the pictures are drawn into what it owns. */
export function mapSection(sums, route, found) {
  const isNarrow = ["query", "state", "mark"].some((setting) => route.query[setting]);
  return h(
    "section",
    { class: "card map", "aria-label": "Redundancy map" },
    h(
      "div",
      { class: "map-head" },
      heading("Redundancy map", "one cell a torrent"),
      search(route, "Find on the map"),
    ),
    h(
      "div",
      { class: "keys" },
      h(
        "div",
        { class: "map-legend", role: "group", "aria-label": "Show only" },
        STANDINGS.map(([word, meaning]) => key(word, sums[word], meaning, "state", route)),
        MARKS.map(([word, meaning]) => key(word, null, meaning, "mark", route)),
      ),
      found !== null && h("span", { class: "quiet" }, `${count(found)} found`),
      isNarrow && h("a", { href: adjusted(route, { query: "", state: "", mark: "" }) }, "Show all"),
      isNarrow && h("a", { href: listed(route) }, "List them"),
    ),
    h("div", { class: "pictures", "data-own": true }),
  );
}

function listed({ query: { query, state } }) {
  return adjusted({ view: "torrents", path: [], query: {} }, { query, state });
}

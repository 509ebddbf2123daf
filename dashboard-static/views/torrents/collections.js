// The collections, one a row, with how their torrents stand.

import { h, name } from "../../js/dom.js";
import { count, percent, size } from "../../js/format.js";
import { href } from "../../js/route.js";
import { said } from "../parts.js";
import { standingBar } from "../standing.js";

const SHOWN_MAX = 8;

function wanted({ target, max }) {
  if (target === undefined) return "–";
  return max > target ? `${target}, up to ${max}` : `${target}`;
}

function row(collection, isChosen) {
  const { id, torrents, bytes_total: total, bytes_here: here, members, problem, missing, under } = collection;
  const lacking = [missing > 0 && `${count(missing)} missing`, under > 0 && `${count(under)} under`].filter(Boolean);
  const attention = lacking.join(", ") || "all kept";
  return h(
    "tr",
    { "data-key": id, class: isChosen ? "chosen" : null },
    h(
      "th",
      { scope: "row" },
      h("a", { href: href("torrents", [], { collection: isChosen ? "" : id }), "aria-current": isChosen ? "true" : null }, name(collection.name)),
      problem && h("p", { class: "refused small" }, said(problem)),
    ),
    h("td", { class: "number", "data-label": "Torrents" }, count(torrents)),
    h("td", { "data-label": "Standing", class: "standing" }, h("div", { class: "progress" }, standingBar(collection), h("span", { class: "small quiet" }, torrents > 0 ? attention : "empty"))),
    h("td", { class: "number", "data-label": "Target" }, wanted(collection)),
    h("td", { class: "number", "data-label": "Size" }, size(total)),
    h("td", { class: "number", "data-label": "Here" }, total > 0 ? `${size(here)}, ${percent(here / total)}` : "–"),
    h("td", { class: "number", "data-label": "Beacons" }, members === undefined ? "–" : count(members)),
  );
}

/** What to do where there is none. */
export function noCollections() {
  return h(
    "div",
    { class: "card empty" },
    h("p", {}, "A collection is a list of torrents that a group of people keeps alive together; everyone uses the same file."),
    h("p", {}, h("a", { class: "button", href: href("add") }, "Make or paste a collection"), " or put its file into this beacon’s ", h("code", {}, "collections"), " folder; it is noticed without a restart."),
  );
}

/** The table of collections; the chosen one marked. */
export function collections(all, chosen, isWhole) {
  if (all.length === 0) return noCollections();
  const number = (text) => h("th", { scope: "col", class: "number" }, text);
  const shown = isWhole ? all : all.filter(({ id }, at) => at < SHOWN_MAX || id === chosen);
  return [
    h(
      "div",
      { class: "card flush" },
      h(
        "table",
        { class: "collections cardly" },
        h("caption", { class: "unseen" }, "Collections"),
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Collection"), number("Torrents"), h("th", { scope: "col" }, "Standing"), number("Target"), number("Size"), number("Here"), number("Beacons"))),
        h("tbody", {}, shown.map((collection) => row(collection, collection.id === chosen))),
      ),
    ),
    all.length > shown.length && h("p", {}, h("button", { type: "button", "data-do": "whole" }, `Show all ${count(all.length)}`)),
  ];
}

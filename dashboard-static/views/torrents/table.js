// Torrents in a table, sorted by its head, a page at a time.

import { h } from "../../js/dom.js";
import { count, size } from "../../js/format.js";
import { adjusted } from "../../js/route.js";
import { chips, copies, here, torrentLink } from "../standing.js";

export const PAGE = 25;

/** Head, what it sorts by, and the order in which a first click sorts. */
const COLUMNS = [
  ["Torrent", "name", "asc"],
  ["Size", "size", "desc", "number"],
  ["Copies", "copies", "asc"],
  ["Lacks", "lacking", "desc", "number"],
  ["Holders", "holders", "desc"],
  ["Here", null],
];
const SORTS = COLUMNS.map(([, sort]) => sort).filter(Boolean);

/** How the address wants them sorted; empty where it does not say. */
export function sorting({ query: { sort, order } }) {
  if (!SORTS.includes(sort)) return { sort: "", order: "" };
  return { sort, order: order === "desc" ? "desc" : "asc" };
}

/** How they are sorted: those of all collections by name where nothing else is said, those of one as in its file, and what
 *  was looked for by how well it fits. */
function sorted(route) {
  const { sort, order } = sorting(route);
  const isAll = !route.query.collection && !route.query.query;
  return sort || !isAll ? { sort, order } : { sort: "name", order: "asc" };
}

/** What a click on a head sorts by: first one way, then the other, then not at all. */
function next(sort, first, chosen, order) {
  if (sort !== chosen) return { sort, order: first };
  if (order === first) return { sort, order: first === "asc" ? "desc" : "asc" };
  return { sort: "", order: "" };
}

function head(route) {
  const { sort: chosen, order } = sorted(route);
  return h(
    "thead",
    {},
    h(
      "tr",
      {},
      COLUMNS.map(([text, sort, first, kind]) => {
        if (sort === null) return h("th", { scope: "col", class: kind }, text);
        const direction = sort !== chosen ? "none" : order === "asc" ? "ascending" : "descending";
        const address = adjusted(route, { ...next(sort, first, chosen, order), offset: "" });
        return h("th", { scope: "col", class: kind, "aria-sort": direction }, h("a", { href: address }, text));
      }),
    ),
  );
}

function row(torrent) {
  const lacking = Math.max(0, torrent.target - torrent.copies);
  return h(
    "tr",
    { class: "torrent", "data-key": torrent.info_hash, "data-hash": torrent.info_hash },
    h("th", { scope: "row" }, torrentLink(torrent, { title: torrent.name }), torrent.pinned && torrent.here !== "pinned" && h("span", { class: "pill pinned" }, "pinned")),
    h("td", { class: "number", "data-label": "Size" }, torrent.size === null ? h("span", { class: "quiet" }, "unknown") : size(torrent.size)),
    h("td", { "data-label": "Copies" }, copies(torrent)),
    h("td", { class: lacking > 0 ? "number" : "number hollow", "data-label": "Lacks" }, lacking > 0 ? count(lacking) : h("span", { class: "quiet" }, "–")),
    h("td", { "data-label": "Holders" }, chips(torrent.holders)),
    h("td", { class: torrent.here === "absent" ? "hollow" : null, "data-label": "Here" }, here(torrent)),
  );
}

/** The table of a page of torrents. */
export function table(page, route) {
  return h(
    "div",
    { class: "card flush" },
    h("table", { class: "torrents cardly" }, h("caption", { class: "unseen" }, "Torrents"), head(route), h("tbody", {}, page.torrents.map(row))),
  );
}

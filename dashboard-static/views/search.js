// Looking for torrents in all collections, and what was found.

import { h } from "../js/dom.js";
import { counted, sentence } from "../js/format.js";
import { heading } from "./parts.js";
import { pager, table } from "./torrents.js";

/** The form; what the reader has typed stays in it. */
export function searchForm({ collections }) {
  if (collections.length === 0) return [];
  return h(
    "form",
    { class: "search", role: "search", "data-form": "search" },
    h("label", { for: "query" }, "Find a torrent"),
    h("input", {
      type: "search",
      id: "query",
      name: "query",
      placeholder: "words of its name, info-hash or magnet link",
      autocomplete: "off",
      spellcheck: "false",
      maxlength: "16384",
    }),
    h("button", { type: "submit" }, "Find"),
  );
}

function nothing(problem) {
  if (problem) return h("p", { class: "card empty", role: "alert" }, `${sentence(problem.message)}.`);
  return h(
    "div",
    { class: "card empty" },
    h("p", {}, "Nothing in the collections is called so, and no info-hash begins so."),
    h(
      "p",
      {},
      "Fewer words find more. A torrent of no collection has to be put into one before it can be fetched: ",
      h("code", {}, "beacon collection add FILE 'MAGNET'"),
    ),
  );
}

/** What was found, in place of the torrents of a collection. */
export function found(page, detail, route, pageSize) {
  const close = h("button", { type: "button", "data-do": "unfind" }, "Show the collection");
  const remark = page && !page.problem && h("span", { role: "status" }, counted(page.total, "torrent"));
  const body = !page
    ? h("p", { class: "quiet" }, "Asking …")
    : page.torrents.length === 0
      ? nothing(page.problem)
      : h("div", { class: "card flush" }, table(page, detail, route));
  return [heading("Found", remark, " ", close), body, page && pager(page, route, pageSize)];
}

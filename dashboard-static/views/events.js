// What happened, in sentences, the latest first.

import { h } from "../js/dom.js";
import { sentence } from "../js/format.js";
import { href } from "../js/route.js";
import { moment } from "./parts.js";

function line({ at, kind, info_hash: hash, text }, links) {
  const said = sentence(text);
  return h(
    "li",
    {},
    h(
      "div",
      { class: "line" },
      h("span", { class: `verb ${kind}` }, kind),
      h("span", { class: "subject" }, links && hash ? h("a", { href: href("torrent", [hash]) }, said) : said),
      moment(at, { class: "quiet" }),
    ),
  );
}

/** A card of events; with `links` each leads to the torrent that it is about. */
export function events(list, { links = false } = {}) {
  if (list.length === 0) return h("p", { class: "card empty" }, "Nothing yet.");
  return h("div", { class: "card" }, h("ul", { class: "doings" }, list.map((event) => line(event, links))));
}

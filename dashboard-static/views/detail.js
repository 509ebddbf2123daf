// One torrent with everything that is known of it.

import { h, name } from "../js/dom.js";
import { counted, short, size } from "../js/format.js";
import { holders, magnet, wish } from "./holders.js";
import { copyable, facts } from "./parts.js";

function explanation(sentences) {
  if (sentences.length === 0) return null;
  const [verdict, ...rest] = sentences;
  return h(
    "div",
    { class: "explain" },
    h("p", { class: "lead" }, verdict),
    rest.length > 0 &&
      h(
        "ul",
        {},
        rest.map((text) => h("li", {}, text)),
      ),
  );
}

function body(detail) {
  const { target, max } = detail;
  const wanted =
    max > target
      ? `${counted(target, "copy", "copies")} wanted, up to ${max} kept`
      : `${counted(target, "copy", "copies")} wanted`;
  const outside = detail.outside_seeders === null ? "unknown" : counted(detail.outside_seeders, "seeder");
  return [
    explanation(detail.explain),
    wish(detail),
    facts(
      ["Info-hash", copyable(detail.info_hash, detail.info_hash, "the info-hash")],
      ["Magnet link", magnet(detail)],
      ["Size", size(detail.size)],
      ["Redundancy", wanted],
      ["Outside the beacons", outside],
      [
        "In",
        detail.collections.map((collection, at) => [
          at > 0 && ", ",
          name(collection.name, { title: short(collection.id) }),
        ]),
      ],
    ),
    holders(detail),
  ];
}

/** A card of its own, for a torrent that is not among those shown. */
export function detailCard(detail) {
  const hash = detail.info_hash;
  const shown = detail.name === null ? `unnamed ${short(hash)}` : name(detail.name);
  const close = h("button", { type: "button", "data-do": "torrent", "data-hash": hash }, "Close");
  return h("article", { class: "card aside" }, h("div", { class: "heading" }, h("h3", {}, shown), close), body(detail));
}

/** The row below the torrent's own. */
export function detailRow(detail, columns) {
  const content = detail ? body(detail) : h("p", { class: "quiet" }, "Asking …");
  return h("tr", { class: "detail", "data-key": "detail" }, h("td", { colspan: columns }, content));
}

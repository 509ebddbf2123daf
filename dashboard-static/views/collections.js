// Collections with how their torrents stand.

import { h, name } from "../js/dom.js";
import { count, counted, percent, size } from "../js/format.js";
import { bar, heading } from "./parts.js";

/** The standings in the order of their bars, with what they mean. */
export const STANDINGS = [
  ["missing", "no copy within reach"],
  ["under", "fewer copies than wanted"],
  ["met", "as many copies as wanted"],
  ["over", "more copies than needed"],
];

// Columns of the histogram; all larger counts share the last.
const COLUMNS_MAX = 10;

function histogram(copies) {
  const columns = copies.slice(0, COLUMNS_MAX);
  if (copies.length > COLUMNS_MAX) columns.push(copies.slice(COLUMNS_MAX).reduce((sum, number) => sum + number, 0));
  const highest = Math.max(1, ...columns);
  const label = (at) => (at === COLUMNS_MAX ? `${at}+` : `${at}`);
  const said = columns.map((number, at) => `${counted(number, "torrent")} with ${label(at)}`).join(", ");
  return h(
    "figure",
    { class: "histogram" },
    h(
      "div",
      { class: "columns", role: "img", "aria-label": `Torrents by copies: ${said}` },
      columns.map((number, at) =>
        h(
          "div",
          { class: "column", title: `${counted(number, "torrent")} with ${label(at)} copies` },
          h("span", { class: "number" }, number > 0 && count(number)),
          h("span", {
            class: `rise${at === 0 ? " missing" : ""}${number > 0 ? " some" : ""}`,
            style: { height: `${(number / highest) * 48}px` },
          }),
          h("span", { class: "label" }, label(at)),
        ),
      ),
    ),
    h("figcaption", { class: "quiet" }, "torrents by number of copies"),
  );
}

function legend(collection) {
  return h(
    "ul",
    { class: "legend" },
    STANDINGS.map(([word, meaning]) =>
      h(
        "li",
        { class: collection[word] > 0 ? word : `${word} zero`, title: meaning },
        h("b", {}, count(collection[word])),
        ` ${word}`,
      ),
    ),
  );
}

function card(collection, isChosen) {
  const { id, torrents, bytes_total: total, bytes_here: here } = collection;
  const part = (word) => (torrents > 0 ? collection[word] / torrents : 0);
  const label = STANDINGS.map(([word]) => `${count(collection[word])} ${word}`).join(", ");
  const share = total > 0 ? ` · ${size(here)} (${percent(here / total)}) here` : "";
  return h(
    "article",
    { class: isChosen ? "card collection chosen" : "card collection", "data-key": id },
    h(
      "div",
      {},
      h(
        "h3",
        {},
        h(
          "button",
          {
            type: "button",
            class: "link",
            "data-do": "collection",
            "data-id": id,
            "aria-pressed": isChosen ? "true" : "false",
          },
          name(collection.name),
        ),
      ),
      h("p", { class: "quiet" }, `${counted(torrents, "torrent")} · ${size(total)}${share}`),
      bar(
        label,
        STANDINGS.map(([word]) => [word, part(word)]),
      ),
      legend(collection),
    ),
    torrents > 0 && histogram(collection.copies_histogram),
  );
}

/** All collections, the chosen one marked. */
export function collections({ collections: all }, chosen) {
  if (all.length === 0) {
    return [
      heading("Collections"),
      h(
        "div",
        { class: "card empty" },
        h(
          "p",
          {},
          "No collections yet. Put a collection file into this beacon’s ",
          h("code", {}, "collections"),
          " folder; it is noticed without a restart.",
        ),
        h(
          "p",
          {},
          "To write one, run ",
          h("code", {}, "beacon collection new"),
          ", or ask the people you keep an archive with for theirs: everyone uses the same file.",
        ),
      ),
    ];
  }
  return [
    heading("Collections"),
    h(
      "div",
      { class: "collections" },
      all.map((collection) => card(collection, collection === chosen)),
    ),
  ];
}

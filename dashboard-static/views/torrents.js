// The torrents of a collection, a page at a time.

import { h, name } from "../js/dom.js";
import { count, percent, short, size } from "../js/format.js";
import { STANDINGS } from "./collections.js";
import { detailCard, detailRow } from "./detail.js";
import { bar, heading, pill } from "./parts.js";

// More are told by number only.
const CHIPS_MAX = 6;
const PIPS_MAX = 8;

/** How a torrent's copies stand to its target. */
export function standing({ copies, target, max }) {
  if (copies === 0) return "missing";
  if (copies < target) return "under";
  return copies > max ? "over" : "met";
}

/** A holder by name, coloured by what it has, faint where it does not count. */
export function chip(holder) {
  const counts = holder.counted ? "counts as a copy" : "does not count as a copy";
  const about = `${holder.name}: ${holder.state}, ${holder.liveness}, ${counts} (${short(holder.id)})`;
  const word = holder.liveness === "alive" ? holder.state : `${holder.state}, ${holder.liveness}`;
  const plain = holder.counted && holder.liveness === "alive" && holder.state === "held";
  return h(
    "li",
    { class: `chip ${holder.state} ${holder.liveness} ${holder.counted ? "counted" : "uncounted"}`, title: about },
    name(holder.name),
    !plain && h("span", { class: "state" }, ` ${word}`),
  );
}

function chips(holders) {
  if (holders.length === 0) return h("span", { class: "quiet" }, "nobody");
  const surplus = holders.length - CHIPS_MAX;
  return h(
    "ul",
    { class: "chips" },
    holders.slice(0, CHIPS_MAX).map(chip),
    surplus > 0 && h("li", { class: "chip more" }, `+ ${count(surplus)}`),
  );
}

function pips({ copies, target, fetching }) {
  const wanted = Math.max(copies, target);
  if (wanted > PIPS_MAX) return null;
  const kind = (at) => (at < copies ? "full" : at < copies + fetching ? "coming" : "lacking");
  return h(
    "span",
    { class: "pips", "aria-hidden": "true" },
    Array.from({ length: wanted }, (_, at) => h("i", { class: kind(at) })),
  );
}

function copies(torrent) {
  const word = standing(torrent);
  const outside =
    torrent.outside_seeders > 0 && h("span", { class: "quiet small" }, `${count(torrent.outside_seeders)} outside`);
  const coming = torrent.fetching > 0 && h("span", { class: "quiet small" }, `${count(torrent.fetching)} fetching`);
  return h(
    "div",
    {
      class: `copies ${word}`,
      title: `${word}: ${torrent.copies} copies, ${torrent.target} wanted, surplus above ${torrent.max}`,
    },
    pips(torrent),
    h("span", { class: "of" }, `${count(torrent.copies)} of ${count(torrent.target)}`),
    coming,
    outside,
  );
}

function here({ here: state, progress }) {
  if (state === "absent") return h("span", { class: "quiet" }, "–");
  if (state !== "fetching" && state !== "stalled") return pill(state, state);
  const part = progress ?? 0;
  return h(
    "div",
    { class: "progress" },
    h("span", {}, `${state} ${percent(part)}`),
    bar(`${state}, ${percent(part)}`, [[state === "stalled" ? "under" : "met", part]]),
  );
}

function row(torrent, isOpen) {
  const hash = torrent.info_hash;
  const shown = torrent.name === null ? h("span", { class: "quiet" }, `unnamed ${short(hash)}`) : name(torrent.name);
  return h(
    "tr",
    { class: isOpen ? "torrent open" : "torrent", "data-key": hash },
    h(
      "th",
      { scope: "row" },
      h(
        "button",
        {
          type: "button",
          class: "link",
          "data-do": "torrent",
          "data-hash": hash,
          "aria-expanded": isOpen ? "true" : "false",
        },
        shown,
      ),
    ),
    h(
      "td",
      { class: "number", "data-label": "Size" },
      torrent.size === null ? h("span", { class: "quiet" }, "unknown") : size(torrent.size),
    ),
    h("td", { "data-label": "Copies" }, copies(torrent)),
    h("td", { "data-label": "Holders" }, chips(torrent.holders)),
    h("td", { "data-label": "Here" }, here(torrent)),
  );
}

/** Torrents, with what is known of the one that is open. */
export function table(page, detail, route) {
  const columns = ["Torrent", "Size", "Copies", "Holders", "Here"];
  return h(
    "table",
    { class: "torrents" },
    h(
      "thead",
      {},
      h(
        "tr",
        {},
        columns.map((text) => h("th", { scope: "col", class: text === "Size" ? "number" : null }, text)),
      ),
    ),
    h(
      "tbody",
      {},
      page.torrents.map((torrent) => {
        const isOpen = torrent.info_hash === route.torrent;
        return [
          row(torrent, isOpen),
          isOpen && detailRow(detail?.info_hash === torrent.info_hash ? detail : null, columns.length),
        ];
      }),
    ),
  );
}

function filters(collection, route) {
  const choices = [["", "all", collection.torrents], ...STANDINGS.map(([word]) => [word, word, collection[word]])];
  return h(
    "div",
    { class: "segments", role: "group", "aria-label": "Which torrents to show" },
    choices.map(([state, word, number]) =>
      h(
        "button",
        {
          type: "button",
          "data-do": "filter",
          "data-state": state,
          "aria-pressed": route.state === state ? "true" : "false",
        },
        `${word} `,
        h("small", {}, count(number)),
      ),
    ),
  );
}

/** The way through more than fits a page. */
export function pager({ total, torrents: shown }, { offset }, pageSize) {
  if (total <= pageSize && offset === 0) return null;
  const button = (text, to, enabled) =>
    h("button", { type: "button", "data-do": "page", "data-offset": to, disabled: !enabled }, text);
  const last = Math.floor(Math.max(0, total - 1) / pageSize) * pageSize;
  const span =
    shown.length > 0
      ? `${count(offset + 1)}–${count(offset + shown.length)} of ${count(total)}`
      : `none of ${count(total)}`;
  return h(
    "nav",
    { class: "pager", "aria-label": "Pages" },
    button("« First", 0, offset > 0),
    button("‹ Earlier", Math.max(0, offset - pageSize), offset > 0),
    h("span", {}, span),
    button("Later ›", offset + pageSize, offset + pageSize < total),
    button("Last »", last, offset < last),
  );
}

/** The table of the chosen collection. */
export function torrents(collection, page, detail, route, pageSize) {
  if (!collection) return [];
  const isElsewhere = detail !== null && !page?.torrents.some(({ info_hash: hash }) => hash === detail.info_hash);
  const aside = isElsewhere && detailCard(detail);
  if (collection.torrents === 0)
    return [
      h(
        "p",
        { class: "card empty" },
        "This collection lists no torrents yet. Add some to its file; they show up here within seconds.",
      ),
    ];
  const body = !page
    ? h("p", { class: "quiet" }, "Asking …")
    : page.torrents.length === 0
      ? h(
          "p",
          { class: "card empty" },
          page.total === 0 ? `No torrent of this collection is ${route.state}.` : "This page is beyond the end.",
        )
      : h("div", { class: "card flush" }, table(page, detail, route));
  return [
    heading("Torrents", "of ", name(collection.name)),
    aside,
    filters(collection, route),
    body,
    page && pager(page, route, pageSize),
  ];
}

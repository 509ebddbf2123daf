// Who has a torrent, and how it can be fetched from there.

import { h, name } from "../../js/dom.js";
import { percent } from "../../js/format.js";
import { pill, secondsAgo } from "../parts.js";

const COLUMNS = ["Beacon", "Has it", "Copy", "Zone", "Round trip", "Last heard", "Its client"];

function dash() {
  return h("span", { class: "quiet" }, "–");
}

function counts({ counted }) {
  return counted
    ? h("span", { title: "It says so, and its copy counts; nobody has checked it by fetching a part of it" }, "claimed")
    : h("span", { class: "quiet", title: "It does not count as a copy" }, "not counted");
}

function row(holder) {
  const { id, name: called, state, liveness, zone, progress, latency_ms: latency, client_addresses: all } = holder;
  return h(
    "tr",
    { "data-key": id },
    h("th", { scope: "row", title: id }, name(called), holder.this && [" ", pill("this", "this beacon")]),
    h(
      "td",
      { "data-label": "Has it" },
      pill(liveness === "alive" ? state : "quiet", liveness === "alive" ? state : `${state}, ${liveness}`),
      progress !== null && progress < 1 && ` ${percent(progress)}`,
    ),
    h("td", { "data-label": "Copy" }, counts(holder)),
    h("td", { "data-label": "Zone", class: zone ? null : "hollow" }, zone ? name(zone) : dash()),
    h("td", { "data-label": "Round trip", class: latency === null ? "hollow" : null }, latency === null ? dash() : `${latency.toFixed(latency < 10 ? 1 : 0)} ms`),
    h("td", { "data-label": "Last heard" }, holder.this ? "now" : secondsAgo(holder.last_heard_s)),
    h(
      "td",
      { "data-label": "Its client", class: all.length === 0 ? "hollow" : null },
      all.length === 0 ? dash() : h("ul", { class: "plain" }, all.map((address) => h("li", {}, h("code", {}, address)))),
    ),
  );
}

/** The table of holders. */
export function holders({ holder_details: all }) {
  if (all.length === 0) return h("p", { class: "card empty" }, "No beacon has any of it, as far as this one knows.");
  return h(
    "div",
    { class: "card flush scroll" },
    h(
      "table",
      { class: "holders cardly" },
      h("caption", { class: "unseen" }, "Who has this torrent"),
      h("thead", {}, h("tr", {}, COLUMNS.map((text) => h("th", { scope: "col" }, text)))),
      h("tbody", {}, all.map(row)),
    ),
  );
}

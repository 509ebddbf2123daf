// Who has a torrent, how it can be fetched from there, and having it fetched here.

import { h, name } from "../js/dom.js";
import { ago, percent, sentence, short } from "../js/format.js";
import { orderOf } from "../js/pins.js";
import { copyable, pill } from "./parts.js";

const COLUMNS = ["Holder", "State", "Zone", "Round trip", "Last heard", "Client"];

function row(holder) {
  const { id, name: called, state, liveness, zone, progress, latency_ms: latency, client_addresses: all } = holder;
  const dash = h("span", { class: "quiet" }, "–");
  return h(
    "tr",
    { "data-key": id },
    h("th", { scope: "row", title: id }, name(called)),
    h(
      "td",
      { "data-label": "State" },
      pill(liveness === "alive" ? state : "quiet", liveness === "alive" ? state : `${state}, ${liveness}`),
      progress !== null && progress < 1 && ` ${percent(progress)}`,
    ),
    h("td", { "data-label": "Zone" }, zone ? name(zone) : dash),
    h("td", { "data-label": "Round trip" }, latency === null ? dash : `${latency.toFixed(latency < 10 ? 1 : 0)} ms`),
    h("td", { "data-label": "Last heard" }, holder.this ? "this beacon" : ago(holder.last_heard_s)),
    h(
      "td",
      { "data-label": "Client" },
      all.length === 0 ? dash : h("ul", { class: "plain" }, all.map((address) => h("li", {}, h("code", {}, address)))),
    ),
  );
}

/** The table of holders. */
export function holders({ holder_details: all }) {
  if (all.length === 0) return "nobody";
  return h(
    "table",
    { class: "holders" },
    h("thead", {}, h("tr", {}, COLUMNS.map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, all.map(row)),
  );
}

/** The link that any client can fetch with. */
export function magnet({ magnet: link }) {
  const peers = link.split("&x.pe=").length - 1;
  const addresses = peers === 0 ? "without addresses: nobody serves it now" : `with ${peers} of its holders' addresses`;
  return [copyable("magnet:?…", link, "the magnet link"), h("span", { class: "quiet" }, ` ${addresses}`)];
}

function tokenForm({ text }) {
  return h(
    "form",
    { class: "token", "data-form": "token" },
    h(
      "p",
      { id: "token-hint", role: text ? "alert" : null },
      text && `${text} `,
      "Orders need the token in the file ",
      h("code", {}, "api.token"),
      " of the beacon’s data directory. This window keeps it until it is closed.",
    ),
    h("label", { for: "token" }, "Token"),
    h("input", {
      type: "password",
      id: "token",
      name: "token",
      required: true,
      autocomplete: "off",
      "aria-describedby": "token-hint",
    }),
    h("button", { type: "submit" }, "Go on"),
    h("button", { type: "button", "data-do": "droporder" }, "Cancel"),
  );
}

/** Having it fetched here, or treated like all others again. */
export function wish({ info_hash: hash, pinned, name: called }) {
  const { stage, text } = orderOf(hash);
  const what = called ?? short(hash);
  const button = h(
    "button",
    {
      type: "button",
      class: pinned ? null : "main",
      "data-do": pinned ? "unpin" : "pin",
      "data-hash": hash,
      disabled: stage === "busy",
      title: pinned ? `Treat ${what} like all others again` : `Fetch ${what} to this beacon and keep it whatever the counts`,
    },
    pinned ? "Unpin" : "Fetch it for me",
  );
  return h(
    "div",
    { class: "wish" },
    button,
    pinned && h("span", { class: "quiet" }, "pinned: kept here whatever the counts"),
    h(
      "p",
      { role: "status", class: stage === "failed" ? "refused" : "said" },
      stage === "busy" ? "Asking …" : stage === "done" || stage === "failed" ? `${sentence(text)}.` : "",
    ),
    stage === "token" && tokenForm({ text }),
  );
}

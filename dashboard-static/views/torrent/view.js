// One torrent with everything that is known of it.

import { h, name } from "../../js/dom.js";
import { count, counted, short, size } from "../../js/format.js";
import { href } from "../../js/route.js";
import { events } from "../events.js";
import { copyable, facts, heading, pill, said, top } from "../parts.js";
import { copies, called, here, standing } from "../standing.js";
import { holders } from "./holders.js";
import { wish, wishes } from "./wishes.js";

const EVENTS_MAX = 20;

async function load(route, { api, signal }) {
  const [hash = ""] = route.path;
  const [torrent, history] = await Promise.all([
    api.torrent(hash, { signal }),
    // Its history is worth showing, its absence no reason to show nothing.
    api.get("history", { info_hash: hash, limit: EVENTS_MAX }, { signal }).catch(() => null),
  ]);
  return { torrent, history };
}

function explanation(sentences) {
  if (sentences.length === 0) return null;
  const [verdict, ...rest] = sentences;
  return h(
    "section",
    { class: "card explain", "aria-label": "Why" },
    h("h2", {}, "Why it is so"),
    h("p", { class: "lead" }, said(verdict)),
    rest.length > 0 && h("ul", {}, rest.map((text) => h("li", {}, said(text)))),
  );
}

function magnet({ magnet: link }) {
  const peers = link.split("&x.pe=").length - 1;
  const addresses = peers === 0 ? "without addresses: nobody serves it now" : `with ${counted(peers, "address", "addresses")} of its holders`;
  return [copyable(`${link.slice(0, 28)}…`, link, "the magnet link"), h("span", { class: "quiet small" }, ` ${addresses}`)];
}

function particulars(torrent, status) {
  const { target, max, outside_seeders: outside } = torrent;
  const wanted = max > target ? `${counted(target, "copy", "copies")} wanted, up to ${max} kept` : `${counted(target, "copy", "copies")} wanted`;
  const word = standing(torrent);
  return h(
    "section",
    { class: "card", "aria-label": "In short" },
    h("div", { class: "stand" }, pill(word, word), copies(torrent)),
    facts(
      ["Redundancy", wanted],
      ["Copies", torrent.audited === null ? `${count(torrent.copies)} claimed by their beacons` : `${count(torrent.copies)}, ${count(torrent.audited)} of them proved`],
      ["On this beacon", here(torrent), torrent.requested && h("span", { class: "quiet small" }, " asked for once")],
      ["Size", size(torrent.size)],
      ["Outside the beacons", outside === null ? "unknown" : counted(outside, "seeder")],
      ["In", torrent.collections.map(({ id, name: called }, at) => [at > 0 && ", ", h("a", { href: href("torrents", [], { collection: id }) }, name(called))])],
      ["Info-hash", copyable(torrent.info_hash, torrent.info_hash, "the info-hash")],
      ["Magnet link", magnet(torrent)],
    ),
    wishes(torrent, status),
  );
}

function past(history) {
  if (!history) return null;
  return h(
    "section",
    { class: "section", "aria-label": "History" },
    heading("What this beacon did with it", history.total > history.events.length && `the last ${history.events.length} of ${count(history.total)}`),
    events(history.events),
  );
}

function render(data, route, { status }) {
  if (!data) return [top(`Torrent ${short(route.path[0] ?? "")}`), h("p", { class: "quiet" }, "Asking …")];
  const { torrent, history } = data;
  return [
    h("p", { class: "crumbs" }, h("a", { href: href("torrents", [], { collection: torrent.collections[0]?.id }) }, "Torrents"), " /"),
    top(called(torrent)),
    h("div", { class: "pair", "data-torrent": torrent.info_hash }, particulars(torrent, status), explanation(torrent.explain)),
    h("section", { class: "section", "aria-label": "Who has it" }, heading("Who has it", counted(torrent.holder_details.length, "beacon")), holders(torrent)),
    past(history),
  ];
}

export const view = {
  name: "torrent",
  title: (data, route) => data?.torrent.name ?? `Torrent ${short(route.path[0] ?? "")}`,
  topics: ["torrents", "members", "history"],
  list: [href("torrents"), "To all torrents"],
  load,
  render,
  deeds: { wish },
};

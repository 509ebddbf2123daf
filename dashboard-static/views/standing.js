// How torrents stand, and the cells that say so.

import { h, name } from "../js/dom.js";
import { count, counted, percent, short } from "../js/format.js";
import { href } from "../js/route.js";
import { bar, pill } from "./parts.js";

/** The standings in the order of their bars, with what they mean. */
export const STANDINGS = [
  ["missing", "no copy within reach"],
  ["under", "fewer copies than wanted"],
  ["met", "as many copies as wanted"],
  ["over", "more copies than needed"],
];

/** What a torrent can be on this beacon, with what it means. */
export const HERE = [
  ["absent", "not here"],
  ["fetching", "being fetched"],
  ["stalled", "being fetched, but nothing arrives"],
  ["held", "complete here"],
  ["pinned", "kept here whatever the counts"],
  ["draining", "here until others have it"],
  ["resting", "complete here, but not served"],
];

// More are told by number only.
const CHIPS_MAX = 3;
const PIPS_MAX = 6;

/** How a torrent's copies stand to its target. */
export function standing({ copies, target, max }) {
  if (copies === 0) return "missing";
  if (copies < target) return "under";
  return copies > max ? "over" : "met";
}

/** What a torrent is called; its info-hash begins so where nobody knows yet. */
export function called({ name: known, info_hash: hash }) {
  return known === null ? h("span", { class: "quiet" }, `unnamed ${short(hash)}`) : name(known);
}

/** The name of a torrent, leading to its own view. */
export function torrentLink(torrent, attributes = {}) {
  return h("a", { href: href("torrent", [torrent.info_hash]), ...attributes }, called(torrent));
}

/** A bar of the standings of many torrents. */
export function standingBar(sums) {
  const label = STANDINGS.map(([word]) => `${count(sums[word])} ${word}`).join(", ");
  const part = (word) => (sums.torrents > 0 ? sums[word] / sums.torrents : 0);
  return bar(label, STANDINGS.map(([word]) => [word, part(word)]));
}

/** A holder by name, coloured by what it has, faint where it does not count. */
function chip(holder) {
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

/** The first holders by name. */
export function chips(holders) {
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
  return h("span", { class: "pips", "aria-hidden": "true" }, Array.from({ length: wanted }, (_, at) => h("i", { class: kind(at) })));
}

/** The copies of a torrent against what is wanted. */
export function copies(torrent) {
  const word = standing(torrent);
  const about = `${word}: ${counted(torrent.copies, "copy", "copies")}, ${torrent.target} wanted, surplus above ${torrent.max}`;
  return h(
    "div",
    { class: `copies ${word}`, title: about },
    pips(torrent),
    h("span", { class: "of" }, `${count(torrent.copies)} of ${count(torrent.target)}`),
    torrent.fetching > 0 && h("span", { class: "quiet small" }, `${count(torrent.fetching)} fetching`),
    torrent.outside_seeders > 0 && h("span", { class: "quiet small" }, `${count(torrent.outside_seeders)} outside`),
  );
}

/** What a torrent is on this beacon. */
export function here({ here: state, progress, pinned, requested }) {
  if (state === "absent") return h("span", { class: "quiet" }, "–");
  // What stays without any order to pin it is there because it is the user's own.
  if (state === "pinned" && pinned === false && requested === false) return h("span", { title: "Your own files, kept whatever the counts" }, pill(state, "yours"));
  if (state !== "fetching" && state !== "stalled") return pill(state, state);
  const part = progress ?? 0;
  return h(
    "div",
    { class: "progress" },
    h("span", {}, `${state} ${percent(part)}`),
    bar(`${state}, ${percent(part)}`, [[state === "stalled" ? "under" : "met", part]]),
  );
}

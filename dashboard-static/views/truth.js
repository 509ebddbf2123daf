// How things stand, in a sentence.

import { h } from "../js/dom.js";
import { count, counted } from "../js/format.js";

function sums({ collections, actions }) {
  const sum = (field) => collections.reduce((total, collection) => total + collection[field], 0);
  return {
    torrents: sum("torrents"),
    missing: sum("missing"),
    under: sum("under"),
    kept: sum("met") + sum("over"),
    over: sum("over"),
    fetching: actions.running.filter(({ kind }) => kind === "fetch").length,
  };
}

/** The sentence, and how bad it is: `none`, `good`, `work` or `bad`. */
function verdict(status) {
  const { torrents, missing, under, kept } = sums(status);
  if (status.collections.length === 0) return ["none", "No collections yet, so there is nothing to keep."];
  if (torrents === 0) return ["none", "The collections list no torrents yet."];
  const all =
    torrents === 1 ? "The one torrent has all its copies." : `All ${count(torrents)} torrents have all their copies.`;
  if (kept === torrents) return ["good", all];
  const have = kept === 1 ? "has all its copies" : "have all their copies";
  const kind = missing > 0 ? "bad" : under > 0 ? "work" : "good";
  return [kind, `${count(kept)} of ${counted(torrents, "torrent")} ${have}.`];
}

function particulars(status) {
  const { torrents, missing, under, over, fetching } = sums(status);
  if (torrents === 0) return [];
  const lacking = under > 0 && `${counted(under, "torrent")} ${under === 1 ? "needs" : "need"} more copies.`;
  const lost =
    missing > 0
      ? `${counted(missing, "torrent")} ${missing === 1 ? "has" : "have"} no copy within reach.`
      : "Nothing is missing.";
  const surplus = over > 0 && `${counted(over, "torrent")} ${over === 1 ? "has" : "have"} more than needed.`;
  const here = fetching > 0 && `This beacon is fetching ${count(fetching)}.`;
  return [lost, lacking, surplus, here].filter(Boolean);
}

/** The sentence with what it leaves out. */
export function truth(status) {
  const [kind, text] = verdict(status);
  return [h("p", { class: `verdict ${kind}` }, text), h("p", { class: "quiet" }, particulars(status).join(" "))];
}

/** What the window is called. */
export function title(status) {
  const { torrents, kept } = sums(status);
  const score = torrents > 0 ? `${count(kept)} of ${count(torrents)} · ` : "";
  return `${score}${status.beacon.name} · Beacon`;
}

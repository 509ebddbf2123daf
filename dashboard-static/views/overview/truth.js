// How things stand, in a sentence.

import { h } from "../../js/dom.js";
import { count, counted } from "../../js/format.js";

/** Each torrent once where the beacon tells so, and else the sums of the collections. */
export function sums({ summary, collections, actions }) {
  const sum = (field) => collections.reduce((total, collection) => total + (collection[field] ?? 0), 0);
  const fetching = actions.running.filter(({ kind }) => kind === "fetch").length;
  const fields = ["torrents", "missing", "under", "met", "over", "bytes_total", "bytes_here", "bytes_wanted", "bytes_stored", "bytes_mirrored"];
  return { repairing: fetching, ...Object.fromEntries(fields.map((field) => [field, sum(field)])), ...summary };
}

/** The sentence, and how bad it is: `none`, `good`, `work` or `bad`. */
export function verdict(status) {
  const { torrents, missing, under, met, over, repairing } = sums(status);
  const kept = met + over;
  if (status.collections.length === 0) return ["none", "There are no collections yet, so there is nothing to keep."];
  if (torrents === 0) return ["none", "The collections list no torrents yet."];
  const what = copiesWanted(status);
  if (kept === torrents) return ["good", torrents === 1 ? `The one torrent has ${what}.` : `All ${count(torrents)} torrents have ${what}.`];
  const lost = missing > 0 ? `${count(missing)} ${missing === 1 ? "is" : "are"} missing` : "nothing is missing";
  const lacking = under > 0 && repaired(under, Math.min(repairing, under));
  const have = kept === 1 ? "has" : "have";
  const says = [`${count(kept)} of ${counted(torrents, "torrent")} ${have} ${what}`, lacking, lost];
  return [missing > 0 ? "bad" : "work", `${says.filter(Boolean).join("; ")}.`];
}

function repaired(under, mended) {
  if (mended === under) return `${count(under)} ${under === 1 ? "is" : "are"} being repaired`;
  const lacks = `${count(under)} ${under === 1 ? "lacks" : "lack"} copies`;
  return mended > 0 ? `${lacks}, ${count(mended)} of them being repaired` : lacks;
}

/** "their 3 copies" where all collections want as many, "all their copies" where not. */
function copiesWanted({ collections }) {
  const targets = new Set(collections.filter(({ torrents }) => torrents > 0).map(({ target }) => target));
  const [target] = targets;
  if (targets.size !== 1 || target === undefined) return "all their copies";
  return target === 1 ? "their copy" : `their ${target} copies`;
}

/** The sentence, set large. */
export function truth(status) {
  const [kind, text] = verdict(status);
  return h("section", { class: "truth", role: "status", "aria-label": "In short" }, h("p", { class: `verdict ${kind}` }, text));
}

// How things stand, in a sentence.

import { h } from "../../js/dom.js";
import { count, counted, size } from "../../js/format.js";
import { href } from "../../js/route.js";

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
  const what = (number) => copiesWanted(status, number === 1 ? "its" : "their");
  if (kept === torrents) {
    const text = torrents === 1 ? `The one torrent has ${what(1)}.` : `All ${count(torrents)} torrents have ${what(torrents)}.`;
    return [isUncertain(status) ? "work" : "good", text];
  }
  if (torrents === 1) return missing > 0 ? ["bad", `The one torrent ${gone(1, status)}.`] : ["work", `The one torrent ${repairing > 0 ? "is being repaired" : "lacks copies"}.`];
  const mended = Math.min(repairing, under);
  if (kept === 0 && missing === 0) {
    const says = [`None of the ${count(torrents)} torrents has ${what(1)}`, mended > 0 && beingRepaired(mended), "every one has at least one copy"];
    return ["work", `${says.filter(Boolean).join("; ")}.`];
  }
  const lost = missing > 0 ? `${count(missing)} ${gone(missing, status)}` : "nothing is missing";
  const lacking = under > 0 && repaired(under, mended);
  const have = `${count(kept)} of ${counted(torrents, "torrent")} ${kept === 1 ? "has" : "have"} ${what(kept)}`;
  const says = [kept > 0 ? have : `None of the ${count(torrents)} torrents has ${what(1)}`, lacking, lost];
  return [missing > 0 ? "bad" : "work", `${says.filter(Boolean).join("; ")}.`];
}

/** What is the matter with so many that have no copy; the copies of a beacon that leaves are there, and do not count. */
function gone(number, { drain }) {
  if (drain) return `${number === 1 ? "has" : "have"} no copy that stays`;
  return `${number === 1 ? "is" : "are"} missing`;
}

function beingRepaired(number) {
  return `${count(number)} ${number === 1 ? "is" : "are"} being repaired`;
}

function repaired(under, mended) {
  if (mended === under) return beingRepaired(under);
  const lacks = `${count(under)} ${under === 1 ? "lacks" : "lack"} copies`;
  return mended > 0 ? `${lacks}, ${count(mended)} of them being repaired` : lacks;
}

/** "their 3 copies" where all torrents want as many, "all their copies" where not, or where it cannot be told. */
function copiesWanted({ collections }, whose) {
  const [first, ...rest] = collections.filter(({ torrents }) => torrents > 0);
  const isSame = rest.every(({ target }) => target === first.target);
  // Torrents may want more or fewer than their collection does; then the bytes wanted do not come out even.
  const isEven = collections.every(({ target, bytes_total: total, bytes_wanted: wanted }) => total > 0 && wanted === target * total);
  if (!isSame || !isEven) return `all ${whose} copies`;
  return first.target === 1 ? `${whose} copy` : `${whose} ${first.target} copies`;
}

/** Whether what is counted may not be so any more. */
function isUncertain({ client, members }) {
  return client.state !== "ready" || !members.some(({ this: isThis, state }) => !isThis && state === "alive");
}

/** What else one has to know to take the sentence right. */
function provisos(status) {
  const { beacon, client, drain, members, collections } = status;
  const others = members.filter(({ this: isThis, state }) => !isThis && state === "alive");
  const { over } = sums(status);
  return [
    client.state === "trouble" && "This beacon’s client does not answer, so what this beacon holds may have changed.",
    client.state === "starting" && "This beacon’s client is still starting, so what this beacon holds is not known yet.",
    collections.length > 0 && members.length > 1 && others.length === 0 && "No other beacon is within reach now, so this may be out of date.",
    collections.length > 0 && members.length <= 1 && "This beacon is alone: copies elsewhere need somebody to join.",
    drain && (drain.waiting > 0 ? `This beacon is leaving: ${counted(drain.waiting, "torrent")} (${size(drain.waiting_bytes)}) still to be taken by others.` : "This beacon is leaving, and others have all that is here."),
    beacon.mode !== "dry-run" && over > 0 && `${counted(over, "torrent")} ${over === 1 ? "has" : "have"} more copies than needed.`,
  ].filter(Boolean);
}

/** Where what is lacking is listed. */
function ways(status) {
  const { missing, under } = sums(status);
  const way = (state, number, text) => number > 0 && h("a", { href: href("torrents", [], { state, sort: "lacking", order: "desc" }) }, text);
  return [way("missing", missing, `The ${count(missing)} ${status.drain ? "without a copy that stays" : "missing"}`), way("under", under, `The ${count(under)} that ${under === 1 ? "lacks" : "lack"} copies`)].filter(Boolean);
}

/** The sentence, set large, with what else one has to know. */
export function truth(status) {
  const [kind, text] = verdict(status);
  const [said, lead] = [provisos(status), ways(status)];
  return h(
    "section",
    { class: "truth" },
    h("div", { role: "status", "aria-label": "In short" }, h("p", { class: `verdict ${kind}` }, text), said.length > 0 && h("p", { class: "quiet" }, said.join(" "))),
    lead.length > 0 && h("p", { class: "ways" }, lead.map((way, at) => [at > 0 && " · ", way])),
  );
}

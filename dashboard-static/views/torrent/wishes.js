// What the reader can order for a torrent: fetch it here once, keep it here for good, or treat it like all others.

import { Problem, part } from "../../js/api.js";
import { announce } from "../../js/announce.js";
import { h } from "../../js/dom.js";
import { sentence } from "../../js/format.js";
import { order } from "../../js/orders.js";
import { whileBusy } from "../ordering.js";
import { said } from "../parts.js";

/** Method, path after the torrent's, what the button says, and what it does. */
const WISHES = {
  pin: ["POST", "pin", "Pin", "Fetch it to this beacon and keep it whatever the counts"],
  unpin: ["DELETE", "pin", "Unpin", "Treat it like all others again"],
  request: ["POST", "request", "Request", "Fetch it to this beacon once; afterwards the counts decide"],
  unrequest: ["DELETE", "request", "Take the request back", "Leave it to the counts whether it is fetched"],
};

/** What came of the last order: for which torrent, and in which words. */
const last = { hash: "", stage: "none", text: "" };

/** The buttons that make sense now, and what came of the last one. */
export function wishes(torrent, { beacon }) {
  if (beacon.read_only) return null;
  const { info_hash: hash, pinned, requested, here } = torrent;
  const { stage, text } = last.hash === hash ? last : { stage: "none", text: "" };
  // An order and what takes it back are the same button, which keeps the focus; the one that stays comes first.
  const possible = [pinned ? "unpin" : "pin", requested ? "unrequest" : !pinned && here === "absent" && "request"].filter(Boolean);
  const button = (wish) =>
    h(
      "button",
      {
        type: "button",
        "data-key": WISHES[wish][1],
        "data-do": "wish",
        "data-wish": wish,
        "data-hash": hash,
        title: WISHES[wish][3],
        ...whileBusy(stage === "busy"),
      },
      WISHES[wish][2],
    );
  return h(
    "div",
    { class: "wishes" },
    h("div", { class: "deeds" }, possible.map(button)),
    h("p", { role: stage === "failed" ? "alert" : null, class: stage === "failed" ? "refused" : "quiet" }, stage === "busy" ? "Asking …" : said(text)),
  );
}

/** Carries a wish out. */
export async function wish({ wish: word, hash }, { refresh, render }) {
  const [method, path] = WISHES[word];
  Object.assign(last, { hash, stage: "busy", text: "" });
  render();
  try {
    const answer = await order(method, `torrents/${part(hash)}/${path}`);
    Object.assign(last, answer === null ? { stage: "none", text: "" } : { stage: "done", text: `${sentence(answer.message)}.` });
    if (answer !== null) announce(last.text);
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    Object.assign(last, { stage: "failed", text: `${sentence(problem.message)}; ${problem.wayOut}.` });
  }
  render();
  refresh();
}

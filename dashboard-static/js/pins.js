// "Fetch this one for me": the order under way, and what came of the last one.

import { hasToken, order, takeToken } from "./orders.js";

/** The torrent that the last order was about, whether it is to be here, and how far the order is. */
const last = { hash: "", wanted: true, stage: "none", text: "" };

/** What to show beside a torrent: `stage` is `none`, `token` (it is asked for), `busy`, `done` or `failed`. */
export function orderOf(hash) {
  return last.hash === hash ? { ...last } : { hash, wanted: true, stage: "none", text: "" };
}

/** Orders that a torrent is to be here or not, and asks for the token first where none is known. `changed` is called as
 *  things go on. */
export async function pin(hash, wanted, changed) {
  Object.assign(last, { hash, wanted, text: "", stage: hasToken() ? "busy" : "token" });
  changed();
  if (last.stage === "token") return;
  const outcome = await ordered(hash, wanted);
  // The reader may have ordered something else meanwhile; then this answer is shown nowhere.
  if (last.hash !== hash || last.wanted !== wanted) return;
  Object.assign(last, outcome);
  changed();
}

/** What comes of the order, as it is kept in `last`. */
async function ordered(hash, wanted) {
  try {
    const text = await order(wanted ? "POST" : "DELETE", `torrents/${encodeURIComponent(hash)}/pin`);
    return { stage: "done", text };
  } catch (problem) {
    const stage = problem.status === 401 ? "token" : "failed";
    const text = problem.status === 401 ? "That is not the token of this beacon." : `${problem.message}; ${problem.wayOut}`;
    return { stage, text };
  }
}

/** Goes on with the order that waits for the token. */
export function goOn(token, changed) {
  takeToken(token);
  return pin(last.hash, last.wanted, changed);
}

/** Drops the order that waits for the token. */
export function dropOrder() {
  Object.assign(last, { stage: "none", text: "" });
}

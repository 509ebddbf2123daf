// Orders that buttons and forms give, and what came of them, said where they were given.

import { Problem } from "../js/api.js";
import { announce } from "../js/announce.js";
import { h } from "../js/dom.js";
import { sentence } from "../js/format.js";
import { marked } from "../js/marked.js";
import { order } from "../js/orders.js";

/** More places than this have given orders only if the page has been open for long. */
const KEPT_MAX = 200;

/** By place: how its last order stands (`busy`, `done` or `failed`), and in which words. */
const said = new Map();

/** How the last order of a place stands. */
export function standing(place) {
  return said.get(place) ?? { stage: "none", text: "" };
}

/** What came of the last order of a place. */
export function outcome(place, attributes = {}) {
  const { stage, text } = standing(place);
  if (stage === "none") return null;
  const isBad = stage === "failed";
  return h(
    "p",
    { class: isBad ? "refused" : "quiet", role: isBad ? "alert" : "status", ...attributes },
    stage === "busy" ? "Asking …" : marked(text),
  );
}

/** The attributes of a button whose order is under way. It keeps the focus, which `disabled` would take from it; the page
 *  does nothing when it is pressed. */
export function whileBusy(isBusy) {
  return { "aria-disabled": isBusy ? "true" : null };
}

/** Forgets what came of it. */
export function forget(place) {
  said.delete(place);
}

/** Gives an order for a place of the page. The answer; `null` where the reader would rather not log in, or it was refused. */
export async function carryOut(place, { render, refresh }, method, path, body, headers) {
  const say = (stage, text) => {
    said.delete(place);
    if (stage !== "none") said.set(place, { stage, text });
    if (said.size > KEPT_MAX) said.delete(said.keys().next().value);
    render();
  };
  say("busy", "");
  try {
    const answer = await order(method, path, body, headers);
    const text = answer?.message ? full(answer.message) : "Done.";
    say(answer === null ? "none" : "done", text);
    if (answer !== null) {
      announce(text);
      refresh();
    }
    return answer;
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    say("failed", refusal(problem));
    return null;
  }
}

/** Why something was refused, and the way out. */
export function refusal({ message, wayOut }) {
  return wayOut ? `${full(message)} ${full(wayOut)}` : full(message);
}

/** A message as a sentence of its own. */
export function full(message) {
  return /[.!?]$/.test(message) ? sentence(message) : `${sentence(message)}.`;
}

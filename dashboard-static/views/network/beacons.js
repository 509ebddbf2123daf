// What is said of beacons wherever they are shown.

import { h, name } from "../../js/dom.js";
import { count, percent, size, unlimited } from "../../js/format.js";
import { href } from "../../js/route.js";
import { bar, pill } from "../parts.js";

/** The states with their colours and what they mean. */
export const STATES = {
  alive: ["good", "heard from on time"],
  suspect: ["work", "overdue; its copies are not counted on for deleting anything"],
  away: ["work", "not heard from for a while; the longer, the more its copies are in doubt"],
  gone: ["bad", "not heard from for long; its copies do not count until it returns"],
};

/** How it is, in a pill. */
export function statePill(state) {
  const [kind, meaning] = STATES[state] ?? ["quiet", ""];
  return h("span", { class: `pill ${kind}`, title: meaning }, state);
}

/** Its name, leading to all that is known of it. */
export function beaconLink({ id, name: called }) {
  return h("a", { href: href("network", [id]) }, name(called));
}

/** What is special about it. */
export function marks(member) {
  return h(
    "span",
    { class: "marks" },
    member.this && pill("this", "this beacon"),
    member.neighbor && h("span", { class: "pill", title: "there is a live connection to it" }, "neighbor"),
    member.draining && h("span", { class: "pill work", title: "it is leaving: others fetch its copies first" }, "draining"),
    member.observer && h("span", { class: "pill", title: "its copies count, but it fetches nothing (dry run)" }, "observer"),
  );
}

/** What it holds of what it gives. */
export function space({ budget, used }) {
  if (unlimited(budget)) return h("span", {}, `${size(used)}, no limit`);
  const part = budget > 0 ? used / budget : 0;
  const label = `${size(used)} of ${size(budget)}`;
  return h("div", { class: "progress" }, h("span", {}, label), bar(`${label}, ${percent(part)}`, [[part > 1 ? "missing" : "met", part]]));
}

/** The time that an answer takes. */
export function latency(milliseconds) {
  if (milliseconds === null || milliseconds === undefined) return null;
  return `${milliseconds < 10 ? milliseconds.toFixed(1) : count(Math.round(milliseconds))}\u00a0ms`;
}

/** How many are in which state: `9 alive, 1 away`. */
export function tally(members) {
  return Object.keys(STATES)
    .map((state) => [state, members.filter((member) => member.state === state).length])
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `${count(number)} ${state}`)
    .join(", ");
}

/** How it stands with an address that is called: colour and word. */
export function callState(state) {
  const [kind, word] = { linked: ["good", "connected"], dialing: ["work", "calling"], waiting: ["work", "does not answer"] }[state] ?? [
    "",
    state,
  ];
  return pill(kind, word);
}

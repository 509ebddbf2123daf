// All beacons that are known.

import { h, name } from "../../js/dom.js";
import { ago, count, counted, percent, short, size, unlimited } from "../../js/format.js";
import { bar, copyable, heading, pill } from "../parts.js";

const SHOWN_MAX = 25;
const ADDRESSES_MAX = 2;

const STATES = {
  alive: ["good", "heard from on time"],
  suspect: ["work", "overdue; its copies are not counted on for deleting anything"],
  away: ["work", "not heard from for a while; the longer, the more its copies are in doubt"],
  gone: ["bad", "not heard from for long; its copies do not count until it returns"],
};

function space({ budget, used }) {
  if (unlimited(budget)) return h("span", {}, `${size(used)}, no limit`);
  const part = budget > 0 ? used / budget : 0;
  const label = `${size(used)} of ${size(budget)}`;
  return h(
    "div",
    { class: "progress" },
    h("span", {}, label),
    bar(`${label}, ${percent(part)}`, [[part > 1 ? "missing" : "met", part]]),
  );
}

function addresses(all) {
  if (all.length === 0) return h("span", { class: "quiet" }, "none told");
  const surplus = all.length - ADDRESSES_MAX;
  return h(
    "ul",
    { class: "plain", title: all.join("\n") },
    all.slice(0, ADDRESSES_MAX).map((address) => h("li", {}, h("code", {}, address))),
    surplus > 0 && h("li", { class: "quiet" }, `+ ${surplus}`),
  );
}

function row(member) {
  const [kind, meaning] = STATES[member.state];
  return h(
    "tr",
    { "data-key": member.id },
    h(
      "th",
      { scope: "row" },
      h("span", { class: "called" }, name(member.name), " ", copyable(short(member.id), member.id, "the whole id")),
      h(
        "span",
        { class: "marks" },
        member.this && pill("this", "this beacon"),
        member.neighbor && h("span", { class: "pill quiet", title: "there is a live connection to it" }, "neighbor"),
        member.draining &&
          h("span", { class: "pill work", title: "it is leaving: others fetch its copies first" }, "draining"),
        member.observer &&
          h("span", { class: "pill quiet", title: "its copies count, but it fetches nothing (dry run)" }, "observer"),
      ),
    ),
    h("td", { "data-label": "State" }, h("span", { class: `pill ${kind}`, title: meaning }, member.state)),
    h("td", { "data-label": "Last heard" }, member.this ? "–" : ago(member.last_heard_s)),
    h("td", { "data-label": "Space" }, space(member)),
    h("td", { "data-label": "Addresses" }, addresses(member.addresses)),
  );
}

function summary(members) {
  const parts = Object.keys(STATES)
    .map((state) => [state, members.filter((member) => member.state === state).length])
    .filter(([, number]) => number > 0)
    .map(([state, number]) => `${count(number)} ${state}`);
  return `${counted(members.length, "beacon")}: ${parts.join(", ")}`;
}

function alone({ beacon }) {
  const [address] = beacon.addresses;
  return h(
    "div",
    { class: "card empty" },
    h(
      "p",
      {},
      "No other beacon yet. Whoever joins puts one address of this beacon into ",
      h("code", {}, '"neighbors"'),
      "; knowing one is enough to find all.",
    ),
    address && h("p", {}, copyable(`${short(beacon.id)}…@${address}`, `${beacon.id}@${address}`, "id and address")),
  );
}

/** The table of beacons. */
export function members(status, route) {
  const all = status.members;
  const few = all.length > SHOWN_MAX && route.beacons !== "all";
  const shown = few ? all.slice(0, SHOWN_MAX) : all;
  const columns = ["Beacon", "State", "Last heard", "Space", "Addresses"];
  return [
    heading("Beacons", summary(all)),
    h(
      "div",
      { class: "card flush" },
      h(
        "table",
        { class: "members cardly" },
        h(
          "thead",
          {},
          h(
            "tr",
            {},
            columns.map((text) => h("th", { scope: "col" }, text)),
          ),
        ),
        h("tbody", {}, shown.map(row)),
      ),
    ),
    all.length > SHOWN_MAX &&
      h(
        "p",
        {},
        h(
          "button",
          { type: "button", "data-do": "beacons", "data-which": few ? "all" : "" },
          few ? `Show all ${count(all.length)}` : "Show fewer",
        ),
      ),
    all.length <= 1 && alone(status),
  ];
}

// Where the space and the copies are: by the zones that beacons say they are in.

import { h } from "../../js/dom.js";
import { count, counted, size, unlimited } from "../../js/format.js";
import { adjusted } from "../../js/route.js";
import { bar } from "../parts.js";

/** The table of zones. */
export function zones(members, route) {
  const all = byZone(members);
  const most = Math.max(1, ...all.map(({ budget, used }) => Math.max(budget, used)));
  const isOne = all.length === 1;
  return h(
    "section",
    { class: "card zones", "aria-label": "Zones" },
    h("h2", {}, "Zones"),
    h(
      "ul",
      {},
      all.map((zone) => row(zone, most, route)),
    ),
    isOne &&
      all[0].name === null &&
      h(
        "p",
        { class: "quiet small" },
        "No beacon says where it is. With ",
        h("code", {}, '"zone"'),
        " in its configuration, copies can be spread over places.",
      ),
  );
}

function byZone(members) {
  const zones = new Map();
  for (const { zone, budget, used, state } of members) {
    const key = zone || null;
    const sum = zones.get(key) ?? { name: key, beacons: 0, away: 0, budget: 0, used: 0, isUnlimited: false };
    sum.beacons += 1;
    if (state === "away" || state === "gone") sum.away += 1;
    sum.used += used;
    if (unlimited(budget)) {
      sum.isUnlimited = true;
      sum.budget += used;
    } else sum.budget += budget;
    zones.set(key, sum);
  }
  return [...zones.values()].sort((one, other) => (one.name === null) - (other.name === null) || other.used - one.used);
}

function row({ name: called, beacons, away, budget, used, isUnlimited }, most, route) {
  const text = isUnlimited ? `${size(used)}; not all have a limit` : `${size(used)} of ${size(budget)}`;
  const title = called ?? "nowhere in particular";
  return h(
    "li",
    {},
    h(
      "div",
      { class: "line" },
      called
        ? h("a", { href: adjusted(route, { query: called, offset: "" }) }, h("bdi", {}, called))
        : h("span", { class: "quiet" }, title),
      h("span", { class: "quiet" }, `${counted(beacons, "beacon")}${away > 0 ? `, ${count(away)} away` : ""}`),
    ),
    bar(`${title}: ${text}`, [
      [used > budget ? "missing" : "met", used / most],
      ["reserved", Math.max(0, budget - used) / most],
    ]),
    h("p", { class: "small quiet" }, text),
  );
}

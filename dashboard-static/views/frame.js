// What is around every view: whose page this is, whether it is up to date, and its last line.

import { h, name } from "../js/dom.js";
import { href } from "../js/route.js";
import { moment } from "./parts.js";

/** Whose page this is. */
export function who({ beacon }) {
  const isDry = beacon.mode === "dry-run";
  return [
    name(beacon.name, { class: "name" }),
    isDry && h("a", { class: "pill work", href: href("beacon"), title: "This beacon only shows what it would do" }, "dry run"),
    beacon.read_only && h("span", { class: "pill", title: "Nothing can be changed through this page" }, "read only"),
  ];
}

/** Whether this page is up to date. */
export function link({ linked, problem, answeredAt }) {
  if (linked === null && !problem) return h("span", { class: "quiet", "data-link": "waiting" }, "connecting …");
  if (linked && !problem) return h("span", { class: "live", "data-link": "live", title: "Changes show at once" }, "live");
  // It answers, but not with figures: the notice says why.
  if (linked && problem.status !== 0) return h("span", { class: "lost", "data-link": "waiting" }, "figures are not fresh");
  return h(
    "span",
    { class: "lost", "data-link": "away" },
    h("span", {}, "not connected"),
    answeredAt && h("span", { class: "from" }, "seen ", moment(new Date(answeredAt).toISOString())),
  );
}

/** The last line. */
export function foot({ beacon }) {
  return h(
    "p",
    {},
    `Beacon ${beacon.version} · everything here is also in the `,
    h("a", { href: "reference.html" }, "API"),
    " and on the command line: ",
    h("code", {}, "beacon --help"),
  );
}

// What this beacon is doing, and why.

import { h, name } from "../../js/dom.js";
import { count, counted, exact, short, since, size } from "../../js/format.js";
import { href } from "../../js/route.js";
import { heading } from "../parts.js";

// The rest is told by number; the plan lists all of it.
const SHOWN_MAX = 8;

function subject({ name: called, info_hash: hash, size: bytes }) {
  const shown = called === null ? h("span", { class: "quiet" }, `unnamed ${short(hash)}`) : name(called);
  return h(
    "span",
    { class: "subject", title: hash },
    h("a", { href: href("torrent", [hash]) }, shown),
    typeof bytes === "number" && h("span", { class: "quiet" }, ` ${size(bytes)}`),
  );
}

function item(action) {
  return h(
    "li",
    {},
    h(
      "div",
      { class: "line" },
      h("span", { class: `verb ${action.kind}` }, action.kind),
      subject(action),
      h("time", { class: "quiet", datetime: action.at, title: exact(action.at) }, since(action.at)),
    ),
    h("p", { class: "why" }, action.reason, action.outcome !== null && [" → ", h("b", {}, action.outcome)]),
  );
}

function group(title, actions, nothing) {
  const surplus = actions.length - SHOWN_MAX;
  return h(
    "div",
    { class: "card" },
    h("h3", {}, title, actions.length > 0 && h("small", {}, ` ${count(actions.length)}`)),
    actions.length === 0
      ? h("p", { class: "quiet" }, nothing)
      : h("ul", { class: "doings" }, actions.slice(0, SHOWN_MAX).map(item)),
    surplus > 0 &&
      h("p", { class: "quiet" }, `and ${count(surplus)} more; `, h("code", {}, "beacon plan"), " lists all."),
  );
}

function unplaced(torrents) {
  if (torrents.length === 0) return null;
  const surplus = torrents.length - SHOWN_MAX;
  return h(
    "div",
    { class: "card wide" },
    h("h3", {}, "Cannot be placed", h("small", {}, ` ${count(torrents.length)}`)),
    h(
      "ul",
      { class: "doings" },
      torrents
        .slice(0, SHOWN_MAX)
        .map((torrent) =>
          h(
            "li",
            {},
            h(
              "div",
              { class: "line" },
              subject(torrent),
              h("span", { class: "quiet" }, `lacks ${counted(torrent.lacking, "copy", "copies")}`),
            ),
            h("p", { class: "why" }, torrent.reason),
          ),
        ),
    ),
    surplus > 0 && h("p", { class: "quiet" }, `and ${count(surplus)} more`),
  );
}

/** Now, next, lately, and what nobody can do. */
export function actions({ actions: { pending, running, recent }, beacon }, plan) {
  const dry = beacon.mode === "dry-run";
  const idle = plan?.waiting ? `Waiting: ${plan.waiting}.` : "Nothing to do.";
  return [
    heading("What this beacon does", dry ? "and would do, if it were not a dry run" : "and why"),
    h(
      "div",
      { class: "columns3" },
      group("Now", running, dry ? "A dry run does nothing." : "Nothing is on its way."),
      group(dry ? "Would do" : "Next", pending, idle),
      group("Lately", recent, "Nothing yet."),
      unplaced(plan?.unplaced ?? []),
    ),
  ];
}

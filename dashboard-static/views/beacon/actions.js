// What this beacon is doing, why, and the way back.

import { h } from "../../js/dom.js";
import { count, counted, percent, size } from "../../js/format.js";
import { carryOut, outcome, standing, whileBusy } from "../ordering.js";
import { bar, heading, moment } from "../parts.js";
import { torrentLink } from "../standing.js";

/** The rest is shown when asked for. */
const FEW = 6;
/** More than this is for the command line. */
const MANY = 200;

/** The lists that the reader wants whole. */
const whole = new Set();

function subject(torrent) {
  return h(
    "span",
    { class: "subject", title: torrent.info_hash },
    torrentLink(torrent),
    typeof torrent.size === "number" && h("span", { class: "quiet" }, ` ${size(torrent.size)}`),
  );
}

function item(list, action, { progress, readOnly }) {
  const part = list === "running" ? progress?.get(action.info_hash) : undefined;
  const place = placeOf(action);
  return h(
    "li",
    { "data-key": `${action.kind} ${action.info_hash} ${action.at}` },
    h(
      "div",
      { class: "line" },
      h("span", { class: `verb ${action.kind}` }, action.kind),
      subject(action),
      moment(action.at, { class: "quiet" }),
    ),
    typeof part === "number" &&
      h(
        "div",
        { class: "progress" },
        bar(`${percent(part)} of it is here`, [["met", part]]),
        h("span", { class: "quiet small" }, percent(part)),
      ),
    h("p", { class: "why" }, action.reason, action.outcome !== null && [" → ", h("b", {}, action.outcome)]),
    action.undo && !readOnly && undo(action, place),
    outcome(place, { class: standing(place).stage === "failed" ? "refused small" : "quiet small" }),
  );
}

function undo({ undo: { method, path, says }, name: called, kind, info_hash: hash }, place) {
  return h(
    "button",
    {
      type: "button",
      class: "link small",
      "data-do": "undo",
      "data-method": method,
      "data-path": path,
      "data-place": place,
      title: says,
      ...whileBusy(standing(place).stage === "busy"),
    },
    "Undo",
    h("span", { class: "unseen" }, ` ${kind} of ${called ?? hash}`),
    h("span", { class: "quiet" }, `: ${says}`),
  );
}

function placeOf({ kind, info_hash: hash, at }) {
  return `undo ${kind} ${hash} ${at}`;
}

function group(list, title, actions, nothing, more) {
  const shown = whole.has(list) ? MANY : FEW;
  const surplus = actions.length - shown;
  return h(
    "div",
    { class: "card", "data-list": list },
    h("h3", {}, title, actions.length > 0 && h("small", {}, ` ${count(actions.length)}`)),
    actions.length === 0
      ? h("p", { class: "quiet" }, nothing)
      : h(
          "ul",
          { class: "doings" },
          actions.slice(0, shown).map((action) => item(list, action, more)),
        ),
    actions.length > FEW &&
      h(
        "p",
        { class: "quiet" },
        h(
          "button",
          { type: "button", class: "link", "data-do": "whole", "data-list": list },
          whole.has(list) ? "Show fewer" : `Show ${surplus > MANY ? "more" : `all ${count(actions.length)}`}`,
        ),
        whole.has(list) && surplus > 0 && [` ${count(surplus)} more: `, h("code", {}, "beacon plan"), " lists all."],
      ),
  );
}

function unplaced(torrents) {
  if (torrents.length === 0) return null;
  const shown = whole.has("unplaced") ? MANY : FEW;
  return h(
    "div",
    { class: "card wide" },
    h("h3", {}, "Cannot be placed", h("small", {}, ` ${count(torrents.length)}`)),
    h("p", { class: "quiet small" }, "They lack copies, and nobody is expected to fetch them."),
    h(
      "ul",
      { class: "doings" },
      torrents
        .slice(0, shown)
        .map((torrent) =>
          h(
            "li",
            { "data-key": torrent.info_hash },
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
    torrents.length > FEW &&
      h(
        "p",
        {},
        h(
          "button",
          { type: "button", class: "link", "data-do": "whole", "data-list": "unplaced" },
          whole.has("unplaced") ? "Show fewer" : `Show all ${count(torrents.length)}`,
        ),
      ),
  );
}

/** Now, next, lately, and what nobody can do. `progress` is how far fetches are, by info-hash. */
export function actions({ actions: { pending, running, recent }, beacon }, plan, progress) {
  const isDry = beacon.mode === "dry-run";
  const idle = plan?.waiting ? `Waiting: ${plan.waiting}.` : "Nothing to do.";
  const more = { progress, readOnly: beacon.read_only };
  return h(
    "section",
    { class: "section", "aria-label": "What this beacon does" },
    heading("What this beacon does", isDry ? "and would do, if it were not a dry run" : "and why"),
    h(
      "div",
      { class: "columns3" },
      group("running", "Now", running, isDry ? "A dry run does nothing." : "Nothing is on its way.", more),
      group("pending", isDry ? "Would do" : "Next", isDry && plan ? plan.actions : pending, idle, more),
      group("recent", "Lately", recent, "Nothing yet.", more),
      unplaced(plan?.unplaced ?? []),
    ),
  );
}

export const deeds = {
  whole({ list }, { render }) {
    if (!whole.delete(list)) whole.add(list);
    render();
  },
  async undo({ method, path, place }, tools) {
    await carryOut(place, tools, method, path.replace(/^\/?(api\/v1\/)?/, ""));
  },
};

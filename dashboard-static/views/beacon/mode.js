// Whether this beacon carries its plan out or only shows it, and the switch between the two, with what it would mean.

import { get } from "../../js/api.js";
import { h } from "../../js/dom.js";
import { count, counted, size } from "../../js/format.js";
import { pill } from "../parts.js";
import { called } from "../standing.js";
import { ask } from "../dialog.js";
import { carryOut, outcome, standing, whileBusy } from "../ordering.js";

const PLACE = "mode";
const NAMED_MAX = 5;
/** What gives space back, in its stages. */
const GIVES_BACK = ["reclaim", "quarantine", "delete"];

/** The card. */
export function mode({ beacon }) {
  const isDry = beacon.mode === "dry-run";
  const isBusy = standing(PLACE).stage === "busy";
  const origin =
    beacon.mode_set_by === "order"
      ? "Set by order; it stays so over restarts, until the configuration is changed."
      : beacon.mode_set_by === "config"
        ? "As its configuration says."
        : null;
  return [
    h("h2", {}, "What it may do ", isDry ? pill("work", "dry run") : pill("good", "apply")),
    h(
      "p",
      {},
      isDry
        ? "It only shows what it would do: it fetches nothing and deletes nothing. Its copies count."
        : "It carries out what it plans: it fetches what lacks copies and gives back what has too many.",
    ),
    origin && h("p", { class: "quiet small" }, origin),
    beacon.read_only
      ? h("p", { class: "quiet small" }, "This page is read-only, so the switch is not here.")
      : h(
          "div",
          { class: "deeds" },
          h(
            "button",
            { type: "button", "data-do": "mode", "data-to": isDry ? "apply" : "dry-run", class: isDry ? "main" : null, ...whileBusy(isBusy) },
            isDry ? "Let it apply its plan …" : "Switch to dry run …",
          ),
        ),
    outcome(PLACE),
  ];
}

/** Asks whether the reader agrees with what would happen, and switches. */
export async function switchMode({ to }, tools) {
  const isAgreed = await ask(to === "apply" ? await toApply(tools.known.status) : toDry(tools.known.status));
  if (isAgreed) await carryOut(PLACE, tools, "POST", "mode", { mode: to });
}

async function toApply({ storage }) {
  const plan = await get("plan").catch(() => null);
  const body = plan ? preview(plan, storage) : h("p", {}, "What it would do now is not known: the beacon does not answer.");
  return { title: "Let this beacon apply its plan?", body, yes: "Apply from now on" };
}

function toDry({ actions: { running } }) {
  return {
    title: "Switch to dry run?",
    body: [
      h("p", {}, "From then on it begins nothing and deletes nothing, and shows what it would do."),
      running.length > 0 && h("p", {}, `What its client is fetching already goes on: ${counted(running.length, "torrent")}.`),
    ],
    yes: "Switch to dry run",
  };
}

/** What the plan comes to. */
export function preview(plan, storage) {
  const of = (kinds) => plan.actions.filter(({ kind }) => kinds.includes(kind));
  const [fetched, given] = [of(["fetch"]), of(GIVES_BACK)];
  const others = plan.actions.filter((action) => !fetched.includes(action) && !given.includes(action));
  if (plan.actions.length + plan.unplaced.length === 0)
    return h(
      "p",
      {},
      plan.waiting
        ? `It plans nothing yet: ${plan.waiting}.`
        : "Its plan is empty: nothing lacks copies that it could fetch, and nothing has too many. It will act when that changes.",
    );
  const change = bytes(fetched).known - bytes(given).known;
  return [
    h("p", {}, "Now it would begin with this, and from then on do what its plan says:"),
    h(
      "ul",
      { class: "preview" },
      line("fetch", fetched, "fetched"),
      line("delete", given, "given back, after other holders granted it"),
      others.length > 0 &&
        h(
          "li",
          {},
          h("span", { class: "verb" }, "other"),
          h("span", {}, `${count(others.length)} more: ${[...new Set(others.map(({ kind }) => kind))].join(", ")}`),
        ),
      plan.unplaced.length > 0 &&
        h(
          "li",
          {},
          h("span", { class: "verb cancel" }, "no place"),
          h(
            "span",
            {},
            `${counted(plan.unplaced.length, "torrent")} would still lack copies: `,
            h("span", { class: "quiet" }, plan.unplaced[0].reason),
          ),
        ),
    ),
    h(
      "p",
      { class: "quiet small" },
      `Used afterwards: about ${size(Math.max(0, storage.used + change))} of ${size(storage.budget)}. Nothing that you added yourself is ever deleted.`,
    ),
  ];
}

function line(kind, actions, done) {
  if (actions.length === 0) return null;
  const { known, unknown } = bytes(actions);
  const names = actions.slice(0, NAMED_MAX);
  return h(
    "li",
    {},
    h("span", { class: `verb ${kind}` }, kind),
    h(
      "div",
      {},
      h(
        "p",
        {},
        h("b", {}, counted(actions.length, "torrent")),
        ` ${done}: `,
        h("b", {}, size(known)),
        unknown > 0 && ` and ${count(unknown)} of unknown size`,
      ),
      h(
        "p",
        { class: "quiet small" },
        names.map((action, at) => [at > 0 && ", ", called(action)]),
        actions.length > names.length && ` and ${count(actions.length - names.length)} more`,
      ),
    ),
  );
}

function bytes(actions) {
  return {
    known: actions.reduce((sum, { size: one }) => sum + (one ?? 0), 0),
    unknown: actions.filter(({ size: one }) => typeof one !== "number").length,
  };
}

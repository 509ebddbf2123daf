// Leaving for a while or for good: others take what is here first.

import { h } from "../../js/dom.js";
import { counted, exact, percent, size } from "../../js/format.js";
import { ask } from "../dialog.js";
import { carryOut, outcome, standing, whileBusy } from "../ordering.js";
import { bar, moment, pill } from "../parts.js";

const PLACE = "drain";

/** The card. */
export function drain({ beacon, client, drain: leaving, summary }) {
  const isBusy = standing(PLACE).stage === "busy";
  const button = (deed, text) => h("button", { type: "button", "data-do": deed, ...whileBusy(isBusy) }, text);
  return [
    h("h2", {}, "Leaving ", leaving && pill("work", "draining")),
    h(
      "div",
      { class: "section", "data-key": "how" },
      leaving
        ? progress(leaving, client)
        : h(
            "p",
            {},
            "Before this machine is switched off for long, drain it: its copies count no more, others fetch what they lack, and you see when all is safe.",
          ),
    ),
    beacon.read_only
      ? h("p", { class: "quiet small" }, "This page is read-only, so draining cannot be ordered here.")
      : h("div", { class: "deeds", "data-key": "order" }, leaving ? button("stay", "Stay after all") : button("drain", "Drain …")),
    !leaving && summary.bytes_here === 0 && h("p", { class: "quiet small" }, "Nothing is held here yet."),
    outcome(PLACE),
  ];
}

function progress({ until, safe, waiting, waiting_bytes: bytes }, client) {
  const end = until
    ? h("p", {}, "It comes back by itself ", moment(until), h("span", { class: "quiet" }, `, ${exact(until)}`), ".")
    : h("p", {}, "It leaves until you say otherwise.");
  if (client.state !== "ready") return [end, h("p", { class: "quiet" }, "What is here is not known while the client does not answer.")];
  const part = safe + waiting > 0 ? safe / (safe + waiting) : 1;
  return [
    end,
    bar(`${percent(part)} safe with others`, [["met", part]]),
    waiting > 0
      ? h(
          "p",
          {},
          h("b", {}, percent(part)),
          ` is safe: ${counted(safe, "torrent")}. Others have yet to take ${counted(waiting, "torrent")}, ${size(bytes)}.`,
        )
      : h("p", {}, h("b", {}, "All is safe: "), "others have enough copies of everything here. The machine may be switched off."),
  ];
}

/** Asks until when, and begins. */
export async function begin(_, tools) {
  const soon = new Date(Date.now() + 86_400_000);
  const local = new Date(soon.getTime() - soon.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
  const field = h("input", { type: "datetime-local", name: "until", "aria-label": "The moment", value: local });
  const choice = h("input", { type: "radio", name: "end", value: "until" });
  // Who sets a moment wants it.
  field.addEventListener("input", () => (choice.checked = true));
  const answer = await ask({
    title: "Drain this beacon?",
    body: [
      h(
        "p",
        {},
        "Its copies stop counting, and other beacons fetch what they lack; until then it goes on serving. What they have enough of is deleted here afterwards, except what is pinned or yours.",
      ),
      h(
        "fieldset",
        { class: "drain-choices" },
        h("legend", {}, "Until when"),
        h(
          "label",
          { class: "check" },
          h("input", { type: "radio", name: "end", value: "none", checked: true }),
          h("span", {}, "until I say so"),
        ),
        h("label", { class: "check" }, choice, h("span", {}, "until this moment, in your time:")),
        field,
      ),
    ],
    yes: "Drain",
    check: ({ end, until }) =>
      end !== "until" ? "" : !until ? "Say until when." : Date.parse(until) <= Date.now() ? "That moment is over." : "",
  });
  if (!answer) return;
  await carryOut(PLACE, tools, "POST", "drain", answer.end === "until" ? { until: new Date(answer.until).toISOString() } : {});
}

/** Stays. */
export async function stay(_, tools) {
  await carryOut(PLACE, tools, "DELETE", "drain");
}

// Addresses of other beacons that this one calls.

import { part } from "../../js/api.js";
import { h, name } from "../../js/dom.js";
import { count, duration } from "../../js/format.js";
import { href } from "../../js/route.js";
import { ask } from "../dialog.js";
import { callState } from "../network/beacons.js";
import { carryOut, outcome, standing, whileBusy } from "../ordering.js";
import { finish } from "./drafts.js";
import { field, judge } from "./fields.js";

const FORM = "neighbor";
const ADDRESS = /^([0-9a-f]{64}@)?(\[[0-9a-f:.%]+\]|[^\s:@/]+):\d{1,5}$/i;

/** The form and those that are there. */
export function neighbor(all, members) {
  return [
    h(
      "section",
      { class: "card", "data-key": FORM, "aria-labelledby": "neighbor-title" },
      h("h2", { id: "neighbor-title" }, "Add a neighbor"),
      h("p", { class: "quiet" }, "Knowing one beacon is enough: it tells of all the others. It is called now, and after every start."),
      h(
        "form",
        { class: "fields", autocomplete: "off", "data-form": FORM },
        field(
          FORM,
          "address",
          "Address",
          { required: true, placeholder: "198.51.100.7:9000", spellcheck: "false", autocapitalize: "off", wide: true },
          { hint: "host:port; with the beacon’s id and @ before it, nobody else is taken for it" },
        ),
        h("div", { class: "deeds wide" }, h("button", { type: "submit", class: "main", ...whileBusy(standing(FORM).stage === "busy") }, "Add")),
      ),
      outcome(FORM),
    ),
    h(
      "section",
      { class: "card", "data-key": "neighbors", "aria-labelledby": "neighbors-title" },
      h("h2", { id: "neighbors-title" }, "Those that are called"),
      all.length === 0
        ? h("p", { class: "quiet" }, "None. Beacons of the same local network are found by themselves.")
        : h(
            "ul",
            { class: "rows" },
            all.map((one) => row(one, members)),
          ),
    ),
  ];
}

function row({ address, source, state, beacon, failures, retry_in_s: retry, problem }, members) {
  const known = members.find(({ id }) => id === beacon);
  const place = `neighbor ${address}`;
  return h(
    "li",
    { "data-key": address },
    h(
      "div",
      { class: "what" },
      h(
        "p",
        {},
        h("code", {}, address),
        " ",
        callState(state),
        known && [" ", h("a", { href: href("network", [known.id]) }, name(known.name))],
      ),
      state === "waiting" &&
        h(
          "p",
          { class: "quiet small" },
          [
            failures > 0 && `failed ${failures === 1 ? "once" : `${count(failures)} times`}`,
            problem,
            typeof retry === "number" && `called again in ${duration(retry)}`,
          ]
            .filter(Boolean)
            .join("; "),
        ),
      outcome(place),
    ),
    source === "config"
      ? h("span", { class: "quiet small" }, "in the configuration")
      : h(
          "button",
          { type: "button", "data-do": "unneighbor", "data-address": address },
          "Remove",
          h("span", { class: "unseen" }, ` ${address}`),
        ),
  );
}

async function submit({ address }, tools) {
  const text = address.trim();
  if (
    !judge(
      FORM,
      {
        address:
          text === ""
            ? "Say where."
            : !ADDRESS.test(text) && "This is no address: write host:port, such as 198.51.100.7:9000 or [2001:db8::7]:9000.",
      },
      tools,
    )
  )
    return;
  const answer = await carryOut(FORM, tools, "POST", "neighbors", { address: text });
  if (answer) finish(tools.form);
}

export const forms = { [FORM]: submit };

export const deeds = {
  async unneighbor({ address }, tools) {
    const body = h(
      "p",
      {},
      h("code", {}, address),
      " is called no more. A connection that is up stays until it ends by itself, and the beacon may be found again through others.",
    );
    if (await ask({ title: "Remove this neighbor?", body, yes: "Remove", isGrave: true }))
      await carryOut(`neighbor ${address}`, tools, "DELETE", `neighbors/${part(address)}`);
  },
};

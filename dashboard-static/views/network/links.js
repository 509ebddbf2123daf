// The live connections, and the addresses that this beacon calls by itself.

import { h } from "../../js/dom.js";
import { counted, duration, size } from "../../js/format.js";
import { href } from "../../js/route.js";
import { heading } from "../parts.js";
import { beaconLink, callState, latency } from "./beacons.js";

/** The table of links. */
export function links(all) {
  return h(
    "section",
    { class: "section", "aria-label": "Links" },
    heading("Links", all.length > 0 ? `live connections to ${counted(all.length, "neighbor")}` : null),
    all.length === 0
      ? h("p", { class: "card empty" }, "No beacon is connected to this one now.")
      : h(
          "div",
          { class: "card flush" },
          h(
            "table",
            { class: "links cardly" },
            h("caption", { class: "unseen" }, "Links"),
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                ["Neighbor", "Address", "Since"].map((text) => h("th", { scope: "col" }, text)),
                ["Latency", "Sent", "Received"].map((text) => h("th", { scope: "col", class: "number" }, text)),
              ),
            ),
            h("tbody", {}, all.map(row)),
          ),
        ),
  );
}

function row(link) {
  return h(
    "tr",
    { "data-key": link.beacon + link.address },
    h("th", { scope: "row" }, beaconLink({ id: link.beacon, name: link.name })),
    h(
      "td",
      { "data-label": "Address" },
      h("code", {}, link.address),
      h("span", { class: "quiet small" }, link.dialed ? " called by us" : " called us"),
    ),
    h("td", { "data-label": "Since" }, duration(link.up_s)),
    h("td", { class: "number", "data-label": "Latency" }, latency(link.latency_ms) ?? "–"),
    h("td", { class: "number", "data-label": "Sent" }, traffic(link.sent, link.messages_sent)),
    h("td", { class: "number", "data-label": "Received" }, traffic(link.received, link.messages_received)),
  );
}

function traffic(bytes, messages) {
  return h("span", { title: counted(messages, "message") }, size(bytes));
}

/** The addresses that are called after every start. */
export function calls(all, readOnly) {
  if (all.length === 0) return null;
  return h(
    "section",
    { class: "section", "aria-label": "Addresses that are called" },
    heading(
      "Addresses that are called",
      "again and again, until somebody answers",
      !readOnly && [" · ", h("a", { href: href("add", ["neighbor"]) }, "add or remove")],
    ),
    h(
      "ul",
      { class: "card calls" },
      all.map(({ address, source, state }) =>
        h(
          "li",
          { "data-key": address },
          h("code", {}, address),
          callState(state),
          h("span", { class: "quiet small" }, source === "config" ? "in the configuration" : "added here"),
        ),
      ),
    ),
  );
}

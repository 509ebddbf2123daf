// One beacon with everything that is known of it.

import { h } from "../../js/dom.js";
import { count, duration, short, size, unlimited } from "../../js/format.js";
import { href } from "../../js/route.js";
import { copyable, facts, secondsAgo, top } from "../parts.js";
import { STATES, beaconLink, latency, marks, space, statePill } from "./beacons.js";

/** Its own page. */
export function member(one, network, members) {
  const link = network?.links.find(({ beacon }) => beacon === one.id) ?? null;
  const via = members?.find(({ id }) => id === one.via) ?? null;
  return [
    h("p", { class: "crumbs" }, h("a", { href: href("network") }, "Network"), " /"),
    top(h("bdi", {}, one.name), null, marks(one)),
    h(
      "div",
      { class: "cards pairs" },
      h(
        "section",
        { class: "card", "aria-label": "How it is" },
        h("h2", {}, "How it is"),
        facts(
          ["State", statePill(one.state), " ", h("span", { class: "quiet" }, STATES[one.state]?.[1])],
          ...heard(one, via),
          ["Space", space(one)],
          one.zone && ["Zone", one.zone],
          ["Collections", one.collections ?? "unknown"],
          ["Version", one.version ?? h("span", { class: "quiet" }, "it does not tell")],
        ),
      ),
      h("section", { class: "card", "aria-label": "What it has" }, h("h2", {}, "What it has"), counts(one.counts)),
      h(
        "section",
        { class: "card", "aria-label": "Where it is" },
        h("h2", {}, "Where it is"),
        facts(
          ["Id", copyable(`${one.id.slice(0, 16)}…`, one.id, "the whole id")],
          ["Addresses", addresses(one.addresses)],
          ["Its client", addresses(one.client_addresses)],
        ),
      ),
      link && h("section", { class: "card", "aria-label": "Link" }, h("h2", {}, "Link"), linked(link)),
    ),
    !one.this && room(one),
  ];
}

function heard(one, via) {
  if (one.this) return [["Last heard", "this is it"]];
  const way = one.neighbor ? "over a connection to it" : via ? ["through ", beaconLink(via)] : one.via ? `through ${short(one.via)}` : null;
  return [
    ["Last heard", secondsAgo(one.last_heard_s), way && [", ", way]],
    typeof one.latency_ms === "number" && ["Answers in", latency(one.latency_ms)],
  ];
}

function counts(all) {
  if (!all) return h("p", { class: "quiet" }, "Nothing is known.");
  const told = Object.entries(all).filter(([word, number]) => typeof number === "number" && (number > 0 || word === "held"));
  return facts(...told.map(([word, number]) => [word.charAt(0).toUpperCase() + word.slice(1).replaceAll("_", " "), count(number)]));
}

function addresses(all) {
  if (!all || all.length === 0) return h("span", { class: "quiet" }, "none told");
  return h(
    "ul",
    { class: "plain" },
    all.map((address) => h("li", {}, copyable(address, address, "the address"))),
  );
}

function linked(link) {
  return facts(
    ["Address", h("code", {}, link.address)],
    ["Called by", link.dialed ? "this beacon" : "the other one"],
    ["Up for", duration(link.up_s)],
    ["Latency", latency(link.latency_ms) ?? "unknown"],
    ["Sent", `${size(link.sent)} in ${count(link.messages_sent)} messages`],
    ["Received", `${size(link.received)} in ${count(link.messages_received)} messages`],
  );
}

function room({ budget, used }) {
  if (unlimited(budget) || used <= budget) return null;
  return h(
    "p",
    { class: "notice warning" },
    h("strong", {}, "Note"),
    h("span", {}, "It holds more than its budget: its user lowered that. It lets go of what others have copies enough of."),
  );
}

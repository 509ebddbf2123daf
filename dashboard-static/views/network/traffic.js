// What the protocol itself sends and receives; the archive's own bytes are the client's business.

import { h } from "../../js/dom.js";
import { count, counted, duration, percent, size } from "../../js/format.js";
import { heading, bar } from "../parts.js";

/** The traffic by kind of message. */
export function traffic({ sent, received, by_kind: kinds, messages_sent: out, messages_received: into }, uptime) {
  const all = [...kinds]
    .filter((kind) => kind.messages_sent + kind.messages_received > 0)
    .sort((one, other) => volume(other) - volume(one));
  const most = Math.max(1, ...all.map((kind) => Math.max(kind.sent, kind.received)));
  const each = (bytes) => `${size(Math.round(bytes / Math.max(1, uptime)))}/s`;
  return h(
    "section",
    { class: "section", "aria-label": "Traffic of the protocol" },
    heading("Traffic of the protocol", `what beacons say to each other, since the start ${duration(uptime)} ago`),
    h(
      "div",
      { class: "card flush" },
      h(
        "div",
        { class: "traffic-figures" },
        figure("Sent", size(sent), `${each(sent)}, ${counted(out, "message")}`),
        figure("Received", size(received), `${each(received)}, ${counted(into, "message")}`),
      ),
      all.length === 0
        ? h("p", { class: "quiet traffic-none" }, "Nothing yet.")
        : h(
            "table",
            { class: "traffic cardly" },
            h("caption", { class: "unseen" }, "Traffic by kind of message"),
            h(
              "thead",
              {},
              h(
                "tr",
                {},
                ["Message", "Sent · messages", "Received · messages"].map((text) => h("th", { scope: "col" }, text)),
                h("th", { scope: "col", class: "number" }, "Share"),
              ),
            ),
            h(
              "tbody",
              {},
              all.map((kind) => row(kind, most, sent + received)),
            ),
          ),
    ),
  );
}

function figure(label, text, more) {
  return h("div", {}, h("p", { class: "quiet small" }, label), h("p", { class: "figure" }, text), h("p", { class: "quiet small" }, more));
}

function row(kind, most, whole) {
  const way = (label, bytes, messages) =>
    h(
      "td",
      { "data-label": label },
      h(
        "div",
        { class: "progress" },
        h("span", { title: counted(messages, "message") }, size(bytes), h("span", { class: "quiet" }, ` · ${count(messages)}`)),
        bar(`${label} ${size(bytes)}`, [["plain", bytes / most]]),
      ),
    );
  return h(
    "tr",
    { "data-key": kind.kind },
    h("th", { scope: "row" }, kind.kind),
    way("Sent", kind.sent, kind.messages_sent),
    way("Received", kind.received, kind.messages_received),
    h("td", { class: "number", "data-label": "Share" }, percent(whole > 0 ? volume(kind) / whole : 0)),
  );
}

function volume({ sent, received }) {
  return sent + received;
}

// This beacon, the space it gives, and the machine it runs on.

import { h, name } from "../../js/dom.js";
import { counted, duration, percent, size, unlimited } from "../../js/format.js";
import { marked } from "../../js/marked.js";
import { bar, copyable, facts, pill } from "../parts.js";
import { spark } from "./samples.js";

const CLIENTS = { qbittorrent: "qBittorrent", embedded: "built-in client" };
const CLIENT_STATES = {
  ready: ["good", "answers"],
  starting: ["quiet", "starting"],
  trouble: ["bad", "does not answer"],
};

/** The card of the beacon itself. */
export function self({ beacon, tracker }) {
  return [
    h("h2", {}, "Beacon"),
    facts(
      ["Name", name(beacon.name)],
      ["Id", copyable(`${beacon.id.slice(0, 16)}…`, beacon.id, "the whole id")],
      ["Addresses", beacon.addresses.length > 0 ? list(beacon.addresses) : "none known yet"],
      ["Running for", duration(beacon.uptime_s), h("span", { class: "quiet" }, `, version ${beacon.version}`)],
      tracker?.announce_url && [
        "Tracker",
        copyable(tracker.announce_url, tracker.announce_url, "the address"),
        h("span", { class: "quiet small" }, ` ${counted(tracker.torrents, "torrent")}, ${counted(tracker.clients, "client")}`),
      ],
    ),
  ];
}

/** The card of the client behind it. */
export function behind({ client }, samples) {
  const [kind, word] = CLIENT_STATES[client.state] ?? ["quiet", client.state];
  const type = client.type ? `${CLIENTS[client.type] ?? client.type} ${client.version ?? ""}` : "not known yet";
  const rate = samples.at(-1);
  return [
    h("h2", {}, "Client ", pill(kind, word)),
    facts(
      ["Program", type],
      client.problem && ["Its problem", h("span", { class: "refused" }, marked(client.problem))],
      client.peer_addresses.length > 0 && ["Peers connect to", list(client.peer_addresses)],
      typeof client.received === "number" && [
        "Fetched",
        `${size(client.received)} `,
        h("span", { class: "quiet" }, "since its start, "),
        speed(rate?.client_received),
      ],
      typeof client.sent === "number" && [
        "Given",
        `${size(client.sent)} `,
        h("span", { class: "quiet" }, "since its start, "),
        speed(rate?.client_sent),
      ],
    ),
  ];
}

function list(addresses) {
  return h(
    "ul",
    { class: "plain" },
    addresses.map((address) => h("li", {}, copyable(address, address, "the address"))),
  );
}

/** The card of its space. */
export function storage({ storage: { budget, used, reserved, free } }) {
  const room = Math.max(0, budget - used - reserved);
  const whole = unlimited(budget) ? used + reserved + (free ?? 0) : Math.max(budget, used + reserved);
  const part = (bytes) => (whole > 0 ? bytes / whole : 0);
  const label = `${size(used)} used and ${size(reserved)} reserved of ${size(budget)}`;
  const isOver = used + reserved > budget;
  const share = unlimited(budget) ? "" : ` (${percent(budget > 0 ? used / budget : 1)})`;
  return [
    h("h2", {}, "Storage"),
    h(
      "p",
      { class: "figure" },
      size(used),
      h("span", { class: "quiet" }, unlimited(budget) ? " used, no limit" : ` of ${size(budget)}${share}`),
    ),
    bar(label, [
      [isOver ? "missing" : "met", part(used)],
      ["reserved", part(reserved)],
    ]),
    facts(
      ["On the way", size(reserved)],
      ["Left of the budget", isOver ? pill("bad", `${size(used + reserved - budget)} over`) : size(unlimited(budget) ? budget : room)],
      ["Free on the disk", size(free)],
    ),
  ];
}

/** The card of the machine. */
export function machine({ host }, samples) {
  const rate = samples.at(-1);
  const line = (term, text, figure, label, most) =>
    h(
      "div",
      { class: "meter" },
      h("dt", {}, term),
      h("dd", {}, text, spark(samples, figure, label, most) ?? h("span", { class: "spark" })),
    );
  return [
    h("h2", {}, "This machine"),
    h(
      "dl",
      { class: "meters" },
      line(
        "Processor",
        host.cpu_percent === null ? "unknown" : `${Math.round(host.cpu_percent)} %`,
        "cpu",
        "Processor, the last minutes",
        100,
      ),
      line("Memory", `${size(host.memory_used)} of ${size(host.memory_total)}`, "memory", "Memory, the last minutes", 100),
      line("Sending", speed(rate?.sent, host.net_sent), "sent", "Sending, the last minutes"),
      line("Receiving", speed(rate?.received, host.net_received), "received", "Receiving, the last minutes"),
    ),
    h("p", { class: "quiet small" }, `${size(host.disk_free)} free on the disk. The lines show what this page has seen.`),
  ];
}

function speed(bytesPerSecond, total = null) {
  const title = total === null ? null : `${size(total)} since the network came up`;
  return h("span", { class: "quiet", title }, typeof bytesPerSecond === "number" ? `${size(Math.round(bytesPerSecond))}/s` : "measuring …");
}

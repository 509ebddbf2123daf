// This beacon, the space it gives, and the machine it runs on.

import { h, name } from "../../js/dom.js";
import { count, counted, duration, exact, percent, short, size, unlimited } from "../../js/format.js";
import { bar, copyable, facts, pill } from "../parts.js";

const CLIENTS = { qbittorrent: "qBittorrent", embedded: "built-in client" };
const CLIENT_STATES = {
  ready: ["good", "answers"],
  starting: ["quiet", "starting"],
  trouble: ["bad", "does not answer"],
};

/** Whose page this is. */
export function who({ beacon }) {
  return [name(beacon.name, { class: "name" })];
}

/** How far it is with leaving. */
function leaving({ until, safe, waiting, waiting_bytes: bytes }, client) {
  const end = until ? `draining until ${exact(until)}` : "draining";
  if (client.state !== "ready") return [pill("work", end), " what is here is not known while the client does not answer"];
  const progress =
    waiting > 0
      ? `${counted(waiting, "torrent")} (${size(bytes)}) to be taken by others, ${count(safe)} safe with them`
      : "others have enough copies of all that is here";
  return [pill("work", end), " ", progress];
}

/** The card of this beacon. */
export function self({ beacon, client, drain }) {
  const [kind, word] = CLIENT_STATES[client.state];
  const type = client.type ? `${CLIENTS[client.type] ?? client.type} ${client.version}` : "client";
  const applies = beacon.mode === "apply";
  return [
    h("h2", {}, "This beacon"),
    facts(
      ["Id", copyable(short(beacon.id), beacon.id, "the whole id")],
      ["Mode", pill(applies ? "good" : "work", applies ? "apply" : "dry run")],
      drain && ["Leaving", leaving(drain, client)],
      ["Client", `${type} `, pill(kind, word)],
      client.peer_address && ["Peers connect to", h("code", {}, client.peer_address)],
      ["Addresses", beacon.addresses.length > 0 ? list(beacon.addresses) : "none known yet"],
      ["Running for", duration(beacon.uptime_s)],
    ),
  ];
}

function list(addresses) {
  return h(
    "ul",
    { class: "plain" },
    addresses.map((address) => h("li", {}, h("code", {}, address))),
  );
}

/** The card of its space. */
export function storage({ storage: { budget, used, reserved, free } }) {
  const room = Math.max(0, budget - used - reserved);
  const whole = unlimited(budget) ? used + reserved + (free ?? 0) : Math.max(budget, used + reserved);
  const part = (bytes) => (whole > 0 ? bytes / whole : 0);
  const label = `${size(used)} used and ${size(reserved)} reserved of ${size(budget)}`;
  const over = used + reserved > budget;
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
      [over ? "missing" : "met", part(used)],
      ["reserved", part(reserved)],
    ]),
    facts(
      ["On the way", size(reserved)],
      [
        "Left of the budget",
        over ? pill("bad", `${size(used + reserved - budget)} over`) : size(unlimited(budget) ? budget : room),
      ],
      ["Free on the disk", size(free)],
    ),
  ];
}

/** The card of the machine. */
export function machine({ host }, traffic) {
  const memory = host.memory_total ? host.memory_used / host.memory_total : 0;
  const load = host.cpu_percent === null ? 0 : host.cpu_percent / 100;
  const rate = traffic?.rate;
  return [
    h("h2", {}, "This machine"),
    facts(
      [
        "Processor",
        host.cpu_percent === null ? "unknown" : `${Math.round(host.cpu_percent)} %`,
        bar(`Processor ${percent(load)}`, [["plain", load]]),
      ],
      [
        "Memory",
        `${size(host.memory_used)} of ${size(host.memory_total)}`,
        bar(`Memory ${percent(memory)}`, [["plain", memory]]),
      ],
      ["Sending", speed(rate?.sent, host.net_sent)],
      ["Receiving", speed(rate?.received, host.net_received)],
      ["Free on the disk", size(host.disk_free)],
    ),
  ];
}

function speed(bytesPerSecond, total) {
  const text = bytesPerSecond === undefined ? "measuring …" : `${size(bytesPerSecond)}/s`;
  return h("span", { title: `${size(total)} since the network came up` }, text);
}

/** The last line. */
export function foot({ beacon }) {
  return h("p", {}, `Beacon ${beacon.version} · everything here is also at `, h("code", {}, "/api/v1/status"));
}

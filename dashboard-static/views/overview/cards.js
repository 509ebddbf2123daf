// In short: this beacon, the network, and what is happening now. Each leads to its own view.

import { h } from "../../js/dom.js";
import { count, counted, duration, exact, sentence, size, unlimited } from "../../js/format.js";
import { href } from "../../js/route.js";
import { bar, facts, moment, pill } from "../parts.js";
import { torrentLink } from "../standing.js";

const CLIENTS = { qbittorrent: "qBittorrent", embedded: "built-in client" };
const CLIENT_STATES = { ready: ["good", "works"], starting: ["quiet", "starting"], trouble: ["bad", "does not answer"] };
const DOINGS_MAX = 5;
/** So begins the notice of what planning waits for. */
const NOTHING_PLANNED = "nothing is planned yet: ";

function card(title, to, ...content) {
  return h("section", { class: "card", "aria-label": title }, h("h2", {}, h("a", { href: href(to) }, title)), ...content);
}

function thisBeacon({ beacon, client, storage: { budget, used, reserved, free }, drain }) {
  const [kind, word] = CLIENT_STATES[client.state];
  const whole = unlimited(budget) ? used + reserved + (free ?? 0) : Math.max(budget, used + reserved);
  const part = (bytes) => (whole > 0 ? bytes / whole : 0);
  const room = unlimited(budget) ? "used, no limit" : `of ${size(budget)}`;
  return card(
    "This beacon",
    "beacon",
    h("p", { class: "figure" }, size(used), h("span", { class: "quiet" }, ` ${room}`)),
    bar(`${size(used)} used and ${size(reserved)} reserved ${room}`, [
      [used + reserved > budget ? "missing" : "met", part(used)],
      ["reserved", part(reserved)],
    ]),
    facts(
      ["Client", client.type ? `${CLIENTS[client.type] ?? client.type} ` : "", pill(kind, word)],
      ["Mode", beacon.mode === "apply" ? "acts by itself" : pill("work", "dry run")],
      drain && ["Leaving", drain.until ? `until ${exact(drain.until)}` : pill("work", "draining")],
      ["Running for", duration(beacon.uptime_s)],
    ),
  );
}

function network({ members }) {
  const states = ["alive", "suspect", "away", "gone"].map((state) => [state, members.filter((member) => member.state === state).length]);
  const alive = states[0][1];
  const neighbors = members.filter(({ neighbor }) => neighbor).length;
  const given = members.reduce((sum, { budget }) => sum + (unlimited(budget) ? 0 : budget), 0);
  if (members.length <= 1) {
    return card(
      "Network",
      "network",
      h("p", { class: "figure" }, "Alone"),
      h("p", { class: "quiet" }, "No other beacon is known yet. Copies elsewhere need somebody else: ", h("a", { href: href("add") }, "invite someone"), "."),
    );
  }
  return card(
    "Network",
    "network",
    h("p", { class: "figure" }, count(alive), h("span", { class: "quiet" }, ` of ${counted(members.length, "beacon")} alive`)),
    bar(states.map(([word, number]) => `${number} ${word}`).join(", "), states.map(([word, number]) => [{ alive: "met", suspect: "under", away: "under", gone: "missing" }[word], number / members.length])),
    facts(
      ["Connected to", neighbors > 0 ? counted(neighbors, "neighbor") : pill("bad", "nobody")],
      ["Not heard from", states.slice(1).filter(([, number]) => number > 0).map(([word, number]) => `${count(number)} ${word}`).join(", ") || "none"],
      ["Given together", size(given)],
    ),
  );
}

function doing(action) {
  return h(
    "li",
    { title: sentence(action.reason) },
    h("div", { class: "line" }, h("span", { class: `verb ${action.kind}` }, action.kind), h("span", { class: "subject" }, torrentLink(action)), moment(action.at, { class: "quiet" })),
  );
}

/** What is said where nothing is to be done: what planning waits for, where it does. */
function idle({ notices }) {
  const waiting = notices.find(({ text }) => text.startsWith(NOTHING_PLANNED));
  return waiting ? `Waiting: ${waiting.text.slice(NOTHING_PLANNED.length)}` : "Nothing to do";
}

function happening(status) {
  const { actions: { running, pending, recent }, beacon } = status;
  const isDry = beacon.mode === "dry-run";
  const shown = running.length > 0 ? running : isDry ? pending : recent;
  const title = running.length > 0 ? "Now" : isDry ? "It would do" : "Lately";
  return card(
    "What is happening",
    "beacon",
    h("p", { class: "quiet lead" }, running.length > 0 ? `${counted(running.length, "action")} running, ${count(pending.length)} waiting` : pending.length > 0 ? `Nothing runs, ${count(pending.length)} waiting` : idle(status)),
    shown.length > 0 && [h("h3", { class: "unseen" }, title), h("ul", { class: "doings brief" }, shown.slice(0, DOINGS_MAX).map(doing))],
  );
}

/** All three. */
export function cards(status) {
  return h("div", { class: "cards" }, thisBeacon(status), network(status), happening(status));
}


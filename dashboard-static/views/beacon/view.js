// This beacon: its client, the space it gives, what it may do, what it does, and what it writes down.

import { h } from "../../js/dom.js";
import { whole } from "../../js/route.js";
import { events } from "../events.js";
import { notes } from "../notices.js";
import { pager } from "../pager.js";
import { heading, top } from "../parts.js";
import { actions, deeds } from "./actions.js";
import { begin, drain, stay } from "./drain.js";
import * as log from "./log.js";
import { mode, switchMode } from "./mode.js";
import { sample } from "./samples.js";
import { behind, machine, self, storage } from "./self.js";

/** The machine's figures move without any change of the beacon's. */
const STALE_MS = 8_000;
/** The log grows oftener than the plan changes. */
const PLAN_MS = 2_500;
const FETCHING_MAX = 100;
const EVENTS = 12;

let told = { status: null, at: -Infinity };
let planned = { plan: null, progress: null, at: -Infinity };

/** The latest status: the one that all views share, or one asked for since. */
async function latest(known, api, signal) {
  const now = performance.now();
  if (known.status !== told.shared) told = { shared: known.status, status: known.status, at: now };
  if (now - told.at > STALE_MS) told = { ...told, status: await api.status({ signal }), at: now };
  return told.status;
}

async function plans(status, api, signal) {
  if (performance.now() - planned.at < PLAN_MS && planned.plan) return planned;
  const isFetching = status?.actions.running.some(({ kind }) => kind === "fetch");
  const [plan, fetching] = await Promise.all([
    api.plan({ signal }),
    isFetching ? api.get("torrents", { here: "fetching", limit: FETCHING_MAX }, { signal }).catch(() => null) : null,
  ]);
  const progress = new Map(fetching?.torrents.map((torrent) => [torrent.info_hash, torrent.progress]));
  planned = { plan, progress, at: performance.now() };
  return planned;
}

async function load(route, { api, signal, known }) {
  const [status] = await Promise.all([latest(known, api, signal), log.read(signal)]);
  const { plan, progress } = await plans(status ?? known.status, api, signal);
  // The history is worth showing, its absence no reason to show nothing.
  const history = await api.get("history", { offset: whole(route, "past"), limit: EVENTS }, { signal }).catch(() => null);
  return { status, plan, progress, history };
}

function render(data, route, known) {
  const status = known.status !== told.shared ? known.status : (told.status ?? known.status);
  const samples = sample(status);
  return [
    top("This beacon"),
    notes(status),
    h(
      "div",
      { class: "cards pairs" },
      card("Beacon", self(status)),
      card("Client", behind(status, samples)),
      card("Storage", storage(status)),
      card("This machine", machine(status, samples)),
    ),
    h("div", { class: "cards switches" }, card("What it may do", mode(status)), card("Leaving", drain(status))),
    actions(status, data?.plan ?? null, data?.progress ?? null),
    data?.history && past(data.history, route),
    log.section(),
  ];
}

function past(history, route) {
  const shown = history.events.length;
  return h(
    "section",
    { class: "section", "aria-label": "History" },
    heading("History", "what this beacon did, and what it was told"),
    events(history.events, { links: true }),
    pager({ total: history.total, shown, size: EVENTS, setting: "past" }, route),
  );
}

function card(label, content) {
  return h("section", { class: "card", "aria-label": label }, content);
}

export const view = {
  name: "beacon",
  title: "This beacon",
  topics: ["status", "actions", "history", "log"],
  every_s: 10,
  load,
  render,
  mount: (place, tools) => log.listen(place, tools),
  update: () => log.write(),
  deeds: { ...deeds, mode: switchMode, drain: begin, stay, pause: log.pause },
};

// How the archive is: a sentence, a map, and what is behind them.

import { h } from "../../js/dom.js";
import { count } from "../../js/format.js";
import { oneOf } from "../../js/route.js";
import { notes } from "../notices.js";
import { noCollections } from "../torrents/collections.js";
import { cards } from "./cards.js";
import { RedundancyMap } from "./map/map.js";
import { mapSection } from "./map/section.js";
import { followPointer } from "./readout.js";
import { space } from "./space.js";
import { POINTS, SPANS, spanOf, trend } from "./trend.js";
import { sums, truth } from "./truth.js";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** How long what was told of the past is good enough. */
const TREND_MS = 60_000;

let tools = null;
/** The map, and the answer that it has been told of. */
let map = null;
let heard = null;
/** How many torrents were found on it. */
let found = null;
/** The place of views stays the same, so one follower of the pointer is enough. */
let isFollowed = false;

/** How things stood over time; `null` until it was told. It is worth showing, and nothing to wait for. */
let past = null;

let askedFor = { span: "", at: -Infinity };

async function load(route, { api, signal }) {
  askPast(route, api, signal);
  return {};
}

function askPast(route, api, signal) {
  const span = spanOf(route);
  if (askedFor.span === span && performance.now() - askedFor.at < TREND_MS) return;
  askedFor = { span, at: performance.now() };
  const days = SPANS[span];
  // To the hour, so that the beacon can say that nothing changed.
  const since = days > 0 ? new Date(Math.floor((Date.now() - days * DAY_MS) / HOUR_MS) * HOUR_MS).toISOString() : "";
  const answer = api.get("trend", { since, points: POINTS }, { signal });
  const take = (told) => {
    past = told;
    tools?.render();
  };
  answer.then(take, () => {
    if (signal.aborted) askedFor.at = -Infinity;
    else take(past ?? { points: [] });
  });
}

function render(data, route, { status }) {
  const all = sums(status);
  return [
    h("h1", { class: "eyebrow" }, "Overview"),
    h("div", { class: "truth-and-notes" }, truth(status), notes(status)),
    all.torrents > 0 ? mapSection(all, route, route.query.query ? found : null) : noCollections(),
    data && all.torrents > 0 && h("div", { class: "wide-narrow" }, trend(past, route), space(all)),
    data && cards(status),
  ];
}

/** How many are kept, for who has the page among many windows. */
function score({ torrents, met, over }) {
  return torrents > 0 ? `${count(met + over)} of ${count(torrents)}` : null;
}

function filter(route) {
  return {
    state: oneOf(route, "state", ["", "missing", "under", "met", "over"]),
    mark: oneOf(route, "mark", ["", "here", "fetching"]),
    query: (route.query.query ?? "").trim(),
  };
}

/** Brings the map to what is known; it draws itself. */
function update(place, data, route, { status }) {
  const own = place.querySelector(".pictures");
  if (map && map.place !== own) leave();
  if (!own) return;
  map ??= new RedundancyMap(own, { ...tools, found: setFound });
  map.update(status.collections, filter(route));
  if (heard !== data) map.refresh();
  heard = data;
}

function mount(place, given) {
  tools = given;
  if (!isFollowed) followPointer(place, () => past?.points ?? []);
  isFollowed = true;
}

function setFound(total) {
  if (found === total) return;
  found = total;
  queueMicrotask(tools.render);
}

function leave() {
  map?.stop();
  [map, heard] = [null, null];
}

export const view = {
  name: "overview",
  title: (data, route, { status }) => score(sums(status)) ?? "Overview",
  topics: ["torrents", "collections"],
  figures: ["members", "actions"],
  load,
  render,
  mount,
  update,
  leave,
  deeds: {
    pick: ({ setting, word, keep }, { route, adjust }) => adjust({ [setting]: route.query[setting] === word && keep === undefined ? "" : word }, true),
  },
};

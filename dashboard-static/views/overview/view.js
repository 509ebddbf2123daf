// How the archive is: a sentence, a map, and what is behind them.

import { h } from "../../js/dom.js";
import { oneOf } from "../../js/route.js";
import { noCollections } from "../torrents/collections.js";
import { cards } from "./cards.js";
import { RedundancyMap } from "./map/map.js";
import { mapSection } from "./map/section.js";
import { space } from "./space.js";
import { POINTS, SPANS, spanOf, trend } from "./trend.js";
import { sums, truth } from "./truth.js";

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

let tools = null;
/** The map, and the answer that it has been told of. */
let map = null;
let heard = null;

async function load(route, { api, signal }) {
  const days = SPANS[spanOf(route)];
  // To the hour, so that the beacon can say that nothing changed.
  const since = days > 0 ? new Date(Math.floor((Date.now() - days * DAY_MS) / HOUR_MS) * HOUR_MS).toISOString() : "";
  return { trend: await api.get("trend", { since, points: POINTS }, { signal }).catch(() => null) };
}

function render(data, route, { status }) {
  const all = sums(status);
  return [
    h("h1", { class: "eyebrow" }, "Overview"),
    truth(status),
    all.torrents > 0 ? mapSection(all, route) : noCollections(),
    all.torrents > 0 && h("div", { class: "wide-narrow" }, trend(data?.trend, route), space(all)),
    cards(status),
  ];
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
  map ??= new RedundancyMap(own, tools);
  map.update(status.collections, filter(route));
  if (heard !== data) map.refresh();
  heard = data;
}

function leave() {
  map?.stop();
  [map, heard] = [null, null];
}

export const view = {
  name: "overview",
  title: "Overview",
  topics: ["torrents", "collections", "status"],
  load,
  render,
  mount: (place, given) => (tools = given),
  update,
  leave,
  deeds: {
    pick: ({ setting, word, keep }, { route, adjust }) => adjust({ [setting]: route.query[setting] === word && keep === undefined ? "" : word }, true),
  },
};

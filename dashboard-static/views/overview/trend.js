// How the torrents stood over time: areas on top of each other, what is lacking at the bottom.

import { h, s } from "../../js/dom.js";
import { count, exact } from "../../js/format.js";
import { oneOf } from "../../js/route.js";
import { STANDINGS } from "../standing.js";

/** Spans of time to choose from, in days; 0 is all there is. */
export const SPANS = { week: 7, day: 1, month: 30, all: 0 };
export const POINTS = 160;

const WIDTH = 720;
const HEIGHT = 180;
const WORDS = STANDINGS.map(([word]) => word);
/** Rows of the table that says the same. */
const ROWS_MAX = 24;
/** With less than this part lacking, a thin line at the bottom would be all one saw of it. */
const THIN = 0.04;

/** The span that the address asks for. */
export function spanOf(route) {
  return oneOf(route, "span", Object.keys(SPANS));
}

function stacks(points, words) {
  return points.map((point) => {
    let sum = 0;
    return words.map((word) => (sum += point[word]));
  });
}

function area(points, levels, at, scaleX, scaleY) {
  const top = points.map((point, index) => `${scaleX(point)},${scaleY(levels[index][at])}`);
  const bottom = points.map((point, index) => `${scaleX(point)},${scaleY(at > 0 ? levels[index][at - 1] : 0)}`).reverse();
  return `M${top.join("L")}L${bottom.join("L")}Z`;
}

function niceMax(most) {
  const step = 10 ** Math.floor(Math.log10(Math.max(1, most)));
  return Math.max(1, [1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10].map((part) => part * step).find((nice) => nice >= most && Number.isInteger(nice)) ?? 10 * step);
}

function drawing(points, words, span) {
  const levels = stacks(points, words);
  const most = niceMax(Math.max(...levels.map((level) => level.at(-1))));
  const [from, to] = [points[0], points.at(-1)].map(({ at }) => Date.parse(at));
  const scaleX = ({ at }) => (((Date.parse(at) - from) / Math.max(1, to - from)) * WIDTH).toFixed(1);
  const scaleY = (number) => (HEIGHT - (number / most) * HEIGHT).toFixed(1);
  const last = points.at(-1);
  const said = words.map((word) => `${count(last[word])} ${word}`).join(", ");
  return h(
    "div",
    { class: "plot" },
    h("div", { class: "scale", "aria-hidden": "true" }, [most, most / 2, 0].map((number) => h("span", {}, Number.isInteger(number) ? count(number) : ""))),
    s(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "data-from": from, "data-to": to, "aria-label": `Standings over time; now ${said}` },
      [0, 0.5, 1].map((part) => s("line", { class: "grid", x1: 0, x2: WIDTH, y1: part * HEIGHT, y2: part * HEIGHT })),
      words.map((word, at) => s("path", { class: word, d: area(points, levels, at, scaleX, scaleY) })),
    ),
    h("div", { class: "readouts", "data-own": true, "aria-hidden": "true" }),
    h("div", { class: "ends quiet small", "aria-hidden": "true" }, h("span", {}, when(from, span)), h("span", {}, "now")),
  );
}

function when(moment, span) {
  const style = span === "day" ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short" };
  return new Date(moment).toLocaleString("en", style);
}

function table(points) {
  const step = Math.max(1, Math.ceil(points.length / ROWS_MAX));
  const rows = points.filter((_, at) => (points.length - 1 - at) % step === 0).reverse();
  return h(
    "details",
    { class: "alternative" },
    h("summary", {}, "As a table"),
    h(
      "div",
      { class: "scroll" },
      h(
        "table",
        {},
        h("caption", { class: "unseen" }, "Standings over time"),
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "When"), WORDS.map((word) => h("th", { scope: "col", class: "number" }, word)))),
        h("tbody", {}, rows.map((point) => h("tr", {}, h("th", { scope: "row" }, exact(point.at)), WORDS.map((word) => h("td", { class: "number" }, count(point[word])))))),
      ),
    ),
  );
}

/** The chart with its choices. */
export function trend(answer, route) {
  const span = spanOf(route);
  const points = answer?.points ?? [];
  const lacking = Math.max(0, ...points.map(({ missing, under }) => missing + under));
  const most = Math.max(1, ...points.map((point) => WORDS.reduce((sum, word) => sum + point[word], 0)));
  const isThin = lacking > 0 && lacking / most < THIN;
  const onlyLacking = route.query.show ? route.query.show === "lacking" : isThin;
  const words = onlyLacking ? WORDS.slice(0, 2) : WORDS;
  const choice = (setting, word, isChosen) =>
    h("button", { type: "button", "data-do": "pick", "data-setting": setting, "data-word": word, "data-keep": true, "aria-pressed": isChosen ? "true" : "false" }, word);
  return h(
    "section",
    { class: "card trend", "aria-label": "Over time" },
    h(
      "div",
      { class: "heading" },
      h("h2", {}, "Over time"),
      h("div", { class: "segments deeds small" }, ["day", "week", "month", "all"].map((word) => choice("span", word, word === span))),
    ),
    points.length < 2
      ? h("p", { class: "quiet" }, answer ? "Nothing to draw yet: the beacon notes from time to time how things stand." : "Asking …")
      : [
          drawing(points, words, span),
          h("div", { class: "below" }, h("div", { class: "segments small" }, choice("show", "everything", !onlyLacking), choice("show", "lacking", onlyLacking)), table(points)),
        ],
  );
}

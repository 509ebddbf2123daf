// What the chart says at the moment that the reader points at.

import { h, show } from "../../js/dom.js";
import { count, exact } from "../../js/format.js";
import { STANDINGS } from "../standing.js";

/** Follows the pointer over the chart within `place`; `points()` gives what is drawn now. */
export function followPointer(place, points) {
  const plotOf = ({ target }) => target.closest?.(".plot svg")?.parentElement ?? null;
  place.addEventListener("pointermove", (event) => {
    const plot = plotOf(event);
    const all = points();
    if (!plot || all.length < 2) return hide(place);
    const box = plot.querySelector("svg").getBoundingClientRect();
    const part = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
    say(plot, nearest(all, part), box);
  });
  place.addEventListener("pointerleave", () => hide(place));
}

function hide(place) {
  place.querySelector(".readouts")?.replaceChildren();
}

/** The point nearest to a part of the time drawn. */
function nearest(points, part) {
  const [from, to] = [points[0], points.at(-1)].map(({ at }) => Date.parse(at));
  const wanted = from + part * (to - from);
  return points.reduce((best, point) => (Math.abs(Date.parse(point.at) - wanted) < Math.abs(Date.parse(best.at) - wanted) ? point : best));
}

function say(plot, point, box) {
  const svg = plot.querySelector("svg");
  const [from, to] = [Number(svg.dataset.from), Number(svg.dataset.to)];
  const part = (Date.parse(point.at) - from) / Math.max(1, to - from);
  const card = h(
    "div",
    { class: "tip" },
    h("b", {}, exact(point.at)),
    STANDINGS.map(([word]) => h("span", { class: word }, `${count(point[word])} ${word}`)),
  );
  const left = box.left - plot.getBoundingClientRect().left + part * box.width;
  const attributes = { class: part > 0.6 ? "readout leftward" : "readout", style: { translate: `${Math.round(left)}px 0` } };
  show(plot.querySelector(".readouts"), h("div", attributes, h("i", {}), card));
}

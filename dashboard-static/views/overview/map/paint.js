// Draws cells. What is lacking shows in more than colour: a missing one is crossed out, one with too few copies is filled
// only as far as they go, one with more than needed has a notch.

import { FLAGS, MISSING, OVER, UNDER } from "./cells.js";

/** Sides, in CSS pixels, from which such marks can be told. */
const LEVELS_FROM = 5;
const MARKS_FROM = 8;
const FAINT = 0.16;

/** The colours that the page has now, by what they stand for. */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    standings: ["missing", "under", "met", "over"].map(colour),
    lacking: colour("under-lacking"),
    mark: colour("mark"),
    unknown: colour("track"),
  };
}

/** Draws some cells of a map; `isShown(place)` says which stand out. */
export function painter(context, cells, layout, colours, isShown) {
  const { side, ratio } = layout;
  const hasLevels = side / ratio >= LEVELS_FROM;
  const hasMarks = side / ratio >= MARKS_FROM;
  let fill = "";
  let alpha = -1;
  const use = (colour) => {
    if (colour !== fill) context.fillStyle = fill = colour;
  };
  return (place) => {
    const [x, y] = [layout.x(place), layout.y(place)];
    context.clearRect(x, y, side, side);
    const wanted = isShown(place) ? 1 : FAINT;
    if (wanted !== alpha) context.globalAlpha = alpha = wanted;
    if (place >= cells.loaded) {
      use(colours.unknown);
      context.fillRect(x, y, side, side);
      return;
    }
    const standing = cells.standing(place);
    if (standing === UNDER && hasLevels) {
      use(colours.lacking);
      context.fillRect(x, y, side, side);
      const level = Math.max(1, Math.round((side * cells.copies(place)) / cells.target(place)));
      use(colours.standings[UNDER]);
      context.fillRect(x, y + side - level, side, level);
    } else {
      use(colours.standings[standing]);
      context.fillRect(x, y, side, side);
    }
    if (!hasMarks) return;
    use(colours.mark);
    if (standing === MISSING) cross(context, x, y, side, ratio);
    if (standing === OVER) notch(context, x, y, side);
    if (cells.flags(place) & FLAGS.fetching && standing < 2) arrow(context, x, y, side);
  };
}

function cross(context, x, y, side, ratio) {
  const inset = side * 0.28;
  context.strokeStyle = context.fillStyle;
  context.lineWidth = Math.max(1, Math.min(side * 0.11, 3 * ratio));
  context.beginPath();
  context.moveTo(x + inset, y + inset);
  context.lineTo(x + side - inset, y + side - inset);
  context.moveTo(x + side - inset, y + inset);
  context.lineTo(x + inset, y + side - inset);
  context.stroke();
}

function notch(context, x, y, side) {
  const size = Math.max(2, Math.round(side * 0.34));
  context.beginPath();
  context.moveTo(x + side - size, y);
  context.lineTo(x + side, y);
  context.lineTo(x + side, y + size);
  context.fill();
}

/** It is being fetched somewhere. */
function arrow(context, x, y, side) {
  const half = Math.max(1.5, side * 0.17);
  const [middle, tip] = [x + side / 2, y + side * 0.42];
  context.beginPath();
  context.moveTo(middle - half, tip - half * 1.2);
  context.lineTo(middle + half, tip - half * 1.2);
  context.lineTo(middle, tip);
  context.fill();
}

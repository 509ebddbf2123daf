// What a cell looks like. What is lacking shows in more than colour: a missing one is crossed out, one with too few copies
// is filled only as far as they go, one with more than needed has a notch. Each look is drawn once, as a stamp; maps are
// stamped together from these, which is many times as fast as drawing shapes.

import { FLAGS, MISSING, OVER, UNDER } from "./cells.js";

/** Sides, in CSS pixels, from which such marks can be told. */
const LEVELS_FROM = 5;
const MARKS_FROM = 8;
const ROUND_FROM = 9;
const FAINT = 0.16;

/** The colours that the page has now, by what they stand for. */
export function palette() {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--${name}`).trim();
  return {
    standings: ["missing", "under", "met", "over"].map(colour),
    lacking: colour("under-lacking"),
    mark: colour("mark"),
    arrow: colour("under-ink"),
    unknown: colour("track"),
  };
}

/** Looks of cells of one size in one set of colours, as pixels. */
export class Stamps {
  #known = new Map();

  constructor({ pitch, side, ratio }, colours) {
    Object.assign(this, { pitch, side, ratio, colours });
    this.hasLevels = side / ratio >= LEVELS_FROM;
    this.hasMarks = side / ratio >= MARKS_FROM;
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = pitch;
    this.context = canvas.getContext("2d", { willReadFrequently: true });
  }

  /** The pixels of a place's cell, the room to the next one included, row by row. */
  of(cells, place, isShown) {
    const standing = place < cells.loaded ? cells.standing(place) : -1;
    const level = standing === UNDER && this.hasLevels ? Math.max(1, Math.round((this.side * cells.copies(place)) / cells.target(place))) : 0;
    const isFetched = this.hasMarks && (standing === MISSING || standing === UNDER) && (cells.flags(place) & FLAGS.fetching) !== 0;
    const key = (((standing + 1) * 2 + (isFetched ? 1 : 0)) * 2 + (isShown ? 1 : 0)) * 4096 + level;
    let stamp = this.#known.get(key);
    if (!stamp) {
      stamp = this.#draw(standing, level, isFetched, isShown);
      this.#known.set(key, stamp);
    }
    return stamp;
  }

  #draw(standing, level, isFetched, isShown) {
    const { context, side, pitch, ratio, colours } = this;
    context.clearRect(0, 0, pitch, pitch);
    context.save();
    context.globalAlpha = isShown ? 1 : FAINT;
    if (side / ratio >= ROUND_FROM) {
      context.beginPath();
      context.roundRect(0, 0, side, side, side * 0.14);
      context.clip();
    }
    const fill = (colour, top = 0) => {
      context.fillStyle = colour;
      context.fillRect(0, top, side, side - top);
    };
    if (standing < 0) fill(colours.unknown);
    else if (level > 0) {
      fill(colours.lacking);
      context.clearRect(0, side - level, side, level);
      fill(colours.standings[UNDER], side - level);
    } else fill(colours.standings[standing]);
    if (this.hasMarks) {
      context.fillStyle = context.strokeStyle = standing === UNDER ? colours.arrow : colours.mark;
      if (isFetched) arrow(context, side, standing === MISSING ? 0.68 : 0.42);
      else if (standing === MISSING) cross(context, side, ratio);
      if (standing === OVER) notch(context, side);
    }
    context.restore();
    return new Uint32Array(context.getImageData(0, 0, pitch, pitch).data.buffer);
  }
}

function cross(context, side, ratio) {
  const inset = side * 0.28;
  context.lineWidth = Math.max(1, Math.min(side * 0.11, 3 * ratio));
  context.beginPath();
  context.moveTo(inset, inset);
  context.lineTo(side - inset, side - inset);
  context.moveTo(side - inset, inset);
  context.lineTo(inset, side - inset);
  context.stroke();
}

/** A corner cut off. */
function notch(context, side) {
  const size = Math.max(2, Math.round(side * 0.36));
  context.globalCompositeOperation = "destination-out";
  context.globalAlpha = 1;
  context.beginPath();
  context.moveTo(side - size, 0);
  context.lineTo(side, 0);
  context.lineTo(side, size);
  context.fill();
}

/** It is being fetched somewhere. */
function arrow(context, side, depth) {
  const half = Math.max(1.5, side * 0.36 * depth);
  const [middle, tip] = [side / 2, side * depth];
  context.beginPath();
  context.moveTo(middle - half, tip - half * 1.2);
  context.lineTo(middle + half, tip - half * 1.2);
  context.lineTo(middle, tip);
  context.fill();
}

/** Stamps rows and single cells of a map onto its canvas; `isShown(place)` says which stand out. */
export class Painter {
  constructor(context, cells, layout, colours, isShown) {
    Object.assign(this, { context, cells, layout, isShown });
    this.stamps = new Stamps(layout, colours);
    this.row = context.createImageData(layout.width, layout.pitch);
    this.pixels = new Uint32Array(this.row.data.buffer);
    this.one = context.createImageData(layout.pitch, layout.pitch);
    this.onePixels = new Uint32Array(this.one.data.buffer);
  }

  /** Draws a whole row of cells. */
  drawRow(row) {
    const { columns, total, pitch, width } = this.layout;
    const { pixels } = this;
    const first = row * columns;
    const end = Math.min(total, first + columns);
    if (end - first < columns) pixels.fill(0);
    for (let place = first, left = 0; place < end; place += 1, left += pitch) {
      const stamp = this.stamps.of(this.cells, place, this.isShown(place));
      for (let y = 0, from = 0, to = left; y < pitch; y += 1, to += width) {
        for (let x = 0; x < pitch; x += 1) pixels[to + x] = stamp[from++];
      }
    }
    this.context.putImageData(this.row, 0, row * pitch);
  }

  /** Draws a single cell. */
  drawOne(place) {
    this.onePixels.set(this.stamps.of(this.cells, place, this.isShown(place)));
    this.context.putImageData(this.one, this.layout.x(place), this.layout.y(place));
  }
}

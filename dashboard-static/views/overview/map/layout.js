// Where each cell is. All is reckoned in the screen's own pixels, so that edges are sharp at every magnification.

/** Distances from cell to cell to choose from, in CSS pixels. */
const PITCHES = [40, 32, 26, 21, 17, 14, 12, 10, 8, 7, 6, 5, 4, 3];
/** On screens whose own pixels are finer. */
const FINE_PITCH = 2;
const FINE_RATIO = 2;
/** What all maps together should not be higher than, in CSS pixels. */
const HEIGHT = 440;
/** Cells this far apart have room between them. */
const GAP_FROM = 4;
const WIDE_GAP_FROM = 12;

/** The largest distance between cells with which maps of so many torrents are no higher than they should be. */
export function pitchFor(totals, width, ratio) {
  const fits = (pitch) => {
    const columns = Math.max(1, Math.floor(width / pitch));
    return totals.reduce((height, total) => height + Math.ceil(total / columns) * pitch, 0) <= HEIGHT;
  };
  return PITCHES.find(fits) ?? (ratio >= FINE_RATIO ? FINE_PITCH : PITCHES.at(-1));
}

/** The places of `total` cells in `width` CSS pixels. */
export class Layout {
  constructor(total, width, pitch, ratio) {
    this.total = total;
    this.ratio = ratio;
    this.pitch = Math.max(2, Math.round(pitch * ratio));
    const gap = pitch >= WIDE_GAP_FROM ? 2 : pitch >= GAP_FROM ? 1 : 0;
    this.side = Math.max(1, this.pitch - Math.round(gap * ratio));
    this.columns = Math.max(1, Math.floor((width * ratio) / this.pitch));
    this.rows = Math.ceil(total / this.columns);
    this.width = Math.min(this.columns, total) * this.pitch;
    this.height = this.rows * this.pitch;
  }

  x(place) {
    return (place % this.columns) * this.pitch;
  }

  y(place) {
    return Math.floor(place / this.columns) * this.pitch;
  }

  /** The place under a point (CSS pixels from the corner), or null. */
  placeAt(x, y) {
    const column = Math.floor((x * this.ratio) / this.pitch);
    const row = Math.floor((y * this.ratio) / this.pitch);
    if (column < 0 || column >= this.columns || row < 0) return null;
    const place = row * this.columns + column;
    return place < this.total ? place : null;
  }

  /** The square of a place in CSS pixels from the corner. */
  square(place) {
    return { x: this.x(place) / this.ratio, y: this.y(place) / this.ratio, side: this.side / this.ratio };
  }
}

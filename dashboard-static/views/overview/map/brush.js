// Works through what is to be drawn in slices, so that the page answers the reader in between.

/** How long a slice may take. */
const SLICE_MS = 6;
/** Single cells drawn between two looks at the clock. */
const LOOK_EVERY = 64;
/** With more single cells than this part of all, whole rows are quicker. */
const MANY = 0.1;

/** Draws with a painter what it is told to. */
export class Brush {
  #painter = null;
  #done = () => {};
  #row = 0;
  #rows = 0;
  #places = new Set();
  #frame = null;

  /** From now on, this one paints; `done()` is called whenever nothing is left to draw. */
  take(painter, done) {
    this.#painter = painter;
    this.#done = done;
  }

  /** Draws all anew. */
  all() {
    [this.#row, this.#rows] = [0, this.#painter.layout.rows];
    this.#places.clear();
    this.#soon();
  }

  /** Draws some places anew. */
  some(places) {
    if (!this.#painter) return;
    const { total, columns } = this.#painter.layout;
    if (places.length > total * MANY) {
      this.#rowsOf(Math.floor(places[0] / columns), Math.floor(places.at(-1) / columns) + 1);
    } else {
      const next = this.#row * columns;
      const end = this.#rows * columns;
      for (const place of places) if (place < next || place >= end) this.#places.add(place);
    }
    this.#soon();
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
    this.#rows = 0;
    this.#places.clear();
  }

  #rowsOf(first, end) {
    const isIdle = this.#row >= this.#rows;
    this.#row = isIdle ? first : Math.min(first, this.#row);
    this.#rows = isIdle ? end : Math.max(end, this.#rows);
  }

  #soon() {
    this.#frame ??= requestAnimationFrame(() => this.#slice());
  }

  #slice() {
    this.#frame = null;
    const until = performance.now() + SLICE_MS;
    while (this.#row < this.#rows) {
      this.#painter.drawRow(this.#row++);
      if (performance.now() > until) return this.#soon();
    }
    let drawn = 0;
    for (const place of this.#places) {
      this.#places.delete(place);
      this.#painter.drawOne(place);
      drawn += 1;
      if (drawn % LOOK_EVERY === 0 && performance.now() > until) return this.#soon();
    }
    this.#done();
  }
}

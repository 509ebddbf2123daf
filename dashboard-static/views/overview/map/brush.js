// Works through what is to be drawn in slices, so that the page answers the reader in between.

/** How long a slice may take. */
const SLICE_MS = 7;
/** How many cells are drawn between two looks at the clock. */
const LOOK_EVERY = 128;

/** Draws places with `draw(place)`; `done()` is called when nothing is left. */
export class Brush {
  #draw = () => {};
  #done = () => {};
  /** Everything from here to the end is to be drawn, */
  #next = 0;
  #end = 0;
  /** and these as well. */
  #some = new Set();
  #frame = null;

  /** From now on, cells are drawn so. */
  take(draw, done) {
    this.#draw = draw;
    this.#done = done;
  }

  /** Draws the first `total` cells anew. */
  all(total) {
    [this.#next, this.#end] = [0, total];
    this.#some.clear();
    this.#soon();
  }

  /** Draws some anew. */
  some(places) {
    for (const place of places) if (place < this.#next || place >= this.#end) this.#some.add(place);
    this.#soon();
  }

  stop() {
    cancelAnimationFrame(this.#frame);
    this.#frame = null;
    [this.#next, this.#end] = [0, 0];
    this.#some.clear();
  }

  #soon() {
    this.#frame ??= requestAnimationFrame(() => this.#slice());
  }

  #slice() {
    this.#frame = null;
    const until = performance.now() + SLICE_MS;
    while (this.#next < this.#end) {
      const stop = Math.min(this.#end, this.#next + LOOK_EVERY);
      while (this.#next < stop) this.#draw(this.#next++);
      if (performance.now() > until) return this.#soon();
    }
    let drawn = 0;
    for (const place of this.#some) {
      this.#some.delete(place);
      this.#draw(place);
      drawn += 1;
      if (drawn % LOOK_EVERY === 0 && performance.now() > until) return this.#soon();
    }
    [this.#next, this.#end] = [0, 0];
    this.#done();
  }
}

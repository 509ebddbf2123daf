// The map of one collection: a canvas with a cell for each torrent, and a cursor over it.

import { h, name } from "../../../js/dom.js";
import { count, counted } from "../../../js/format.js";
import { href } from "../../../js/route.js";
import { Brush } from "./brush.js";
import { Cells } from "./cells.js";
import { Layout } from "./layout.js";
import { Painter } from "./paint.js";

/** What the arrow keys and their like do to a place. */
const STEPS = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: ({ columns }) => -columns,
  ArrowDown: ({ columns }) => columns,
  PageUp: ({ columns }) => -10 * columns,
  PageDown: ({ columns }) => 10 * columns,
  Home: () => -Infinity,
  End: () => Infinity,
};

/** Draws one collection, and tells `on.point(picture, place, isKeyboard)`, `on.leave()` and `on.open(picture, place)`. */
export class Picture {
  cells = new Cells();
  layout = new Layout(0, 1, 1, 1);
  /** Where the reader is, by pointer or keys. */
  place = null;
  #brush = new Brush();

  constructor({ id, name: called, torrents }, on) {
    this.id = id;
    this.on = on;
    this.total = torrents;
    this.canvas = h("canvas", { tabindex: 0, role: "application", "data-map": id, "aria-roledescription": "map of torrents" });
    this.cursor = h("div", { class: "cursor", hidden: true });
    this.title = h("h3", {});
    this.area = h("div", { class: "cells" }, this.canvas, this.cursor);
    this.element = h("article", { class: "picture" }, this.title, this.area);
    this.canvas.cellCenter = (place) => this.centre(place);
    this.canvas.placeAt = (x, y) => this.placeAt({ clientX: x, clientY: y });
    this.called(called, torrents);
    this.#listen();
  }

  /** Says whose map it is. */
  called(called, torrents) {
    if (this.name === called && this.said === torrents) return;
    Object.assign(this, { name: called, said: torrents });
    const link = h("a", { href: href("torrents", [], { collection: this.id }) }, name(called));
    this.title.replaceChildren(link, " ", h("small", {}, counted(torrents, "torrent")));
    const keys = "Arrow keys go from torrent to torrent, Enter opens one.";
    this.canvas.setAttribute("aria-label", `${called}: ${counted(torrents, "torrent")}. ${keys}`);
  }

  /** Takes the room and the looks it has; draws everything anew. */
  fit(width, pitch, ratio, colours, isShown) {
    const total = this.cells.total || this.total;
    if (total === 0) return;
    const layout = new Layout(total, width, pitch, ratio);
    this.layout = layout;
    this.canvas.dataset.total = total;
    if (this.canvas.width !== layout.width || this.canvas.height !== layout.height) {
      this.canvas.width = layout.width;
      this.canvas.height = layout.height;
      this.canvas.style.width = `${layout.width / ratio}px`;
      this.canvas.style.height = `${layout.height / ratio}px`;
    }
    this.paint(colours, isShown);
    this.point(this.place);
  }

  /** Draws all cells with these colours, those `isShown` standing out. */
  paint(colours, isShown) {
    delete this.canvas.dataset.drawn;
    const context = this.canvas.getContext("2d", { willReadFrequently: true });
    const painter = new Painter(context, this.cells, this.layout, colours, (place) => isShown(this, place));
    this.#brush.take(painter, () => {
      if (this.cells.loaded === this.layout.total) this.canvas.dataset.drawn = this.cells.loaded;
    });
    this.#brush.all();
  }

  /** Asks for the cells, and draws those that changed. `reshaped` is called where the list is another one. */
  async load(ask, reshaped) {
    await this.cells.load(ask, {
      reshaped: () => {
        this.total = this.cells.total;
        reshaped();
      },
      changed: (places) => this.#brush.some(places),
    });
  }

  /** The middle of a cell in the window; null where there is none. */
  centre(place) {
    if (!(place >= 0 && place < this.layout.total)) return null;
    const { x, y, side } = this.layout.square(place);
    const box = this.canvas.getBoundingClientRect();
    return { x: box.left + x + side / 2, y: box.top + y + side / 2 };
  }

  placeAt({ clientX, clientY }) {
    const box = this.canvas.getBoundingClientRect();
    return this.layout.placeAt(clientX - box.left, clientY - box.top);
  }

  /** Puts the cursor on a place; null takes it away. */
  point(place) {
    this.place = place === null || place >= this.layout.total ? null : place;
    this.cursor.hidden = this.place === null;
    if (this.place === null) return;
    const { x, y, side } = this.layout.square(this.place);
    const room = side < 8 ? 3 : 2;
    this.cursor.style.width = this.cursor.style.height = `${side + 2 * room}px`;
    this.cursor.style.translate = `${x - room}px ${y - room}px`;
  }

  /** What a place is, in words. */
  words(place) {
    const { cells } = this;
    if (place >= cells.loaded) return "not known yet";
    const shown = (number) => (number === 255 ? "255 or more" : count(number));
    return `${shown(cells.copies(place))} of ${shown(cells.target(place))} copies`;
  }

  stop() {
    this.#brush.stop();
  }

  #listen() {
    const { canvas, on } = this;
    canvas.addEventListener("pointermove", (event) => {
      const place = this.placeAt(event);
      if (place !== this.place) on.point(this, place, false);
    });
    canvas.addEventListener("pointerleave", () => on.leave());
    // A finger is too wide for small cells, and cannot hover: it points first, and opens what is pointed at.
    let touched = null;
    canvas.addEventListener("pointerdown", (event) => (touched = event.pointerType === "touch" ? this.place : null));
    canvas.addEventListener("click", (event) => {
      const place = this.placeAt(event);
      if (place === null) return;
      if (event.pointerType === "touch" && touched !== place) on.point(this, place, true);
      else on.open(this, place);
    });
    canvas.addEventListener("focus", () => {
      if (canvas.matches(":focus-visible")) on.point(this, this.place ?? 0, true);
    });
    canvas.addEventListener("blur", () => on.leave());
    canvas.addEventListener("keydown", (event) => this.#key(event));
  }

  #key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const step = STEPS[event.key];
    if (step) {
      event.preventDefault();
      const to = (this.place ?? 0) + step(this.layout);
      this.on.point(this, Math.max(0, Math.min(this.layout.total - 1, to)), true);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      if (this.place !== null) this.on.open(this, this.place);
    } else if (event.key === "Escape") {
      this.on.leave();
    }
  }
}

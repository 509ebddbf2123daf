// The redundancy map: one picture for each collection, what is pointed at, what is looked for, and what changed.

import { Problem, part } from "../../../js/api.js";
import { h } from "../../../js/dom.js";
import { count, counted } from "../../../js/format.js";
import { href } from "../../../js/route.js";
import { FLAGS, WORDS } from "./cells.js";
import { Names } from "./names.js";
import { palette } from "./paint.js";
import { Picture } from "./picture.js";
import { pitchFor } from "./layout.js";
import { Tip, remarks } from "./tip.js";

/** Collections with pictures; the largest come first. */
const PICTURES_MAX = 24;
/** Places that a search tells at most. */
const FOUND_MAX = 20_000;
/** A map that took long to ask for is asked for less often: so many times as long as it took. */
const REST_TIMES = 8;

/** What a mark asked for in the address picks, by what is said of a torrent here. */
const PICKS = {
  here: (flags) => flags & (FLAGS.complete | FLAGS.pinned),
  fetching: (flags) => flags & (FLAGS.fetching | FLAGS.coming),
};

export class RedundancyMap {
  #pictures = new Map();
  #filter = { state: "", mark: "", query: "" };
  /** By collection: the places found; null while nothing is looked for. */
  #found = null;
  #searching = null;
  #isLoading = false;
  #isStale = false;
  #timer = null;
  #tip = new Tip();
  #colours = palette();

  constructor(place, { api, go, announce, found }) {
    Object.assign(this, { place, api, go, announce, tellFound: found });
    this.names = new Names(api);
    this.said = h("p", { class: "unseen", role: "status" });
    this.rest = h("p", { class: "quiet small" });
    place.append(this.#tip.element, this.said, this.rest);
    this.#watch();
  }

  /** Takes what collections there are, and asks for their cells anew. */
  update(collections, { state, mark, query }) {
    this.#take(collections);
    this.#narrow({ state, mark, query });
  }

  /** Something changed in the torrents. */
  refresh() {
    this.#isStale = true;
    if (!this.#isLoading && this.#timer === null) this.#load();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#timer = "stopped";
    this.#searching?.abort();
    this.names.leave();
    this.sizes.disconnect();
    this.dark.removeEventListener("change", this.repaint);
    for (const picture of this.#pictures.values()) picture.stop();
  }

  #watch() {
    this.sizes = new ResizeObserver(() => {
      if (this.place.clientWidth !== this.width || devicePixelRatio !== this.ratio) this.#fit();
    });
    this.sizes.observe(this.place);
    this.dark = matchMedia("(prefers-color-scheme: dark)");
    this.repaint = () => {
      this.#colours = palette();
      this.#paint();
    };
    this.dark.addEventListener("change", this.repaint);
  }

  #take(collections) {
    const drawn = collections.filter(({ torrents }) => torrents > 0).sort((one, other) => other.torrents - one.torrents);
    const shown = drawn.slice(0, PICTURES_MAX);
    const before = [...this.#pictures.keys()].join();
    for (const [id, picture] of this.#pictures) {
      if (shown.some((collection) => collection.id === id)) continue;
      picture.stop();
      picture.element.remove();
      this.#pictures.delete(id);
    }
    const on = {
      point: (picture, place, isKeyboard) => this.#point(picture, place, isKeyboard),
      leave: () => this.#leave(),
      open: (picture, place) => this.#open(picture, place),
    };
    for (const collection of shown) {
      const known = this.#pictures.get(collection.id);
      if (known) {
        known.called(collection.name, collection.torrents);
        continue;
      }
      const picture = new Picture(collection, on);
      this.#pictures.set(collection.id, picture);
      this.rest.before(picture.element);
    }
    const surplus = drawn.length - shown.length;
    this.rest.textContent = surplus > 0 ? `${counted(surplus, "smaller collection")} not drawn.` : "";
    if ([...this.#pictures.keys()].join() !== before) this.#fit();
  }

  #fit() {
    this.width = this.place.clientWidth;
    this.ratio = devicePixelRatio;
    if (this.width === 0) return;
    const pictures = [...this.#pictures.values()];
    const pitch = pitchFor(pictures.map(({ total }) => total), this.width, this.ratio);
    for (const picture of pictures) picture.fit(this.width, pitch, this.ratio, this.#colours, this.#isShown);
  }

  #paint() {
    for (const picture of this.#pictures.values()) picture.paint(this.#colours, this.#isShown);
  }

  async #load() {
    this.#isLoading = true;
    this.#isStale = false;
    const begun = performance.now();
    try {
      for (const picture of [...this.#pictures.values()]) {
        const ask = (query) => this.api.get(`collections/${part(picture.id)}/map`, query);
        await picture.load(ask, () => this.#reshaped());
      }
    } catch (problem) {
      // Whatever is wrong with the beacon is said above; with the next change it is asked again.
      if (!(problem instanceof Problem)) throw problem;
    } finally {
      this.#isLoading = false;
    }
    if (this.#timer === "stopped") return;
    const took = performance.now() - begun;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      if (this.#isStale) this.#load();
    }, took * REST_TIMES);
  }

  /** Places mean something else now, also those that were found. */
  #reshaped() {
    this.#fit();
    if (this.#filter.query) this.#search();
  }

  /** Whether a cell stands out. */
  #isShown = (picture, place) => {
    const { state, mark } = this.#filter;
    const { cells } = picture;
    if (state && WORDS[cells.standing(place)] !== state) return false;
    if (mark && !PICKS[mark](cells.flags(place))) return false;
    return this.#found === null || (this.#found.get(picture.id)?.has(place) ?? false);
  };

  #narrow(filter) {
    const before = this.#filter;
    this.#filter = filter;
    if (before.query !== filter.query) this.#search();
    if (before.state !== filter.state || before.mark !== filter.mark) this.#paint();
  }

  async #search() {
    this.#searching?.abort();
    const { query } = this.#filter;
    if (!query) {
      this.#found = null;
      this.tellFound(null);
      this.#paint();
      return;
    }
    const { signal } = (this.#searching = new AbortController());
    const found = new Map();
    let total = 0;
    try {
      for (const id of this.#pictures.keys()) {
        const answer = await this.api.get(`collections/${part(id)}/places`, { query, limit: FOUND_MAX }, { signal });
        found.set(id, new Set(answer.places));
        total += answer.total;
      }
    } catch (problem) {
      if (signal.aborted) return;
      if (!(problem instanceof Problem)) throw problem;
    }
    if (signal.aborted) return;
    this.#found = found;
    this.#paint();
    this.announce(total === 0 ? "No torrent is called so" : `${counted(total, "torrent")} found on the map`);
    this.tellFound(total);
  }

  #point(picture, place, isKeyboard) {
    for (const other of this.#pictures.values()) if (other !== picture) other.point(null);
    picture.point(place);
    picture.canvas.classList.toggle("pointed", place !== null);
    if (place === null) {
      this.#tip.hide();
      this.names.leave();
      return;
    }
    this.#tip.show(picture, place, this.names.at(picture, place));
    this.names.rest(picture, place, (torrent) => {
      if (picture.place !== place) return;
      this.#tip.show(picture, place, torrent);
      if (isKeyboard) this.#say(picture, place, torrent);
    });
  }

  #say(picture, place, torrent) {
    const word = WORDS[picture.cells.standing(place)];
    const said = [torrent.name ?? "unnamed", word, picture.words(place), ...remarks(picture, place)];
    this.said.textContent = `${said.join(", ")}; ${count(place + 1)} of ${count(picture.layout.total)}`;
  }

  #leave() {
    for (const picture of this.#pictures.values()) if (document.activeElement !== picture.canvas) picture.point(null);
    this.#tip.hide();
    this.names.leave();
  }

  async #open(picture, place) {
    const torrent = await this.names.ask(picture, place);
    if (torrent) this.go(href("torrent", [torrent.info_hash]));
  }
}

// What the torrents of a map are called: asked for one at a time, when the reader rests on one.

import { part } from "../../../js/api.js";

const KEPT_MAX = 500;
/** How long the reader rests before a name is asked for. */
const REST_MS = 110;

/** Knows the torrents at places of collections. */
export class Names {
  #known = new Map();
  #resting = null;

  constructor(api) {
    this.api = api;
  }

  #key({ id, cells }, place) {
    return `${id} ${cells.revision} ${place}`;
  }

  /** The torrent at a place where it is known already. */
  at(map, place) {
    return this.#known.get(this.#key(map, place)) ?? null;
  }

  /** The torrent at a place, or null where nobody knows it now. */
  async ask(map, place) {
    const known = this.at(map, place);
    if (known) return known;
    const key = this.#key(map, place);
    const page = await this.api.get(`collections/${part(map.id)}/torrents`, { offset: place || "", limit: 1 }).catch(() => null);
    const torrent = page?.torrents[0] ?? null;
    if (torrent) this.#known.set(key, torrent);
    if (this.#known.size > KEPT_MAX) this.#known.delete(this.#known.keys().next().value);
    return torrent;
  }

  /** Asks once the reader has rested on a place, and calls back; what was rested on before is dropped. */
  rest(map, place, callback) {
    clearTimeout(this.#resting);
    const known = this.at(map, place);
    if (known) return callback(known);
    this.#resting = setTimeout(async () => {
      const torrent = await this.ask(map, place);
      if (torrent) callback(torrent);
    }, REST_MS);
  }

  leave() {
    clearTimeout(this.#resting);
  }
}

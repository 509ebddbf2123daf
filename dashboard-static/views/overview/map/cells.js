// The cells of one collection's map: four bytes a torrent, in the order of its manifest.

/** The most torrents of one answer. */
const PAGE = 16_384;
const BYTES = 4;

/** What the fourth byte says. */
export const FLAGS = { fetching: 1, complete: 2, coming: 4, pinned: 8, outside: 16, leaving: 32 };

/** The standings as numbers, in the order of their names. */
export const MISSING = 0;
export const UNDER = 1;
export const MET = 2;
export const OVER = 3;
export const WORDS = ["missing", "under", "met", "over"];

/** What is known of the torrents of a collection. */
export class Cells {
  total = 0;
  /** Of the list of torrents: with another one, places mean something else. */
  revision = null;
  bytes = new Uint8Array(0);
  /** How many are known; the rest is on its way. */
  loaded = 0;

  copies(place) {
    return this.bytes[place * BYTES];
  }

  target(place) {
    return this.bytes[place * BYTES + 1];
  }

  max(place) {
    return this.bytes[place * BYTES + 2];
  }

  flags(place) {
    return this.bytes[place * BYTES + 3];
  }

  standing(place) {
    const at = place * BYTES;
    const copies = this.bytes[at];
    if (copies === 0) return MISSING;
    if (copies < this.bytes[at + 1]) return UNDER;
    return copies > this.bytes[at + 2] ? OVER : MET;
  }

  /** Asks for all of them, page by page. `reshaped()` is called when the list is another one, `changed(places)` with those
   *  that differ from before as they arrive. */
  async load(ask, { reshaped, changed }) {
    for (let offset = 0; offset === 0 || offset < this.total; offset += PAGE) {
      const page = await ask({ offset: offset || "", limit: PAGE });
      const isOther = page.revision !== this.revision || page.total !== this.total;
      if (isOther && offset > 0) return this.load(ask, { reshaped, changed });
      if (isOther) {
        Object.assign(this, { total: page.total, revision: page.revision, loaded: 0 });
        this.bytes = new Uint8Array(page.total * BYTES);
        reshaped();
      }
      changed(this.#take(offset, page.cells));
    }
  }

  #take(offset, text) {
    const fresh = decode(text);
    const changed = [];
    const start = offset * BYTES;
    const end = Math.min(start + fresh.length, this.bytes.length);
    for (let at = start; at < end; at += BYTES) {
      const from = at - start;
      const isNew = at / BYTES >= this.loaded;
      let differs = isNew;
      for (let byte = 0; byte < BYTES; byte += 1) {
        if (this.bytes[at + byte] !== fresh[from + byte]) {
          this.bytes[at + byte] = fresh[from + byte];
          differs = true;
        }
      }
      if (differs) changed.push(at / BYTES);
    }
    this.loaded = Math.max(this.loaded, end / BYTES);
    return changed;
  }
}

function decode(base64) {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

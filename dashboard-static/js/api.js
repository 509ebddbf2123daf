// Asks the beacon.

const PATIENCE_MS = 10_000;

/** An answer that is a problem (RFC 9457), or none at all (`status` 0). */
export class Problem extends Error {
  constructor(status, detail, wayOut) {
    super(detail);
    this.status = status;
    this.wayOut = wayOut;
  }
}

/** The answer of the beacon to a request; `options` are those of `fetch`. */
export async function send(path, options = {}) {
  let response;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    response = await fetch(`/api/v1/${path}`, { signal, cache: "no-store", ...options });
  } catch {
    throw new Problem(0, "the beacon does not answer", "see that it runs");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null) {
    throw new Problem(response.status, body?.detail ?? response.statusText, body?.way_out ?? "");
  }
  return body;
}

export const status = () => send("status");

export const plan = () => send("plan");

export const torrent = (infoHash) => send(`torrents/${encodeURIComponent(infoHash)}`);

/** The torrents that are meant by words, by an info-hash or its beginning, or by a magnet link. */
export const find = (query, { offset, limit }) => send(`torrents?${new URLSearchParams({ query, offset, limit })}`);

export function torrents(collection, { state, offset, limit }) {
  const query = new URLSearchParams({ state, offset, limit });
  return send(`collections/${encodeURIComponent(collection)}/torrents?${query}`);
}

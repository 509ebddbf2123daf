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

async function get(path) {
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, { signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-store" });
  } catch {
    throw new Problem(0, "the beacon does not answer", "see that it runs");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null) {
    throw new Problem(response.status, body?.detail ?? response.statusText, body?.way_out ?? "");
  }
  return body;
}

export const status = () => get("status");

export const plan = () => get("plan");

export const torrent = (infoHash) => get(`torrents/${encodeURIComponent(infoHash)}`);

export function torrents(collection, { state, offset, limit }) {
  const query = new URLSearchParams({ state, offset, limit });
  return get(`collections/${encodeURIComponent(collection)}/torrents?${query}`);
}

// Asks the beacon.

const PATIENCE_MS = 15_000;
/** Answers that are kept, so that an unchanged one need not be sent again. */
const KEPT_MAX = 64;

/** An answer that is a problem (RFC 9457), or none at all (`status` 0). `faults` are those of a text, with their lines. */
export class Problem extends Error {
  constructor(status, detail, wayOut, faults = []) {
    super(detail);
    this.status = status;
    this.wayOut = wayOut;
    this.faults = faults;
  }
}

/** By path: the last answer and its entity tag. */
const kept = new Map();

/** The answer of the beacon to a question; the very same object as before where nothing changed. `query` leaves out what
 *  is empty. */
export async function get(path, query = {}, { signal } = {}) {
  const wanted = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const address = wanted.length > 0 ? `${path}?${new URLSearchParams(wanted)}` : path;
  const before = kept.get(address);
  const headers = before ? { "If-None-Match": before.etag } : {};
  const response = await ask(address, { headers, signal });
  if (response.status === 304 && before) {
    keep(address, before);
    return before.body;
  }
  const body = await read(response);
  const etag = response.headers.get("ETag");
  if (etag) keep(address, { etag, body });
  return body;
}

/** Sends something to the beacon, and gives back its answer. */
export async function send(method, path, body, headers = {}) {
  const json = body === undefined ? {} : { "Content-Type": "application/json" };
  const text = body === undefined ? undefined : JSON.stringify(body);
  return read(await ask(path, { method, headers: { ...json, ...headers }, body: text }));
}

function keep(address, answer) {
  kept.delete(address);
  kept.set(address, answer);
  if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value);
}

async function ask(address, options) {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const signal = options.signal ? AbortSignal.any([options.signal, patience]) : patience;
  try {
    return await fetch(`/api/v1/${address}`, { cache: "no-store", credentials: "same-origin", ...options, signal });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new Problem(0, "the beacon does not answer", "see that it runs");
  }
}

async function read(response) {
  const body = await response.json().catch(() => null);
  if (response.ok && (body !== null || response.status === 204)) return body;
  throw new Problem(response.status, body?.detail ?? response.statusText, body?.way_out ?? "", body?.faults ?? []);
}

/** A part of a path. */
export const part = encodeURIComponent;

export const status = (options) => get("status", {}, options);

export const plan = (options) => get("plan", {}, options);

export const torrent = (infoHash, options) => get(`torrents/${part(infoHash)}`, {}, options);

/** A page of torrents: of one collection, or of all. */
export function torrents({ collection = "", ...query }, options) {
  // Words may mean a single torrent anywhere; only the list of all knows how to look for it.
  const path = collection && !query.query ? `collections/${part(collection)}/torrents` : "torrents";
  const within = path === "torrents" ? { ...query, collection } : query;
  return get(path, within, options);
}

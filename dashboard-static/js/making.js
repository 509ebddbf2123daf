// Asks the beacon to make torrents. All of it needs the token.

import { Problem } from "./api.js";

const PATIENCE_MS = 10_000;

export { Problem };

async function send(method, path, token, body) {
  let response;
  try {
    response = await fetch(`/api/v1/${path}`, {
      method,
      headers: { Authorization: `Bearer ${token}` },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(PATIENCE_MS),
      cache: "no-store",
    });
  } catch {
    throw new Problem(0, "the beacon does not answer", "see that it runs");
  }
  const answer = await response.json().catch(() => null);
  if (!response.ok || answer === null) {
    throw new Problem(response.status, answer?.detail ?? response.statusText, answer?.way_out ?? "");
  }
  return answer;
}

/** Begins to make a torrent; the job. */
export const make = (wanted, token) => send("POST", "torrents/create", token, wanted);

/** How far a job is. */
export const job = (id, token) => send("GET", `jobs/${encodeURIComponent(id)}`, token);

/** Ends a job. */
export const stop = (id, token) => send("DELETE", `jobs/${encodeURIComponent(id)}`, token);

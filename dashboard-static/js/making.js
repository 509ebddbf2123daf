// Asks the beacon to make torrents, which needs the token throughout.

import { ask } from "./orders.js";

/** Begins to make a torrent; the job. */
export const make = (wanted) => ask("POST", "torrents/create", wanted);

/** How far a job is. */
export const job = (id) => ask("GET", `jobs/${encodeURIComponent(id)}`);

/** Ends a job. */
export const stop = (id) => ask("DELETE", `jobs/${encodeURIComponent(id)}`);

// Asks the beacon to make torrents.

import { part } from "../../js/api.js";
import { order } from "../../js/orders.js";

/** Begins to make a torrent; the job. */
export const make = (wanted) => order("POST", "torrents/create", wanted);

/** How far a job is. */
export const job = (id) => order("GET", `jobs/${part(id)}`);

/** Ends a job. */
export const stop = (id) => order("DELETE", `jobs/${part(id)}`);

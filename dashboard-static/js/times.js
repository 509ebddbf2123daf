// Keeps "3 min ago" true while nothing else changes.

import { relative } from "./format.js";

const STEP_MS = 5_000;

/** Writes every `<time data-relative>` of the page anew from time to time. */
export function keepTimesFresh() {
  setInterval(() => {
    if (document.hidden) return;
    for (const time of document.querySelectorAll("time[data-relative]")) {
      const text = relative(time.dateTime);
      if (time.textContent !== text) time.textContent = text;
    }
  }, STEP_MS);
}

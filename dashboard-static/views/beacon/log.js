// The last lines of the log, followed as they are written.

import { Problem } from "../../js/api.js";
import { h } from "../../js/dom.js";
import { count, exact } from "../../js/format.js";
import { send } from "../../js/api.js";
import { lockedNote, session } from "../session.js";

/** The graver ones come first. */
const LEVELS = ["error", "warn", "info", "debug", "trace"];
/** The beacon keeps about as many. */
const LINES_MAX = 2000;
/** Lines are written out until so many are; then the first ones go. */
const SHOWN_MAX = 600;
const BATCH = 1000;
/** So near the end counts as at the end. */
const SLACK_PX = 30;

const log = { after: null, lines: [], level: "info", words: "", isPaused: false, problem: null, shown: { key: "", seq: 0 } };

/** Asks for what was written since the last time. */
export async function read(signal) {
  if (!session().loggedIn || log.isPaused) return;
  try {
    // Sent as it is, not through what keeps answers: each is of another time.
    const query = log.after === null ? { limit: BATCH } : { after: log.after, limit: BATCH };
    const answer = await send("GET", `log?${new URLSearchParams(query)}`);
    if (signal?.aborted && answer.lines.length === 0) return;
    // A beacon that was started anew counts from the beginning.
    const isAnew = log.after !== null && answer.next < log.after;
    if (isAnew) Object.assign(log, { after: null, lines: [], shown: { key: "", seq: 0 } });
    // Of two rounds at once, the other one may have brought the same lines.
    const last = log.lines.at(-1)?.seq ?? 0;
    log.lines.push(...answer.lines.filter(({ seq }) => seq > last));
    log.lines.splice(0, log.lines.length - LINES_MAX);
    log.after = isAnew ? null : answer.next;
    log.problem = null;
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.status === 0) throw problem;
    log.problem = problem.status === 401 ? null : problem;
    if (problem.status === 401) session().loggedIn = false;
  }
}

/** The section; its lines are written by [`write`]. */
export function section() {
  const isOpen = session().loggedIn && !session().readOnly;
  return h(
    "section",
    { class: "section", "aria-label": "Log" },
    h(
      "div",
      { class: "heading" },
      h("h2", {}, "Log"),
      h("p", { class: "quiet" }, "what the beacon writes down about itself"),
      isOpen && controls(),
    ),
    !isOpen && lockedNote("The log"),
    isOpen && log.problem && h("p", { class: "refused", role: "alert" }, log.problem.message),
    isOpen &&
      h(
        "div",
        { class: "card flush" },
        h("div", {
          id: "log",
          class: "log",
          role: "log",
          "aria-live": "off",
          "aria-label": "Lines of the log",
          tabindex: "0",
          "data-own": true,
        }),
      ),
  );
}

function controls() {
  return h(
    "div",
    { class: "deeds" },
    h(
      "label",
      { class: "choice" },
      h("span", {}, "Level"),
      h(
        "select",
        { "data-log": "level", "data-value": log.level },
        LEVELS.map((level) => h("option", { value: level }, level)),
      ),
    ),
    h(
      "label",
      { class: "choice" },
      h("span", { class: "unseen" }, "Lines with"),
      h("input", {
        type: "search",
        "data-log": "words",
        placeholder: "Lines with …",
        autocomplete: "off",
        spellcheck: "false",
        "data-value": log.words,
      }),
    ),
    h("button", { type: "button", "data-do": "pause", "aria-pressed": log.isPaused ? "true" : "false" }, log.isPaused ? "Go on" : "Pause"),
  );
}

/** Writes new lines at the end, and stays at the end if the reader is there. */
export function write() {
  const place = document.getElementById("log");
  if (!place) return;
  const key = `${log.level} ${log.words}`;
  const isAtEnd = place.scrollTop + place.clientHeight >= place.scrollHeight - SLACK_PX;
  if (log.shown.key !== key || place.childElementCount === 0) {
    place.replaceChildren();
    log.shown = { key, seq: -1 };
  }
  const fresh = log.lines.filter((line) => line.seq > log.shown.seq && wanted(line)).slice(-SHOWN_MAX);
  log.shown.seq = log.lines.at(-1)?.seq ?? -1;
  if (fresh.length > 0) place.querySelector(".nothing")?.remove();
  place.append(...fresh.map(line));
  while (place.childElementCount > SHOWN_MAX) place.firstChild.remove();
  if (place.childElementCount === 0)
    place.append(
      h(
        "p",
        { class: "nothing quiet" },
        log.lines.length === 0 ? "Nothing yet." : `None of ${count(log.lines.length)} lines is of that level or has these words.`,
      ),
    );
  if (fresh.length > 0 && isAtEnd) place.scrollTop = place.scrollHeight;
}

function wanted({ level, text, target }) {
  if (LEVELS.indexOf(level.toLowerCase()) > LEVELS.indexOf(log.level)) return false;
  return log.words === "" || `${target} ${text}`.toLowerCase().includes(log.words);
}

function line({ at, level, target, text }) {
  const word = level.toLowerCase();
  return h(
    "div",
    { class: `line ${word}` },
    h("time", { datetime: at, title: exact(at) }, new Date(at).toLocaleTimeString()),
    h("span", { class: "level" }, word),
    h("span", { class: "text" }, text, h("span", { class: "target" }, ` ${target}`)),
  );
}

/** What the reader sets above the log. */
export function listen(place, { render }) {
  place.addEventListener("input", ({ target }) => {
    const setting = target.dataset?.log;
    if (!setting) return;
    log[setting] = setting === "words" ? target.value.trim().toLowerCase() : target.value;
    render();
  });
}

/** Stops following, or goes on. */
export function pause(_, { render, refresh }) {
  log.isPaused = !log.isPaused;
  render();
  if (!log.isPaused) refresh("log");
}

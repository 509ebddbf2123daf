// What the beacon answered, by address, and what of it is out of date.

import { Problem } from "./api.js";

/** Views left behind whose data is kept, so that going back shows them at once. */
const KEPT_MAX = 12;
/** What the frame around the views needs. */
const FRAME_TOPICS = ["status"];
/** What the overview tells nothing of. */
const BESIDE_TOPICS = ["log", "history", "jobs"];
/** What only grows older is not told: how long the beacon runs, when members were heard from, figures of the machine. */
const STATUS_AGE_MS = 30_000;

/** Keeps `known.status`, `known.link` and the data of views, and calls `changed()` when any of it did. */
export function createStore(known, { viewAt, api, changed }) {
  const kept = new Map();
  let route = null;
  let aborter = new AbortController();
  let isStatusStale = true;
  let isViewStale = true;
  let loadedAt = -Infinity;
  let statusAt = -Infinity;

  /** The data for an address (`null` before the first answer), and the problem in place of it. */
  function of(wanted) {
    return kept.get(wanted.address) ?? { data: null, problem: null };
  }

  function keep(address, answer) {
    kept.delete(address);
    kept.set(address, answer);
    if (kept.size > KEPT_MAX) kept.delete(kept.keys().next().value);
  }

  /** The reader went somewhere: what is asked for the place left behind is not waited for. What another setting of the
   *  same view showed stays until the new answer comes, so that nothing jumps. */
  function moved(to) {
    const before = route;
    route = to;
    aborter.abort();
    aborter = new AbortController();
    isViewStale = true;
    const isSame = before && before.view === to.view && before.path.join("/") === to.path.join("/");
    if (isSame && !kept.has(to.address)) keep(to.address, { ...of(before), problem: null });
  }

  /** Something changed; whether anything shown is concerned. */
  function told(topics) {
    const all = topics.includes("all");
    const concerns = (wanted) => all || wanted.some((topic) => topics.includes(topic));
    const { topics: ofView, figures = [] } = route ? viewAt(route) : { topics: [] };
    if (concerns(ofView)) isViewStale = true;
    // Views show the overview's figures beside their own data, some also those of other topics (`figures`).
    const shared = ofView.filter((topic) => !BESIDE_TOPICS.includes(topic));
    if (concerns([...FRAME_TOPICS, ...shared, ...figures])) isStatusStale = true;
    return isStatusStale || isViewStale;
  }

  /** Whether it is time to ask for what moves without any change: the overview, and a view that says so (`every_s`). */
  function stroll() {
    const { every_s: every } = route ? viewAt(route) : {};
    const now = performance.now();
    const isViewDue = every && !isViewStale && now - loadedAt > every * 1000;
    const isStatusDue = !isStatusStale && now - statusAt > STATUS_AGE_MS;
    if (isViewDue) isViewStale = true;
    if (isStatusDue) isStatusStale = true;
    return isViewDue || isStatusDue;
  }

  async function askStatus() {
    if (!isStatusStale && known.status) return;
    isStatusStale = false;
    statusAt = performance.now();
    try {
      known.status = await api.status();
    } catch (problem) {
      isStatusStale = true;
      throw problem;
    }
  }

  async function askView() {
    if (!isViewStale) return;
    isViewStale = false;
    loadedAt = performance.now();
    const [asked, { signal }] = [route, aborter];
    try {
      const data = await viewAt(asked).load(asked, { api, signal, known });
      if (asked === route) keep(asked.address, { data, problem: null });
    } catch (problem) {
      if (signal.aborted || asked !== route) return;
      if (!(problem instanceof Problem) || problem.status === 0 || problem.status >= 500) {
        isViewStale = true;
        throw problem;
      }
      // Refused, not unanswered: asking again would not help.
      keep(asked.address, { data: null, problem });
    }
  }

  /** Asks for what is out of date; whether all of it was answered. */
  async function round() {
    const results = await Promise.allSettled([askStatus(), askView()]);
    const failure = results.find(({ status }) => status === "rejected")?.reason ?? null;
    if (failure && !(failure instanceof Problem)) console.error(failure);
    known.link.problem = failure;
    if (!failure) known.link.answeredAt = Date.now();
    changed();
    return failure === null;
  }

  return { of, moved, told, stroll, round };
}

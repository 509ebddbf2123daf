// The last minutes of the machine's figures, as this page saw them.

import { s } from "../../js/dom.js";

/** At one sample in ten seconds, a quarter of an hour. */
const KEPT_MAX = 90;
const APART_MS = 2_000;
/** Counters that went over so short a time say little of the rate. */
const RATE_MS = 4_000;

/** Bytes a second, by the names of the counters they come from. */
const RATES = { sent: "net_sent", received: "net_received", client_sent: "sent", client_received: "received" };

const samples = [];

/** Takes a sample of a status, if the last one is old enough, and gives back all. */
export function sample({ host, client }) {
  const at = performance.now();
  const last = samples.at(-1);
  if (last && at - last.at < APART_MS) return samples;
  const counters = { net_sent: host.net_sent, net_received: host.net_received, sent: client.sent, received: client.received };
  if (last && Object.keys(counters).every((name) => last.counters[name] === counters[name]) && last.cpu === host.cpu_percent)
    return samples;
  const next = { at, counters, cpu: host.cpu_percent, memory: host.memory_total ? (100 * host.memory_used) / host.memory_total : null };
  for (const [name, counter] of Object.entries(RATES)) next[name] = rate(counter, next);
  samples.push(next);
  if (samples.length > KEPT_MAX) samples.shift();
  return samples;
}

/** Against the latest sample that is old enough. A counter that went back belongs to another run. */
function rate(counter, { at, counters }) {
  const before = samples.findLast((sample) => at - sample.at >= RATE_MS);
  if (!before || typeof counters[counter] !== "number" || typeof before.counters[counter] !== "number") return null;
  const bytes = counters[counter] - before.counters[counter];
  return bytes < 0 ? null : bytes / ((at - before.at) / 1000);
}

/** A line of what a figure was; `most` is the top of the drawing, else the most that it was. */
export function spark(all, figure, label, most = null) {
  const values = all.map((sample) => sample[figure]).map((value) => (typeof value === "number" ? value : null));
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return null;
  const top = most ?? Math.max(1, ...known);
  const step = 100 / (KEPT_MAX - 1);
  const from = 100 - (values.length - 1) * step;
  const points = values
    .map((value, at) => value !== null && `${(from + at * step).toFixed(1)},${(23 - 22 * Math.min(1, value / top)).toFixed(1)}`)
    .filter(Boolean);
  const first = points[0].split(",")[0];
  return s(
    "svg",
    { class: "spark", viewBox: "0 0 100 24", preserveAspectRatio: "none", role: "img", "aria-label": label },
    s("polygon", { points: `${first},24 ${points.join(" ")} 100,24` }),
    s("polyline", { points: points.join(" ") }),
  );
}

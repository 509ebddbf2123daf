// When to ask: one round at a time and at most one a second, a little apart from those of other pages, and less often
// while the beacon does not answer.

const PACE_MS = 1000;
const JITTER_MS = 250;
const RETRY_MAX_MS = 15_000;

/** Rounds of `ask`, which gives back whether it was answered. */
export function rounds(ask) {
  let timer = null;
  let due = 0;
  let isAsking = false;
  let isWanted = false;
  let isUrgent = false;
  let begun = -Infinity;
  let failures = 0;

  function plan(at) {
    if (timer !== null && due <= at) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(run, Math.max(0, at - performance.now()));
  }

  async function run() {
    timer = null;
    // Nobody looks: whoever does again is told what changed meanwhile.
    if (isAsking || document.hidden) return;
    isAsking = true;
    isWanted = false;
    isUrgent = false;
    begun = performance.now();
    let isAnswered = false;
    try {
      isAnswered = await ask();
    } finally {
      isAsking = false;
      failures = isAnswered ? 0 : failures + 1;
      if (isUrgent) plan(0);
      else if (!isAnswered) plan(performance.now() + jittered(Math.min(RETRY_MAX_MS, PACE_MS * 2 ** Math.min(failures, 5))));
      else if (isWanted) soon();
    }
  }

  /** Something changed. */
  function soon() {
    isWanted = true;
    if (!isAsking) plan(Math.max(performance.now(), begun + PACE_MS) + Math.random() * JITTER_MS);
  }

  /** The reader waits. A round under way may be for what was looked at before; another follows at once. */
  function now() {
    isUrgent = true;
    if (!isAsking) plan(0);
  }

  return { soon, now };
}

function jittered(wait) {
  return wait * (0.75 + Math.random() / 2);
}

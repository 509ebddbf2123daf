// Follows the beacon's events: says what changed, and whether the connection is there. The stream is read by hand, since
// the browser's own reader neither waits longer each time nor says where to resume after it was closed for a while.

const RETRY_MS = 500;
const RETRY_MAX_MS = 20_000;
/** The beacon gives a sign of life every 15 seconds; a stream without one for this long is dead. */
const SILENCE_MS = 40_000;

/** Calls `told(topics)` with the names of what changed, and `linked(boolean)` as the connection comes and goes. A page
 *  that nobody looks at lets go of its connection, and catches up when somebody does; browsers allow only a few. */
export function follow({ told, linked }) {
  let last = "";
  let failures = 0;
  let stop = null;
  let retry = null;

  async function connect() {
    disconnect();
    const aborter = new AbortController();
    stop = aborter;
    try {
      await listen(aborter);
    } catch {
      // What is wrong shows in that it does not answer.
    }
    if (stop !== aborter) return;
    linked(false);
    retry = setTimeout(connect, waiting(failures));
    failures += 1;
  }

  async function listen(aborter) {
    const headers = { Accept: "text/event-stream", ...(last && { "Last-Event-ID": last }) };
    const watch = () => setTimeout(() => aborter.abort(), SILENCE_MS);
    let silence = watch();
    try {
      const response = await fetch("/api/v1/events", { headers, signal: aborter.signal, cache: "no-store" });
      if (!response.ok || !response.body) return;
      failures = 0;
      linked(true);
      const events = reader();
      const stream = response.body.pipeThrough(new TextDecoderStream()).getReader();
      for (;;) {
        const { value, done } = await stream.read();
        if (done) return;
        clearTimeout(silence);
        silence = watch();
        for (const { id, data } of events(value)) {
          last = id || last;
          told(topics(data));
        }
      }
    } finally {
      clearTimeout(silence);
    }
  }

  function disconnect() {
    clearTimeout(retry);
    const aborter = stop;
    stop = null;
    aborter?.abort();
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  window.addEventListener("online", () => connect());
  window.addEventListener("pagehide", disconnect);
  window.addEventListener("pageshow", (event) => event.persisted && connect());
  if (!document.hidden) connect();
}

/** Longer after each failure, and never the same for all pages of a beacon that comes back. */
function waiting(failures) {
  const most = Math.min(RETRY_MAX_MS, RETRY_MS * 2 ** failures);
  return most / 2 + Math.random() * (most / 2);
}

/** What changed, by an event's text; `all` where it does not say. */
function topics(data) {
  try {
    const { topics: told } = JSON.parse(data);
    return Array.isArray(told) ? told : ["all"];
  } catch {
    return ["all"];
  }
}

/** Takes text as it arrives, and gives back the events that are complete (WHATWG HTML 9.2.6). */
export function reader() {
  let rest = "";
  let event = { id: "", data: "" };
  return (text) => {
    const lines = (rest + text).split(/\r\n|\n|\r/);
    rest = lines.pop();
    const complete = [];
    for (const line of lines) {
      if (line === "") {
        if (event.data) complete.push(event);
        event = { id: event.id, data: "" };
      } else {
        const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
        if (field === "id") event.id = value;
        if (field === "data") event.data += value;
      }
    }
    return complete;
  };
}

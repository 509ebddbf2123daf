// Follows the beacon: calls back when something changed, and says whether the connection is there.

const RETRY_MS = 3000;
// Times and the machine's figures move without any change of the beacon's.
const STROLL_MS = 10_000;

/** Calls `changed()` at once, on each change and every ten seconds, and `linked(boolean)` as the connection comes and
 *  goes. A page that nobody looks at lets go of its connection; browsers allow only a few to one place. */
export function follow({ changed, linked }) {
  let source = null;
  let retry = null;
  let stroll = null;

  function connect() {
    disconnect();
    source = new EventSource("/api/v1/events");
    source.addEventListener("open", () => linked(true));
    source.addEventListener("change", changed);
    source.addEventListener("error", () => {
      linked(false);
      // The browser tries again by itself unless it was refused.
      if (source?.readyState === EventSource.CLOSED) retry = setTimeout(connect, RETRY_MS);
    });
    stroll = setInterval(changed, STROLL_MS);
    changed();
  }

  function disconnect() {
    clearTimeout(retry);
    clearInterval(stroll);
    source?.close();
    source = null;
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? disconnect() : connect()));
  window.addEventListener("pagehide", disconnect);
  window.addEventListener("pageshow", (event) => event.persisted && connect());
  connect();
}

// What the reader looks at, kept in the address, so that reloading, going back and sharing work.

const DEFAULTS = { collection: "", state: "", query: "", offset: 0, torrent: "", beacons: "" };

/** What the address says; nonsense in it counts as not said. */
export function current() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const offset = Number.parseInt(asked.get("offset") ?? "", 10);
  const state = asked.get("state") ?? "";
  return {
    collection: asked.get("collection") ?? "",
    state: ["missing", "under", "met", "over"].includes(state) ? state : "",
    query: (asked.get("query") ?? "").trim(),
    offset: Number.isSafeInteger(offset) && offset > 0 ? offset : 0,
    torrent: asked.get("torrent") ?? "",
    beacons: asked.get("beacons") === "all" ? "all" : "",
  };
}

/** Goes on from where the reader is; `instead` of a new step, where it is only the same one said better. */
export function go(change, instead = false) {
  const wanted = Object.entries({ ...current(), ...change }).filter(([key, value]) => value !== DEFAULTS[key]);
  const text = new URLSearchParams(wanted).toString();
  const address = text ? `#${text}` : location.pathname;
  if (instead) history.replaceState(null, "", address);
  else history.pushState(null, "", address);
  window.dispatchEvent(new Event("popstate"));
}

/** Calls back whenever the reader goes somewhere. */
export function onMove(callback) {
  window.addEventListener("popstate", callback);
}

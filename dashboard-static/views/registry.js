// The views by name. The one that is looked at is fetched first, the others once the page has nothing else to do.

import { h } from "../js/dom.js";

const MODULES = {
  overview: () => import("./overview/view.js"),
  torrents: () => import("./torrents/view.js"),
  torrent: () => import("./torrent/view.js"),
  network: () => import("./network/view.js"),
  beacon: () => import("./beacon/view.js"),
  add: () => import("./add/view.js"),
};
const RETRY_MS = 2000;

const nowhere = {
  name: "nowhere",
  title: "Nothing here",
  topics: [],
  load: async () => ({}),
  render: () => [h("h1", {}, "Nothing here"), h("p", {}, "This address leads nowhere. ", h("a", { href: "#/" }, "To the overview"))],
};

/** Gives the view for a route; a pending one where it has yet to be fetched, and calls `arrived(name)` once it is. */
export function registry(arrived) {
  const known = new Map();
  const fetching = new Set();

  async function fetchView(name) {
    if (known.has(name) || fetching.has(name)) return;
    fetching.add(name);
    try {
      known.set(name, (await MODULES[name]()).view);
      arrived(name);
    } catch {
      // The beacon is away; the frame says so.
      setTimeout(() => fetchView(name), RETRY_MS);
    } finally {
      fetching.delete(name);
    }
  }

  function at({ view: name, path }) {
    const isNamed = name !== "torrent" || Boolean(path[0]);
    if (!Object.hasOwn(MODULES, name) || !isNamed) return nowhere;
    if (!known.has(name)) fetchView(name);
    return known.get(name) ?? pending(name);
  }

  /** Fetches all that nobody looked at yet. */
  function rest() {
    for (const name of Object.keys(MODULES)) fetchView(name);
  }

  return { at, rest };
}

function pending(name) {
  return { name, title: "Beacon", topics: [], isPending: true, load: async () => null, render: () => [h("p", { class: "quiet waiting" }, "Asking the beacon …")] };
}

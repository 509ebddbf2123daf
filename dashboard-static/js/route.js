// What the reader looks at, kept in the address, so that reloading, going back and sharing work: `#/torrents?state=under`.

/** The view's name, what follows it, and the settings of it, as the address says. */
export function current() {
  const address = location.hash.startsWith("#/") ? location.hash : "#/";
  const [path, query = ""] = address.slice(2).split(/\?(.*)/s);
  const [view, ...rest] = path.split("/").map(decoded);
  return { view: view || "overview", path: rest, query: Object.fromEntries(new URLSearchParams(query)), address };
}

/** An address as one writes it into a link; settings that are empty or null are left out. */
export function href(view, path = [], query = {}) {
  const parts = [view === "overview" ? "" : view, ...path].map(encodeURIComponent).join("/");
  const settings = Object.entries(query).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const text = new URLSearchParams(settings).toString();
  return text ? `#/${parts}?${text}` : `#/${parts}`;
}

/** The address of this view with some settings changed. */
export function adjusted(route, change) {
  return href(route.view, route.path, { ...route.query, ...change });
}

/** A whole number in the settings; nonsense counts as not said. */
export function whole(route, setting) {
  const number = Number.parseInt(route.query[setting] ?? "", 10);
  return Number.isSafeInteger(number) && number > 0 ? number : 0;
}

/** One of some words in the settings; the first where none of them is said. */
export function oneOf(route, setting, words) {
  return words.includes(route.query[setting]) ? route.query[setting] : words[0];
}

/** Goes somewhere; `instead` of a new step, where it is only the same one said better. */
export function go(address, instead = false) {
  if (address === location.hash) return;
  if (instead) history.replaceState(history.state, "", address);
  else history.pushState(null, "", address);
  window.dispatchEvent(new Event("popstate"));
}

/** Calls back whenever the reader goes somewhere. */
export function onMove(callback) {
  window.addEventListener("popstate", callback);
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

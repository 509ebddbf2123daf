// Making torrents and collections, changing these, and joining others.

import { h } from "../../js/dom.js";
import { href, whole } from "../../js/route.js";
import { top } from "../parts.js";
import { lockedNote } from "../session.js";
import * as changing from "./changing.js";
import * as one from "./collection.js";
import * as drafts from "./drafts.js";
import * as gather from "./gather.js";
import * as invitation from "./invitation.js";
import * as making from "./making.js";
import * as neighbor from "./neighbor.js";
import * as fresh from "./newcollection.js";

/** What can be added; the first is shown where the address says nothing. */
const TABS = [
  ["torrent", "Torrents"],
  ["collection", "Collections"],
  ["neighbor", "Neighbors"],
  ["invitation", "Invitations"],
];

/** Collections that showed up after they were asked for. */
const arrived = new Set();

/** The tools of the page, for what is drawn by hand. */
let kept = null;

function tabOf({ path: [tab] }) {
  return TABS.some(([name]) => name === tab) ? tab : TABS[0][0];
}

async function load(route, { api, signal, known }) {
  const tab = tabOf(route);
  const [, id] = route.path;
  if (known.status?.beacon.read_only) return {};
  if (tab === "neighbor") return { neighbors: (await api.get("neighbors", {}, { signal })).neighbors };
  // A collection that was just made is asked for once the beacon has taken it up.
  if (tab !== "collection" || !id || !known.status.collections.some((collection) => collection.id === id)) return {};
  const query = (route.query.query ?? "").trim();
  const [page] = await Promise.all([
    api.get(`collections/${api.part(id)}/torrents`, { query, offset: whole(route, "offset") || "", limit: one.PAGE }, { signal }),
    changing.readFile(id, signal).then(() => changing.refreshFile(id)),
  ]);
  return { page };
}

function tabs(chosen) {
  return h(
    "nav",
    { class: "segments", "aria-label": "What to add" },
    TABS.map(([name, text]) => h("a", { href: href("add", [name]), "aria-current": name === chosen ? "true" : null }, text)),
  );
}

function content(tab, data, route, status) {
  const [, id] = route.path;
  const columns = (...sections) => h("div", { class: "columns2", "data-key": tab }, ...sections);
  if (tab === "torrent") return columns(making.making(status), gather.gather(status.collections));
  if (tab === "neighbor") return columns(neighbor.neighbor(data?.neighbors ?? [], status.members));
  if (tab === "invitation") return columns(invitation.invitation());
  if (!id) return columns(fresh.newCollection(status));
  const chosen = status.collections.find((collection) => collection.id === id);
  if (!chosen && fresh.isMadeHere(id))
    return [top("Collection"), h("p", { class: "quiet waiting", "data-key": "fresh" }, "The beacon takes it up …")];
  if (!chosen)
    return [
      top("No such collection"),
      h(
        "p",
        { class: "card empty", "data-key": "gone" },
        "This beacon has no collection of that id. ",
        h("a", { href: href("add", ["collection"]) }, "Those that it has"),
      ),
    ];
  one.note(chosen, data?.page);
  return one.collection(chosen, data?.page ?? null, route);
}

function render(data, route, { status }) {
  if (status.beacon.read_only) return [top("Add"), lockedNote("Adding something")];
  const tab = tabOf(route);
  const sections = content(tab, data, route, status);
  const isOne = tab === "collection" && route.path.length > 1;
  return isOne ? sections : [top("Add"), tabs(tab), sections];
}

export const view = {
  name: "add",
  title: (data, { path: [tab, id] }, { status }) =>
    (tab === "collection" && status.collections.find((one) => one.id === id)?.name) || "Add",
  topics: ["collections", "members", "torrents"],
  load,
  render,
  mount(place, tools) {
    kept = tools;
    drafts.listen(place);
    gather.listen(place);
    invitation.listen(place, tools);
    addEventListener("beforeunload", stay);
  },
  update(place, data, route, known) {
    drafts.restore(place);
    if (tabOf(route) !== "invitation") invitation.forget();
    if (tabOf(route) !== "collection") return;
    const [, id] = route.path;
    if (!id) return fresh.mountEditor(kept);
    if (!data.page && known.status.collections.some((collection) => collection.id === id) && !arrived.has(id)) {
      arrived.add(id);
      kept.refresh("collections");
    }
    changing.mountEditor(id, kept);
  },
  leave() {
    invitation.forget();
  },
  deeds: { ...making.deeds, ...neighbor.deeds, ...invitation.deeds, ...fresh.deeds, ...changing.deeds, ...one.deeds },
  forms: {
    ...making.forms,
    ...gather.forms,
    ...neighbor.forms,
    ...invitation.forms,
    ...fresh.forms,
    ...one.forms,
    search: ({ query }, { adjust }) => adjust({ query: query.trim(), offset: "" }),
  },
};

/** Browsers ask before a page goes with text that was not saved. */
function stay(event) {
  if (changing.isUnsaved()) event.preventDefault();
}

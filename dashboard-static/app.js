// Asks, keeps what was answered, and shows it.

import * as api from "./js/api.js";
import { show } from "./js/dom.js";
import { follow } from "./js/live.js";
import { dropOrder, goOn, pin } from "./js/pins.js";
import { current, go, onMove } from "./js/route.js";
import { actions } from "./views/actions.js";
import { install as installCreate } from "./views/create.js";
import { collections } from "./views/collections.js";
import { members } from "./views/members.js";
import { link, notices } from "./views/notices.js";
import { found, searchForm } from "./views/search.js";
import { foot, machine, self, storage, who } from "./views/self.js";
import { torrents } from "./views/torrents.js";
import { title, truth } from "./views/truth.js";

const PAGE = 25;

const known = {
  status: null,
  plan: null,
  page: null,
  detail: null,
  problem: null,
  linked: null,
  answeredAt: null,
  traffic: null,
  route: current(),
};

const place = (id) => document.getElementById(id);

function render() {
  const { status, route } = known;
  show(place("link"), link(known));
  show(place("notices"), notices(known));
  if (!status) return;
  document.title = title(status);
  show(place("who"), who(status));
  show(place("truth"), truth(status));
  show(place("self"), self(status));
  show(place("storage"), storage(status));
  show(place("machine"), machine(status, known.traffic));
  show(place("collections"), collections(status, chosen()));
  const isNew = !place("query");
  show(place("search"), searchForm(status));
  if (isNew) fillSearch();
  const shown = route.query
    ? found(known.page, known.detail, route, PAGE)
    : torrents(chosen(), known.page, known.detail, route, PAGE);
  show(place("torrents"), shown);
  show(place("actions"), actions(status, known.plan));
  show(place("members"), members(status, route));
  show(place("foot"), foot(status));
}

/** The collection whose torrents are shown: the one asked for, else the first. */
function chosen() {
  const all = known.status?.collections ?? [];
  return all.find(({ id }) => id === known.route.collection) ?? all[0] ?? null;
}

/** Bytes a second, from two samples that differ; samples are taken no oftener than the beacon likes. */
function measureTraffic(before, after) {
  if (after.net_sent === null) return null;
  const sample = { at: performance.now(), sent: after.net_sent, received: after.net_received };
  if (!before) return { ...sample, rate: null };
  const seconds = (sample.at - before.at) / 1000;
  if (seconds < 4) return before;
  const rate = {
    sent: Math.max(0, sample.sent - before.sent) / seconds,
    received: Math.max(0, sample.received - before.received) / seconds,
  };
  return { ...sample, rate };
}

/** What is no longer listed, or never was, is only not shown. */
function unlessGone(problem) {
  if (problem.status === 400 || problem.status === 404) return null;
  throw problem;
}

/** The torrents to show: those found, or else those of the chosen collection. */
function page(route) {
  if (route.query) return api.find(route.query, { offset: route.offset, limit: PAGE }).catch(unlessRefused);
  const collection = chosen();
  const filter = { state: route.state, offset: route.offset, limit: PAGE };
  return collection && api.torrents(collection.id, filter).catch(unlessGone);
}

/** What cannot be looked for is said in place of what would have been found. */
function unlessRefused(problem) {
  if (problem.status !== 400) throw problem;
  return { total: 0, torrents: [], problem };
}

async function ask() {
  const [status, plan] = await Promise.all([api.status(), api.plan()]);
  Object.assign(known, { status, plan, traffic: measureTraffic(known.traffic, status.host) });
  const { route } = known;
  const [torrents, detail] = await Promise.all([
    page(route),
    route.torrent ? api.torrent(route.torrent).catch(unlessGone) : null,
  ]);
  // The reader may have gone elsewhere meanwhile; then another round follows that fetches the right page.
  if (route === known.route) Object.assign(known, { page: torrents, detail });
}

let asking = false;
let askAgain = false;

/** One round at a time; what comes up during one is covered by the next. */
async function refresh() {
  if (asking) {
    askAgain = true;
    return;
  }
  asking = true;
  askAgain = false;
  try {
    await ask();
    Object.assign(known, { problem: null, answeredAt: Date.now() });
  } catch (problem) {
    known.problem = problem;
  } finally {
    asking = false;
  }
  render();
  if (askAgain) refresh();
}

/** Puts what is looked for into the field, as the address says it. */
function fillSearch() {
  const field = place("query");
  if (field) field.value = known.route.query;
}

async function copy(button) {
  const text = button.dataset.text;
  const source = button.parentElement.querySelector("[data-copy-source]");
  try {
    await navigator.clipboard.writeText(text);
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 1500);
  } catch {
    // Without a secure connection the clipboard is closed; the text is marked, ready to be copied by hand.
    if (source) getSelection().selectAllChildren(source);
  }
}

const deeds = {
  collection: ({ id }) => go({ collection: id, state: "", query: "", offset: 0, torrent: "" }),
  filter: ({ state }) => go({ state, offset: 0, torrent: "" }),
  page: ({ offset }) => go({ offset: Number(offset), torrent: "" }),
  visit: ({ hash }) => {
    go({ torrent: hash });
    place("torrents").scrollIntoView({ block: "start" });
  },
  torrent: ({ hash }) => go({ torrent: known.route.torrent === hash ? "" : hash }),
  beacons: ({ which }) => go({ beacons: which }),
  unfind: () => go({ query: "", offset: 0, torrent: "" }),
  pin: ({ hash }) => pin(hash, true, ordered),
  unpin: ({ hash }) => pin(hash, false, ordered),
  droporder: () => {
    dropOrder();
    render();
  },
};

/** What is sent by the page's forms, by their names. */
const forms = {
  search: ({ query }) => go({ query: query.trim(), offset: 0, torrent: "" }),
  token: ({ token }) => goOn(token, ordered),
};

/** An order went on: what it says is shown, and the token's field waits for the reader. */
function ordered() {
  render();
  document.getElementById("token")?.focus();
  refresh();
}

// The form for making torrents has no name: it sees to itself.
document.addEventListener("submit", (event) => {
  event.preventDefault();
  forms[event.target.dataset.form]?.(Object.fromEntries(new FormData(event.target)));
});

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-do]");
  if (!target) return;
  if (target.dataset.do === "copy") copy(target);
  else deeds[target.dataset.do](target.dataset);
});

installCreate(place("create"));

onMove(() => {
  const before = known.route;
  known.route = current();
  const isElsewhere = ["collection", "query"].some((key) => before[key] !== known.route[key]);
  if (isElsewhere) known.page = null;
  if (before.query !== known.route.query) fillSearch();
  if (known.detail?.info_hash !== known.route.torrent) known.detail = null;
  render();
  refresh();
});

follow({
  changed: refresh,
  linked: (linked) => {
    known.linked = linked;
    render();
  },
});

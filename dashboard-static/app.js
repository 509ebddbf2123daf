// Asks what the view needs, keeps what was answered, and shows it.

import * as api from "./js/api.js";
import { announce } from "./js/announce.js";
import { copy } from "./js/copy.js";
import { show } from "./js/dom.js";
import { follow } from "./js/live.js";
import { adjusted, current, go, onMove } from "./js/route.js";
import { rounds } from "./js/rounds.js";
import { createStore } from "./js/store.js";
import { keepTimesFresh } from "./js/times.js";
import { foot, link, who } from "./views/frame.js";
import { notices } from "./views/notices.js";
import { refusal } from "./views/refusal.js";
import { registry } from "./views/registry.js";
import { install as installSession } from "./views/session.js";

const TYPING_MS = 200;
/** The views not looked at are fetched so long after the first. */
const REST_MS = 700;

const place = (id) => document.getElementById(id);
const views = registry(arrived);
const viewAt = (route) => views.at(route);

/** What every view may look at besides its own data. */
const known = { status: null, link: { linked: null, problem: null, answeredAt: null } };
const store = createStore(known, { viewAt, api, changed: render });
const round = rounds(store.round);

let route = current();
let shown = null;

/** What deeds, forms and what a view draws by hand may use. */
const tools = {
  api,
  known,
  announce,
  go,
  get route() {
    return route;
  },
  adjust: (change, instead = false) => go(adjusted(route, change), instead),
  refresh(...topics) {
    store.told(topics.length > 0 ? topics : ["all"]);
    round.now();
  },
  render,
};

function render() {
  show(place("link"), link(known.link));
  const view = viewAt(route);
  for (const anchor of place("nav").children) {
    const isHere = anchor.dataset.view?.split(" ").includes(view.name);
    if (isHere) anchor.setAttribute("aria-current", "page");
    else anchor.removeAttribute("aria-current");
  }
  if (!known.status) {
    if (known.link.problem) show(place("view"), refusal("Beacon", known.link.problem));
    return;
  }
  show(place("who"), who(known.status));
  show(place("notices"), notices(known));
  show(place("foot"), foot(known.status));
  renderView(view);
}

/** A view has been fetched; the reader may be waiting for it. */
function arrived(name) {
  if (route.view !== name) return;
  store.moved(route);
  round.now();
  const isFocused = document.activeElement?.closest("#main") !== null;
  render();
  if (isFocused) focusHeading();
}

function renderView(view) {
  const { data, problem } = store.of(route);
  const title = typeof view.title === "function" ? view.title(data, route, known) : view.title;
  document.title = `${title} · ${known.status.beacon.name} · Beacon`;
  const target = place("view");
  const isNew = shown?.view !== view;
  if (isNew) {
    shown?.view.leave?.();
    shown = { view, isMounted: false };
    target.replaceChildren();
  }
  place("main").dataset.view = view.name;
  show(target, problem && data === null ? refusal(title, problem, view.list) : view.render(data, route, known));
  if (data !== null && !shown.isMounted) {
    shown.isMounted = true;
    view.mount?.(target, tools);
  }
  if (data !== null) view.update?.(target, data, route, known);
}

/** The view's heading takes the focus, so that who listens or uses the keyboard is where the reader is. */
function arrive(from) {
  const isElsewhere = from.view !== route.view || from.path.join("/") !== route.path.join("/");
  if (!isElsewhere) return;
  focusHeading();
  const { top } = history.state ?? {};
  scrollTo({ top: top ?? 0, behavior: "instant" });
}

function focusHeading() {
  const heading = place("view").querySelector("h1") ?? place("main");
  heading.setAttribute("tabindex", "-1");
  heading.focus({ preventScroll: true });
}

const deeds = {
  skip: () => {
    place("main").focus();
    place("main").scrollIntoView();
  },
  copy: (_, { target }) => copy(target),
  retry: () => tools.refresh(),
};

/** Buttons whose order is under way say so instead of being disabled, so that they keep the focus. */
const isBusy = (element) => element.getAttribute("aria-disabled") === "true";

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-do]");
  if (!target) return;
  const deed = viewAt(route).deeds?.[target.dataset.do] ?? deeds[target.dataset.do];
  if (!deed) return;
  event.preventDefault();
  if (isBusy(target)) return;
  deed(target.dataset, { ...tools, route, target, event });
});

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-form]");
  if (!form) return;
  event.preventDefault();
  if ([...form.elements].some((element) => element.type === "submit" && isBusy(element))) return;
  const fields = Object.fromEntries(new FormData(form));
  viewAt(route).forms?.[form.dataset.form]?.(fields, { ...tools, route, form, event });
});

// A field with `data-set` is a setting of the view: what it says goes into the address, text once the reader pauses.
let typing = null;
function setting(field) {
  clearTimeout(typing);
  tools.adjust({ [field.dataset.set]: field.value.trim(), offset: "" }, true);
}
document.addEventListener("input", ({ target }) => {
  if (!target.dataset.set || target.matches("select")) return;
  clearTimeout(typing);
  typing = setTimeout(() => setting(target), TYPING_MS);
});
document.addEventListener("change", ({ target }) => target.matches("select[data-set]") && setting(target));

history.scrollRestoration = "manual";
addEventListener("scrollend", () => history.replaceState({ top: scrollY }, "", location.hash || "#/"));

onMove(() => {
  const from = route;
  route = current();
  clearTimeout(typing);
  if (from.address === route.address) return;
  store.moved(route);
  round.now();
  render();
  arrive(from);
});

store.moved(route);
render();
round.now();
addEventListener("load", () => setTimeout(views.rest, REST_MS));
installSession(place("session"), tools);
keepTimesFresh();
follow({
  told: (topics) => store.told(topics) && round.soon(),
  linked: (linked) => {
    const before = known.link.linked;
    if (before === linked) return;
    known.link.linked = linked;
    if (!linked) announce("The beacon does not answer; what is shown may be old");
    else if (before === false) announce("The beacon answers again");
    render();
  },
});
document.addEventListener("visibilitychange", () => document.hidden || round.soon());
setInterval(() => !document.hidden && store.stroll() && round.soon(), 1000);


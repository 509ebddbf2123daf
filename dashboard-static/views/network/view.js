// The beacons that are known, and how they are joined.

import { h } from "../../js/dom.js";
import { counted, sentence, short } from "../../js/format.js";
import { href } from "../../js/route.js";
import { pager } from "../pager.js";
import { heading, top } from "../parts.js";
import { tally } from "./beacons.js";
import { calls, links } from "./links.js";
import { member } from "./member.js";
import { PAGE, filters, table, wanted } from "./members.js";
import { draw, forget, overlay } from "./overlay.js";
import { traffic } from "./traffic.js";
import { zones } from "./zones.js";

/** The beacon gives so many at a time. */
const CHUNK = 1000;
/** More than this are not asked for; the drawing and the zones say so. */
const EVERYBODY_MAX = 5000;
/** Many members are not asked for anew all the time. */
const KEEP_MS = 20_000;

let everybody = { members: null, total: 0, at: -Infinity };

/** All members, or as many as can be drawn. */
async function all(api, signal) {
  const isFresh = everybody.members && everybody.total > CHUNK && performance.now() - everybody.at < KEEP_MS;
  if (isFresh) return everybody;
  let members = [];
  let total = 0;
  do {
    const page = await api.get("members", { limit: CHUNK, offset: members.length || "" }, { signal });
    // The very same list means that nothing has to be drawn anew.
    members = members.length === 0 ? page.members : [...members, ...page.members];
    total = page.total;
    if (page.members.length === 0) break;
  } while (members.length < Math.min(total, EVERYBODY_MAX));
  everybody = { members, total, at: performance.now() };
  return everybody;
}

async function load(route, { api, signal }) {
  const [id] = route.path;
  if (id) {
    const [one, network, known] = await Promise.all([
      api.get(`members/${api.part(id)}`, {}, { signal }),
      api.get("network", {}, { signal }),
      all(api, signal),
    ]);
    return { one, network, known };
  }
  const [page, network, known] = await Promise.all([
    // What cannot be looked for is said in place of what would have been found.
    api.get("members", wanted(route), { signal }).catch((problem) => {
      if (problem.status !== 400) throw problem;
      return { total: 0, members: [], problem };
    }),
    api.get("network", {}, { signal }),
    all(api, signal),
  ]);
  return { page, network, known };
}

function render(data, route, { status }) {
  const [id] = route.path;
  if (!data || (id ? !data.one : !data.page)) return [top(id ? `Beacon ${short(id)}` : "Network"), h("p", { class: "quiet" }, "Asking …")];
  if (id) return member(data.one, data.network, data.known.members);
  const { page, network, known } = data;
  const { read_only: readOnly, uptime_s: uptime } = status.beacon;
  const deeds = readOnly
    ? []
    : [
        h("a", { class: "button", href: href("add", ["invitation"]) }, "Invite"),
        h("a", { class: "button", href: href("add", ["neighbor"]) }, "Add a neighbor"),
      ];
  const isCut = known.total > known.members.length;
  return [
    top(
      "Network",
      known.total <= 1
        ? "only this beacon"
        : `${counted(known.total, "beacon")}: ${tally(known.members)}${isCut ? ` of the first ${known.members.length}` : ""}`,
      ...deeds,
    ),
    known.total <= 1 ? alone(readOnly) : h("div", { class: "network-scene" }, overlay(), zones(known.members, route)),
    h(
      "section",
      { class: "section", "aria-label": "Beacons" },
      heading("Beacons", h("span", { role: "status" }, counted(page.total, "beacon"))),
      known.total > 1 && filters(route, isCut ? null : known.members),
      page.problem
        ? h("p", { class: "card empty", role: "alert" }, `${sentence(page.problem.message)}.`)
        : [table(page, route), pager({ total: page.total, shown: page.members.length, size: PAGE }, route)],
    ),
    links(network.links),
    calls(network.neighbors, readOnly),
    traffic(network.traffic, uptime),
  ];
}

function alone(readOnly) {
  return h(
    "div",
    { class: "card empty" },
    h("p", {}, "No other beacon yet. Knowing one is enough to find all the others."),
    !readOnly &&
      h(
        "p",
        {},
        h("a", { href: href("add", ["invitation"]) }, "Invite somebody"),
        ", or ",
        h("a", { href: href("add", ["invitation"]) }, "paste the invitation"),
        " that you were sent.",
      ),
  );
}

export const view = {
  name: "network",
  title: (data) => data?.one?.name ?? "Network",
  topics: ["members"],
  list: [href("network"), "To all beacons that are known"],
  every_s: 30,
  load,
  render,
  update: (place, data, route) => {
    if (route.path.length === 0 && data.known) draw(data.known.members);
    else forget();
  },
  leave: forget,
  deeds: { state: ({ state }, { adjust }) => adjust({ state, offset: "" }) },
  forms: { search: ({ query }, { adjust }) => adjust({ query: query.trim(), offset: "" }) },
};

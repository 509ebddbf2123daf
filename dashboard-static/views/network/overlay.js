// The drawing of the network. The table below it says the same; here one sees it at once.

import { h, s, show } from "../../js/dom.js";
import { ago, counted, duration } from "../../js/format.js";
import { go, href } from "../../js/route.js";
import { STATES, latency, tally } from "./beacons.js";
import { layout } from "./layout.js";

const NAME_MAX = 18;
const NAME_NARROW_MAX = 10;
const NARROW = 560;
/** More names of latencies than this would only cover one another. */
const LATENCIES_MAX = 12;

const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** The beacon that the tab key leads to; the arrows lead on to its fellows. */
let current = null;
/** Their ids, once around. */
let order = [];
let observer = null;
let drawn = { members: null, width: 0 };

/** Where the drawing goes. */
export function overlay() {
  return h(
    "section",
    { class: "card overlay", "aria-label": "Drawing of the network" },
    h("div", { id: "overlay", class: "canvas", "data-own": true }),
    h("p", { id: "overlay-caption", class: "caption quiet", "data-own": true, "aria-hidden": "true" }),
    h(
      "ul",
      { class: "legend", "aria-label": "Legend" },
      Object.entries(STATES).map(([state, [, meaning]]) =>
        h(
          "li",
          { title: meaning },
          s(
            "svg",
            { class: "dot", viewBox: "0 0 12 12", width: 12, height: 12, "aria-hidden": "true" },
            s("circle", { class: `spot ${state}`, cx: 6, cy: 6, r: 4.5 }),
          ),
          state,
        ),
      ),
      h("li", { class: "quiet" }, "the nearer a neighbor, the quicker it answers"),
    ),
  );
}

/** Draws `members` into the place that [`overlay`] made, unless that shows them already. */
export function draw(members, self) {
  const host = document.getElementById("overlay");
  if (!host || !members) return;
  watch(host, () => draw(drawn.members, self));
  const width = Math.max(280, Math.round(host.clientWidth));
  if (drawn.members === members && drawn.width === width && host.firstChild) return;
  drawn = { members, width };
  const height = Math.round(Math.min(540, Math.max(330, width * 0.56)));
  const picture = layout(members, width, height);
  order = picture.nodes.map(({ member }) => member.id);
  if (!order.includes(current)) current = order[0] ?? null;
  show(host, svg(picture, width, height));
  if (!host.dataset.ready) listen(host);
  host.dataset.ready = "yes";
  if (host.contains(document.activeElement)) tell(document.activeElement);
}

/** Lets go of the place. */
export function forget() {
  observer?.disconnect();
  observer = null;
  drawn = { members: null, width: 0 };
}

function watch(host, again) {
  if (observer) return;
  observer = new ResizeObserver(again);
  observer.observe(host);
}

function svg({ nodes, edges, groups, level }, width, height) {
  const isNarrow = width < NARROW;
  const latencies = level !== "groups" && !isNarrow && edges.filter(({ kind }) => kind === "link").length <= LATENCIES_MAX;
  return s(
    "svg",
    {
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
      role: "group",
      "aria-label": `${counted(nodes.length + groups.reduce((sum, { members }) => sum + members.length, 0), "beacon")}; arrow keys lead from one to the next`,
    },
    s(
      "g",
      { class: "edges", "aria-hidden": "true" },
      edges.map((edge) =>
        s("line", { class: edge.kind, x1: round(edge.from.x), y1: round(edge.from.y), x2: round(edge.to.x), y2: round(edge.to.y) }),
      ),
    ),
    groups.map(group),
    nodes.map(dot),
    nodes.filter(({ isNamed }) => isNamed).map((node) => called(node, isNarrow)),
    latencies && edges.filter(({ latency: time }) => typeof time === "number").map(label),
  );
}

function dot({ member, x, y, radius }) {
  return s(
    "a",
    {
      "data-key": member.id,
      "data-id": member.id,
      href: href("network", [member.id]),
      "aria-label": describe(member),
      tabindex: member.id === current ? "0" : "-1",
      class: `node ${member.this ? "this" : ""}`,
    },
    s("circle", { class: "reach", cx: round(x), cy: round(y), r: Math.max(12, radius + 4) }),
    s("circle", { class: `spot ${member.state}`, cx: round(x), cy: round(y), r: radius }),
    member.draining && s("circle", { class: "leaving", cx: round(x), cy: round(y), r: radius + 3 }),
  );
}

/** The name beside a dot, above the dots of others; who listens is told it by the dot itself. */
function called({ member, x, y, radius, side }, isNarrow) {
  const most = isNarrow ? NAME_NARROW_MAX : NAME_MAX;
  const short = member.name.length > most ? `${member.name.slice(0, most - 1)}…` : member.name;
  const [dx, dy, anchor] = {
    right: [radius + 6, 4, "start"],
    left: [-radius - 6, 4, "end"],
    below: [0, radius + 16, "middle"],
    above: [0, -radius - 8, "middle"],
  }[side];
  return s(
    "text",
    {
      "data-key": `name ${member.id}`,
      "data-of": member.id,
      x: round(x + dx),
      y: round(y + dy),
      "text-anchor": anchor,
      class: member.this ? "name self" : "name",
      "aria-hidden": "true",
    },
    short,
  );
}

function label({ from, to, latency: time }) {
  return s(
    "text",
    {
      class: "time",
      x: round(from.x + (to.x - from.x) * 0.58),
      y: round(from.y + (to.y - from.y) * 0.58 + 4),
      "text-anchor": "middle",
      "aria-hidden": "true",
    },
    latency(time),
  );
}

/** Many beacons as one: a disc, its rim divided by state. */
function group({ x, y, radius, neighbor, members }) {
  const about = `${counted(members.length, "beacon")} ${neighbor ? `heard through ${neighbor.name}` : "of whom nobody says through whom they were heard"}: ${tally(members)}`;
  const around = 2 * Math.PI * radius;
  let turned = 0;
  const arcs = Object.keys(STATES).map((state) => {
    const part = members.filter((member) => member.state === state).length / members.length;
    const arc =
      part > 0 &&
      s("circle", {
        class: `rim ${state}`,
        cx: round(x),
        cy: round(y),
        r: radius,
        "stroke-dasharray": `${part * around} ${around}`,
        "stroke-dashoffset": -turned * around,
        transform: `rotate(-90 ${round(x)} ${round(y)})`,
      });
    turned += part;
    return arc;
  });
  return s(
    "g",
    { class: "group", role: "img", "aria-label": about, "data-about": about },
    s("circle", { class: "disc", cx: round(x), cy: round(y), r: radius }),
    arcs,
    s("text", { x: round(x), y: round(y + 4), "text-anchor": "middle", class: "name" }, members.length),
  );
}

function describe(member) {
  if (member.this) return `${member.name}, this beacon`;
  const answer = latency(member.latency_ms);
  return [
    member.name,
    member.state,
    member.neighbor && "neighbor",
    answer && `answers in ${answer}`,
    member.zone && `zone ${member.zone}`,
    member.draining && "draining",
    member.state === "gone" ? `not heard for ${duration(member.last_heard_s)}` : `heard ${ago(member.last_heard_s)}`,
  ]
    .filter(Boolean)
    .join(", ");
}

function listen(host) {
  for (const event of ["focusin", "mouseover"]) host.addEventListener(event, ({ target }) => tell(target));
  host.addEventListener("focusin", ({ target }) => reach(host, target.closest("a")));
  host.addEventListener("keydown", (event) => {
    const last = order.length - 1;
    const to =
      event.key in STEPS ? (order.indexOf(current) + STEPS[event.key] + order.length) % order.length : { Home: 0, End: last }[event.key];
    const node = to === undefined ? null : host.querySelector(`[data-id="${CSS.escape(order[to])}"]`);
    if (!node) return;
    event.preventDefault();
    node.focus();
  });
  host.addEventListener("click", (event) => {
    const { of } = event.target.dataset;
    const node = of ? host.querySelector(`[data-id="${CSS.escape(of)}"]`) : event.target.closest("a");
    if (!node || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    go(node.getAttribute("href"));
  });
}

/** Says below the drawing what is pointed at. */
function tell(target) {
  const node = target.closest("[aria-label]");
  document.getElementById("overlay-caption").textContent = node && node.tagName !== "svg" ? node.getAttribute("aria-label") : "";
}

function reach(host, node) {
  if (!node) return;
  for (const other of host.querySelectorAll('a[tabindex="0"]')) other.setAttribute("tabindex", "-1");
  node.setAttribute("tabindex", "0");
  current = node.dataset.id;
}

function round(number) {
  return Math.round(number * 10) / 10;
}

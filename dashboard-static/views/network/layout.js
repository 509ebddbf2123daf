// Where beacons stand in the drawing: this one in the middle, its neighbors around it (the quicker they answer, the
// nearer), and behind each of them the beacons that were last heard through it.

/** More beacons than this are drawn as groups. */
const DOTS_MAX = 600;
/** Up to so many have their names beside them, in a drawing that is wide enough. */
const NAMES_MAX = 24;
const NAMES_NARROW_MAX = 12;
const NARROW = 560;
/** More neighbors than this have no names either. */
const NEIGHBOR_NAMES_MAX = 20;
/** What counts as quick and as slow, in milliseconds. */
const [QUICK_MS, SLOW_MS] = [2, 300];
const RINGS_MAX = 7;
const TURN = 2 * Math.PI;
/** Where the first of many neighbors stands: so that none of six is right above or below, where names have no room. */
const FIRST = -TURN / 6;

/** A drawing of `members` in so many pixels: `{ nodes, edges, groups, level }`. */
export function layout(members, width, height) {
  const self = members.find((member) => member.this) ?? null;
  const sectors = sectorsOf(members.filter((member) => !member.this));
  const isNarrow = width < NARROW;
  const isNamed = members.length <= (isNarrow ? NAMES_NARROW_MAX : NAMES_MAX);
  const isGrouped = members.length > DOTS_MAX;
  const neighbors = sectors.filter(({ neighbor }) => neighbor).length;
  const namesNeighbors = isNamed || neighbors <= (isNarrow ? NEIGHBOR_NAMES_MAX / 2 : NEIGHBOR_NAMES_MAX);
  const margin = { x: isNamed ? (isNarrow ? 86 : 120) : isGrouped ? 40 : 26, y: isGrouped ? 40 : 30 };
  const plane = { x: width / 2, y: height / 2, rx: width / 2 - margin.x, ry: height / 2 - margin.y };
  const drawing = { nodes: [], edges: [], groups: [], level: isNamed ? "names" : isGrouped ? "groups" : "dots" };
  const total = sectors.reduce((sum, { weight }) => sum + weight, 0);
  let from = (sectors.length > 2 ? FIRST : 0) - (sectors.length > 0 ? (sectors[0].weight / total) * TURN : 0) / 2;
  for (const sector of sectors) {
    const span = (sector.weight / total) * TURN;
    place(
      drawing,
      plane,
      sector,
      { from, span },
      { isNamed, isGrouped, namesNeighbors, radius: isNamed ? 6.5 : members.length > 150 ? 3.6 : 4.8 },
    );
    from += span;
  }
  if (self) drawing.nodes.unshift({ member: self, x: plane.x, y: plane.y, radius: 13, isNamed: true, side: "below" });
  return drawing;
}

/** One part of the circle for each neighbor, and one for those of whom nobody says through whom they were heard. */
function sectorsOf(others) {
  const beyond = new Map();
  const neighbors = others.filter(({ neighbor }) => neighbor);
  const known = new Set(neighbors.map(({ id }) => id));
  const lost = [];
  for (const member of others) {
    if (member.neighbor) continue;
    if (!known.has(member.via)) lost.push(member);
    else if (beyond.has(member.via)) beyond.get(member.via).push(member);
    else beyond.set(member.via, [member]);
  }
  const byId = (one, other) => (one.id < other.id ? -1 : 1);
  const sectors = neighbors.sort(byId).map((neighbor) => ({ neighbor, others: (beyond.get(neighbor.id) ?? []).sort(byId) }));
  if (lost.length > 0) sectors.push({ neighbor: null, others: lost.sort(byId) });
  return sectors.map((sector) => ({ ...sector, weight: 1 + Math.sqrt(sector.others.length) }));
}

function place(drawing, plane, { neighbor, others }, { from, span }, { isNamed, isGrouped, namesNeighbors, radius }) {
  const middle = from + span / 2;
  const root = neighbor && at(plane, middle, nearness(neighbor.latency_ms, others.length > 0));
  if (neighbor) {
    drawing.nodes.push({ member: neighbor, ...root, radius: 8, isNamed: namesNeighbors, side: sideOf(middle) });
    drawing.edges.push({ from: plane, to: root, kind: "link", latency: neighbor.latency_ms, angle: middle });
  }
  if (others.length === 0) return;
  if (isGrouped) {
    const spot = at(plane, middle, neighbor ? 0.93 : 0.8);
    drawing.groups.push({ ...spot, neighbor, members: others, radius: Math.min(34, 9 + Math.sqrt(others.length) * 1.3) });
    if (root) drawing.edges.push({ from: root, to: spot, kind: "way" });
    return;
  }
  for (const [member, spot] of fan(plane, others, { from, span }, isNamed)) {
    drawing.nodes.push({ member, ...spot, radius, isNamed, side: sideOf(spot.angle) });
    if (root) drawing.edges.push({ from: root, to: spot, kind: "way" });
  }
}

/** Spots for many in one part of the circle: in as many rings as it takes. */
function fan(plane, others, { from, span }, isNamed) {
  const apart = isNamed ? 34 : 13;
  const reach = (plane.rx + plane.ry) / 2;
  const inside = Math.max(1, Math.floor((span * 0.86 * reach * 0.85) / apart));
  const rings = Math.min(RINGS_MAX, Math.max(1, Math.ceil(others.length / inside)));
  const each = Math.ceil(others.length / rings);
  return others.map((member, index) => {
    const ring = Math.floor(index / each);
    const inRing = Math.min(each, others.length - ring * each);
    const angle = from + span * (0.07 + (0.86 * ((index % each) + 0.5 + (ring % 2 ? 0.25 : 0))) / (inRing + (rings > 1 ? 0.25 : 0)));
    const outwards = rings === 1 ? (isNamed && index % 2 ? 0.86 : 0.98) : 0.72 + (0.28 * ring) / (rings - 1);
    return [member, { ...at(plane, angle, outwards), angle }];
  });
}

function at(plane, angle, outwards) {
  return { x: plane.x + Math.cos(angle) * plane.rx * outwards, y: plane.y + Math.sin(angle) * plane.ry * outwards };
}

/** How far out a neighbor stands, by the time that an answer takes; room is left for those behind it. */
function nearness(milliseconds, hasOthers) {
  const clamped = Math.min(SLOW_MS, Math.max(QUICK_MS, milliseconds ?? 40));
  const slowness = Math.log(clamped / QUICK_MS) / Math.log(SLOW_MS / QUICK_MS);
  return 0.36 + (hasOthers ? 0.24 : 0.5) * slowness;
}

/** On which side of its dot a name stands. */
function sideOf(angle) {
  if (Math.abs(Math.cos(angle)) > 0.4) return Math.cos(angle) > 0 ? "right" : "left";
  return Math.sin(angle) > 0 ? "below" : "above";
}

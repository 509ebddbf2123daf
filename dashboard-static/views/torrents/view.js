// Collections, and the torrents of one or of all.

import { h, name } from "../../js/dom.js";
import { counted } from "../../js/format.js";
import { href, oneOf, whole } from "../../js/route.js";
import { pager } from "../pager.js";
import { heading, said, top } from "../parts.js";
import { HERE, STANDINGS } from "../standing.js";
import { collections } from "./collections.js";
import { filters } from "./filters.js";
import { PAGE, sorting, table } from "./table.js";

const STATES = ["", ...STANDINGS.map(([word]) => word)];
const HERES = ["", ...HERE.map(([word]) => word)];

async function load(route, { api, signal }) {
  const query = {
    collection: route.query.collection ?? "",
    query: (route.query.query ?? "").trim(),
    state: oneOf(route, "state", STATES),
    here: oneOf(route, "here", HERES),
    ...sorting(route),
    offset: whole(route, "offset") || "",
    limit: PAGE,
  };
  try {
    return { page: await api.torrents(query, { signal }), problem: null };
  } catch (problem) {
    // What cannot be looked for is said in place of what would have been found.
    if (problem.status !== 400 && problem.status !== 404) throw problem;
    return { page: { total: 0, torrents: [] }, problem };
  }
}

function nothing(data, route, chosen) {
  const { query, state, here } = route.query;
  if (data.problem) return h("p", { class: "card empty", role: "alert" }, said(data.problem.message), ".");
  if (whole(route, "offset") > 0) return h("p", { class: "card empty" }, "This page is beyond the end.");
  if (query) {
    return h(
      "div",
      { class: "card empty" },
      h("p", {}, "Nothing is called so, and no info-hash begins so. Fewer words find more."),
      h("p", {}, "A torrent of no collection has to be put into one before it can be kept: ", h("a", { href: href("add") }, "add it"), "."),
    );
  }
  if (state || here) return h("p", { class: "card empty" }, `No torrent is ${[state, here && `${here} here`].filter(Boolean).join(" and ")}.`);
  const where = chosen ? "This collection lists" : "The collections list";
  return h("p", { class: "card empty" }, `${where} no torrents yet. `, h("a", { href: href("add") }, "Add some"), "; they show up here within seconds.");
}

function render(data, route, { status }) {
  const all = status.collections;
  const chosen = all.find(({ id }) => id === route.query.collection) ?? null;
  const remark = data?.page && h("span", { role: "status" }, counted(data.page.total, "torrent"));
  const body = !data
    ? h("p", { class: "quiet" }, "Asking …")
    : data.page.torrents.length === 0
      ? nothing(data, route, chosen)
      : [table(data.page, route), pager({ total: data.page.total, shown: data.page.torrents.length, size: PAGE }, route)];
  return [
    top("Collections and torrents", null, h("a", { class: "button", href: href("add") }, "Add")),
    h("section", { class: "section", "aria-label": "Collections" }, collections(all, chosen?.id, route.query.collections === "all")),
    all.length > 0 &&
      h(
        "section",
        { class: "section", "aria-label": "Torrents", "data-top": true },
        heading(chosen ? ["Torrents of ", name(chosen.name)] : "Torrents of all collections", remark),
        filters(route, chosen ?? status.summary),
        body,
      ),
  ];
}

/** Where the page of torrents shown last began. */
let began = 0;

/** Whoever turns the page begins at its top. */
function update(place, data, route) {
  const begins = whole(route, "offset");
  if (begins !== began) place.querySelector("[data-top]")?.scrollIntoView({ block: "start" });
  began = begins;
}

export const view = {
  name: "torrents",
  title: "Collections and torrents",
  topics: ["torrents", "collections"],
  load,
  render,
  update,
  deeds: {
    state: ({ state }, { adjust }) => adjust({ state, offset: "" }),
    whole: (_, { adjust }) => adjust({ collections: "all" }),
  },
  forms: { search: ({ query }, { adjust }) => adjust({ query: query.trim(), offset: "" }) },
};

// One collection to be changed: its name and numbers, its torrents, and its file.

import { part } from "../../js/api.js";
import { h, name } from "../../js/dom.js";
import { count, counted, size } from "../../js/format.js";
import { href } from "../../js/route.js";
import { ask } from "../dialog.js";
import { carryOut, outcome, standing, whileBusy } from "../ordering.js";
import { pager } from "../pager.js";
import { top } from "../parts.js";
import { called, torrentLink } from "../standing.js";
import { changing } from "./changing.js";
import { copiesFaults, field, judge, numbersOrNone } from "./fields.js";
import { gather } from "./gather.js";

/** Torrents on a page. */
export const PAGE = 20;

/** The sections. */
export function collection(one, page, route) {
  return [
    h(
      "p",
      { class: "crumbs", "data-key": "crumbs" },
      h("a", { href: href("add", ["collection"]) }, "Collections"),
      " / ",
      h("a", { href: href("torrents", [], { collection: one.id }) }, name(one.name)),
    ),
    top(["Change ", name(one.name)]),
    h("div", { class: "columns2", "data-key": `columns-${one.id}` }, settings(one), gather([one], one)),
    list(one, page, route),
    changing(one.id),
    h(
      "section",
      { class: "card", "data-key": `end-${one.id}`, "aria-label": "Give it up" },
      h("h2", {}, "Give it up"),
      h("p", { class: "quiet" }, "This beacon takes part in it no more. Its file is only renamed, and no data is deleted."),
      h(
        "div",
        { class: "deeds" },
        h(
          "button",
          { type: "button", class: "danger", "data-do": "giveup", "data-id": one.id, "data-name": one.name },
          "Give up this collection …",
        ),
      ),
      outcome(`giveup ${one.id}`),
    ),
  ];
}

function settings({ id, name: text, target, max }) {
  const form = `settings-${id}`;
  return h(
    "section",
    { class: "card", "data-key": form, "aria-labelledby": `${form}-title` },
    h("h2", { id: `${form}-title` }, "Name and copies"),
    h(
      "form",
      { class: "fields", autocomplete: "off", "data-form": "settings", "data-id": id },
      field(form, "name", "Name", { required: true, value: text, wide: true }),
      field(
        form,
        "target",
        "Copies wanted",
        { inputmode: "numeric", required: true, value: target ?? "" },
        { hint: "of each torrent that says nothing else" },
      ),
      field(form, "max", "Copies kept at most", { inputmode: "numeric", value: max ?? "" }, { hint: "surplus above is given back" }),
      h("div", { class: "deeds wide" }, h("button", { type: "submit", class: "main", ...whileBusy(standing(form).stage === "busy") }, "Save")),
    ),
    outcome(form),
  );
}

function list(one, page, route) {
  const query = route.query.query ?? "";
  return h(
    "section",
    { class: "section", "data-key": `list-${one.id}`, "aria-label": "Its torrents" },
    h(
      "div",
      { class: "heading" },
      h("h2", {}, "Its torrents"),
      h("p", { class: "quiet", role: "status" }, page ? counted(page.total, "torrent") : ""),
    ),
    h(
      "form",
      { class: "search", role: "search", "data-form": "search" },
      h("label", { for: "edit-query", class: "unseen" }, "Find a torrent of this collection"),
      h("input", {
        type: "search",
        id: "edit-query",
        name: "query",
        "data-set": "query",
        "data-value": query,
        placeholder: "Words of a name, or an info-hash",
        autocomplete: "off",
        spellcheck: "false",
      }),
    ),
    !page
      ? h("p", { class: "quiet" }, "Asking …")
      : page.torrents.length === 0
        ? h("p", { class: "card empty" }, query ? "None of its torrents is called so." : "It lists no torrents yet.")
        : h(
            "ul",
            { class: "card rows" },
            page.torrents.map((torrent) => row(one, torrent)),
          ),
    page && pager({ total: page.total, shown: page.torrents.length, size: PAGE }, route),
  );
}

function row(one, torrent) {
  const { info_hash: hash, size: bytes, target, max, priority, copies } = torrent;
  const own = target !== one.target || max !== one.max;
  const place = `entry ${one.id} ${hash}`;
  const data = { "data-hash": hash, "data-id": one.id };
  return h(
    "li",
    { "data-key": hash, "data-hash": hash },
    h(
      "div",
      { class: "what" },
      h("p", {}, torrentLink(torrent)),
      h(
        "p",
        { class: "quiet small" },
        `${size(bytes)} · ${count(copies)} of ${count(target)} copies${own ? `, at most ${count(max)}` : ""}${priority ? ` · priority ${priority}` : ""}`,
      ),
      outcome(place),
    ),
    h(
      "div",
      { class: "deeds" },
      h("button", { type: "button", "data-do": "entry", ...data }, "Change …", of(torrent)),
      h("button", { type: "button", "data-do": "unlist", ...data }, "Remove …", of(torrent)),
    ),
  );
}

function of({ name: text, info_hash: hash }) {
  return h("span", { class: "unseen" }, ` ${text ?? hash}`);
}

/** The torrents that the view has, by the deed's info-hash. */
let shown = [];
let present = null;

/** Notes what is on the page, for what the buttons do. */
export function note(one, page) {
  [present, shown] = [one, page?.torrents ?? []];
}

async function change({ hash, id }, tools) {
  const torrent = shown.find(({ info_hash: one }) => one === hash);
  if (!torrent) return;
  // What is the collection's own is not filled in: it goes on following the collection.
  const input = (key, label, usual) =>
    h(
      "div",
      { class: "field" },
      h("label", { for: `entry-${key}` }, label),
      h("input", {
        id: `entry-${key}`,
        name: key,
        inputmode: "numeric",
        placeholder: usual,
        value: (torrent[key] ?? usual) === usual ? "" : torrent[key],
      }),
    );
  const answer = await ask({
    title: "Change what is wanted of it",
    body: [
      h("p", {}, called(torrent)),
      h(
        "div",
        { class: "fields" },
        input("target", "Copies wanted", present.target),
        input("max", "Copies kept at most", present.max),
        input("priority", "Priority", 0),
      ),
      h("p", { class: "quiet small" }, "What is empty is as the collection says; higher priorities come first."),
    ],
    yes: "Change",
    check: (fields) =>
      Object.values(copiesFaults(fields)).find(Boolean) || (/^\d*$/.test(fields.priority.trim()) ? "" : "Priority: a whole number."),
  });
  if (answer)
    await carryOut(
      `entry ${id} ${hash}`,
      tools,
      "PATCH",
      `collections/${part(id)}/torrents/${part(hash)}`,
      numbersOrNone(answer, "target", "max", "priority"),
    );
}

async function unlist({ hash, id }, tools) {
  const torrent = shown.find(({ info_hash: one }) => one === hash) ?? { name: null, info_hash: hash };
  const body = [
    h("p", {}, called(torrent)),
    h(
      "p",
      {},
      "It is taken off the list of this collection, and beacons no longer see to its copies. ",
      h("b", {}, "No data is deleted"),
      ": files stay where they are, here and everywhere.",
    ),
  ];
  if (await ask({ title: "Remove it from the collection?", body, yes: "Remove", isGrave: true }))
    await carryOut(`list ${id}`, tools, "DELETE", `collections/${part(id)}/torrents/${part(hash)}`);
}

async function giveUp({ id, name: text }, tools) {
  const body = [
    h("p", {}, name(text)),
    h(
      "p",
      {},
      "Its file is renamed, so that this beacon reads it no more; naming it back undoes this. ",
      h("b", {}, "No data is deleted"),
      ".",
    ),
    h("p", {}, "Other beacons go on with it."),
  ];
  if (!(await ask({ title: "Give up this collection?", body, yes: "Give it up", isGrave: true }))) return;
  const answer = await carryOut(`giveup ${id}`, tools, "DELETE", `collections/${part(id)}`);
  if (answer) tools.go(href("add", ["collection"]));
}

async function submit(fields, tools) {
  const { id } = tools.form.dataset;
  const form = `settings-${id}`;
  if (!judge(form, { name: fields.name.trim() === "" && "Give it a name.", ...copiesFaults(fields, true) }, tools)) return;
  await carryOut(form, tools, "PATCH", `collections/${part(id)}`, { name: fields.name.trim(), ...numbersOrNone(fields, "target", "max") });
}

export const forms = { settings: submit };
export const deeds = { entry: change, unlist, giveup: giveUp };

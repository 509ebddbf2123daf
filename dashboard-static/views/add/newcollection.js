// A new collection: by its name and numbers, or by the whole text of its file. And those that are there, to be changed.

import { Problem } from "../../js/api.js";
import { h, name } from "../../js/dom.js";
import { count, counted } from "../../js/format.js";
import { marked } from "../../js/marked.js";
import { order } from "../../js/orders.js";
import { href } from "../../js/route.js";
import { carryOut, full, outcome, refusal, standing, whileBusy } from "../ordering.js";
import { finish } from "./drafts.js";
import { editor } from "./editor.js";
import { copiesFaults, field, judge, numbers } from "./fields.js";

const FORM = "collection";

/** What a new file says at first. Its id is its own for good. */
function template() {
  return `{
  "id": "${freshId()}",
  "name": "",
  "redundancy": { "target": 3, "max": 4 },
  "torrents": []
}
`;
}

/** A random UUID (RFC 9562, version 4); the browser's own function for it is only there over secure connections. */
function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/** The editor outlives the view, so that nothing that was typed is lost. */
let written = null;
const state = { isBusy: false, isGood: null, problem: null, done: "" };
/** Collections made here, by id: the beacon takes up a new file within a moment. */
const made = new Set();

/** Whether a collection was made here. */
export function isMadeHere(id) {
  return made.has(id);
}

/** The sections. */
export function newCollection({ collections }) {
  return [
    h(
      "section",
      { class: "card", "data-key": FORM, "aria-labelledby": "collection-title" },
      h("h2", { id: "collection-title" }, "Make a collection"),
      h(
        "p",
        { class: "quiet" },
        "A collection lists torrents and says how many copies of each are wanted. Give its file to others, and their beacons keep it with yours.",
      ),
      h(
        "form",
        { class: "fields", autocomplete: "off", "data-form": FORM },
        field(FORM, "name", "Name", { required: true, placeholder: "Town archive", wide: true }),
        field(
          FORM,
          "target",
          "Copies wanted",
          { inputmode: "numeric", required: true, value: "3" },
          { hint: "of each torrent; a single one may want others" },
        ),
        field(
          FORM,
          "max",
          "Copies kept at most",
          { inputmode: "numeric", placeholder: "as many as wanted" },
          { hint: "surplus above is given back" },
        ),
        h(
          "div",
          { class: "deeds wide" },
          h("button", { type: "submit", class: "main", ...whileBusy(standing(FORM).stage === "busy") }, "Make it"),
        ),
      ),
      outcome(FORM),
      h(
        "details",
        { "data-key": "whole" },
        h("summary", {}, "Or write its whole file"),
        h("div", { id: "new-collection-text", "data-own": true }),
        writing(),
      ),
    ),
    h(
      "section",
      { class: "card", "data-key": "collections", "aria-labelledby": "collections-title" },
      h("h2", { id: "collections-title" }, "Change a collection"),
      collections.length === 0
        ? h("p", { class: "quiet" }, "There is none yet.")
        : h(
            "ul",
            { class: "rows" },
            collections.map(({ id, name: called, torrents, target, problem }) =>
              h(
                "li",
                { "data-key": id },
                h(
                  "div",
                  { class: "what" },
                  h("p", {}, h("a", { href: href("add", ["collection", id]) }, name(called))),
                  h(
                    "p",
                    { class: "quiet small" },
                    `${counted(torrents, "torrent")}${typeof target === "number" ? `, ${count(target)} copies wanted` : ""}`,
                  ),
                  problem && h("p", { class: "refused small" }, problem),
                ),
              ),
            ),
          ),
    ),
  ];
}

function writing() {
  return h(
    "div",
    { class: "writing" },
    h(
      "div",
      { class: "deeds" },
      h(
        "button",
        { type: "button", class: "main", "data-do": "writecollection", disabled: state.isGood === false, ...whileBusy(state.isBusy) },
        "Make it of this text",
      ),
    ),
    state.problem && h("p", { class: "refused", role: "alert" }, marked(refusal(state.problem))),
    state.done && h("p", { class: "quiet", role: "status" }, state.done),
  );
}

/** Puts the editor into its place. */
export function mountEditor({ render }) {
  const place = document.getElementById("new-collection-text");
  if (!place || place.firstChild) return;
  if (!written) {
    written = editor({ label: { id: "new", text: "Collection file" }, changed: ({ isGood }) => ((state.isGood = isGood), render()) });
    written.text = template();
  }
  place.append(written.element);
}

async function submit(fields, tools) {
  const called = fields.name.trim();
  if (!judge(FORM, { name: called === "" && "Give it a name.", ...copiesFaults(fields, true) }, tools)) return;
  const answer = await carryOut(FORM, tools, "POST", "collections", { name: called, ...numbers(fields, "target", "max") });
  if (!answer) return;
  finish(tools.form);
  made.add(answer.id);
  tools.go(href("add", ["collection", answer.id]));
}

export const forms = { [FORM]: submit };

export const deeds = {
  async writecollection(_, tools) {
    Object.assign(state, { isBusy: true, problem: null, done: "" });
    tools.render();
    try {
      const answer = await order("POST", "collections", { text: written.text });
      if (answer) {
        state.done = full(answer.message ?? "it is made");
        written.text = template();
        made.add(answer.id);
        tools.refresh("collections", "status");
        tools.go(href("add", ["collection", answer.id]));
      }
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      state.problem = problem;
      if (problem.faults.length > 0) written.mark(problem.faults);
    }
    state.isBusy = false;
    tools.render();
  },
};

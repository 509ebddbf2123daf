// Making a torrent of something on the beacon's machine: a form, and how far it is.

import { Problem } from "../../js/api.js";
import { h, name, show } from "../../js/dom.js";
import { percent, sentence, size } from "../../js/format.js";
import { job, make, stop } from "./making.js";
import { bar, copyable, facts } from "../parts.js";

const LOOK_MS = 500;
/** Until the next look, where the last one was not answered. */
const RETRY_MS = 2_000;

let running = null;

function field(label, attributes, hint) {
  return h("label", {}, h("span", {}, label), h("input", attributes), hint && h("small", { class: "quiet" }, hint));
}

function choice(label, field, options) {
  const shown = options.map(([value, text]) => h("option", { value }, text));
  return h("label", {}, h("span", {}, label), h("select", { name: field }, shown));
}

function form() {
  return h(
    "form",
    { class: "making", autocomplete: "off" },
    field("File or directory", { name: "path", required: true, placeholder: "/srv/letters" }, "its whole path on the beacon's machine"),
    field("Name", { name: "name", placeholder: "as the file or directory is called" }),
    field("Collection", { name: "collection", placeholder: "none" }, "its name or id"),
    field("Copies", { name: "target", type: "number", min: 1, placeholder: "as the collection says" }),
    choice("Version", "version", [
      ["v1", "v1, for every client"],
      ["hybrid", "v1 and v2"],
      ["v2", "v2 only"],
    ]),
    h("label", { class: "check" }, h("input", { name: "private", type: "checkbox" }), h("span", {}, "Private")),
    h("button", { type: "submit" }, "Make the torrent"),
  );
}

/** What was filled in, as the API takes it; what was left empty is left out. */
function wanted(fields) {
  const text = (field) => fields.get(field).trim();
  return {
    path: text("path"),
    version: text("version"),
    private: fields.has("private"),
    ...(text("name") && { name: text("name") }),
    ...(text("collection") && { collection: text("collection") }),
    ...(text("target") && { target: Number(text("target")) }),
  };
}

function progress({ id, bytes_done: done, bytes_total: total }) {
  const part = total > 0 ? done / total : 0;
  return [
    bar(`${percent(part)} of ${size(total)} read`, [["plain", part]]),
    h("p", {}, total > 0 ? `${size(done)} of ${size(total)} read ` : "Looking what is there ", h("button", { type: "button", "data-job": id }, "Stop")),
  ];
}

function made({ name: called, file, info_hash: hash, magnet, left_out: leftOut, left_out_more: more, collection }) {
  return facts(
    ["Made", name(called)],
    ["File", h("code", {}, file)],
    collection && ["In", h("code", {}, collection)],
    ["Info-hash", copyable(hash, hash, "the info-hash")],
    ["Magnet link", copyable(`${magnet.slice(0, 40)}…`, magnet, "the magnet link")],
    leftOut.length > 0 && ["Left out", h("ul", { class: "plain" }, [...leftOut, ...(more > 0 ? [`and ${more} more`] : [])].map((text) => h("li", {}, text)))],
  );
}

function trouble(problem) {
  const rest = problem.wayOut ? `: ${problem.wayOut}` : "";
  return h("p", { class: "bad", role: "alert" }, `${sentence(problem.message)}${rest}`);
}

async function watch(id, place) {
  const again = (after) => setTimeout(() => watch(id, place), after);
  let state;
  try {
    state = await job(id);
    if (state === null) return;
  } catch (problem) {
    show(place, trouble(problem));
    // The job goes on, whether or not this look was answered, until the beacon knows it no more.
    if (problem.status === 404) running = null;
    else again(RETRY_MS);
    return;
  }
  if (state.state === "running") {
    show(place, progress(state));
    again(LOOK_MS);
    return;
  }
  running = null;
  show(place, state.state === "done" ? made(state.result) : trouble(new Problem(0, state.error, "")));
}

/** Puts the form into `section`, folded away until somebody wants it. */
export function install(section) {
  const outcome = h("div", { role: "status" });
  const fields = form();
  const details = h("details", { class: "card" }, h("summary", {}, "Make a torrent"), fields, outcome);
  section.append(details);

  fields.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (running !== null) return;
    running = 0;
    try {
      const begun = await make(wanted(new FormData(fields)));
      running = begun?.id ?? null;
      if (begun) watch(begun.id, outcome);
    } catch (problem) {
      running = null;
      show(outcome, trouble(problem));
    }
  });

  outcome.addEventListener("click", (event) => {
    const target = event.target.closest("[data-job]");
    if (target) stop(target.dataset.job).catch((problem) => show(outcome, trouble(problem)));
  });
}

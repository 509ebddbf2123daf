// Making a torrent of something on the beacon's machine: a form, and how far it is.

import { Problem, part, send } from "../../js/api.js";
import { announce } from "../../js/announce.js";
import { h, name } from "../../js/dom.js";
import { percent, sentence, size } from "../../js/format.js";
import { marked } from "../../js/marked.js";
import { order } from "../../js/orders.js";
import { href } from "../../js/route.js";
import { refusal, whileBusy } from "../ordering.js";
import { bar, copyable, facts } from "../parts.js";
import { check, copiesFaults, field, judge, numbers } from "./fields.js";

const FORM = "making";
const LOOK_MS = 500;
/** Until the next look, where the last one was not answered. */
const RETRY_MS = 2_000;
const VERSIONS = [
  ["v1", "v1, for every client"],
  ["hybrid", "v1 and v2"],
  ["v2", "v2 only"],
];

/** The job that is watched, how it stood at the last look, and what went wrong. */
const state = { watching: null, job: null, problem: null, isBusy: false, shared: null };

/** The section. */
export function making({ collections }) {
  const choices = [["", "none: only make the file"], ...collections.map(({ id, name: called }) => [id, called])];
  return h(
    "section",
    { class: "card", "data-key": FORM, "aria-labelledby": "making-title" },
    h("h2", { id: "making-title" }, "Make a torrent of files"),
    h(
      "p",
      { class: "quiet" },
      "Of a file or directory on the beacon’s machine, below one that ",
      h("code", {}, "create_from"),
      " names in its configuration. The .torrent file is put beside its collections.",
    ),
    h(
      "form",
      { class: "fields", autocomplete: "off", "data-form": FORM },
      field(
        FORM,
        "path",
        "File or directory",
        { required: true, placeholder: "/srv/letters", spellcheck: "false", wide: true },
        { hint: "Its whole path on the beacon’s machine" },
      ),
      field(FORM, "collection", "Put it into", {}, { kind: "select", options: choices }),
      field(FORM, "target", "Copies wanted", { inputmode: "numeric", placeholder: "as the collection says" }),
      field(FORM, "name", "Name", { placeholder: "as the file or directory is called" }),
      field(FORM, "version", "Version", {}, { kind: "select", options: VERSIONS }),
      check(FORM, "private", "Private: only its own trackers tell of peers"),
      h(
        "div",
        { class: "deeds wide" },
        h("button", { type: "submit", class: "main", ...whileBusy(state.isBusy || state.job?.state === "running") }, "Make the torrent"),
      ),
    ),
    h("div", { class: "outcome" }, outcome()),
  );
}

function outcome() {
  if (state.problem) return h("p", { class: "refused", role: "alert" }, marked(refusal(state.problem)));
  if (!state.job) return null;
  if (state.job.state === "running") return progress(state.job);
  if (state.job.state === "done") return made(state.job.result);
  return h("p", { class: "refused", role: "alert" }, marked(refusal({ message: state.job.error ?? "it was ended", wayOut: "" })));
}

function progress({ id, path, bytes_done: done, bytes_total: total }) {
  const part = total > 0 ? done / total : 0;
  return h(
    "div",
    { class: "job", role: "status" },
    h("p", {}, total > 0 ? `${size(done)} of ${size(total)} read of ` : "Looking what is there in ", h("code", {}, path)),
    h("div", { class: "progress" }, bar(`${percent(part)} read`, [["met", part]])),
    h("button", { type: "button", "data-do": "stopmaking", "data-job": id }, "Stop"),
  );
}

function made({ name: called, file, info_hash: hash, magnet, size: bytes, left_out: leftOut, left_out_more: more, collection }) {
  return h(
    "div",
    { class: "made", role: "status" },
    facts(
      ["Made", h("a", { href: href("torrent", [hash]) }, name(called)), ` ${size(bytes)}`],
      ["File", h("code", {}, file)],
      collection && ["In", h("code", {}, collection)],
      collection && ["Served", state.shared ?? serve()],
      ["Info-hash", copyable(hash, hash, "the info-hash")],
      ["Magnet link", copyable(`${magnet.slice(0, 40)}…`, magnet, "the magnet link")],
      leftOut.length > 0 && [
        "Left out",
        h(
          "ul",
          { class: "plain" },
          [...leftOut, ...(more > 0 ? [`and ${more} more`] : [])].map((text) => h("li", {}, marked(text))),
        ),
      ],
    ),
  );
}

/** Nobody has a torrent that was only made. */
function serve() {
  return [
    "by nobody yet ",
    h("button", { type: "button", "data-do": "servemade", ...whileBusy(state.isBusy) }, "Serve it from where it is"),
    h("p", { class: "quiet" }, "The client gives it to others from these files. They stay yours, and are never changed or deleted."),
  ];
}

/** What was filled in, as the API takes it; what was left empty is left out. */
function wanted(fields) {
  const told = ["name", "collection"].filter((field) => fields[field].trim() !== "");
  return {
    path: fields.path.trim(),
    version: fields.version,
    private: "private" in fields,
    ...Object.fromEntries(told.map((field) => [field, fields[field].trim()])),
    ...numbers(fields, "target"),
  };
}

async function submit(fields, tools) {
  const path = fields.path.trim();
  const found = { path: path === "" && "Say of what.", target: copiesFaults(fields).target };
  if (!judge(FORM, found, tools)) return;
  Object.assign(state, { problem: null, isBusy: true, shared: null });
  tools.render();
  try {
    const begun = await order("POST", "torrents/create", wanted(fields));
    if (begun) {
      Object.assign(state, { job: begun, watching: begun.id });
      watch(begun.id, tools);
    }
  } catch (problem) {
    note(problem);
  } finally {
    state.isBusy = false;
    tools.render();
  }
}

function note(problem) {
  if (!(problem instanceof Problem)) throw problem;
  state.problem = problem;
}

async function watch(id, tools) {
  if (state.watching !== id) return;
  let wait = LOOK_MS;
  try {
    state.job = await send("GET", `jobs/${part(id)}`);
    state.problem = null;
  } catch (problem) {
    note(problem);
    // The job goes on, whether or not this look was answered, until the beacon knows it no more.
    if (problem.status === 404) Object.assign(state, { watching: null, job: null });
    wait = RETRY_MS;
  }
  tools.render();
  if (state.watching === null) return;
  if (state.job?.state === "running") setTimeout(() => watch(id, tools), wait);
  else {
    state.watching = null;
    announce(state.job?.state === "done" ? "The torrent is made" : "No torrent was made");
    tools.refresh("collections", "torrents", "status");
  }
}

export const forms = { [FORM]: submit };

async function servemade(dataset, tools) {
  const { path, result } = state.job;
  Object.assign(state, { problem: null, isBusy: true });
  tools.render();
  try {
    const answer = await order("POST", `torrents/${part(result.info_hash)}/share`, { path });
    if (answer) state.shared = sentence(answer.message);
  } catch (problem) {
    note(problem);
  } finally {
    state.isBusy = false;
    tools.render();
    tools.refresh("torrents", "status");
  }
}

export const deeds = {
  servemade,
  async stopmaking({ job }, tools) {
    try {
      await order("DELETE", `jobs/${part(job)}`);
    } catch (problem) {
      note(problem);
      tools.render();
    }
  },
};

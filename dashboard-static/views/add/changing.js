// The text of a collection's file, read, changed and written back, without overwriting what somebody else changed.

import { Problem, part, send } from "../../js/api.js";
import { announce } from "../../js/announce.js";
import { h } from "../../js/dom.js";
import { marked } from "../../js/marked.js";
import { order } from "../../js/orders.js";
import { ask } from "../dialog.js";
import { full, refusal, whileBusy } from "../ordering.js";
import { lockedNote, session } from "../session.js";
import { TEXT_MAX, editor } from "./editor.js";

/** By collection: its file as it was read, and the editor with what the reader made of it. */
const files = new Map();

/** Its file, read once until the reader asks for it anew. */
export async function readFile(id, signal) {
  if (!session().loggedIn || files.has(id)) return;
  try {
    const { path, text, etag } = await send("GET", `collections/${part(id)}/file`);
    if (signal?.aborted || files.has(id)) return;
    files.set(id, { path, original: text, etag, editor: null, isGood: null, problem: null, isConflict: false, isBusy: false, done: "" });
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.status === 0) throw problem;
    if (problem.status === 401) session().loggedIn = false;
    else files.set(id, { path: "", original: "", etag: "", editor: null, problem, isUnreadable: true });
  }
}

/** The section. */
export function changing(id) {
  const file = files.get(id);
  const key = `file-${id}`;
  if (!session().loggedIn || session().readOnly)
    return h(
      "section",
      { class: "section", "data-key": key, "aria-label": "The file" },
      h("h2", {}, "The file itself"),
      lockedNote("The file"),
    );
  if (!file)
    return h(
      "section",
      { class: "card", "data-key": key, "aria-label": "The file" },
      h("h2", {}, "The file itself"),
      h("p", { class: "quiet" }, "Asking …"),
    );
  const isLong = file.original.length > TEXT_MAX;
  return h(
    "section",
    { class: "card", "data-key": key, "aria-label": "The file" },
    h("div", { class: "heading" }, h("h2", {}, "The file itself"), file.path && h("p", { class: "quiet" }, h("code", {}, file.path))),
    file.isUnreadable
      ? h("p", { class: "refused", role: "alert" }, marked(refusal(file.problem)))
      : isLong
        ? h(
            "p",
            { class: "quiet" },
            "It is too long to be edited here. Change single torrents below, or edit the file on the beacon’s machine: it is taken up within seconds.",
          )
        : [h("div", { id: "collection-text", "data-own": true }), saving(id, file)],
  );
}

function saving(id, file) {
  const isChanged = dirty(file);
  return h(
    "div",
    { class: "writing" },
    h(
      "div",
      { class: "deeds" },
      h(
        "button",
        {
          type: "button",
          class: "main",
          "data-do": "savefile",
          "data-id": id,
          disabled: file.isGood === false,
          ...whileBusy(file.isBusy || !isChanged),
        },
        "Save the file",
      ),
      h("button", { type: "button", "data-do": "revertfile", "data-id": id, ...whileBusy(file.isBusy || !isChanged) }, "Drop my changes"),
      isChanged && h("span", { class: "quiet small" }, "changed, and not saved"),
    ),
    file.isConflict &&
      h(
        "div",
        { class: "conflict", role: "alert" },
        h("p", {}, h("strong", {}, "The file was changed meanwhile"), ", by somebody else or by another program. Yours is not saved."),
        h(
          "div",
          { class: "deeds" },
          h("button", { type: "button", "data-do": "theirs", "data-id": id }, "Take theirs, drop mine"),
          h("button", { type: "button", class: "danger", "data-do": "mine", "data-id": id }, "Write mine over theirs"),
        ),
      ),
    file.problem && h("p", { class: "refused", role: "alert" }, marked(refusal(file.problem))),
    file.done && h("p", { class: "quiet", role: "status" }, file.done),
  );
}

/** Whether something would be lost with the page. */
export function isUnsaved() {
  return [...files.values()].some(dirty);
}

function dirty(file) {
  return file.editor !== null && file.editor.text !== file.original;
}

/** Puts the editor of a collection into its place. */
export function mountEditor(id, { render }) {
  const place = document.getElementById("collection-text");
  const file = files.get(id);
  if (!place || !file || file.isUnreadable) return;
  if (!file.editor) {
    file.editor = editor({
      label: { id, text: "Collection file" },
      changed: ({ isGood }) => ((file.isGood = isGood), (file.done = ""), render()),
    });
    file.editor.text = file.original;
  }
  if (place.firstChild === file.editor.element) return;
  place.replaceChildren(file.editor.element);
}

/** Reads it anew where the reader has changed nothing, since something else may have. */
export async function refreshFile(id) {
  const file = files.get(id);
  if (!file || !session().loggedIn || file.isUnreadable || dirty(file) || file.isBusy) return;
  const now = await send("GET", `collections/${part(id)}/file`).catch(() => null);
  if (!now || dirty(file)) return;
  Object.assign(file, { original: now.text, etag: now.etag, path: now.path });
  if (file.editor && file.editor.text !== now.text) file.editor.text = now.text;
}

async function save(id, tools) {
  const file = files.get(id);
  const text = file.editor.text;
  Object.assign(file, { isBusy: true, problem: null, done: "", isConflict: false });
  tools.render();
  try {
    const answer = await order("PUT", `collections/${part(id)}/file`, { text }, { "If-Match": file.etag });
    if (answer) {
      Object.assign(file, { original: text, done: full(answer.message ?? "it is saved") });
      const now = await send("GET", `collections/${part(id)}/file`);
      file.etag = now.etag;
      announce(file.done);
      tools.refresh("collections", "torrents", "status");
    }
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    file.isConflict = await isOther(id, file, problem);
    if (!file.isConflict) file.problem = problem;
    if (problem.faults.length > 0) file.editor.mark(problem.faults);
  }
  file.isBusy = false;
  tools.render();
}

/** Whether a refusal means that the file is not what was read; there are other things that a file may clash with. */
async function isOther(id, { etag }, { status }) {
  if (status === 412) return true;
  if (status !== 409) return false;
  const now = await send("GET", `collections/${part(id)}/file`).catch(() => null);
  return now !== null && now.etag !== etag;
}

/** Takes what is in the file now; the reader's own text goes on only where `keeps` is set. */
async function reread(id, keeps, tools) {
  const file = files.get(id);
  const now = await order("GET", `collections/${part(id)}/file`).catch((problem) => ((file.problem = problem), null));
  if (now) {
    Object.assign(file, { etag: now.etag, original: now.text, isConflict: false, problem: null });
    if (!keeps) file.editor.text = now.text;
  }
  tools.render();
  return now !== null;
}

export const deeds = {
  savefile: ({ id }, tools) => save(id, tools),
  async revertfile({ id }, tools) {
    if (
      await ask({
        title: "Drop your changes?",
        body: h("p", {}, "The text is as the file is again. What you typed is gone."),
        yes: "Drop them",
        isGrave: true,
      })
    )
      await reread(id, false, tools);
  },
  theirs: ({ id }, tools) => reread(id, false, tools),
  async mine({ id }, tools) {
    const body = h("p", {}, "What was changed in the file meanwhile is gone then, unless your text has it too.");
    if ((await ask({ title: "Write your text over theirs?", body, yes: "Write mine", isGrave: true })) && (await reread(id, true, tools)))
      await save(id, tools);
  },
};

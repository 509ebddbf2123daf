// Putting torrents into a collection: .torrent files from the reader's machine, and magnet links.

import { Problem, part } from "../../js/api.js";
import { announce } from "../../js/announce.js";
import { h } from "../../js/dom.js";
import { counted } from "../../js/format.js";
import { marked } from "../../js/marked.js";
import { order } from "../../js/orders.js";
import { href } from "../../js/route.js";
import { full, refusal, whileBusy } from "../ordering.js";
import { copiesFaults, field, judge, numbers } from "./fields.js";
import { finish } from "./drafts.js";

/** More at once are better added to the file itself. */
const ITEMS_MAX = 200;
/** No .torrent file that a beacon takes is larger. */
const FILE_BYTES_MAX = 16 * 1024 * 1024;
const MAGNET = /^magnet:\?\S*xt=urn:bt(ih|mh):\S+/i;

/** What came of each, by form. */
const outcomes = new Map();
let busy = null;

/** The form; without `collection`, the reader chooses one. */
export function gather(collections, collection = null) {
  const form = collection ? `gather-${collection.id}` : "gather";
  if (collections.length === 0) return nothing();
  const isBusy = busy === form;
  return h(
    "section",
    { class: "card", "data-key": form, "aria-labelledby": `${form}-title` },
    h("h2", { id: `${form}-title` }, collection ? "Add torrents" : "Add torrents that exist"),
    h("p", { class: "quiet" }, "With its .torrent file a torrent is known at once; with a magnet link, once somebody who has it is found."),
    h(
      "form",
      { class: "fields", autocomplete: "off", "data-form": "gather", "data-place": form, "data-collection": collection?.id },
      !collection &&
        field(
          form,
          "collection",
          "Collection",
          { required: true, wide: true },
          { kind: "select", options: collections.map(({ id, name }) => [id, name]) },
        ),
      field(
        form,
        "files",
        ".torrent files",
        { type: "file", accept: ".torrent,application/x-bittorrent", multiple: true, wide: true },
        { hint: "One or more; they can also be dropped here" },
      ),
      field(
        form,
        "magnets",
        "Magnet links",
        { rows: 3, spellcheck: "false", placeholder: "magnet:?xt=urn:btih:…", wide: true },
        { kind: "textarea", hint: "One a line" },
      ),
      h(
        "details",
        { class: "wide" },
        h("summary", {}, "Copies and priority of their own"),
        h(
          "div",
          { class: "fields" },
          field(form, "target", "Copies wanted", { inputmode: "numeric", placeholder: "as the collection says" }),
          field(form, "max", "Copies kept at most", { inputmode: "numeric", placeholder: "as the collection says" }),
          field(form, "priority", "Priority", { inputmode: "numeric", placeholder: "0" }, { hint: "Higher ones come first" }),
        ),
      ),
      h("div", { class: "deeds wide" }, h("button", { type: "submit", class: "main", ...whileBusy(isBusy) }, isBusy ? "Adding …" : "Add")),
    ),
    results(form),
  );
}

function nothing() {
  return h(
    "section",
    { class: "card", "data-key": "gather" },
    h("h2", {}, "Add torrents that exist"),
    h(
      "p",
      { class: "quiet" },
      "There is no collection yet to put them into. ",
      h("a", { href: href("add", ["collection"]) }, "Make one"),
      " first.",
    ),
  );
}

function results(form) {
  const all = outcomes.get(form) ?? [];
  if (all.length === 0) return null;
  return h(
    "ul",
    { class: "results", "aria-live": "polite" },
    all.map(({ what, text, isBad }) => h("li", { class: isBad ? "refused" : null }, h("b", {}, what), " ", marked(text))),
  );
}

async function submit(fields, tools) {
  const { form } = tools;
  const place = form.dataset.place;
  const files = [...form.elements.files.files];
  const magnets = fields.magnets.split(/\s+/).filter(Boolean);
  const wrong = magnets.find((text) => !MAGNET.test(text));
  const large = files.find((file) => file.size > FILE_BYTES_MAX);
  const isNumber = /^\d*$/.test(fields.priority.trim());
  const found = {
    files: large
      ? `${large.name} is too large for a .torrent file.`
      : files.length + magnets.length === 0 && "Choose files, or paste links.",
    magnets: wrong
      ? `“${wrong.slice(0, 50)}” is no magnet link: one begins with magnet:?xt=urn:btih:`
      : files.length + magnets.length > ITEMS_MAX && `At most ${ITEMS_MAX} at once.`,
    ...copiesFaults(fields),
    priority: !isNumber && "A whole number.",
  };
  if (!judge(place, found, tools)) return;
  busy = place;
  outcomes.set(place, []);
  tools.render();
  try {
    await addAll(
      place,
      fields.collection ?? form.dataset.collection,
      { files, magnets },
      numbers(fields, "target", "max", "priority"),
      tools,
    );
  } finally {
    busy = null;
  }
  const all = outcomes.get(place);
  if (all.length > 0 && all.every(({ isBad }) => !isBad)) finish(form);
  announce(`${counted(all.filter(({ isBad }) => !isBad).length, "torrent")} added`);
  tools.refresh("collections", "torrents", "status");
}

/** One after the other, so that each changes the file as the one before left it. */
async function addAll(place, collection, { files, magnets }, wishes, tools) {
  const items = [
    ...files.map((file) => [file.name, async () => ({ torrent: await base64(file) })]),
    ...magnets.map((magnet) => [nameOf(magnet), async () => ({ magnet })]),
  ];
  for (const [what, body] of items) {
    let answer;
    try {
      answer = await order("POST", `collections/${part(collection)}/torrents`, { ...(await body()), ...wishes });
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      outcomes.get(place).push({ what, text: refusal(problem), isBad: true });
      tools.render();
      continue;
    }
    // The reader would rather not log in: nothing of the rest would be taken either.
    if (answer === null) return;
    outcomes.get(place).push({ what, text: full(answer.message ?? "is added"), isBad: false });
    tools.render();
  }
}

function nameOf(magnet) {
  const called = new URLSearchParams(magnet.slice(magnet.indexOf("?") + 1)).get("dn");
  return called ?? `${magnet.slice(0, 36)}…`;
}

function base64(file) {
  return new Promise((settle, refuse) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => settle(reader.result.slice(reader.result.indexOf(",") + 1)));
    reader.addEventListener("error", () => refuse(new Problem(-1, `${file.name} cannot be read`, "choose it again")));
    reader.readAsDataURL(file);
  });
}

/** Takes .torrent files that are dropped on the form. */
export function listen(place) {
  const formOf = (event) => event.target.closest?.("form[data-form=gather]");
  place.addEventListener("dragover", (event) => {
    if (!formOf(event) || !event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    formOf(event).classList.add("dropping");
  });
  place.addEventListener("dragleave", (event) => formOf(event)?.classList.remove("dropping"));
  place.addEventListener("drop", (event) => {
    const form = formOf(event);
    if (!form || event.dataTransfer.files.length === 0) return;
    event.preventDefault();
    form.classList.remove("dropping");
    form.elements.files.files = event.dataTransfer.files;
  });
}

export const forms = { gather: submit };

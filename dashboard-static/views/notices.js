// What the reader should know or mend before anything else.

import { h } from "../js/dom.js";
import { href } from "../js/route.js";
import { said } from "./parts.js";

const WORDS = { error: "Error", dry: "Dry run", warning: "Warning", info: "Note" };

function notice(severity, ...text) {
  return h(
    "div",
    { class: `notice ${severity}`, role: severity === "error" ? "alert" : null },
    h("strong", {}, WORDS[severity]),
    h("p", {}, ...text),
  );
}

function dryRun() {
  return notice(
    "dry",
    "This beacon only shows what it would do. Look at ",
    h("a", { href: href("beacon") }, "its plan"),
    ", and let it act when you agree.",
  );
}

/** What the client's state and warnings say that no notice says already. */
function ofClient({ notices: told, client: { state, problem, warnings } }) {
  const trouble = state === "trouble" ? [{ severity: "error", text: problem ?? "the client does not answer" }] : [];
  const all = [...trouble, ...warnings.map((text) => ({ severity: "warning", text }))];
  return all.filter(({ text }) => !told.some((notice) => notice.text === text));
}

function told(status) {
  const urgency = Object.keys(WORDS);
  const all = [...status.notices, ...ofClient(status)];
  return all.sort((one, other) => urgency.indexOf(one.severity) - urgency.indexOf(other.severity));
}

/** What the reader of any view should know at once. */
export function notices({ status, link: { problem } }) {
  const refused = problem && problem.status > 0 && notice("error", said(`${problem.message}: ${problem.wayOut}`), ".");
  const errors = told(status).filter(({ severity }) => severity === "error");
  return [refused, errors.map(({ text }) => notice("error", said(text)))];
}

/** What is less urgent: for the views that show how the beacon does. */
export function notes(status) {
  const lesser = told(status).filter(({ severity }) => severity !== "error");
  const isDry = status.beacon.mode === "dry-run";
  if (lesser.length === 0 && !isDry) return null;
  return h("div", { class: "notes" }, isDry && dryRun(), lesser.map(({ severity, text }) => notice(severity, said(text))));
}

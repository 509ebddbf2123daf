// What the reader should know or mend before anything else.

import { h } from "../js/dom.js";
import { sentence } from "../js/format.js";

const WORDS = { error: "Error", warning: "Warning", info: "Note" };

function notice(severity, ...text) {
  return h("div", { class: `notice ${severity}`, role: severity === "error" ? "alert" : null }, h("strong", {}, WORDS[severity]), h("p", {}, ...text));
}

/** Whether this page is up to date. */
export function link({ linked, problem, answeredAt }) {
  if (linked === null && !problem) return h("span", { class: "quiet" }, "connecting …");
  if (linked && !problem) return h("span", { class: "live" }, "live");
  const from = answeredAt ? ` What you see is from ${new Date(answeredAt).toLocaleTimeString()}.` : "";
  return h("span", { class: "lost" }, h("span", {}, "connection lost, retrying …"), h("span", { class: "from" }, from));
}

function dryRun() {
  return h(
    "div",
    { class: "notice dry" },
    h("strong", {}, "Dry run"),
    h(
      "p",
      {},
      "This beacon only shows what it would do. When you agree with its plan below, set ",
      h("code", {}, '"mode": "apply"'),
      " in its configuration file and start it again.",
    ),
  );
}

function client({ client: { state, problem, warnings } }, told) {
  const fresh = (text) => !told.has(text);
  return [
    state === "trouble" && fresh(problem) && notice("error", sentence(problem ?? "the client does not answer")),
    warnings.filter(fresh).map((text) => notice("warning", sentence(text))),
  ];
}

/** Everything that wants attention, most urgent first. */
export function notices({ status, problem }) {
  const refused = problem && problem.status !== 0 && notice("error", `${sentence(problem.message)}: ${problem.wayOut}.`);
  if (!status) return [refused];
  const told = new Set(status.notices.map(({ text }) => text));
  return [
    refused,
    status.notices.map(({ severity, text }) => notice(severity, sentence(text))),
    client(status, told),
    status.beacon.mode === "dry-run" && dryRun(),
  ];
}

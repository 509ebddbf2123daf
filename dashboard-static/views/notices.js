// What the reader should know or mend before anything else.

import { h } from "../js/dom.js";
import { sentence } from "../js/format.js";

const WORDS = { error: "Error", warning: "Warning", info: "Note" };

function notice(severity, ...text) {
  return h(
    "div",
    { class: `notice ${severity}`, role: severity === "error" ? "alert" : null },
    h("strong", {}, WORDS[severity]),
    h("p", {}, ...text),
  );
}

/** Whether this page is up to date. */
export function link({ linked, problem, answeredAt }) {
  if (linked === null && !problem) return h("span", { class: "quiet" }, "connecting …");
  if (linked && !problem) return h("span", { class: "live" }, "live");
  // It answers, but not with figures: the notice says why.
  if (linked && problem.status !== 0) return h("span", { class: "lost" }, "figures are not fresh");
  const from = answeredAt ? ` What you see is from ${new Date(answeredAt).toLocaleTimeString()}.` : "";
  const lost = h("span", {}, "connection lost, retrying …");
  return h("span", { class: "lost" }, lost, h("span", { class: "from" }, from));
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

/** What the client's state and warnings say that no notice says already. */
function ofClient({ notices: told, client: { state, problem, warnings } }) {
  const trouble = state === "trouble" ? [{ severity: "error", text: problem ?? "the client does not answer" }] : [];
  const all = [...trouble, ...warnings.map((text) => ({ severity: "warning", text }))];
  return all.filter(({ text }) => !told.some((notice) => notice.text === text));
}

/** Everything that wants attention, most urgent first. */
export function notices({ status, problem }) {
  const refused =
    problem && problem.status !== 0 && notice("error", `${sentence(problem.message)}: ${problem.wayOut}.`);
  if (!status) return [refused];
  const urgency = Object.keys(WORDS);
  const all = [...status.notices, ...ofClient(status)];
  all.sort((one, other) => urgency.indexOf(one.severity) - urgency.indexOf(other.severity));
  return [
    refused,
    all.map(({ severity, text }) => notice(severity, sentence(text))),
    status.beacon.mode === "dry-run" && dryRun(),
  ];
}

// What the reader should know or mend before anything else.

import { h } from "../js/dom.js";
import { sentence } from "../js/format.js";
import { href } from "../js/route.js";

/** Where warnings and notes are shown as well. */
const WIDE_VIEWS = ["overview", "beacon"];
const WORDS = { error: "Error", warning: "Warning", info: "Note" };

function notice(severity, ...text) {
  return h(
    "div",
    { class: `notice ${severity}`, role: severity === "error" ? "alert" : null },
    h("strong", {}, WORDS[severity]),
    h("p", {}, ...text),
  );
}

function dryRun() {
  return h(
    "div",
    { class: "notice dry" },
    h("strong", {}, "Dry run"),
    h(
      "p",
      {},
      "This beacon only shows what it would do. Look at ",
      h("a", { href: href("beacon") }, "its plan"),
      ", and let it apply that when you agree.",
    ),
  );
}

/** What the client's state and warnings say that no notice says already. */
function ofClient({ notices: told, client: { state, problem, warnings } }) {
  const trouble = state === "trouble" ? [{ severity: "error", text: problem ?? "the client does not answer" }] : [];
  const all = [...trouble, ...warnings.map((text) => ({ severity: "warning", text }))];
  return all.filter(({ text }) => !told.some((notice) => notice.text === text));
}

/** Everything that wants attention, most urgent first; less urgent things only where one looks for them. */
export function notices({ status, link: { problem } }, view) {
  const refused =
    problem && problem.status !== 0 && notice("error", `${sentence(problem.message ?? "")}: ${problem.wayOut ?? ""}.`);
  const isWide = WIDE_VIEWS.includes(view);
  const urgency = Object.keys(WORDS);
  const all = [...status.notices, ...ofClient(status)].filter(({ severity }) => isWide || severity === "error");
  all.sort((one, other) => urgency.indexOf(one.severity) - urgency.indexOf(other.severity));
  return [
    refused,
    all.map(({ severity, text }) => notice(severity, sentence(text))),
    isWide && status.beacon.mode === "dry-run" && dryRun(),
  ];
}

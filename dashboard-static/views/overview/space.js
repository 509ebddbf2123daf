// What the archive takes: what is stored against what is wanted, and against everyone keeping everything.

import { h } from "../../js/dom.js";
import { percent, size } from "../../js/format.js";
import { bar, facts } from "../parts.js";

function row(text, bytes, most, kind) {
  return h(
    "div",
    { class: "measure" },
    h("span", { class: "quiet" }, text),
    h("b", {}, size(bytes)),
    bar(`${text} ${size(bytes)}`, [[kind, bytes / most]]),
  );
}

/** The card. */
export function space({ bytes_total: total, bytes_here: here, bytes_stored: stored, bytes_wanted: wanted, bytes_mirrored: mirrored }) {
  const most = Math.max(stored, wanted, mirrored, 1);
  const saved = mirrored > wanted && wanted > 0 ? 1 - wanted / mirrored : 0;
  return h(
    "section",
    { class: "card space", "aria-label": "Space" },
    h("h2", {}, "Space"),
    row("All copies now", stored, most, "met"),
    row("All copies wanted", wanted, most, "reserved"),
    row("If everyone kept everything", mirrored, most, "plain"),
    saved > 0 && h("p", { class: "quiet" }, `Sharing the work saves ${percent(saved)} of the disks that full mirrors would need.`),
    facts(["One copy of all", size(total)], ["On this beacon", total > 0 ? `${size(here)}, ${percent(here / total)} of it` : size(here)]),
  );
}

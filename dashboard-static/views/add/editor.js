// The text of a collection file, checked while it is typed, with what is wrong marked beside its line.

import { Problem, send } from "../../js/api.js";
import { h, show } from "../../js/dom.js";
import { count, counted, size } from "../../js/format.js";
import { marked } from "../../js/marked.js";
import { refusal } from "../ordering.js";

const PAUSE_MS = 350;
/** A longer file is better edited elsewhere: browsers get slow, and the beacon takes no longer text. */
export const TEXT_MAX = 1_000_000;
/** Beside more lines, numbers are not shown. */
const LINES_MAX = 20_000;
const FAULTS_MAX = 20;

/** An editor. `changed(state)` is called with `{ text, isGood }` whenever the text was changed or checked. */
export function editor({ label, changed }) {
  const id = `editor-${label.id}`;
  const field = h("textarea", {
    id,
    class: "source",
    rows: 18,
    wrap: "off",
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    "aria-describedby": `${id}-faults`,
  });
  const gutter = h("div", { class: "gutter", "aria-hidden": "true" });
  const findings = h("div", { id: `${id}-faults`, class: "findings", role: "status", "aria-live": "polite" });
  const element = h("div", { class: "editor" }, h("label", { for: id }, label.text), h("div", { class: "pane" }, gutter, field), findings);
  const state = { faults: [], isGood: null, asked: 0, timer: null, lines: 0 };

  function number() {
    const lines = field.value.split("\n").length;
    const marked = new Map(state.faults.map((fault) => [fault.line, fault.text]));
    if (lines > LINES_MAX) show(gutter);
    else if (lines !== state.lines || marked.size > 0 || gutter.querySelector(".bad"))
      show(
        gutter,
        Array.from({ length: lines }, (_, at) =>
          h("span", { class: marked.has(at + 1) ? "bad" : null, title: marked.get(at + 1) }, at + 1),
        ),
      );
    state.lines = lines;
    gutter.scrollTop = field.scrollTop;
  }

  async function check() {
    state.asked += 1;
    const asked = state.asked;
    const text = field.value;
    if (text.trim() === "") return say([], null, h("p", { class: "quiet" }, "Nothing is written yet."));
    try {
      const answer = await send("POST", "collections/check", { text });
      if (asked !== state.asked) return undefined;
      if (answer.ok)
        return say(
          [],
          true,
          h("p", { class: "good" }, `It reads well: “${answer.name}”, ${counted(answer.torrents, "torrent")}, ${size(answer.bytes)}.`),
        );
      return mark(answer.problems);
    } catch (problem) {
      if (!(problem instanceof Problem)) throw problem;
      if (asked !== state.asked) return undefined;
      if (problem.faults.length > 0) return mark(problem.faults);
      const text = problem.status === 401 ? "Log in, and it is checked as you type." : refusal(problem);
      return say(
        [],
        null,
        h("p", { class: "quiet" }, marked(text)),
        problem.status === 401 && h("p", {}, h("button", { type: "button", "data-session": "in" }, "Log in")),
      );
    }
  }

  /** Shows faults, each leading to its place. */
  function mark(faults) {
    const surplus = faults.length - FAULTS_MAX;
    say(
      faults,
      false,
      h("p", { class: "refused" }, faults.length === 1 ? "One thing is wrong:" : `${count(faults.length)} things are wrong:`),
      h(
        "ol",
        {},
        faults
          .slice(0, FAULTS_MAX)
          .map(({ line, column, text }) =>
            h(
              "li",
              {},
              h("button", { type: "button", class: "link", "data-line": line, "data-column": column }, `line ${line}, column ${column}`),
              ": ",
              marked(text),
            ),
          ),
      ),
      surplus > 0 && h("p", { class: "quiet" }, `and ${count(surplus)} more`),
    );
  }

  function say(faults, isGood, ...content) {
    Object.assign(state, { faults, isGood });
    field.setAttribute("aria-invalid", isGood === false ? "true" : "false");
    show(findings, content);
    number();
    changed({ text: field.value, isGood });
  }

  /** Puts the cursor where something is wrong. */
  function jump(line, column) {
    const lines = field.value.split("\n");
    const before = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    // Columns count characters, the field counts UTF-16 units.
    const offset = before + [...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length;
    const word = /^["\w$.-]*/.exec(field.value.slice(offset, offset + 80))[0].length;
    field.focus();
    field.setSelectionRange(offset, offset + Math.max(1, word));
    const height = Number.parseFloat(getComputedStyle(field).lineHeight);
    field.scrollTop = Math.max(0, (line - 4) * height);
    field.scrollLeft = Math.max(0, column * 7.5 - field.clientWidth * 0.7);
  }

  field.addEventListener("input", () => {
    number();
    changed({ text: field.value, isGood: null });
    clearTimeout(state.timer);
    state.timer = setTimeout(check, PAUSE_MS);
  });
  field.addEventListener("scroll", () => (gutter.scrollTop = field.scrollTop));
  findings.addEventListener(
    "click",
    ({ target }) => target.dataset.line && jump(Number(target.dataset.line), Number(target.dataset.column)),
  );

  return {
    element,
    mark,
    check,
    get text() {
      return field.value;
    },
    set text(text) {
      field.value = text;
      state.faults = [];
      number();
      show(findings);
    },
  };
}

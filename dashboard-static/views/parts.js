// Pieces that several views are made of.

import { h } from "../js/dom.js";

/** A heading with a quiet remark beside it. */
export function heading(text, ...remark) {
  return h("div", { class: "heading" }, h("h2", {}, text), remark.length > 0 && h("p", { class: "quiet" }, ...remark));
}

/** Names and values, one pair a line. */
export function facts(...pairs) {
  return h(
    "dl",
    { class: "facts" },
    pairs.filter(Boolean).map(([term, ...value]) => [h("dt", {}, term), h("dd", {}, ...value)]),
  );
}

/** A text that one may want elsewhere, shown short and copied whole. */
export function copyable(shown, text, what) {
  return h(
    "span",
    { class: "copyable" },
    h("code", { title: text, "data-copy-source": true }, shown),
    h("button", {
      type: "button",
      class: "copy",
      "data-do": "copy",
      "data-text": text,
      title: `Copy ${what}`,
      "aria-label": `Copy ${what}`,
    }),
  );
}

/** A bar whose parts, each `[class, part of 1]`, are also said in `label`. */
export function bar(label, parts) {
  const visible = parts.filter(([, part]) => part > 0);
  return h(
    "div",
    { class: "bar", role: "img", "aria-label": label, title: label },
    visible.map(([kind, part]) => h("span", { class: kind, style: { width: `${Math.min(1, part) * 100}%` } })),
  );
}

/** A word in a pill, coloured by its kind. */
export function pill(kind, ...text) {
  return h("span", { class: `pill ${kind}` }, ...text);
}

// Pieces that several views are made of.

import { h } from "../js/dom.js";
import { exact, relative, sentence } from "../js/format.js";
import { marked } from "../js/marked.js";

/** How long ago a moment (RFC 3339) was, the exact one on hover; it is kept true. */
export function moment(at, attributes = {}) {
  return h("time", { datetime: at, title: exact(at), "data-relative": true, ...attributes }, relative(at));
}

/** A moment told as seconds before now. */
export function secondsAgo(seconds) {
  return moment(new Date(Math.round((Date.now() - seconds * 1000) / 1000) * 1000).toISOString());
}

/** The name of a view, with a remark and what can be done there. */
export function top(text, remark = null, ...deeds) {
  return h(
    "div",
    { class: "heading view-top" },
    h("h1", {}, text),
    remark && h("p", { class: "quiet" }, remark),
    deeds.length > 0 && h("div", { class: "deeds" }, ...deeds),
  );
}

/** A heading with a quiet remark beside it. */
export function heading(text, ...remark) {
  return h("div", { class: "heading" }, h("h2", {}, text), remark.length > 0 && h("p", { class: "quiet" }, ...remark));
}

/** A message of the beacon as a sentence, what it has in backquotes set as code. */
export function said(text) {
  return marked(sentence(text));
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

// Sentences of the beacon, in which names of keys, files and commands stand in backquotes.

import { h } from "./dom.js";

/** A line whose code in backquotes is code. */
export function marked(text) {
  return text.split(/`([^`]+)`/).map((part, at) => (at % 2 === 1 ? h("code", {}, part) : part));
}

/** The same for paragraphs, which empty lines divide. */
export function prose(text) {
  return (text ?? "")
    .split(/\n\s*\n/)
    .filter((paragraph) => paragraph.trim() !== "")
    .map((paragraph) => h("p", {}, marked(paragraph)));
}

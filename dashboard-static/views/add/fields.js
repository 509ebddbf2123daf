// Fields of forms: each with its label, its hint, and what is wrong with it, tied together for who listens.

import { h } from "../../js/dom.js";

/** By form and field: what is wrong with what was filled in. */
const faults = new Map();

/** A field with its label. `id` is also the name of the place where faults are kept; `kind` is `input`, `select` or
 *  `textarea`. */
export function field(form, name, label, attributes = {}, { hint = null, kind = "input", options = [] } = {}) {
  const id = `${form}-${name}`;
  const fault = faults.get(id) ?? "";
  const about = [hint && `${id}-hint`, fault && `${id}-fault`].filter(Boolean).join(" ");
  const control = { id, name, "aria-describedby": about || null, "aria-invalid": fault ? "true" : null, ...attributes };
  return h(
    "div",
    { class: `field ${attributes.wide ? "wide" : ""}`, "data-key": id },
    h("label", { for: id }, label),
    h(
      kind,
      { ...control, wide: null },
      options.map(([value, text, more]) => h("option", { value, ...more }, text)),
    ),
    fault && h("p", { id: `${id}-fault`, class: "refused small" }, fault),
    hint && h("p", { id: `${id}-hint`, class: "quiet small" }, hint),
  );
}

/** A box to tick. */
export function check(form, name, label, attributes = {}) {
  const id = `${form}-${name}`;
  return h(
    "div",
    { class: "field", "data-key": id },
    h("label", { class: "check" }, h("input", { id, name, type: "checkbox", ...attributes }), h("span", {}, label)),
  );
}

/** Sets what is wrong with a form, by field; whether nothing is. The first field at fault takes the focus. */
export function judge(form, found, { render }) {
  for (const id of faults.keys()) if (id.startsWith(`${form}-`)) faults.delete(id);
  const wrong = Object.entries(found).filter(([, text]) => text);
  for (const [name, text] of wrong) faults.set(`${form}-${name}`, text);
  render();
  if (wrong.length > 0) document.getElementById(`${form}-${wrong[0][0]}`)?.focus();
  return wrong.length === 0;
}

/** What is wrong with the copies wanted, as typed. */
export function copiesFaults({ target = "", max = "" }, isRequired = false) {
  const number = (text) => (/^\d+$/.test(text.trim()) && Number(text) > 0 ? Number(text) : null);
  const [wanted, most] = [number(target), number(max)];
  return {
    target: target.trim() === "" ? isRequired && "Say how many copies are wanted." : wanted === null && "A whole number above 0.",
    max:
      max.trim() !== "" &&
      (most === null
        ? "A whole number above 0."
        : wanted !== null && most < wanted && `At least ${wanted}: fewer than wanted would never be kept.`),
  };
}

/** Fields of numbers as the API takes them where an empty one takes a number away. */
export function numbersOrNone(fields, ...names) {
  return Object.fromEntries(names.map((name) => [name, fields[name].trim() === "" ? null : Number(fields[name])]));
}

/** Fields of numbers that were filled in, as the API takes them. */
export function numbers(fields, ...names) {
  const told = names.filter((name) => (fields[name] ?? "").trim() !== "");
  return Object.fromEntries(told.map((name) => [name, Number(fields[name])]));
}

// Questions that stand above everything else until they are answered.

import { h } from "../js/dom.js";

let number = 0;

/** Asks whether something is to be done; what the reader filled in, by name, or `null` where the reader would rather not.
 *  `check` may find fault with it: a sentence, with which the question stays. */
export function ask({ title, body, yes, no = "Cancel", isGrave = false, check = () => "" }) {
  number += 1;
  const id = `dialog-${number}`;
  const said = h("p", { class: "refused", role: "alert" });
  const form = h(
    "form",
    {},
    h("h2", { id }, title),
    body,
    said,
    h(
      "div",
      { class: "deeds" },
      h("button", { type: "submit", class: isGrave ? "danger" : "main" }, yes),
      h("button", { type: "button", "data-no": true, autofocus: isGrave }, no),
    ),
  );
  const dialog = h("dialog", { class: "question", "aria-labelledby": id }, form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((settle) => {
    let answer = null;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const fields = Object.fromEntries(new FormData(form));
      said.textContent = check(fields);
      if (said.textContent !== "") return;
      answer = fields;
      dialog.close();
    });
    form.querySelector("[data-no]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      settle(answer);
    });
  });
}

// Logging in: the token opens a session, whose cookie the browser keeps.

import { Problem, send } from "../js/api.js";
import { h } from "../js/dom.js";
import { sentence } from "../js/format.js";
import { askLoginWith } from "../js/orders.js";

/** Lets orders ask the reader to log in. */
export function install() {
  askLoginWith(ask);
}

/** Asks for the token until it opens the door or the reader would rather not; whether it did. */
function ask(reason) {
  const said = h("p", { role: "alert" }, reason);
  const dialog = h(
    "dialog",
    { class: "login", "aria-labelledby": "login-title" },
    h(
      "form",
      {},
      h("h2", { id: "login-title" }, "Log in"),
      h("p", { id: "login-hint" }, "Orders need the token: ", h("code", {}, "beacon page"), " prints a link that logs in once, and the token is in the file ", h("code", {}, "api.token"), " of the beacon’s data directory."),
      h("label", {}, h("span", {}, "Token"), h("input", { type: "password", name: "token", required: true, autocomplete: "off", "aria-describedby": "login-hint" })),
      said,
      h("div", { class: "deeds" }, h("button", { type: "submit", class: "main" }, "Log in"), h("button", { type: "button", value: "no" }, "Cancel")),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((settle) => {
    let isIn = false;
    dialog.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        await send("POST", "session", { token: event.target.elements.token.value.trim() });
        isIn = true;
        dialog.close();
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        said.textContent = `${sentence(problem.message)}.`;
      }
    });
    dialog.querySelector("[value=no]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      settle(isIn);
    });
  });
}

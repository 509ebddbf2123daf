// Logging in and out. The token, or a link that the command line printed, opens a session whose cookie the browser keeps;
// who never orders anything never needs one.

import { Problem, get, send } from "../js/api.js";
import { announce } from "../js/announce.js";
import { h, show } from "../js/dom.js";
import { sentence } from "../js/format.js";
import { marked } from "../js/marked.js";
import { askLoginWith } from "../js/orders.js";
import { refusal } from "./ordering.js";

const LINK = "#login=";
const HINT =
  "Run `beacon page` on the machine of this beacon: it prints a link that logs in once. Or paste the token, which is in the file `api.token` of the beacon’s data directory.";

/** What is known of the session; `null` until the beacon has said so. */
const state = { loggedIn: null, readOnly: false, hint: HINT };
/** The dialog that is open, as a promise: who else needs a session meanwhile waits for the same one. */
let asking = null;
let changed = () => {};

/** Whether the reader is logged in, whether anything can be changed here at all, and how one logs in. */
export function session() {
  return state;
}

/** In place of what needs a session: why it is not there, and the way to it. */
export function lockedNote(what) {
  if (state.readOnly)
    return h(
      "p",
      { class: "card empty" },
      `${what} cannot be had here: this beacon is read-only, as its configuration or --read-only says.`,
    );
  return h(
    "div",
    { class: "card empty" },
    h("p", {}, `${what} is only for who runs this beacon.`),
    h("p", {}, h("button", { type: "button", "data-session": "in" }, "Log in")),
  );
}

/** Shows in `place` whether the reader is logged in, takes a link that logs in, and lets orders ask for a session. */
export function install(place, tools) {
  changed = () => {
    show(place, mark());
    tools.render();
  };
  askLoginWith(logIn, () => state.loggedIn === false && !state.readOnly);
  document.addEventListener("click", async (event) => {
    const wish = event.target.closest("[data-session]")?.dataset.session;
    if (wish === "in" && (await logIn(""))) tools.refresh();
    if (wish === "out") await logOut();
  });
  // The same page may be sent to a link that logs in while it is open.
  for (const event of ["hashchange", "popstate"]) addEventListener(event, () => takeLink(tools));
  learn().then(() => takeLink(tools));
}

async function learn() {
  try {
    const told = await get("session");
    note({
      loggedIn: told.logged_in,
      readOnly: told.read_only,
      hint: told.login ? `${sentence(told.login)}.`.replace(/\.\.$/, ".") : HINT,
    });
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
  }
}

function note(change) {
  Object.assign(state, change);
  changed();
}

function mark() {
  if (state.loggedIn === null || state.readOnly) return null;
  if (state.loggedIn)
    return h(
      "button",
      { type: "button", class: "link", "data-session": "out", title: "You are logged in: what you order here is carried out" },
      "Log out",
    );
  return h(
    "button",
    { type: "button", class: "link", "data-session": "in", title: "Looking needs no login; changing something does" },
    "Log in",
  );
}

/** A link logs in once; its code is taken out of the address at once, so that no history and no screen keeps it. */
async function takeLink(tools) {
  if (!location.hash.startsWith(LINK)) return;
  const code = decodeURIComponent(location.hash.slice(LINK.length));
  history.replaceState(null, "", "#/");
  if (state.loggedIn) return;
  try {
    await enter({ code });
    tools.refresh();
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    if (await logIn(refusal(problem))) tools.refresh();
  }
}

async function enter(proof) {
  await send("POST", "session", proof);
  note({ loggedIn: true });
  announce("You are logged in");
}

async function logOut() {
  try {
    await send("DELETE", "session");
    note({ loggedIn: false });
    announce("You are logged out");
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    announce(refusal(problem));
  }
}

/** Asks for the token until it opens the door or the reader would rather not; whether it did. */
export function logIn(reason = "") {
  if (state.loggedIn) state.loggedIn = false;
  asking ??= ask(reason).finally(() => (asking = null));
  return asking;
}

function ask(reason) {
  const dialog = form(reason);
  const [field, submit] = [dialog.querySelector("#login-token"), dialog.querySelector("[type=submit]")];
  const said = dialog.querySelector("[role=alert]");
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((settle) => {
    let isIn = false;
    dialog.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      submit.disabled = true;
      said.textContent = "";
      try {
        await enter({ token: field.value.trim() });
        isIn = true;
        dialog.close();
      } catch (problem) {
        if (!(problem instanceof Problem)) throw problem;
        show(said, marked(refusal(problem)));
        field.setAttribute("aria-invalid", "true");
        field.select();
        field.focus();
      } finally {
        submit.disabled = false;
      }
    });
    dialog.querySelector("[data-reveal]").addEventListener("change", ({ target }) => (field.type = target.checked ? "text" : "password"));
    dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      if (!isIn) changed();
      settle(isIn);
    });
  });
}

function form(reason) {
  return h(
    "dialog",
    { class: "login", "aria-labelledby": "login-title" },
    h(
      "form",
      {},
      h("h2", { id: "login-title" }, "Log in"),
      h("p", {}, "Everybody who sees this page can look. Changing something is for who runs this beacon."),
      h(
        "div",
        { class: "field" },
        h("label", { for: "login-token" }, "Token"),
        // Programs that keep passwords want to know whose.
        h("input", {
          type: "text",
          name: "username",
          value: "beacon",
          autocomplete: "username",
          hidden: true,
          "aria-hidden": "true",
          tabindex: "-1",
        }),
        h("input", {
          id: "login-token",
          type: "password",
          required: true,
          autocomplete: "current-password",
          spellcheck: "false",
          autocapitalize: "off",
          "aria-describedby": "login-hint login-said",
        }),
        h("label", { class: "check small" }, h("input", { type: "checkbox", "data-reveal": true }), h("span", {}, "Show what I paste")),
      ),
      h("p", { id: "login-said", role: "alert", class: "refused" }, marked(reason)),
      h("p", { id: "login-hint", class: "quiet small" }, marked(state.hint)),
      h(
        "div",
        { class: "deeds" },
        h("button", { type: "submit", class: "main" }, "Log in"),
        h("button", { type: "button", "data-cancel": true }, "Cancel"),
      ),
    ),
  );
}
